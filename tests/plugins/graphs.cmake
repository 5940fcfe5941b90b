# SPDX-License-Identifier: MIT
espalier_test(plugin_graphs graphs_test.cpp LIBRARIES espalier_call PLUGINS graphs networks)
