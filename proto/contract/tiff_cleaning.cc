#include "contract/tiff_cleaning.h"

#include <algorithm>
#include <cstring>

#include "contract/byte_reader.h"
#include "contract/vendor_text.h"

namespace hada::contract {
namespace {

enum Tag : uint16_t {
  kDescription = 270,
  kStripOffsets = 273,
  kStripCounts = 279,
  kSoftware = 305,
  kTileWidth = 322,
  kTileOffsets = 324,
  kTileCounts = 325,
  kSubIfds = 330,
  kOldJpegOffset = 513,
  kOldJpegCount = 514,
  kXmp = 700,
  kExif = 34665,
  kGps = 34853,
  kInterop = 40965,
  kNdpiFormat = 65420,
  kNdpiLens = 65421,
};

constexpr uint64_t kMaxText = 64 << 20;            // bytes of a description; Philips puts pictures there
constexpr uint64_t kMaxTiles = uint64_t{1} << 24;  // of all directories together

// What decoding, colour and geometry need (TIFF 6.0; TIFF technical note 2; TIFF/EP; libtiff's ImageDepth).
bool structural(uint16_t tag) {
  constexpr uint16_t kTags[] = {254, 255, 256, 257, 258, 259, 262, 263, 264, 265,   266,   273,  274, 277,
                                278, 279, 280, 281, 282, 283, 284, 286, 287, 290,   291,   292,  293, 296,
                                297, 301, 317, 318, 319, 320, 321, 322, 323, 324,   325,   326,  327, 328,
                                330, 332, 334, 336, 338, 339, 340, 341, 342, 347,   512,   513,  514, 515,
                                517, 518, 519, 520, 521, 529, 530, 531, 532, 32997, 32998, 34675};
  return std::binary_search(std::begin(kTags), std::end(kTags), tag);
}

// NDPI: maker and model, and the private tags for optics and geometry. Left out: the slide's label text
// (65427), the scanner's serial number (65442), comments (65449), authentication (65428).
bool ndpi_tag(uint16_t tag) {
  constexpr uint16_t kTags[] = {271,   272,   65420, 65421, 65422, 65423, 65424, 65425, 65426, 65432,
                                65433, 65434, 65435, 65436, 65437, 65438, 65439, 65440, 65441, 65444};
  return std::binary_search(std::begin(kTags), std::end(kTags), tag);
}

std::string_view tag_word(uint16_t tag) {
  switch (tag) {
    case 269:
      return "document name";
    case kDescription:
      return "description";
    case 271:
    case 272:
      return "camera";
    case kSoftware:
      return "software";
    case 306:
      return "date";
    case 315:
      return "artist";
    case 316:
      return "computer";
    case kXmp:
      return "XMP";
    case 33432:
      return "copyright";
    case 33723:
      return "IPTC";
    case 34377:
      return "Photoshop data";
    case kExif:
      return "EXIF";
    case kGps:
      return "GPS";
    case 65427:
      return "slide label text";
    case 65442:
      return "scanner serial number";
    case 65449:
      return "scanner comments";
    default:
      return "private tags";
  }
}

struct Range {
  uint64_t begin = 0, end = 0;
};

// `ranges` sorted and merged.
std::vector<Range> merged(std::vector<Range> ranges) {
  std::sort(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) { return a.begin < b.begin; });
  std::vector<Range> out;
  for (const Range& range : ranges) {
    if (range.begin >= range.end) continue;
    if (!out.empty() && range.begin <= out.back().end) {
      out.back().end = std::max(out.back().end, range.end);
    } else {
      out.push_back(range);
    }
  }
  return out;
}

// What of `from` is not in `taken`; both merged.
std::vector<Range> without(const std::vector<Range>& from, const std::vector<Range>& taken) {
  std::vector<Range> out;
  size_t next = 0;
  for (Range range : from) {
    while (next < taken.size() && taken[next].end <= range.begin) ++next;
    for (size_t i = next; i < taken.size() && taken[i].begin < range.end; ++i) {
      if (taken[i].begin > range.begin) out.push_back({range.begin, taken[i].begin});
      range.begin = std::min(range.end, taken[i].end);
    }
    if (range.begin < range.end) out.push_back(range);
  }
  return out;
}

Unexpected bad_tiff(const char* what) {
  return Unexpected(ErrorCode::DataLoss, "BAD_TIFF",
                    std::string("a TIFF that can be cleaned (this one has ") + what + ")");
}

class Planner {
 public:
  Planner(const ReadAt& read, uint64_t file_size, TiffLayout layout)
      : read_(read), file_size_(file_size), layout_(std::move(layout)) {}

