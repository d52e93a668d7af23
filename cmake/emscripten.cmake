# Toolchain file of the wasm preset: the Emscripten that scripts/setup.sh put beside the project, else the one on PATH.
find_program(VITRINE_EM_CONFIG em-config HINTS ${CMAKE_CURRENT_LIST_DIR}/../.deps/emscripten/emscripten)
if(NOT VITRINE_EM_CONFIG)
  message(FATAL_ERROR "No Emscripten in .deps/emscripten or on PATH; run: make setup")
endif()
execute_process(COMMAND ${VITRINE_EM_CONFIG} EMSCRIPTEN_ROOT OUTPUT_VARIABLE emscripten_root
                OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
include(${emscripten_root}/cmake/Modules/Platform/Emscripten.cmake)
if(EMSCRIPTEN_VERSION VERSION_LESS 3.1.60)
  message(FATAL_ERROR "Emscripten ${EMSCRIPTEN_VERSION} in ${emscripten_root} is older than 3.1.60; run: make setup")
endif()
