#include "vitrine/status.h"

namespace vitrine {

std::string_view message(Status status) {
  switch (status) {
    case Status::kOk:
      return "ok";
    case Status::kTruncated:
      return "the file is cut short";
    case Status::kBadMagic:
      return "this is not a Vitrine bundle or overlay";
    case Status::kUnsupportedVersion:
      return "the file has a format version that this release cannot read";
    case Status::kTrailingBytes:
      return "the file is longer than it says";
    case Status::kHashMismatch:
      return "the file is damaged: its content hash does not match";
    case Status::kMisaligned:
      return "the file's buffer does not start at a multiple of 8";
    case Status::kBadSectionTable:
      return "the file's section table is malformed";
    case Status::kMissingSection:
      return "the bundle lacks a section that every bundle has";
    case Status::kBadSectionSize:
      return "a section of the file has the wrong size";
    case Status::kBadItemCount:
      return "the bundle has no items, or too many";
    case Status::kBadIds:
      return "the bundle's item ids are malformed";
    case Status::kBadIdOrder:
      return "the bundle's id order is not a permutation";
    case Status::kBadStringTable:
      return "the bundle's categories or brands are malformed";
    case Status::kBadCatalog:
      return "the bundle's catalogue has an impossible value";
    case Status::kBadPopularity:
      return "no item of the bundle has the popularity of the best";
    case Status::kBadEmbeddings:
      return "the bundle's embeddings are malformed";
    case Status::kBadSessionRows:
      return "the bundle's session rows are malformed";
    case Status::kBadSettings:
      return "the bundle's settings are out of range";
    case Status::kBadMetadata:
      return "the bundle's metadata is not valid UTF-8";
    case Status::kBadSessionSample:
      return "the bundle's sampled sessions are malformed";
    case Status::kBadPartitions:
      return "the bundle's partitions of embeddings are malformed";
    case Status::kWrongBase:
      return "the overlay was made for another bundle";
    case Status::kBadOverlay:
      return "the overlay's changes do not fit the bundle";
  }
  return "unknown status";
}

}  // namespace vitrine
