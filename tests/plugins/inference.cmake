# SPDX-License-Identifier: MIT
espalier_test(plugin_inference
  inference_recovery_test.cpp inference_baselines_test.cpp
  LIBRARIES espalier_call Eigen3::Eigen PLUGINS inference)
