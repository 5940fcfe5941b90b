# SPDX-License-Identifier: MIT
# Fails when a plugin exports anything but its entry. Run with -DFOLDER=... -DNM=...
file(GLOB plugins ${FOLDER}/*.so)
if(NOT plugins)
  message(FATAL_ERROR "no plugins in ${FOLDER}")
endif()
foreach(plugin ${plugins})
  execute_process(COMMAND ${NM} -D --defined-only --format=posix ${plugin}
    OUTPUT_VARIABLE symbols RESULT_VARIABLE failed OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(failed OR NOT symbols MATCHES "^espalier_plugin_entry [^\n]*$")
    message(SEND_ERROR "${plugin} exports:\n${symbols}")
  endif()
endforeach()
list(LENGTH plugins count)
message(STATUS "${count} plugins export one symbol each")
