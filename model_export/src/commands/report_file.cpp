#include "commands/report_file.h"

#include <span>

#include "base/output_file.h"

namespace vitrine::commands {

void add_report_option(CLI::App& command, std::string& path) {
  command
      .add_option("--report", path,
                  "Also write a report for people, as one HTML file that loads no other files")
      ->type_name("FILE.html");
}

void write_page(const std::string& path, const std::string& html) {
  base::write_file(path, std::as_bytes(std::span(html)));
}

}  // namespace vitrine::commands
