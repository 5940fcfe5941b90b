# SPDX-License-Identifier: MIT
espalier_test(plugin_completion
  completion_measures_test.cpp completion_matching_test.cpp completion_learning_test.cpp completion_links_test.cpp
  completion_messages_test.cpp
  LIBRARIES espalier_call PLUGINS completion networks)
espalier_test(completion_kernels completion_kernels_test.cpp
  LIBRARIES linked_completion espalier_sdk espalier_numerics_base)
target_include_directories(test_completion_kernels PRIVATE ${PROJECT_SOURCE_DIR}/plugins/completion)
espalier_test(completion_checkpoint completion_checkpoint_test.cpp ${PROJECT_SOURCE_DIR}/tests/call/child.cpp
  LIBRARIES espalier_call espalier_files PLUGINS completion networks)
add_dependencies(test_completion_checkpoint one_call)
target_compile_definitions(test_completion_checkpoint PRIVATE ESPALIER_ONE_CALL="$<TARGET_FILE:one_call>")
espalier_test(script_completion completion_script_test.cpp ${PROJECT_SOURCE_DIR}/tests/program/child.cpp
  LIBRARIES util PLUGINS completion networks graphs)
target_compile_options(test_script_completion PRIVATE -Wno-restrict) # as tests/program
add_dependencies(test_script_completion espalier)
target_compile_definitions(test_script_completion PRIVATE ESPALIER_PROGRAM="$<TARGET_FILE:espalier>")
