// The part of Emscripten's system/lib/embind/bind.cpp that the bindings use. Emscripten's own file
// also registers wide strings, 64-bit integers and twenty kinds of views, whose JavaScript then
// travels too, and names types by sprintf: together 3 KB after brotli. A function with a type that
// is missing here throws UnboundTypeError.
#include <emscripten/bind.h>

#include <cstdint>
#include <limits>
#include <string>

namespace {

namespace embind = emscripten::internal;

embind::InitFunc* first_bindings = nullptr;

// Numbers of embind.js (`typeMapping`).
constexpr unsigned kUint8Array = 1;
constexpr unsigned kUint32Array = 5;
constexpr unsigned kFloat64Array = 7;

template <typename T>
void register_integer(const char* name) {
  embind::_embind_register_integer(embind::TypeID<T>::get(), name, sizeof(T),
                                   static_cast<std::int32_t>(std::numeric_limits<T>::min()),
                                   std::numeric_limits<T>::max());
}

template <typename T>
void register_view(unsigned kind, const char* name) {
  embind::_embind_register_memory_view(embind::TypeID<emscripten::memory_view<T>>::get(), kind,
                                       name);
}

}  // namespace

extern "C" {

// Only messages about types that are not registered ask for names.
const char* __getTypeName(const std::type_info* /*type*/) { return nullptr; }

void _embind_register_bindings(embind::InitFunc* bindings) {
  bindings->next = first_bindings;
  first_bindings = bindings;
}

void _embind_initialize_bindings() {
  for (auto* bindings = first_bindings; bindings; bindings = bindings->next) {
    bindings->init_func();
  }
}
}

EMSCRIPTEN_BINDINGS(types) {
  embind::_embind_register_void(embind::TypeID<void>::get(), "void");
  embind::_embind_register_bool(embind::TypeID<bool>::get(), "bool", true, false);
  register_integer<std::int32_t>("int");
  register_integer<std::uint32_t>("unsigned int");
  register_integer<std::uintptr_t>("unsigned long");
  embind::_embind_register_float(embind::TypeID<double>::get(), "double", 8);
  embind::_embind_register_std_string(embind::TypeID<std::string>::get(), "std::string");
  embind::_embind_register_emval(embind::TypeID<emscripten::val>::get());
  register_view<std::uint8_t>(kUint8Array, "emscripten::memory_view<unsigned char>");
  register_view<std::uint32_t>(kUint32Array, "emscripten::memory_view<unsigned int>");
  register_view<double>(kFloat64Array, "emscripten::memory_view<double>");
}