  Result<TiffCleaning> run() {
    ASSIGN_OR_RETURN(plan_.vendor, vendor());
    std::vector<const TiffDirectory*> kept;
    std::vector<bool> blanked;  // beside `kept`: its pixels become zeros
    for (size_t i = 0; i < layout_.directories.size(); ++i) {
      const TiffDirectory& directory = layout_.directories[i];
      ASSIGN_OR_RETURN(const Verdict verdict, judge(directory, i));
      if (!verdict.shows.empty()) note(verdict.shows);
      if (verdict.fate == Fate::Drop) {
        RETURN_IF_ERROR(drop_directory(directory));
      } else {
        kept.push_back(&directory);
        blanked.push_back(verdict.fate == Fate::Blank);
      }
    }
    for (size_t i = 0; i < kept.size(); ++i) {
      current_is_first_ = i == 0;
      current_is_blank_ = blanked[i];
      RETURN_IF_ERROR(keep_directory(*kept[i], i + 1 < kept.size() ? kept[i + 1]->offset : 0));
    }
    return finish();
  }

 private:
  void note(std::string_view what) {
    auto& removed = plan_.removed;
    if (std::find(removed.begin(), removed.end(), what) == removed.end()) removed.emplace_back(what);
  }

  // A text value without what follows its first NUL; empty where it is absent, no text or too long.
  Result<std::string> text(const TiffDirectory& directory, uint16_t tag) {
    const TiffEntry* entry = directory.find(tag);
    if (!entry || (entry->type != 2 && entry->type != 1 && entry->type != 7) || entry->size > kMaxText)
      return std::string();
    ASSIGN_OR_RETURN(std::string bytes, read_(entry->value_offset, entry->size));
    bytes.resize(strnlen(bytes.c_str(), bytes.size()));
    return bytes;
  }

  Result<std::string> vendor() {
    const TiffDirectory& first = layout_.directories.front();
    ASSIGN_OR_RETURN(const std::string description, text(first, kDescription));
    ASSIGN_OR_RETURN(const std::string software, text(first, kSoftware));
    ASSIGN_OR_RETURN(const std::string xmp, text(first, kXmp));
    // Too long to be looked at, a text cannot be cleaned.
    for (const uint16_t tag : {kDescription, kXmp})
      if (const TiffEntry* entry = first.find(tag); entry && entry->size > kMaxText)
        return bad_tiff("a description of more than 64 MiB");
    if (first.find(kNdpiFormat)) return std::string("hamamatsu");
    if (description.starts_with("Aperio")) return std::string("aperio");
    if (software.starts_with("Philips")) return std::string("philips");
    if (software.starts_with("MedScan")) return std::string("trestle");
    if (xmp.find("<iScan") != std::string::npos) return std::string("ventana");
    if (description.find("leica-microsystems.com/scn") == std::string::npos) return std::string("generic");
    leica_specimen_ = leica_specimen_directories(description);
    if (leica_specimen_.empty()) return bad_tiff("a Leica description of unknown shape");
    return std::string("leica");
  }

  // What becomes of a directory, and what it shows where that is not the specimen. Kept are tiled directories
  // and what is known to be harmless; a directory that others refer to by number, or that holds the slide's
  // description, stays with zeros for pixels.
  enum class Fate { Keep, Blank, Drop };
  struct Verdict {
    Fate fate = Fate::Keep;
    std::string_view shows = {};
  };
  Result<Verdict> judge(const TiffDirectory& directory, size_t index) {
    const bool tiled = directory.find(kTileWidth) != nullptr;
    if (plan_.vendor == "leica")
      return leica_specimen_.contains(index) ? Verdict{} : Verdict{Fate::Blank, "macro image"};
    ASSIGN_OR_RETURN(const std::string description, text(directory, kDescription));
    if (plan_.vendor == "ventana") {
      if (description.find("level=") != std::string::npos) return Verdict{};
      return Verdict{index == 0 ? Fate::Blank : Fate::Drop, "label and macro image"};
    }
    if (index == 0) return Verdict{};
    if (plan_.vendor == "hamamatsu") return judge_ndpi(directory);
    // Aperio names them on the second line, Philips at the start.
    if (description.find("\nlabel ") != std::string::npos || description.starts_with("Label"))
      return Verdict{Fate::Drop, "label image"};
    if (description.find("\nmacro ") != std::string::npos || description.starts_with("Macro"))
      return Verdict{Fate::Drop, "macro image"};
    if (tiled) return Verdict{};
    // Aperio's second directory is a thumbnail of the scanned area.
    if (plan_.vendor == "aperio" && index == 1) return Verdict{};
    return Verdict{Fate::Drop, "further pages"};
  }

