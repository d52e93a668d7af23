#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/progress.h"
#include "recommend/training/training.h"

namespace vitrine::commands {

/// A progress line for each step; any thread may report.
class StepMeter {
 public:
  /// With `forced` it also prints when stderr is not a terminal.
  explicit StepMeter(bool forced = false) : forced_(forced) {}

  void update(std::string_view step, double share) {
    const std::lock_guard lock(mutex_);
    if (step != step_) {
      progress_ = std::make_unique<base::Progress>(std::string(step), 0, "", forced_);
      step_ = step;
    }
    progress_->update_fraction(share);
  }
  void finish() {
    const std::lock_guard lock(mutex_);
    progress_.reset();
    step_.clear();
  }
  [[nodiscard]] recommend::OnStep as_on_step() {
    return [this](const std::string& step, double share) { update(step, share); };
  }
  [[nodiscard]] std::function<void(std::string_view, double)> as_read_progress() {
    return [this](std::string_view step, double share) { update(step, share); };
  }

 private:
  bool forced_;
  std::mutex mutex_;
  std::unique_ptr<base::Progress> progress_;
  std::string step_;
};

}  // namespace vitrine::commands
