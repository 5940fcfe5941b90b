# SPDX-License-Identifier: MIT
# The instruction sets a computing plugin is built for; "base" is plain x86-64.
option(ESPALIER_ONE_ISA "Beside plain x86-64, build only for the best instruction set of this machine" OFF)
option(ESPALIER_PLAIN_ISA "Build only for plain x86-64" OFF)

set(ESPALIER_ISAS base)
if(NOT ESPALIER_PLAIN_ISA AND CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  list(APPEND ESPALIER_ISAS v3 v4)
  set(ESPALIER_ISA_FLAGS_v3 -march=x86-64-v3)
  set(ESPALIER_ISA_FLAGS_v4 -march=x86-64-v4 -mprefer-vector-width=512)
endif()
set(ESPALIER_ISA_FLAGS_base "")

if(ESPALIER_ONE_ISA AND EXISTS /proc/cpuinfo)
  file(STRINGS /proc/cpuinfo flags REGEX "^flags" LIMIT_COUNT 1)
  if(flags MATCHES " avx512vl " AND flags MATCHES " avx512bw " AND flags MATCHES " avx512dq ")
    list(REMOVE_ITEM ESPALIER_ISAS v3)
  else()
    list(REMOVE_ITEM ESPALIER_ISAS v4)
  endif()
endif()
