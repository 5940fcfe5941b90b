# SPDX-License-Identifier: MIT
espalier_test(plugin_graphs graphs_test.cpp LIBRARIES espalier_call PLUGINS graphs networks)
espalier_test(graph_measures measures_test.cpp measures_exact_test.cpp measures_diameter_test.cpp
  LIBRARIES espalier_call espalier_data PLUGINS graphs networks)
