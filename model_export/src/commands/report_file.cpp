#include "commands/report_file.h"

#include <fmt/format.h>

#include <filesystem>
#include <span>

#include "base/error.h"
#include "bundle/bundle_file.h"

namespace vitrine::commands {

void check_writable(const std::string& path, const std::string& option) {
  const std::filesystem::path folder = std::filesystem::absolute(path).parent_path();
  std::error_code failed;
  if (!std::filesystem::is_directory(folder, failed)) {
    throw base::Error(
        base::ExitCode::kIo,
        fmt::format("There is no folder {} to write {} to. Make it first.", folder.string(), path));
  }
  if (std::filesystem::is_directory(path, failed)) {
    throw base::Error(base::ExitCode::kIo,
                      fmt::format("{} {} is a folder; name a file in it.", option, path));
  }
}

void add_report_option(CLI::App& command, std::string& path) {
  command
      .add_option("--report", path,
                  "Also write a report for people, as one HTML file that loads no other files")
      ->type_name("FILE.html");
}

void check_report_path(const std::string& path) {
  if (!path.empty()) check_writable(path, "--report");
}

void write_page(const std::string& path, const std::string& html) {
  bundle::write_file(path, std::as_bytes(std::span(html)));
}

}  // namespace vitrine::commands
