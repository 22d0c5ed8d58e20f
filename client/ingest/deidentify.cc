#include "client/ingest/deidentify.h"

#include <algorithm>

#include "client/ingest/mirax.h"
#include "contract/image_metadata.h"
#include "contract/sha256.h"
#include "contract/tiff_cleaning.h"

namespace hada::ingest {
namespace {

using contract::ContentType;

constexpr uint64_t kMaxPhotograph = uint64_t{512} << 20;  // bytes; photographs are cleaned in memory
constexpr uint64_t kHashBytes = 1 << 20;                  // read at once

struct Cleaned {
  std::vector<BundleFile> files;
  std::vector<std::string> removed;
  bool vouched = false;  // nothing was removed; the sender says that nothing has to be
};

Unexpected cannot(std::string what) {
  return Unexpected(ErrorCode::FailedPrecondition, "CANNOT_DEIDENTIFY",
                    "a format whose label this tool can remove, not " + std::move(what) +
                        "; remove it yourself and say --already-deidentified");
}

void add_new(std::vector<std::string>& to, const std::vector<std::string>& from) {
  for (const std::string& one : from)
    if (std::find(to.begin(), to.end(), one) == to.end()) to.push_back(one);
}

contract::ReadAt reader(const std::shared_ptr<const Source>& source) {
  return [source](uint64_t offset, uint64_t size) { return source->read(offset, size); };
}

Result<Cleaned> photograph(const Bundle& bundle) {
  const BundleFile& file = bundle.files.front();
  ASSIGN_OR_RETURN(const std::string bytes, read_all(*file.source, kMaxPhotograph));
  ASSIGN_OR_RETURN(auto stripped, bundle.type == ContentType::Jpeg ? contract::strip_jpeg(bytes)
                                                                   : contract::strip_png(bytes));
  return Cleaned{{{file.path, memory_source(std::move(stripped.bytes))}}, std::move(stripped.removed), false};
}

Result<Cleaned> tiff(const Bundle& bundle) {
  const BundleFile& file = bundle.files.front();
  ASSIGN_OR_RETURN(auto plan, contract::plan_tiff_cleaning(reader(file.source), file.source->size()));
  return Cleaned{
      {{file.path, edited_source(file.source, std::move(plan.edits))}}, std::move(plan.removed), false};
}

Result<Cleaned> mirax(const Bundle& bundle) {
  // Main file, Slidedat.ini, index, data files: the order find_bundle gives.
  std::vector<uint64_t> sizes;
  for (size_t i = 3; i < bundle.files.size(); ++i) sizes.push_back(bundle.files[i].source->size());
  ASSIGN_OR_RETURN(MiraxCleaning plan, plan_mirax_cleaning(bundle.index, *bundle.files[2].source, sizes));
  Cleaned cleaned{bundle.files, std::move(plan.removed), false};
  // Nothing reads the main file but its name; what it shows may be the label.
  cleaned.files[0].source = memory_source("MIRAX\r\n");
  cleaned.files[1].source = memory_source(std::move(plan.slidedat));
  std::vector<std::vector<contract::ByteEdit>> edits(sizes.size());
  for (const auto& zeros : plan.zeros) edits[zeros.data_file].push_back({zeros.offset, zeros.size, {}});
  for (size_t i = 0; i < edits.size(); ++i) {
    auto& list = edits[i];
    std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.offset < b.offset; });
    for (size_t k = 1; k < list.size(); ++k)
      if (list[k].offset < list[k - 1].offset + list[k - 1].size)
        return Unexpected(ErrorCode::InvalidArgument, "BAD_BUNDLE",
                          "a MIRAX slide whose records do not overlap");
    cleaned.files[3 + i].source = edited_source(cleaned.files[3 + i].source, std::move(list));
  }
  return cleaned;
}

// The offsets of JPEG comments and application data before the first scan, as edits that blank them: VMS
// keeps offsets into its JPEG files elsewhere, so nothing may move.
Result<std::vector<contract::ByteEdit>> blank_jpeg_metadata(const Source& source) {
  std::vector<contract::ByteEdit> edits;
  for (uint64_t at = 2; at + 4 <= source.size();) {
    ASSIGN_OR_RETURN(const std::string head, source.read(at, 4));
    const auto byte = [&](size_t i) { return static_cast<uint8_t>(head[i]); };
    if (byte(0) != 0xFF)
      return Unexpected(ErrorCode::DataLoss, "BAD_JPEG", "a slide whose JPEG files can be read");
    if (byte(1) == 0xFF) {
      ++at;
      continue;
    }
    if (byte(1) == 0xDA) break;
    const uint64_t length = static_cast<uint64_t>(byte(2)) << 8 | byte(3);
    if (length < 2 || length + 2 > source.size() - at)
      return Unexpected(ErrorCode::DataLoss, "BAD_JPEG", "a slide whose JPEG files can be read");
    const bool text =
        byte(1) == 0xFE || byte(1) == 0xE1 || (byte(1) >= 0xE3 && byte(1) <= 0xED) || byte(1) == 0xEF;
    if (text && length > 2) edits.push_back({at + 4, length - 2, {}});
    at += 2 + length;
  }
  return edits;
}

