# SPDX-License-Identifier: Apache-2.0
# One target per room. A room sees its own headers and those of the rooms it names in USES, and nothing else: a wrong
# include does not compile. The rooms' objects go into one shared library.

set_property(GLOBAL PROPERTY WAKECAST_ROOMS "")
set_property(GLOBAL PROPERTY WAKECAST_PROGRAM_ROOMS "")

# add_room(NAME SOURCES a.c b.c [HEADERS a.h] [USES other_room] [LIBRARIES PkgConfig::X] [DEFINITIONS X=1])
# HEADERS are the public ones: they are installed. USES are rooms of ours. PROGRAM: a room of the program, not of the library.
function(add_room name)
    cmake_parse_arguments(ROOM "PROGRAM" "" "SOURCES;HEADERS;USES;LIBRARIES;DEFINITIONS" ${ARGN})
    add_library(${name}_headers INTERFACE)
    target_include_directories(${name}_headers INTERFACE ${CMAKE_CURRENT_SOURCE_DIR})
    foreach(used IN LISTS ROOM_USES)
        target_link_libraries(${name}_headers INTERFACE ${used}_headers)
    endforeach()
    set(objects "")
    foreach(source IN LISTS ROOM_SOURCES)
        list(APPEND objects ${CMAKE_CURRENT_SOURCE_DIR}/${source})
    endforeach()
    if(ROOM_SOURCES)
        add_library(${name} OBJECT ${objects})
        target_link_libraries(${name} PRIVATE project_options ${name}_headers ${ROOM_LIBRARIES})
        target_compile_definitions(${name} PRIVATE ${ROOM_DEFINITIONS})
        set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
        if(ROOM_PROGRAM)
            set_property(GLOBAL APPEND PROPERTY WAKECAST_PROGRAM_ROOMS ${name})
        else()
            set_property(GLOBAL APPEND PROPERTY WAKECAST_ROOMS ${name})
        endif()
    endif()
    foreach(header IN LISTS ROOM_HEADERS)
        set_property(GLOBAL APPEND PROPERTY WAKECAST_PUBLIC_HEADERS ${CMAKE_CURRENT_SOURCE_DIR}/${header})
    endforeach()
endfunction()

# room_isa_source(ROOM source.c): compiles source.c once per instruction set (x86-64: baseline, AVX2, AVX-512), each with
# VEC_SUFFIX set to the set's name, so that `FUNCTION_##VEC_SUFFIX` is chosen at run time. Other machines: baseline alone.
function(room_isa_source room source)
    set(sets baseline)
    set(flags_baseline "")
    if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64|amd64")
        list(APPEND sets avx2 avx512)
        set(flags_avx2 -mavx2 -mfma)
        set(flags_avx512 -mavx2 -mfma -mavx512f -mavx512vl -mavx512bw -mavx512dq -mprefer-vector-width=512)
        target_compile_definitions(${room} PRIVATE HAVE_VEC_X86=1)
    endif()
    get_filename_component(stem ${source} NAME_WE)
    foreach(set IN LISTS sets)
        add_library(${room}_${stem}_${set} OBJECT ${CMAKE_CURRENT_SOURCE_DIR}/${source})
        target_link_libraries(${room}_${stem}_${set} PRIVATE project_options ${room}_headers)
        target_compile_definitions(${room}_${stem}_${set} PRIVATE VEC_SUFFIX=${set})
        # Products that do not change are taken out of loops: nobody looks at the flags they may raise.
        target_compile_options(${room}_${stem}_${set} PRIVATE -fno-trapping-math ${flags_${set}})
        set_target_properties(${room}_${stem}_${set} PROPERTIES POSITION_INDEPENDENT_CODE ON)
        set_property(GLOBAL APPEND PROPERTY WAKECAST_ROOMS ${room}_${stem}_${set})
    endforeach()
endfunction()

# add_criterion_test(NAME SOURCES test_x.c [ROOMS common_base] [LABELS unit] [DEFINITIONS X=1]): one Criterion program, one
# ctest. A filter that matches nothing must not pass, hence the regular expression.
function(add_criterion_test name)
    if(NOT WITH_TESTS)
        return()
    endif()
    cmake_parse_arguments(TEST "" "TIMEOUT" "SOURCES;ROOMS;LABELS;DEFINITIONS;LIBRARIES" ${ARGN})
    if(NOT TEST_LABELS)
        set(TEST_LABELS unit)
    endif()
    if(NOT TEST_TIMEOUT)
        set(TEST_TIMEOUT 300)
    endif()
    add_executable(${name} ${TEST_SOURCES})
    target_link_libraries(${name} PRIVATE project_options test_support wakecast PkgConfig::CRITERION ${TEST_LIBRARIES} m)
    foreach(room IN LISTS TEST_ROOMS)
        target_link_libraries(${name} PRIVATE ${room}_headers)
    endforeach()
    # Criterion's own macros are not as strict as we are.
    target_compile_options(${name} PRIVATE -Wno-missing-prototypes -Wno-pedantic -Wno-strict-prototypes)
    target_compile_definitions(${name} PRIVATE ${TEST_DEFINITIONS} TEST_SOURCE_DIR="${CMAKE_CURRENT_SOURCE_DIR}")
    add_test(NAME ${name} COMMAND ${name} -j1)
    set_tests_properties(${name} PROPERTIES
        LABELS "${TEST_LABELS}" TIMEOUT ${TEST_TIMEOUT}
        FAIL_REGULAR_EXPRESSION "Tested: 0 "
        ENVIRONMENT "LC_ALL=C;CRITERION_JOBS=1;OMP_WAIT_POLICY=passive;LSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/lsan.supp:print_suppressions=0")
endfunction()
