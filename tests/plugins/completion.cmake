# SPDX-License-Identifier: MIT
espalier_test(plugin_completion
  completion_measures_test.cpp completion_matching_test.cpp completion_learning_test.cpp
  completion_messages_test.cpp
  LIBRARIES espalier_call PLUGINS completion networks)
espalier_test(completion_kernels completion_kernels_test.cpp
  LIBRARIES linked_completion espalier_sdk espalier_numerics_base)
target_include_directories(test_completion_kernels PRIVATE ${PROJECT_SOURCE_DIR}/plugins/completion)
