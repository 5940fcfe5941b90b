# SPDX-License-Identifier: MIT
# bench_pruning measures the best variant for the machine beside PyTorch; bench_pruning_ISA one variant alone.
set(core ${PROJECT_SOURCE_DIR}/plugins/pruning)
espalier_benchmark(pruning beside_peer.cpp)
target_compile_definitions(bench_pruning PRIVATE ESPALIER_BENCHMARK="pruning")
foreach(isa ${ESPALIER_ISAS})
  espalier_benchmark(pruning_${isa} pruning_bench.cpp ${core}/gate_training.cpp ${core}/pruned.cpp
    LIBRARIES espalier_numerics_${isa})
  target_include_directories(bench_pruning_${isa} PRIVATE ${core})
  target_compile_options(bench_pruning_${isa} PRIVATE ${ESPALIER_ISA_FLAGS_${isa}})
  add_dependencies(bench_pruning bench_pruning_${isa})
endforeach()
