#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace vitrine::commands {

/// Throws Error(kIo), with the name of `option`, when the file `path` cannot be written. Call it
/// before the long work.
void check_writable(const std::string& path, const std::string& option);

/// --report FILE. `path` must outlive the command.
void add_report_option(CLI::App& command, std::string& path);

/// check_writable for --report; an empty path is none.
void check_report_path(const std::string& path);

/// Writes `html` to `path`. Throws Error(kIo).
void write_page(const std::string& path, const std::string& html);

}  // namespace vitrine::commands
