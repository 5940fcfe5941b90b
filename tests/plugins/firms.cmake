# SPDX-License-Identifier: MIT
espalier_test(plugin_firms firms_panel_test.cpp firms_estimators_test.cpp
  LIBRARIES espalier_call PLUGINS firms)
espalier_test(plugin_company_growth firms_forecast_test.cpp
  LIBRARIES espalier_call PLUGINS firms company_growth)
