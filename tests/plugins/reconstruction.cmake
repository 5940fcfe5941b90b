# SPDX-License-Identifier: MIT
espalier_test(plugin_reconstruction
  ggn_recovery_test.cpp ggn_forecast_test.cpp ggn_messages_test.cpp
  LIBRARIES espalier_call PLUGINS reconstruction dynamics networks inference)
# It counts allocations with an operator of its own, which other tests must not see.
set_source_files_properties(ggn_allocation_test.cpp PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
espalier_test(ggn_kernels
  ggn_kernels_test.cpp ggn_allocation_test.cpp
  LIBRARIES linked_reconstruction espalier_sdk espalier_numerics_base Eigen3::Eigen)
target_include_directories(test_ggn_kernels PRIVATE ${PROJECT_SOURCE_DIR}/plugins/reconstruction)