  // A level has a positive lens; the macro image has -1, the map of the scan -2.
  Result<Verdict> judge_ndpi(const TiffDirectory& directory) {
    const TiffEntry* lens = directory.find(kNdpiLens);
    if (!lens || lens->type != 11 || lens->count != 1) return Verdict{Fate::Drop, "macro image"};
    ASSIGN_OR_RETURN(const std::string bytes, read_(lens->value_offset, 4));
    const auto bits = static_cast<uint32_t>(ByteReader(bytes, layout_.big_endian).uint(0, 4));
    float value = 0;
    std::memcpy(&value, &bits, sizeof value);
    if (value > 0) return Verdict{};
    return Verdict{Fate::Drop, value == -2 ? "map image" : "macro image"};
  }

  // The byte ranges of the image data of one directory.
  Status add_pixels(const TiffDirectory& directory, std::vector<Range>& ranges) {
    const auto add = [&](uint16_t offsets_tag, uint16_t counts_tag) -> Status {
      const TiffEntry* offsets_entry = directory.find(offsets_tag);
      const TiffEntry* counts_entry = directory.find(counts_tag);
      if (!offsets_entry || !counts_entry) return {};
      tiles_ += offsets_entry->count;
      if (tiles_ > kMaxTiles) return bad_tiff("too many tiles");
      ASSIGN_OR_RETURN(const auto offsets, tiff_integers(read_, layout_, *offsets_entry, kMaxTiles));
      ASSIGN_OR_RETURN(const auto counts, tiff_integers(read_, layout_, *counts_entry, kMaxTiles));
      for (size_t i = 0; i < std::min(offsets.size(), counts.size()); ++i) {
        // A tile that leaves the file is the decoder's affair; what of it is inside is the image's.
        const uint64_t begin = std::min(offsets[i], file_size_);
        ranges.push_back({begin, begin + std::min(counts[i], file_size_ - begin)});
      }
      return {};
    };
    RETURN_IF_ERROR(add(kStripOffsets, kStripCounts));
    RETURN_IF_ERROR(add(kOldJpegOffset, kOldJpegCount));
    return add(kTileOffsets, kTileCounts);
  }

  static void add_value(const TiffEntry& entry, std::vector<Range>& ranges) {
    if (!entry.in_entry) ranges.push_back({entry.value_offset, entry.value_offset + entry.size});
  }

  Status drop_directory(const TiffDirectory& directory) {
    RETURN_IF_ERROR(add_pixels(directory, dropped_));
    for (const TiffEntry& entry : directory.entries) RETURN_IF_ERROR(drop_entry(entry));
    dropped_.push_back({directory.offset, directory.offset + directory.size});
    for (const TiffDirectory& child : directory.children) RETURN_IF_ERROR(drop_directory(child));
    return {};
  }

  // The value of an entry that goes, and what hangs below it.
  Status drop_entry(const TiffEntry& entry) {
    add_value(entry, dropped_);
    if (entry.tag != kExif && entry.tag != kGps && entry.tag != kInterop) return {};
    if (++metadata_directories_ > 64) return bad_tiff("too much EXIF");
    ASSIGN_OR_RETURN(const auto offsets, tiff_integers(read_, layout_, entry, 1));
    if (offsets.empty() || offsets[0] == 0) return {};
    // A pointer to nothing readable holds nothing that could be taken out.
    auto directory = read_tiff_directory(read_, file_size_, layout_, offsets[0]);
    if (!directory) return {};
    for (const TiffEntry& inner : directory->entries) RETURN_IF_ERROR(drop_entry(inner));
    dropped_.push_back({directory->offset, directory->offset + directory->size});
    return {};
  }

  // Decided for the directory that is being kept.
  bool keeps(const TiffEntry& entry) const {
    if (structural(entry.tag)) return true;
    const std::string& vendor = plan_.vendor;
    const bool description = entry.tag == kDescription && entry.size <= kMaxText;
    if (vendor == "hamamatsu") return ndpi_tag(entry.tag);
    if (vendor == "aperio" || vendor == "trestle")
      return description || (vendor == "trestle" && entry.tag == kSoftware);
    if (vendor == "philips") return current_is_first_ && (description || entry.tag == kSoftware);
    if (vendor == "leica") return current_is_first_ && description;
    // What a blank directory of Ventana was called would still promise a picture.
    if (vendor == "ventana")
      return (description && !current_is_blank_) || (entry.tag == kXmp && entry.size <= kMaxText);
    return false;
  }

  Status keep_directory(const TiffDirectory& directory, uint64_t next) {
    RETURN_IF_ERROR(add_pixels(directory, current_is_blank_ ? dropped_ : pixels_));
    std::vector<const TiffEntry*> kept;
    for (const TiffEntry& entry : directory.entries) {
      if (keeps(entry)) {
        kept.push_back(&entry);
        add_value(entry, kept_);
        if (entry.tag == kDescription || entry.tag == kXmp) RETURN_IF_ERROR(clean_text(entry));
      } else {
        note(tag_word(entry.tag));
        RETURN_IF_ERROR(drop_entry(entry));
      }
    }
    for (const TiffDirectory& child : directory.children) RETURN_IF_ERROR(keep_directory(child, 0));
    kept_.push_back({directory.offset, directory.offset + directory.size});
    if (kept.size() != directory.entries.size() || next != directory.next)
      edits_.push_back({directory.offset, directory.size, rewritten(directory, kept, next)});
    return {};
  }

