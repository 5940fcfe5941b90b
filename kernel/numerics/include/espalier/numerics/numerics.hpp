// SPDX-License-Identifier: MIT
// All of numerics, for plugins that learn.
#pragma once

#include "espalier/numerics/activations.hpp"
#include "espalier/numerics/batches.hpp"
#include "espalier/numerics/convolution.hpp"
#include "espalier/numerics/data_parallel.hpp"
#include "espalier/numerics/elementwise.hpp"
#include "espalier/numerics/fitting.hpp"
#include "espalier/numerics/gates.hpp"
#include "espalier/numerics/gather.hpp"
#include "espalier/numerics/gumbel.hpp"
#include "espalier/numerics/layers.hpp"
#include "espalier/numerics/loops.hpp"
#include "espalier/numerics/losses.hpp"
#include "espalier/numerics/matrix_operations.hpp"
#include "espalier/numerics/optimisers.hpp"
#include "espalier/numerics/perceptron.hpp"
#include "espalier/numerics/product.hpp"
#include "espalier/numerics/reductions.hpp"
#include "espalier/numerics/schedules.hpp"
#include "espalier/numerics/sparse.hpp"
#include "espalier/numerics/sparse_perceptron.hpp"
