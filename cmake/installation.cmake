# SPDX-License-Identifier: MIT
# What `cmake --install` puts where; every folder is found from the program's own, so the tree can be moved.
#   bin/espalier   lib/espalier/{plugins,libespalier_raster.so}   share/espalier/{scripts,datasets,report,lua}
#   include/espalier   lib/libespalier_numerics_*.a   lib/cmake/Espalier   lib/pkgconfig/espalier.pc
#   share/man, share/bash-completion, share/zsh, share/fish
include(CMakePackageConfigHelpers)

set(package ${CMAKE_BINARY_DIR}/package)
set(cmake_folder lib/cmake/Espalier)

install(DIRECTORY ${PROJECT_SOURCE_DIR}/kernel/include/ ${PROJECT_SOURCE_DIR}/kernel/numerics/include/
        DESTINATION include)
set(exported espalier_sdk)
foreach(isa ${ESPALIER_ISAS})
  list(APPEND exported espalier_numerics_${isa})
endforeach()
install(TARGETS ${exported} EXPORT EspalierTargets ARCHIVE DESTINATION lib INCLUDES DESTINATION include)
install(EXPORT EspalierTargets NAMESPACE Espalier:: DESTINATION ${cmake_folder})

configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/EspalierConfig.cmake.in
  ${package}/EspalierConfig.cmake INSTALL_DESTINATION ${cmake_folder})
write_basic_package_version_file(${package}/EspalierConfigVersion.cmake COMPATIBILITY SameMajorVersion)
install(FILES ${package}/EspalierConfig.cmake ${package}/EspalierConfigVersion.cmake
              ${PROJECT_SOURCE_DIR}/cmake/plugin.cmake ${PROJECT_SOURCE_DIR}/cmake/plugin.map
              ${PROJECT_SOURCE_DIR}/cmake/isa.cmake DESTINATION ${cmake_folder})
configure_file(${PROJECT_SOURCE_DIR}/cmake/espalier.pc.in ${package}/espalier.pc @ONLY)
install(FILES ${package}/espalier.pc DESTINATION lib/pkgconfig)

# The program writes these about itself.
set(pages ${package}/espalier.1 ${package}/espalier.bash ${package}/_espalier ${package}/espalier.fish
          ${package}/espalier.lua)
get_property(plugins GLOBAL PROPERTY ESPALIER_PLUGINS)
add_custom_command(OUTPUT ${pages}
  COMMAND espalier help --man > ${package}/espalier.1
  COMMAND espalier completion bash > ${package}/espalier.bash
  COMMAND espalier completion zsh > ${package}/_espalier
  COMMAND espalier completion fish > ${package}/espalier.fish
  COMMAND espalier stubs -o ${package}
  DEPENDS espalier ${plugins}
  COMMENT "Writing the manual page, completions and stubs" VERBATIM)
add_custom_target(pages ALL DEPENDS ${pages})
install(FILES ${package}/espalier.1 DESTINATION share/man/man1)
install(FILES ${package}/espalier.bash DESTINATION share/bash-completion/completions RENAME espalier)
install(FILES ${package}/_espalier DESTINATION share/zsh/site-functions)
install(FILES ${package}/espalier.fish DESTINATION share/fish/vendor_completions.d)
install(FILES ${package}/espalier.lua DESTINATION share/espalier/lua)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/README.md DESTINATION share/doc/espalier)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "The Espalier authors <espalier@example.org>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "fonts-dejavu-core")
# What a plugin's author needs beside: Eigen for numerics, Random123 for random.hpp.
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "g++, cmake, libeigen3-dev, librandom123-dev")
set(CPACK_STRIP_FILES ON)
include(CPack)
