# SPDX-License-Identifier: MIT
espalier_test(plugin_networks
  networks_arithmetic_test.cpp networks_degrees_test.cpp networks_exact_test.cpp networks_growth_test.cpp networks_messages_test.cpp
  networks_small_world_test.cpp networks_threads_test.cpp networks_uniform_test.cpp networks_groups_test.cpp
  networks_places_test.cpp networks_models_messages_test.cpp
  LIBRARIES espalier_call linked_networks PLUGINS networks graphs)
