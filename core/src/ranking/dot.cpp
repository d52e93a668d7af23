#include "vitrine/ranking/dot.h"

namespace vitrine {

const DotKernels& dot_kernels() {
#if defined(__wasm_simd128__)
  return kDotSimd128;
#elif defined(__x86_64__)
  return __builtin_cpu_supports("avx2") ? kDotAvx2 : kDotScalar;
#else
  return kDotScalar;
#endif
}

}  // namespace vitrine
