# SPDX-License-Identifier: MIT
espalier_test(plugin_self_similarity
  self_similarity_rules_test.cpp self_similarity_learning_test.cpp
  LIBRARIES espalier_call PLUGINS dynamics self_similarity)
espalier_test(script_self_similarity self_similarity_script_test.cpp ${PROJECT_SOURCE_DIR}/tests/program/child.cpp
  LIBRARIES util PLUGINS dynamics ising self_similarity)
target_compile_options(test_script_self_similarity PRIVATE -Wno-restrict) # as tests/program
add_dependencies(test_script_self_similarity espalier)
target_compile_definitions(test_script_self_similarity PRIVATE ESPALIER_PROGRAM="$<TARGET_FILE:espalier>")
