# SPDX-License-Identifier: MIT
# espalier_add_plugin(NAME
#     [ID org.example.name] [VERSION 1.0.0] [LICENSE MIT] [AUTHORS "..."]
#     [COMPONENTS a b ...]   each is a file a.cpp with ESPALIER_COMPONENT(a, Type); the manifest is written
#     [SOURCES ...]          further files; without COMPONENTS one of them has ESPALIER_PLUGIN(...)
#     [LIBRARIES ...]        linked to every variant; "numerics" stands for the variant's numerics
#     [ISA])                 also built for x86-64-v3 and v4: NAME.so, NAME.v3.so, NAME.v4.so
#
# Targets: plugin_NAME (all variants) and, on demand, linked_NAME, the same plugin as a library whose entry
# is espalier_plugin_entry_NAME, for tests that link it in.
set(ESPALIER_CMAKE_DIR ${CMAKE_CURRENT_LIST_DIR})

function(espalier_add_plugin NAME)
  cmake_parse_arguments(P "ISA" "ID;VERSION;LICENSE;AUTHORS" "COMPONENTS;SOURCES;LIBRARIES" ${ARGN})
  if(P_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "espalier_add_plugin(${NAME}): unknown arguments ${P_UNPARSED_ARGUMENTS}")
  endif()
  set(sources ${P_SOURCES})
  if(P_COMPONENTS)
    espalier_write_manifest(${NAME} manifest)
    list(APPEND sources ${manifest})
    foreach(component ${P_COMPONENTS})
      list(APPEND sources ${component}.cpp)
    endforeach()
  endif()

  add_custom_target(plugin_${NAME} ALL)
  set(isas base)
  if(P_ISA)
    set(isas ${ESPALIER_ISAS})
  endif()
  foreach(isa ${isas})
    set(target plugin_${NAME}_${isa})
    add_library(${target} MODULE ${sources})
    espalier_plugin_properties(${target} ${isa} "${P_LIBRARIES}")
    set(file ${NAME})
    if(NOT isa STREQUAL base)
      set(file ${NAME}.${isa})
    endif()
    set_target_properties(${target} PROPERTIES PREFIX "" OUTPUT_NAME ${file}
      LIBRARY_OUTPUT_DIRECTORY ${ESPALIER_PLUGIN_OUTPUT})
    target_link_options(${target} PRIVATE -Wl,--version-script=${ESPALIER_CMAKE_DIR}/plugin.map
      -Wl,--no-undefined)
    set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${ESPALIER_CMAKE_DIR}/plugin.map)
    add_dependencies(plugin_${NAME} ${target})
  endforeach()

  add_library(linked_${NAME} STATIC EXCLUDE_FROM_ALL ${sources})
  espalier_plugin_properties(linked_${NAME} base "${P_LIBRARIES}")
  target_compile_definitions(linked_${NAME} PRIVATE ESPALIER_ENTRY=espalier_plugin_entry_${NAME})
endfunction()

function(espalier_plugin_properties TARGET ISA LIBRARIES)
  target_compile_options(${TARGET} PRIVATE ${ESPALIER_ISA_FLAGS_${ISA}})
  target_link_libraries(${TARGET} PRIVATE espalier_sdk)
  foreach(library ${LIBRARIES})
    if(library STREQUAL numerics)
      target_link_libraries(${TARGET} PRIVATE espalier_numerics_${ISA})
    else()
      target_link_libraries(${TARGET} PRIVATE ${library})
    endif()
  endforeach()
endfunction()

# Reads P_* of its caller.
function(espalier_write_manifest NAME RESULT)
  set(declarations "")
  set(calls "")
  foreach(component ${P_COMPONENTS})
    string(APPEND declarations "const esp_component* espalier_component_${component}();\n")
    list(APPEND calls "espalier_component_${component}()")
  endforeach()
  list(JOIN calls ", " calls)
  if(NOT P_LICENSE)
    set(P_LICENSE MIT)
  endif()
  if(NOT P_AUTHORS)
    set(P_AUTHORS "The Espalier authors")
  endif()
  set(file ${CMAKE_CURRENT_BINARY_DIR}/${NAME}_manifest.cpp)
  file(CONFIGURE OUTPUT ${file} @ONLY CONTENT
"// SPDX-License-Identifier: MIT
// The manifest of plugin @NAME@, written by espalier_add_plugin.
#include <espalier/plugin.hpp>

@declarations@
ESPALIER_MANIFEST(\"@P_ID@\", \"@P_VERSION@\", \"@P_LICENSE@\", \"@P_AUTHORS@\", @calls@)
")
  set(${RESULT} ${file} PARENT_SCOPE)
endfunction()