Result<Cleaned> hamamatsu(const Bundle& bundle) {
  Cleaned cleaned{bundle.files, {}, false};
  IniFile index = bundle.index;
  auto& entries = index.sections.front().entries;
  std::erase_if(entries, [&](const IniFile::Entry& entry) {
    static constexpr std::string_view kKept[] = {"NoLayers",
                                                 "NoJpegColumns",
                                                 "NoJpegRows",
                                                 "SourceLens",
                                                 "PhysicalWidth",
                                                 "PhysicalHeight",
                                                 "LayerSpacing",
                                                 "LayerOffset",
                                                 "XOffsetFromSlideCentre",
                                                 "YOffsetFromSlideCentre",
                                                 "BitsPerPixel",
                                                 "PixelOrder",
                                                 "OptimisationFile",
                                                 "MapFile",
                                                 "Creator"};
    if (entry.key.starts_with("ImageFile")) return false;
    if (std::find(std::begin(kKept), std::end(kKept), entry.key) != std::end(kKept)) return false;
    add_new(cleaned.removed, {entry.key == "MacroImage" ? "macro image" : "index entries"});
    return true;
  });
  cleaned.files[0].source = memory_source(index.text());
  for (BundleFile& file : cleaned.files) {
    if (!file.path.ends_with(".jpg")) continue;
    ASSIGN_OR_RETURN(auto edits, blank_jpeg_metadata(*file.source));
    if (!edits.empty()) add_new(cleaned.removed, {"JPEG comments"});
    file.source = edited_source(file.source, std::move(edits));
  }
  return cleaned;
}

Result<Cleaned> clean(const Bundle& bundle, bool vouched) {
  switch (bundle.kind) {
    case BundleKind::Mirax:
      return mirax(bundle);
    case BundleKind::Vms:
    case BundleKind::Vmu:
      return hamamatsu(bundle);
    case BundleKind::Single:
      break;
  }
  switch (bundle.type) {
    case ContentType::Jpeg:
    case ContentType::Png:
      return photograph(bundle);
    case ContentType::Tiff:
    case ContentType::BigTiff:
      return tiff(bundle);
    default:
      if (!vouched) return cannot(std::string(contract::content_word(bundle.type)));
      return Cleaned{bundle.files, {}, true};
  }
}

Result<std::string> hash(const Source& source, const Stop& stop) {
  contract::Sha256 sha;
  for (uint64_t at = 0; at < source.size(); at += kHashBytes) {
    if (stop) return Unexpected(ErrorCode::Cancelled, "STOPPED", "not reached");
    ASSIGN_OR_RETURN(const std::string bytes, source.read(at, std::min(kHashBytes, source.size() - at)));
    sha.update(bytes);
  }
  return sha.hex();
}

}  // namespace

Result<PreparedImage> deidentify(const Bundle& bundle, const DeidentifyOptions& options, const Stop& stop) {
  ASSIGN_OR_RETURN(Cleaned cleaned, clean(bundle, options.already_deidentified));
  PreparedImage image;
  for (BundleFile& file : cleaned.files) {
    ASSIGN_OR_RETURN(std::string sha256, hash(*file.source, stop));
    const uint64_t size = file.source->size();
    image.files.push_back({std::move(file.path), std::move(file.source), std::move(sha256), size});
  }
  image.removed = std::move(cleaned.removed);
  std::string& text = image.deidentification;
  text = cleaned.vouched ? "113100 as the sender vouches; removed:" : "113100; removed:";
  for (const std::string& what : image.removed) {
    // The column has its limit; a file may hold any number of odd names.
    if (text.size() > 1000) {
      text += ", and more";
      break;
    }
    text += (text.ends_with(':') ? " " : ", ") + what;
  }
  if (image.removed.empty()) text += " nothing";
  text += "; " + options.tool;
  return image;
}

std::string bundle_hash(const std::vector<PreparedFile>& files) {
  std::string text;
  for (const PreparedFile& file : files) text += file.path + '\0' + file.sha256 + '\n';
  return contract::sha256_hex(text);
}

}  // namespace hada::ingest