  // The directory with fewer entries, in the same bytes; zeros fill what is left.
  std::string rewritten(const TiffDirectory& directory, const std::vector<const TiffEntry*>& kept,
                        uint64_t next) const {
    std::string bytes = tiff_uint(layout_, kept.size(), layout_.count_bytes());
    for (const TiffEntry* entry : kept) bytes += entry->raw;
    bytes += tiff_uint(layout_, next, layout_.pointer_bytes());
    if (layout_.big_ndpi)
      for (const TiffEntry* entry : kept) bytes += tiff_uint(layout_, entry->high >> 32, 4);
    // A small NDPI has the high words of its pointers behind the directory too; they are zero and stay zero.
    bytes.resize(directory.size, '\0');
    return bytes;
  }

  Status clean_text(const TiffEntry& entry) {
    if (entry.in_entry) return {};
    ASSIGN_OR_RETURN(const std::string before, read_(entry.value_offset, entry.size));
    std::vector<std::string> blanked;
    std::string after = cleaned_text(entry.tag, before, blanked);
    for (const std::string& name : blanked) note(name);
    if (after != before && blanked.empty()) note("scanner's description");
    if (after != before) edits_.push_back({entry.value_offset, entry.size, std::move(after)});
    return {};
  }

  std::string cleaned_text(uint16_t tag, const std::string& before, std::vector<std::string>& blanked) const {
    const std::string& vendor = plan_.vendor;
    if (vendor == "aperio") return clean_aperio_description(before, blanked);
    if (vendor == "trestle") return clean_trestle_description(before, blanked);
    if (vendor == "philips") return clean_philips_xml(before);
    if (vendor == "leica") return clean_leica_xml(before);
    return tag == kXmp ? clean_ventana_xml(before) : clean_ventana_description(before, blanked);
  }

  Result<TiffCleaning> finish() {
    std::sort(edits_.begin(), edits_.end(),
              [](const ByteEdit& a, const ByteEdit& b) { return a.offset < b.offset; });
    // Two directories may share a value; they then ask for the same edit.
    const auto same = [](const ByteEdit& a, const ByteEdit& b) {
      return a.offset == b.offset && a.bytes == b.bytes;
    };
    edits_.erase(std::unique(edits_.begin(), edits_.end(), same), edits_.end());
    std::vector<Range> edited;
    for (const ByteEdit& edit : edits_) {
      if (!edited.empty() && edit.offset < edited.back().end) return bad_tiff("directories that overlap");
      edited.push_back({edit.offset, edit.offset + edit.size});
    }
    pixels_ = merged(std::move(pixels_));
    if (overlaps(edited, pixels_)) return bad_tiff("a directory inside image data");
    kept_.insert(kept_.end(), pixels_.begin(), pixels_.end());
    for (const Range& range : without(merged(std::move(dropped_)), merged(std::move(kept_))))
      edits_.push_back({range.begin, range.end - range.begin, {}});
    std::sort(edits_.begin(), edits_.end(),
              [](const ByteEdit& a, const ByteEdit& b) { return a.offset < b.offset; });
    plan_.edits = std::move(edits_);
    return std::move(plan_);
  }

  static bool overlaps(const std::vector<Range>& a, const std::vector<Range>& b) {
    size_t i = 0, j = 0;
    while (i < a.size() && j < b.size()) {
      if (a[i].end <= b[j].begin) {
        ++i;
      } else if (b[j].end <= a[i].begin) {
        ++j;
      } else {
        return true;
      }
    }
    return false;
  }

  const ReadAt& read_;
  uint64_t file_size_;
  TiffLayout layout_;
  TiffCleaning plan_;
  std::set<uint64_t> leica_specimen_;
  bool current_is_first_ = false, current_is_blank_ = false;  // of the directory that keep_directory looks at
  std::vector<Range> pixels_;                                 // of kept images
  std::vector<Range> kept_;                                   // directories and values that stay
  std::vector<Range> dropped_;                                // to become zeros, but for what is kept
  std::vector<ByteEdit> edits_;
  uint64_t tiles_ = 0;
  int metadata_directories_ = 0;
};

}  // namespace

Result<TiffCleaning> plan_tiff_cleaning(const ReadAt& read, uint64_t file_size) {
  ASSIGN_OR_RETURN(TiffLayout layout, read_tiff_layout(read, file_size));
  return Planner(read, file_size, std::move(layout)).run();
}

}  // namespace hada::contract
