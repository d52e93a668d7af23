#include <cstddef>

// Emscripten would tell the page that the memory has grown, by a function that the page has to
// import. js/src/ranking/engine.ts sees it by the buffer itself, so the module tells itself, and
// needs nothing from the page.
extern "C" void emscripten_notify_memory_growth(std::size_t /*memory*/) {}
