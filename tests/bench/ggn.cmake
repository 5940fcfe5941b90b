# SPDX-License-Identifier: MIT
# bench_ggn measures the best variant for the machine beside PyTorch; bench_ggn_ISA one variant alone.
set(core ${PROJECT_SOURCE_DIR}/plugins/reconstruction)
foreach(isa ${ESPALIER_ISAS})
  espalier_benchmark(ggn_${isa} ggn_bench.cpp ${core}/class_search.cpp ${core}/class_training.cpp
    ${core}/edge_search.cpp ${core}/edge_training.cpp ${core}/message_network.cpp ${core}/network_belief.cpp
    LIBRARIES espalier_numerics_${isa})
  target_include_directories(bench_ggn_${isa} PRIVATE ${core})
  target_compile_options(bench_ggn_${isa} PRIVATE ${ESPALIER_ISA_FLAGS_${isa}}
    -fno-math-errno -fno-trapping-math -Wno-uninitialized -Wno-maybe-uninitialized)
endforeach()
espalier_benchmark(ggn beside_peer.cpp)
foreach(isa ${ESPALIER_ISAS})
  add_dependencies(bench_ggn bench_ggn_${isa})
endforeach()

espalier_benchmark(ggn_recovery beside_peer.cpp)
target_compile_definitions(bench_ggn_recovery PRIVATE
  ESPALIER_BENCHMARK="ggn_recovery" ESPALIER_PROGRAM="$<TARGET_FILE:espalier>")
add_dependencies(bench_ggn_recovery espalier)
