# SPDX-License-Identifier: MIT
espalier_test(plugin_ising
  ising_words_test.cpp ising_transitions_test.cpp ising_threads_test.cpp ising_messages_test.cpp
  LIBRARIES espalier_call linked_ising PLUGINS ising)
target_include_directories(test_plugin_ising PRIVATE ${PROJECT_SOURCE_DIR}/plugins)
espalier_test(script_ising ising_script_test.cpp LIBRARIES espalier_script PLUGINS ising)
