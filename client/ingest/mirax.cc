#include "client/ingest/mirax.h"

#include <algorithm>
#include <map>
#include <set>

#include "contract/byte_reader.h"

namespace hada::ingest {
namespace {

constexpr int kMaxLayers = 1000;
constexpr uint64_t kVersionBytes = 5;  // "01.02" opens the index, then the slide's id, then two pointers

Unexpected bad_index() {
  return Unexpected(ErrorCode::InvalidArgument, "BAD_BUNDLE", "a MIRAX slide whose index can be read");
}

// The values of [GENERAL] that readers of the slide need; the others are names, dates and the like.
bool needed_in_general(const std::string& key) {
  static const std::set<std::string> kKeys = {"SLIDE_VERSION",
                                              "SLIDE_ID",
                                              "IMAGENUMBER_X",
                                              "IMAGENUMBER_Y",
                                              "OBJECTIVE_NAME",
                                              "OBJECTIVE_MAGNIFICATION",
                                              "CAMERA_TYPE",
                                              "CameraImageDivisionsPerSide",
                                              "CURRENT_SLIDE_VERSION",
                                              "SLIDE_TYPE",
                                              "SLIDE_BITDEPTH",
                                              "CAMERA_BITDEPTH",
                                              "VIMSLIDE_SLIDE_BITDEPTH"};
  return kKeys.contains(key);
}

bool tells_a_person(const std::string& key) {
  for (const char* part : {"BARCODE_VALUE", "BARCODE_TEXT", "DATE", "TIME", "USER", "OPERATOR", "NAME_OF"})
    if (key.find(part) != std::string::npos) return true;
  return false;
}

struct Record {
  int32_t file = 0;
  uint64_t offset = 0, size = 0;
};

// Record number `number` of the non-hierarchical part: root -> table of pointers -> 0, pointer -> page with
// one entry.
Result<Record> read_record(const Source& index, uint64_t root, int number) {
  const auto word = [&](uint64_t offset) -> Result<int64_t> {
    ASSIGN_OR_RETURN(const std::string bytes, index.read(offset, 4));
    return static_cast<int32_t>(contract::ByteReader(bytes, false).uint(0, 4));
  };
  ASSIGN_OR_RETURN(const int64_t table, word(root));
  if (table < 0) return bad_index();
  ASSIGN_OR_RETURN(const int64_t list,
                   word(static_cast<uint64_t>(table) + 4 * static_cast<uint64_t>(number)));
  if (list < 0) return bad_index();
  ASSIGN_OR_RETURN(const int64_t zero, word(static_cast<uint64_t>(list)));
  ASSIGN_OR_RETURN(const int64_t page, word(static_cast<uint64_t>(list) + 4));
  if (zero != 0 || page < 0) return bad_index();
  ASSIGN_OR_RETURN(const int64_t entries, word(static_cast<uint64_t>(page)));
  ASSIGN_OR_RETURN(const int64_t offset, word(static_cast<uint64_t>(page) + 16));
  ASSIGN_OR_RETURN(const int64_t size, word(static_cast<uint64_t>(page) + 20));
  ASSIGN_OR_RETURN(const int64_t file, word(static_cast<uint64_t>(page) + 24));
  if (entries != 1 || offset < 0 || size < 0 || file < 0) return bad_index();
  return Record{static_cast<int32_t>(file), static_cast<uint64_t>(offset), static_cast<uint64_t>(size)};
}

const char* record_word(const std::string& value) {
  if (value == "ScanDataLayer_SlideBarcode") return "label image";
  if (value == "ScanDataLayer_SlideThumbnail") return "macro image";
  return "other scan data";
}

}  // namespace

Result<MiraxCleaning> plan_mirax_cleaning(const IniFile& slidedat, const Source& index,
                                          const std::vector<uint64_t>& data_file_sizes) {
  MiraxCleaning plan;
  IniFile cleaned = slidedat;
  const auto note = [&](const std::string& what) {
    if (std::find(plan.removed.begin(), plan.removed.end(), what) == plan.removed.end())
      plan.removed.push_back(what);
  };

  const auto id = slidedat.get("GENERAL", "SLIDE_ID");
  const auto layers = slidedat.get_int("HIERARCHICAL", "NONHIER_COUNT", kMaxLayers);
  if (!id || !layers) return bad_index();
  const uint64_t root = kVersionBytes + id->size() + 4;  // the first pointer is the hierarchical root
  std::map<std::string, std::string> renamed;            // keys of [HIERARCHICAL]
  int number = 0;
  for (int layer = 0; layer < *layers; ++layer) {
    const std::string prefix = "NONHIER_" + std::to_string(layer);
    const auto count = slidedat.get_int("HIERARCHICAL", prefix + "_COUNT", kMaxLayers);
    if (!count) return bad_index();
    const bool scan_data = slidedat.get("HIERARCHICAL", prefix + "_NAME") == "Scan data layer";
    for (int i = 0; i < *count; ++i, ++number) {
      const std::string key = prefix + "_VAL_" + std::to_string(i);
      const std::string value = slidedat.get("HIERARCHICAL", key).value_or("");
      if (!scan_data || value == "ScanDataLayer_SlidePreview") continue;
      ASSIGN_OR_RETURN(const Record record, read_record(index, root, number));
      const auto file = static_cast<size_t>(record.file);
      if (file >= data_file_sizes.size() || record.offset > data_file_sizes[file] ||
          record.size > data_file_sizes[file] - record.offset)
        return bad_index();
      if (record.size > 0) plan.zeros.push_back({file, record.offset, record.size});
      renamed[key] = "ScanDataLayer_Removed";
      note(record_word(value));
    }
  }

  for (IniFile::Section& section : cleaned.sections) {
    for (IniFile::Entry& entry : section.entries) {
      if (section.name == "HIERARCHICAL") {
        if (const auto at = renamed.find(entry.key); at != renamed.end()) entry.value = at->second;
        continue;
      }
      if (section.name == "DATAFILE" || entry.value.empty()) continue;
      if (section.name == "GENERAL" ? needed_in_general(entry.key) : !tells_a_person(entry.key)) continue;
      note("names and dates");
      entry.value.clear();
    }
  }
  plan.slidedat = cleaned.text();
  return plan;
}

}  // namespace hada::ingest
