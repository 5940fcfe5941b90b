# SPDX-License-Identifier: MIT
# bench_cgin measures the best variant for the machine beside PyTorch; bench_cgin_ISA one variant alone.
set(core ${PROJECT_SOURCE_DIR}/plugins/completion)
espalier_benchmark(cgin beside_peer.cpp)
target_compile_definitions(bench_cgin PRIVATE ESPALIER_BENCHMARK="cgin")
foreach(isa ${ESPALIER_ISAS})
  espalier_benchmark(cgin_${isa} cgin_bench.cpp ${core}/encoder.cpp ${core}/hidden_part.cpp ${core}/pair_loss.cpp
    ${core}/structure.cpp ${core}/training.cpp
    LIBRARIES espalier_numerics_${isa})
  target_include_directories(bench_cgin_${isa} PRIVATE ${core})
  target_compile_options(bench_cgin_${isa} PRIVATE ${ESPALIER_ISA_FLAGS_${isa}} -fno-math-errno
    -fno-trapping-math)
  add_dependencies(bench_cgin bench_cgin_${isa})
endforeach()
