# SPDX-License-Identifier: MIT
# PROGRAM checks PLUGIN, then runs SCRIPT with the plugins of FOLDER.
execute_process(COMMAND ${PROGRAM} plugin check ${PLUGIN} COMMAND_ERROR_IS_FATAL ANY)
set(ENV{ESPALIER_PLUGIN_PATH} ${FOLDER})
execute_process(COMMAND ${PROGRAM} run ${SCRIPT} COMMAND_ERROR_IS_FATAL ANY)
