#pragma once

#include <string>
#include <vector>

#include "data/input_file.h"

namespace vitrine::data {

/// Returns the columns of a file and the paths to the values in them (see record_path.h), columns
/// first, then paths in alphabetical order. A column with JSON text counts as nested, in every
/// format. All rows of the file are looked at, so the order of the rows does not change the result.
/// Lists inside of lists are left out, and so are values more than four levels deep.
[[nodiscard]] std::vector<std::string> find_paths(Database& database, const InputFile& file);

}  // namespace vitrine::data
