# SPDX-License-Identifier: MIT
espalier_test(pruning pruning_test.cpp pruning_knowledge_test.cpp LIBRARIES espalier_call
  PLUGINS learning pruning)
espalier_test(pruning_allocation pruning_allocation_test.cpp
  LIBRARIES linked_pruning espalier_sdk espalier_numerics_base)
target_include_directories(test_pruning_allocation PRIVATE ${PROJECT_SOURCE_DIR}/plugins/pruning)
espalier_test(pruning_checkpoint pruning_checkpoint_test.cpp ${PROJECT_SOURCE_DIR}/tests/call/child.cpp
  LIBRARIES espalier_call espalier_files PLUGINS learning pruning)
add_dependencies(test_pruning_checkpoint one_call)
target_compile_definitions(test_pruning_checkpoint PRIVATE ESPALIER_ONE_CALL="$<TARGET_FILE:one_call>")
