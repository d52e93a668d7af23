# Fails unless PROGRAM prints what stands in FILE.
# usage: cmake -DPROGRAM=... -DFILE=... -P compare_output.cmake
execute_process(COMMAND ${PROGRAM} OUTPUT_VARIABLE printed COMMAND_ERROR_IS_FATAL ANY)
file(READ ${FILE} kept)
if(NOT printed STREQUAL kept)
  message(FATAL_ERROR "${FILE} is not what ${PROGRAM} prints; to write it anew:\n  ${PROGRAM} > ${FILE}")
endif()
