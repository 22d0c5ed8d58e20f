#include "contract/content_type.h"

#include "contract/text.h"

namespace hada::contract {
namespace {

using namespace std::string_view_literals;

struct Magic {
  std::string_view bytes;
  ContentType type;
};

constexpr Magic kMagics[] = {
    {"\xFF\xD8\xFF"sv, ContentType::Jpeg},
    {"\x89PNG\r\n\x1A\n"sv, ContentType::Png},
    {"II*\0"sv, ContentType::Tiff},
    {"MM\0*"sv, ContentType::Tiff},
    {"II+\0\x08\0\0\0"sv, ContentType::BigTiff},
    {"MM\0+\0\x08\0\0"sv, ContentType::BigTiff},
    {"SQLite format 3\0"sv, ContentType::Sqlite},
    {"GIF87a"sv, ContentType::Gif},
    {"GIF89a"sv, ContentType::Gif},
    {"BM"sv, ContentType::Bmp},
    {"\0\0\0\x0CjP  \r\n\x87\n"sv, ContentType::Jpeg2000},
    {"\xFF\x4F\xFF\x51"sv, ContentType::Jpeg2000},
    {"%PDF-"sv, ContentType::Pdf},
    {"PK\x03\x04"sv, ContentType::Zip},
};

// The name of the first section of an ini file; comments and empty lines may come before it.
std::string_view first_section(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  for (;;) {
    const size_t end = text.find('\n');
    const std::string_view line = trim(text.substr(0, end));
    if (line.starts_with('[') && line.ends_with(']')) return line.substr(1, line.size() - 2);
    const bool skipped = line.empty() || line.front() == ';' || line.front() == '#';
    if (!skipped || end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
}

bool is_text(std::string_view head) {
  for (const char c : head) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f') return false;
  }
  return true;
}

}  // namespace

ContentType sniff(std::string_view head) {
  if (head.empty()) return ContentType::Empty;
  // First, since a DICOM file may begin with a TIFF's directory to be both.
  if (head.size() >= 132 && head.substr(128, 4) == "DICM") return ContentType::Dicom;
  for (const Magic& magic : kMagics)
    if (head.starts_with(magic.bytes)) return magic.type;
  if (head.size() >= 12 && head.starts_with("RIFF") && head.substr(8, 4) == "WEBP") return ContentType::WebP;
  if (head.size() >= 12 && head.substr(4, 4) == "ftyp") return ContentType::Heif;
  const std::string_view section = first_section(head);
  if (section == "Virtual Microscope Specimen") return ContentType::VmsIndex;
  if (section == "Uncompressed Virtual Microscope Specimen") return ContentType::VmuIndex;
  return is_text(head) ? ContentType::Text : ContentType::Unknown;
}

std::string_view content_word(ContentType type) {
  switch (type) {
    case ContentType::Unknown:
      return "no image format known here";
    case ContentType::Empty:
      return "an empty file";
    case ContentType::Jpeg:
      return "JPEG";
    case ContentType::Png:
      return "PNG";
    case ContentType::Tiff:
      return "TIFF";
    case ContentType::BigTiff:
      return "BigTIFF";
    case ContentType::VmsIndex:
      return "Hamamatsu VMS";
    case ContentType::VmuIndex:
      return "Hamamatsu VMU";
    case ContentType::Sqlite:
      return "SQLite (Sakura SVSLIDE)";
    case ContentType::Dicom:
      return "DICOM";
    case ContentType::Gif:
      return "GIF";
    case ContentType::Bmp:
      return "BMP";
    case ContentType::WebP:
      return "WebP";
    case ContentType::Jpeg2000:
      return "JPEG 2000";
    case ContentType::Heif:
      return "HEIF";
    case ContentType::Pdf:
      return "PDF";
    case ContentType::Zip:
      return "ZIP";
    case ContentType::Text:
      return "text";
  }
  return {};
}

std::string_view content_suffix(ContentType type) {
  switch (type) {
    case ContentType::Jpeg:
      return ".jpg";
    case ContentType::Png:
      return ".png";
    case ContentType::Tiff:
    case ContentType::BigTiff:
      return ".tif";
    case ContentType::VmsIndex:
      return ".vms";
    case ContentType::VmuIndex:
      return ".vmu";
    case ContentType::Sqlite:
      return ".svslide";
    default:
      return {};
  }
}

}  // namespace hada::contract
