#include <cstddef>

// Emscripten would tell the page that the memory has grown, by a function that the page must
// import. js/src/ranking/engine.ts notices growth from the buffer itself. So the module implements
// this function, and needs nothing from the page.
extern "C" void emscripten_notify_memory_growth(std::size_t /*memory*/) {}
