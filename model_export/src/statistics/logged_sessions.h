#pragma once

#include <string>

#include "data/database.h"
#include "model/logged_sessions.h"

namespace vitrine::statistics {

/// Reads the sessions of `events` (a table of read_events) that have a row where `condition` holds:
/// those rows alone, as sessions to predict, with everything that `events` has of their shoppers.
/// `asked`: condition on rows that have to be predicted.
[[nodiscard]] model::LoggedSessions read_logged_sessions(data::Database& database,
                                                         const std::string& events,
                                                         const std::string& condition = "true",
                                                         const std::string& asked = "true");

}  // namespace vitrine::statistics
