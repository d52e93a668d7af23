#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace vitrine::commands {

/// --report FILE. `path` must outlive the command.
void add_report_option(CLI::App& command, std::string& path);

/// Writes `html` to `path`. Throws Error(kIo).
void write_page(const std::string& path, const std::string& html);

}  // namespace vitrine::commands
