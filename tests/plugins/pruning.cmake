# SPDX-License-Identifier: MIT
espalier_test(pruning pruning_test.cpp pruning_knowledge_test.cpp LIBRARIES espalier_call
  PLUGINS learning pruning)
