# SPDX-License-Identifier: MIT
# Fails when a plugin of the build breaks the contract. Run with -DFOLDER=... -DPROGRAM=...
file(GLOB plugins ${FOLDER}/*.so)
list(FILTER plugins EXCLUDE REGEX "\\.v[0-9]\\.so$") # the same source once more
if(NOT plugins)
  message(FATAL_ERROR "no plugins in ${FOLDER}")
endif()
foreach(plugin ${plugins})
  execute_process(COMMAND ${PROGRAM} plugin check ${plugin} OUTPUT_VARIABLE table ERROR_VARIABLE said RESULT_VARIABLE code)
  if(NOT code EQUAL 0)
    message(SEND_ERROR "${plugin} (exit code ${code}):\n${table}${said}")
  endif()
endforeach()
list(LENGTH plugins count)
message(STATUS "${count} plugins keep the contract")
