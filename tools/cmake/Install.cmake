# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` lays out: program, library, headers, configs, pkg-config and CMake package files.
include(CMakePackageConfigHelpers)

get_property(public_headers GLOBAL PROPERTY WAKECAST_PUBLIC_HEADERS)
target_include_directories(wakecast INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/wakecast>)
install(TARGETS wakecast EXPORT wakecastTargets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
if(TARGET wakecast_program)
    set_target_properties(wakecast_program PROPERTIES INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}")
    install(TARGETS wakecast_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(FILES ${public_headers} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/wakecast)
install(DIRECTORY configs/ DESTINATION ${CMAKE_INSTALL_DATADIR}/wakecast/configs FILES_MATCHING PATTERN "*.yaml")

install(EXPORT wakecastTargets NAMESPACE wakecast:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/wakecast)
configure_package_config_file(tools/cmake/wakecastConfig.cmake.in wakecastConfig.cmake
    INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/wakecast)
write_basic_package_version_file(wakecastConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/wakecastConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/wakecastConfigVersion.cmake
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/wakecast)

# The prefix follows the .pc file, so that an installed tree may be moved.
file(RELATIVE_PATH pc_to_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(tools/cmake/wakecast.pc.in wakecast.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/wakecast.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
