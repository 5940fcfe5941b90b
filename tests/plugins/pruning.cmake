# SPDX-License-Identifier: MIT
espalier_test(pruning pruning_test.cpp pruning_knowledge_test.cpp LIBRARIES espalier_call
  PLUGINS learning pruning)
espalier_test(pruning_allocation pruning_allocation_test.cpp
  LIBRARIES linked_pruning espalier_sdk espalier_numerics_base)
target_include_directories(test_pruning_allocation PRIVATE ${PROJECT_SOURCE_DIR}/plugins/pruning)
