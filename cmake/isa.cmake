# SPDX-License-Identifier: MIT
# The instruction sets a computing plugin is built for; "base" is plain x86-64.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  set(ESPALIER_ISAS base v3 v4)
  set(ESPALIER_ISA_FLAGS_v3 -march=x86-64-v3)
  set(ESPALIER_ISA_FLAGS_v4 -march=x86-64-v4 -mprefer-vector-width=512)
else()
  set(ESPALIER_ISAS base)
endif()
set(ESPALIER_ISA_FLAGS_base "")
