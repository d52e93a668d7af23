#include <__verbose_abort>

#ifndef _LIBCPP_VERBOSE_ABORT_NOEXCEPT  // newer than Emscripten 3.1.69
#define _LIBCPP_VERBOSE_ABORT_NOEXCEPT
#endif

// libc++ calls this where it would throw. Its own version prints through stdio, which nothing else
// in the module pulls in: some 10 KB.
_LIBCPP_BEGIN_NAMESPACE_STD

[[noreturn]] void __libcpp_verbose_abort(const char* /*format*/,
                                         ...) _LIBCPP_VERBOSE_ABORT_NOEXCEPT {
  __builtin_trap();
}

_LIBCPP_END_NAMESPACE_STD
