# The one place where dependencies are named. scripts/setup.sh puts them in place.
set(VITRINE_DEPS ${PROJECT_SOURCE_DIR}/.deps)

if(EMSCRIPTEN)
  # The system's include folder as a whole would break wasm compiles; the two header-only libraries are seen alone.
  include(${CMAKE_CURRENT_LIST_DIR}/wasm_headers.cmake)
else()
  # Eigen: dense linear algebra of the solvers.
  find_package(Eigen3 3.4 REQUIRED NO_MODULE)
  # It cuts products into blocks by the caches of the machine, and sums of other blocks differ in the last bits: not asked
  # for the machine's, it takes the same sizes everywhere.
  target_compile_definitions(Eigen3::Eigen INTERFACE EIGEN_NO_CPUID)
  # nlohmann_json: metadata of a bundle, configuration files, --json output, conformance cases.
  find_package(nlohmann_json 3.11 REQUIRED)
endif()

if(VITRINE_BUILD_EXPORTER)
  # CLI11: the command line of `vitrine`.
  find_package(CLI11 2.1 REQUIRED)
  # fmt: text output; the standard library of GCC 12 has no <format>.
  find_package(fmt 9 REQUIRED)
  # Threads: the solvers' workers.
  find_package(Threads REQUIRED)
  # zlib, zstd: compressed event logs, read far enough to tell a whole one from a cut one. brotli: the size on a CDN.
  find_package(ZLIB REQUIRED)
  find_package(PkgConfig REQUIRED)
  pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd)
  pkg_check_modules(brotli REQUIRED IMPORTED_TARGET libbrotlienc)
  # OpenSSL: SHA-256 and signatures of manifests. Never cryptography of our own.
  find_package(OpenSSL 3 REQUIRED COMPONENTS Crypto)
  # DuckDB: reads CSV, JSON lines and Parquet, and aggregates more events than memory holds.
  find_path(DUCKDB_INCLUDE_DIR duckdb.h HINTS ${VITRINE_DEPS}/duckdb)
  find_library(DUCKDB_LIBRARY duckdb HINTS ${VITRINE_DEPS}/duckdb)
  if(NOT DUCKDB_INCLUDE_DIR OR NOT DUCKDB_LIBRARY)
    message(FATAL_ERROR "No DuckDB (duckdb.h, libduckdb) in .deps/duckdb or on the system; run: make setup")
  endif()
  add_library(duckdb::duckdb SHARED IMPORTED)
  set_target_properties(
    duckdb::duckdb PROPERTIES IMPORTED_LOCATION ${DUCKDB_LIBRARY}
                              INTERFACE_INCLUDE_DIRECTORIES ${DUCKDB_INCLUDE_DIR})
endif()

if(VITRINE_BUILD_TESTS)
  if(NOT EMSCRIPTEN)
    # Boost.Math: another opinion on the distribution functions; headers alone.
    find_package(Boost 1.74 REQUIRED)
  endif()
  # Catch2: the tests. From source where the set-up put it, since the wasm build has to compile its own.
  if(EXISTS ${VITRINE_DEPS}/catch2/CMakeLists.txt)
    list(APPEND CMAKE_MODULE_PATH ${VITRINE_DEPS}/catch2/extras)
    add_subdirectory(${VITRINE_DEPS}/catch2 ${PROJECT_BINARY_DIR}/catch2 EXCLUDE_FROM_ALL SYSTEM)
  else()
    find_package(Catch2 3.4 REQUIRED)
  endif()
  include(Catch)
endif()
