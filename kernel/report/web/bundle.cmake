# SPDX-License-Identifier: MIT
# Bundles the page when its sources are newer: cmake -DNPM= -DSOURCE= -DWORK= -DPAGE= -P bundle.cmake
file(GLOB sources ${SOURCE}/src/*.js ${SOURCE}/src/*.css ${SOURCE}/package*.json)
set(fresh TRUE)
foreach(source ${sources})
  if(${source} IS_NEWER_THAN ${PAGE}/page.js OR ${source} IS_NEWER_THAN ${PAGE}/page.css)
    set(fresh FALSE)
  endif()
endforeach()
if(fresh)
  return()
endif()

function(attempt what)
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${WORK} RESULT_VARIABLE code
                  OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(NOT code EQUAL 0)
    message(WARNING "the page of 'espalier report' is not built: ${what} failed\n${said}")
    set(failed TRUE PARENT_SCOPE)
  endif()
endfunction()

if(${SOURCE}/package-lock.json IS_NEWER_THAN ${WORK}/node_modules/.package-lock.json)
  file(COPY ${SOURCE}/package.json ${SOURCE}/package-lock.json DESTINATION ${WORK})
  attempt("npm ci" ${NPM} ci --ignore-scripts --no-audit --no-fund --loglevel=error)
endif()
if(NOT failed)
  file(COPY ${SOURCE}/src DESTINATION ${WORK})
  attempt(esbuild ${WORK}/node_modules/.bin/esbuild src/page.js src/page.css --bundle --minify --charset=utf8
          --legal-comments=eof --target=es2022 --format=iife --outdir=${PAGE} --log-level=warning)
endif()
