# SPDX-License-Identifier: MIT
espalier_test(learning learning_test.cpp LIBRARIES espalier_call PLUGINS learning pruning)
