# SPDX-License-Identifier: MIT
espalier_test(plugin_ising
  ising_words_test.cpp ising_transitions_test.cpp ising_threads_test.cpp ising_messages_test.cpp
  LIBRARIES espalier_call linked_ising PLUGINS ising)
target_include_directories(test_plugin_ising PRIVATE ${PROJECT_SOURCE_DIR}/plugins)
espalier_test(script_ising ising_script_test.cpp LIBRARIES espalier_script PLUGINS ising)
espalier_test(ising_checkpoint ising_checkpoint_test.cpp ${PROJECT_SOURCE_DIR}/tests/call/child.cpp
  LIBRARIES espalier_call espalier_files PLUGINS ising)
add_dependencies(test_ising_checkpoint one_call)
target_compile_definitions(test_ising_checkpoint PRIVATE ESPALIER_ONE_CALL="$<TARGET_FILE:one_call>")
