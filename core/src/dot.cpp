#include "vitrine/dot.h"

namespace vitrine {

DotRows dot_rows() {
#if defined(__wasm_simd128__)
  return dot_rows_simd128;
#elif defined(__x86_64__)
  return __builtin_cpu_supports("avx2") ? dot_rows_avx2 : dot_rows_scalar;
#else
  return dot_rows_scalar;
#endif
}

}  // namespace vitrine
