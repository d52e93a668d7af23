// The ranking module as embind would bind it: the same engine, one class. `make size` links it, to
// print what the plain exports save; nothing loads it.
#include <emscripten/bind.h>

#include "ranking/abi.h"

namespace {

namespace abi = vitrine::abi;

/// Carries the functions: a module has one engine.
class Engine {};

}  // namespace

EMSCRIPTEN_BINDINGS(ranking) {
  emscripten::class_<Engine>("Engine")
      .class_function("reserveBundle", &abi::reserveBundle)
      .class_function("open", &abi::open)
      .class_function("reserveOverlay", &abi::reserveOverlay)
      .class_function("apply", &abi::apply)
      .class_function("info", &abi::info)
      .class_function("input", &abi::input)
      .class_function("find", &abi::find)
      .class_function("id", &abi::id)
      .class_function("clear", &abi::clear)
      .class_function("record", &abi::record)
      .class_function("list", &abi::list)
      .class_function("bucket", &abi::bucket)
      .class_function("variation", &abi::variation)
      .class_function("useRelaxedScan", &abi::useRelaxedScan)
      .class_function("ranked", &abi::ranked);
}
