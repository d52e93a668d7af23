#include "assignment/check_experiments.h"

#include "base/error.h"
#include "vitrine/assignment/definition_error.h"

namespace vitrine::assignment {

void check_experiments(const nlohmann::json& list) {
  if (const auto error = definition_error(list)) {
    throw base::Error(base::ExitCode::kUsage, "The configuration's " + error->text());
  }
}

}  // namespace vitrine::assignment
