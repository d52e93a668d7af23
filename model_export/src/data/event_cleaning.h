#pragma once

#include <string>
#include <vector>

#include "data/event_rows.h"

namespace vitrine::data {

/// Makes one shopper of a device and the user who logs in on it: a row without a user gets the one
/// user that its device has elsewhere, else the device itself. A device with several users keeps
/// its rows without a user for itself.
void join_devices_and_users(Database& database, const std::string& rows, const RowColumns& columns);

/// Removes from `rows` what does not count, with a reason and samples in `report`: items of
/// `options.leave_out`; rows whose time is far from all others; purchases that a refund or a
/// cancellation in kTakenBack takes back; items of an order that is reported again at a later time;
/// exact duplicates; events beyond what one shopper may add. `files` are those of the run, by file
/// number.
void remove_what_does_not_count(Database& database, const std::string& rows,
                                const RowColumns& columns, const std::vector<ReadFile>& files,
                                const ReadOptions& options, ReadReport& report);

}  // namespace vitrine::data
