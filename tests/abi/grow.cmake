# SPDX-License-Identifier: MIT
# Writes FROM to TO with two fields behind the last of each struct that may grow, as a later minor version has.
file(READ ${FROM} text)
foreach(struct esp_parameter esp_port esp_host esp_component esp_iterative esp_plugin)
  string(FIND "${text}" "} ${struct};" at)
  if(at EQUAL -1)
    message(FATAL_ERROR "${FROM} has no struct ${struct}")
  endif()
  string(REPLACE "} ${struct};" "    const void* later;\n    double later_still;\n} ${struct};" text "${text}")
endforeach()
string(REPLACE "ESP_ABI_MINOR 0u" "ESP_ABI_MINOR 1u" text "${text}")
file(WRITE ${TO} "${text}")
