#include "server/images/probe.h"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "server/blobs/local_file.h"
#include "server/images/slide_reader.h"

namespace hada::images {
namespace {

using std::string_view_literals::operator""sv;

bool has_suffix(const std::string& path, std::string_view suffix) {
  if (path.size() < suffix.size()) return false;
  return std::equal(suffix.rbegin(), suffix.rend(), path.rbegin(),
                    [](char a, char b) { return a == std::tolower(static_cast<unsigned char>(b)); });
}

bool is_tiff(std::string_view head) {
  return head.starts_with("II*\0"sv) || head.starts_with("MM\0*"sv) || head.starts_with("II+\0"sv) ||
         head.starts_with("MM\0+"sv);
}

// A DICOM file may begin like a TIFF or a JPEG: its first 128 bytes are nobody's.
bool is_dicom(std::string_view head) { return head.size() >= 132 && head.substr(128, 4) == "DICM"; }

// Formats that are images, but none that we take.
bool is_other_image(std::string_view head) {
  const auto at = [&](size_t offset, std::string_view magic) {
    return head.size() >= offset + magic.size() && head.substr(offset, magic.size()) == magic;
  };
  return at(0, "BM") || at(0, "GIF8") || (at(0, "RIFF") && at(8, "WEBP")) || at(0, "\0\0\0\x0CjP  "sv) ||
         at(0, "\xFF\x4F\xFF\x51"sv) || at(4, "ftyp") || at(0, "\0\0\1\0"sv) || at(0, "\0\0\2\0"sv) ||
         at(0, "8BPS") || at(0, "\x76\x2F\x31\x01"sv) || at(0, "P4") || at(0, "P5") || at(0, "P6") ||
         at(0, "%PDF") || at(0, "\xFF\x0A"sv) || at(0, "qoif") || at(0, "DDS ");
}

}  // namespace

Result<Probe> probe_file(const std::string& path) {
  ASSIGN_OR_RETURN(const auto file, blobs::open_local_file(path));
  std::string head(std::min<uint64_t>(file->size(), 256), '\0');
  if (head.empty()) return Unexpected(ErrorCode::DataLoss, "TRUNCATED", "the file is empty");
  RETURN_IF_ERROR(file->read_into(0, head.size(), head.data()));

  const auto unsupported = [] {
    return Unexpected(ErrorCode::InvalidArgument, "UNSUPPORTED_FORMAT",
                      "the file's format is not one that is taken");
  };
  if (is_dicom(head)) return unsupported();
  Probe probe;
  const bool mirax_name = has_suffix(path, ".mrxs");
  if (head.starts_with("\x89PNG\r\n\x1A\n"sv)) {
    probe.type = FileType::Png;
    return probe;
  }
  if (head.starts_with("\xFF\xD8\xFF"sv) && !mirax_name) {
    probe.type = FileType::Jpeg;
    return probe;
  }
  probe.vendor = SlideReader::detect(path);
  if (is_tiff(head)) {
    probe.type = FileType::Tiff;
    return probe;
  }
  if (!probe.vendor.empty()) {
    probe.type = FileType::Slide;
    return probe;
  }
  if (mirax_name || head.find("[Virtual Microscope Specimen]") != std::string::npos ||
      head.find("[Uncompressed Virtual Microscope Specimen]") != std::string::npos)
    return Unexpected(ErrorCode::DataLoss, "MISSING_COMPANION",
                      "a file that the slide names is not in the bundle");
  if (is_other_image(head)) return unsupported();
  return Unexpected(ErrorCode::InvalidArgument, "NOT_AN_IMAGE", "the file is not an image");
}

}  // namespace hada::images
