#pragma once

#include <stdexcept>
#include <string>

namespace vitrine::base {

/// The exit codes of the `vitrine` command.
enum class ExitCode : int { kOk = 0, kFailure = 1, kUsage = 2, kDataUnusable = 3, kIo = 5 };

/// A failure that the user can act on. The message says what is wrong and what to do next. It is
/// printed unchanged, so it contains no type name and no stack trace.
class Error : public std::runtime_error {
 public:
  Error(ExitCode code, const std::string& message) : std::runtime_error(message), code_(code) {}

  [[nodiscard]] ExitCode code() const noexcept { return code_; }

 private:
  ExitCode code_;
};

}  // namespace vitrine::base
