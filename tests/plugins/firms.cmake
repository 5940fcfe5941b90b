# SPDX-License-Identifier: MIT
espalier_test(plugin_firms firms_panel_test.cpp firms_estimators_test.cpp
  LIBRARIES espalier_call PLUGINS firms)
