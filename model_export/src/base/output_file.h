#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace vitrine::base {

/// Returns the place that writing to `path` replaces: `path` with all links followed, also where
/// the last one leads to nothing yet. Throws Error(kUsage) when a device, a pipe or a socket is
/// there, and Error(kIo) when it is a folder, when there is no folder to write into, or when links
/// lead in a circle.
[[nodiscard]] std::string output_place(const std::string& path);

/// A file that takes its place in one step: the bytes go into a new file in the folder of the
/// place. commit() forces them to the disk, renames the file, and forces the folder to the disk. So
/// whatever happens, and after a power cut too, either the old file or the new one is there, whole.
/// The destructor removes a file that was not committed.
class OutputFile {
 public:
  /// Throws as output_place does, and Error(kIo) when no file can be made there.
  explicit OutputFile(const std::string& path);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  /// Throws Error(kIo).
  void write(std::string_view bytes);
  /// Forces what was written to the disk. Nothing may be written afterwards. Throws Error(kIo).
  void finish();
  /// Puts the file in its place, after finish() if that was not called. Throws Error(kIo).
  void commit();

 private:
  [[noreturn]] void fail() const;

  std::string path_;   // as the user wrote it
  std::string place_;  // with links followed
  std::string aside_;
  int descriptor_ = -1;
};

/// Replaces the file at `path` in one step, as OutputFile does. Throws Error(kUsage) or Error(kIo).
void write_file(const std::string& path, std::span<const std::byte> bytes);

/// Forces what was written to `descriptor` to the disk. Returns false, with errno set, when that
/// failed; file systems that know no such thing count as done.
[[nodiscard]] bool force_to_disk(int descriptor);

/// Forces the names in the folder of the file `path` to the disk, as force_to_disk does.
[[nodiscard]] bool force_folder_to_disk(const std::string& path);

}  // namespace vitrine::base
