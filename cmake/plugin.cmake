# SPDX-License-Identifier: MIT
# espalier_add_plugin(NAME [SOURCE ...]      C or C++ files, one of which has the entry
#     [COMPONENTS a b ...]                   each a file a.cpp with ESPALIER_COMPONENT(a, Type); for these the
#     [ID org.example.name] [VERSION 1.0.0]  entry is written out of ID, VERSION, LICENSE and AUTHORS
#     [LICENSE MIT] [AUTHORS "..."]
#     [LIBRARIES ...]                        linked to every variant; "numerics" is the variant's own numerics
#     [ISA])                                 also built for x86-64-v3 and v4: NAME.so, NAME.v3.so, NAME.v4.so
#
# Targets: plugin_NAME (all variants) and, on demand, linked_NAME, the same plugin as a library whose entry
# is espalier_plugin_entry_NAME, for tests that link it in. The files go to ESPALIER_PLUGIN_OUTPUT (this build
# folder unless it is set) and are installed into ESPALIER_PLUGIN_INSTALL where that is set.
set(ESPALIER_CMAKE_DIR ${CMAKE_CURRENT_LIST_DIR})

function(espalier_add_plugin NAME)
  cmake_parse_arguments(P "ISA" "ID;VERSION;LICENSE;AUTHORS" "COMPONENTS;SOURCES;LIBRARIES" ${ARGN})
  set(sources ${P_UNPARSED_ARGUMENTS} ${P_SOURCES})
  if(P_COMPONENTS)
    espalier_write_manifest(${NAME} manifest)
    list(APPEND sources ${manifest})
    list(TRANSFORM P_COMPONENTS APPEND .cpp OUTPUT_VARIABLE components)
    list(APPEND sources ${components})
  endif()
  if(NOT sources)
    message(FATAL_ERROR "espalier_add_plugin(${NAME}): no source is named")
  endif()

  add_custom_target(plugin_${NAME} ALL)
  set_property(GLOBAL APPEND PROPERTY ESPALIER_PLUGINS plugin_${NAME})
  set(isas base)
  if(P_ISA)
    set(isas ${ESPALIER_ISAS})
  endif()
  foreach(isa ${isas})
    espalier_add_variant(${NAME} ${isa} "${sources}" "${P_LIBRARIES}")
    add_dependencies(plugin_${NAME} plugin_${NAME}_${isa})
  endforeach()

  add_library(linked_${NAME} STATIC EXCLUDE_FROM_ALL ${sources})
  espalier_plugin_properties(linked_${NAME} base "${P_LIBRARIES}")
  target_compile_definitions(linked_${NAME} PRIVATE ESPALIER_ENTRY=espalier_plugin_entry_${NAME})
endfunction()

function(espalier_add_variant NAME ISA SOURCES LIBRARIES)
  set(target plugin_${NAME}_${ISA})
  add_library(${target} MODULE ${SOURCES})
  espalier_plugin_properties(${target} ${ISA} "${LIBRARIES}")
  set(file ${NAME})
  if(NOT ISA STREQUAL base)
    set(file ${NAME}.${ISA})
  endif()
  set(output ${CMAKE_CURRENT_BINARY_DIR})
  if(ESPALIER_PLUGIN_OUTPUT)
    set(output ${ESPALIER_PLUGIN_OUTPUT})
  endif()
  set_target_properties(${target} PROPERTIES PREFIX "" OUTPUT_NAME ${file}
    LIBRARY_OUTPUT_DIRECTORY ${output})
  target_link_options(${target} PRIVATE -Wl,--version-script=${ESPALIER_CMAKE_DIR}/plugin.map
    -Wl,--no-undefined)
  set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${ESPALIER_CMAKE_DIR}/plugin.map)
  if(ESPALIER_PLUGIN_INSTALL)
    install(TARGETS ${target} LIBRARY DESTINATION ${ESPALIER_PLUGIN_INSTALL})
  endif()
endfunction()

# Contraction would round differently from one instruction set to the next.
function(espalier_plugin_properties TARGET ISA LIBRARIES)
  set_target_properties(${TARGET} PROPERTIES POSITION_INDEPENDENT_CODE ON
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    UNITY_BUILD OFF) # components keep names of their own
  target_compile_options(${TARGET} PRIVATE -ffp-contract=off ${ESPALIER_ISA_FLAGS_${ISA}})
  target_link_libraries(${TARGET} PRIVATE Espalier::sdk m) # C has no libm by itself
  list(TRANSFORM LIBRARIES REPLACE "^numerics$" Espalier::numerics_${ISA})
  target_link_libraries(${TARGET} PRIVATE ${LIBRARIES})
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
