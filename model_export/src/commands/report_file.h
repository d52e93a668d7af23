#pragma once

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <string>

namespace vitrine::commands {

/// Throws Error(kIo), naming `option`, when `path` cannot be a file to write: before the long work.
void check_writable(const std::string& path, const std::string& option);

/// --report FILE. `path` must outlive the command.
void add_report_option(CLI::App& command, std::string& path);

/// check_writable for --report; an empty path is none.
void check_report_path(const std::string& path);

/// Writes `html` to `path`. Throws Error(kIo).
void write_page(const std::string& path, const std::string& html);

/// Renders `result` as a page, with `examples` beside it if there are any, and writes it to `path`.
/// Throws Error(kIo).
void write_report(const std::string& path, nlohmann::json result,
                  const nlohmann::json& examples = nullptr);

}  // namespace vitrine::commands
