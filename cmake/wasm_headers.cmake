# Header-only libraries for the wasm build, each seen through a folder that holds nothing else.
find_path(eigen_headers Eigen/Core PATH_SUFFIXES eigen3 NO_CACHE REQUIRED NO_CMAKE_FIND_ROOT_PATH
          PATHS /usr/include /usr/local/include /opt/homebrew/include)
find_path(json_headers nlohmann/json.hpp NO_CACHE REQUIRED NO_CMAKE_FIND_ROOT_PATH
          PATHS /usr/include /usr/local/include /opt/homebrew/include)

set(wasm_headers ${PROJECT_BINARY_DIR}/headers)
file(MAKE_DIRECTORY ${wasm_headers}/eigen ${wasm_headers}/json)
file(CREATE_LINK ${eigen_headers}/Eigen ${wasm_headers}/eigen/Eigen SYMBOLIC)
file(CREATE_LINK ${json_headers}/nlohmann ${wasm_headers}/json/nlohmann SYMBOLIC)

add_library(Eigen3::Eigen INTERFACE IMPORTED)
target_include_directories(Eigen3::Eigen SYSTEM INTERFACE ${wasm_headers}/eigen)
add_library(nlohmann_json::nlohmann_json INTERFACE IMPORTED)
target_include_directories(nlohmann_json::nlohmann_json SYSTEM INTERFACE ${wasm_headers}/json)
