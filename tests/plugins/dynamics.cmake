# SPDX-License-Identifier: MIT
espalier_test(plugin_dynamics
  dynamics_circle_test.cpp dynamics_lattice_test.cpp dynamics_boolean_test.cpp dynamics_threads_test.cpp
  dynamics_messages_test.cpp
  LIBRARIES espalier_call PLUGINS dynamics)
target_include_directories(test_plugin_dynamics PRIVATE ${PROJECT_SOURCE_DIR}/plugins/dynamics)
