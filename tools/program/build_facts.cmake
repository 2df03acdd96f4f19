# SPDX-License-Identifier: Apache-2.0
# Run at every build: writes build_facts.h when something in it has changed. Needs SOURCE, TEMPLATE, OUTPUT, VERSION and
# NAMES, a list of name=version.
set(COMMIT "no commit known")
execute_process(COMMAND git -C ${SOURCE} rev-parse --short=12 HEAD
    OUTPUT_VARIABLE hash ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
if(NOT failed AND EXISTS ${SOURCE}/.git)
    set(COMMIT ${hash})
    execute_process(COMMAND git -C ${SOURCE} status --porcelain --untracked-files=no
        OUTPUT_VARIABLE changes ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
    if(changes)
        set(COMMIT "${hash}, changed")
    endif()
endif()
set(LIBRARIES "")
string(REPLACE "|" ";" names "${NAMES}")
foreach(pair IN LISTS names)
    string(REGEX MATCH "^([^=]+)=(.+)$" found "${pair}")
    if(found)
        string(APPEND LIBRARIES "{\"${CMAKE_MATCH_1}\", \"${CMAKE_MATCH_2}\"}, ")
    endif()
endforeach()
configure_file(${TEMPLATE} ${OUTPUT} @ONLY)
