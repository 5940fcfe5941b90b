# SPDX-License-Identifier: MIT
espalier_test(plugin_self_similarity
  self_similarity_rules_test.cpp self_similarity_learning_test.cpp
  LIBRARIES espalier_call PLUGINS dynamics self_similarity)
