#include "contract/image_metadata.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "contract/byte_reader.h"

namespace hada::contract {
namespace {

using namespace std::string_view_literals;

Unexpected bad_jpeg(const char* what) {
  return Unexpected(ErrorCode::DataLoss, "BAD_JPEG",
                    std::string("a JPEG that can be read (this one has ") + what + ")");
}
Unexpected bad_png(const char* what) {
  return Unexpected(ErrorCode::DataLoss, "BAD_PNG",
                    std::string("a PNG that can be read (this one has ") + what + ")");
}

void note(StrippedImage& image, std::string_view what) {
  if (std::find(image.removed.begin(), image.removed.end(), what) == image.removed.end())
    image.removed.emplace_back(what);
}

// A TIFF block whose only entry is the orientation (EXIF 2.32, 4.6.4).
std::string minimal_exif(int orientation) {
  std::string block("MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0"sv);
  block[19] = static_cast<char>(orientation);
  return block;
}

// ---- JPEG (ITU-T T.81, annex B) ----

enum : uint8_t {
  kSof0 = 0xC0,
  kSof15 = 0xCF,
  kRst0 = 0xD0,
  kRst7 = 0xD7,
  kSoi = 0xD8,
  kEoi = 0xD9,
  kSos = 0xDA,
  kExp = 0xDF,
  kApp0 = 0xE0,
  kApp1 = 0xE1,
  kApp2 = 0xE2,
  kApp13 = 0xED,
  kApp14 = 0xEE,
  kApp15 = 0xEF,
  kCom = 0xFE,
  kTem = 0x01,
};

class JpegStripper {
 public:
  explicit JpegStripper(std::string_view file) : file_(file) {}

  Result<StrippedImage> run() {
    if (!file_.starts_with("\xFF\xD8"sv)) return bad_jpeg("no start of image");
    at_ = 2;
    bool scans = false;
    for (;;) {
      const int marker = next_marker();
      // After a scan the image is there, so a missing end is a file cut short; before, there is nothing to
      // keep.
      if (marker < 0) {
        if (scans) break;
        return bad_jpeg("no image data");
      }
      if (marker == kEoi) {
        if (!scans) return bad_jpeg("no image data");
        body_ += "\xFF\xD9"sv;
        if (at_ < file_.size()) note(image_, "trailing bytes");
        break;
      }
      if ((marker >= kRst0 && marker <= kRst7) || marker == kTem) continue;  // stand-alone, meaningless here
      if (marker == kSoi) return bad_jpeg("a second start of image");
      if (marker == 0) return bad_jpeg("a stuffed byte outside a scan");
      if (!segment(static_cast<uint8_t>(marker))) {
        if (scans) break;
        return bad_jpeg("a segment that leaves the file");
      }
      if (marker == kSos) {
        scans = true;
        scan_data();
      }
    }
    return finish();
  }

 private:
  // Steps to just behind the next marker and gives its code; -1 at the end of the file. Bytes between
  // segments have no meaning and are left out.
  int next_marker() {
    const size_t start = at_;
    size_t mark = file_.find('\xFF', at_);
    while (mark != std::string_view::npos && mark + 1 < file_.size() && file_[mark + 1] == '\xFF') ++mark;
    if (mark == std::string_view::npos || mark + 1 >= file_.size()) {
      at_ = file_.size();
      return -1;
    }
    if (file_[start] != '\xFF') note(image_, "bytes between segments");
    at_ = mark + 2;
    return static_cast<uint8_t>(file_[mark + 1]);
  }

  // The segment whose marker was just read; false where its length leaves the file.
  bool segment(uint8_t marker) {
    ByteReader reader(file_, true);
    const uint64_t length = reader.uint(at_, 2);
    if (!reader.ok() || length < 2 || !reader.has(at_, length)) return false;
    const std::string_view payload = file_.substr(at_ + 2, length - 2);
    at_ += length;
    if (marker >= kApp0 && marker <= kApp15) {
      application(marker, payload);
    } else if (marker == kCom) {
      note(image_, "comment");
    } else if (decodes(marker)) {
      append(body_, marker, payload);
    } else {
      note(image_, "unknown segments");
    }
    return true;
  }

  // Frames, tables and scans: what a decoder reads.
  static bool decodes(uint8_t marker) {
    return (marker >= kSof0 && marker <= kSof15) || (marker >= kSos && marker <= kExp);
  }

  void application(uint8_t marker, std::string_view payload) {
    if (marker == kApp0 && payload.starts_with("JFIF\0"sv) && payload.size() >= 14) {
      // The density and aspect stay; the thumbnail does not.
      std::string kept(payload.substr(0, 14));
      if (payload.size() > 14) note(image_, "JFIF thumbnail");
      kept[12] = kept[13] = 0;
      if (!has_jfif_) append(head_, marker, kept);
      has_jfif_ = true;
    } else if (marker == kApp0 && payload.starts_with("JFXX\0"sv)) {
      note(image_, "JFIF thumbnail");
    } else if (marker == kApp1 && payload.starts_with("Exif\0"sv)) {
      note(image_, "EXIF");
      if (image_.orientation == 1 && payload.size() > 6)
        image_.orientation = exif_orientation(payload.substr(6));
    } else if (marker == kApp1) {
      note(image_, "XMP");
    } else if (marker == kApp2 && payload.starts_with("ICC_PROFILE\0"sv)) {
      append(body_, marker, payload);
    } else if (marker == kApp2) {
      note(image_, payload.starts_with("MPF\0"sv) ? "multi-picture index" : "application data");
    } else if (marker == kApp13) {
      note(image_, "IPTC");
    } else if (marker == kApp14 && payload.starts_with("Adobe"sv) && payload.size() >= 12) {
      append(body_, marker, payload.substr(0, 12));
    } else {
      note(image_, "application data");
    }
  }

  // Entropy-coded data up to the next marker that is not a restart or a stuffed byte. A repeated 0xFF is
  // fill.
  void scan_data() {
    const size_t start = at_;
    while (at_ < file_.size()) {
      const size_t mark = file_.find('\xFF', at_);
      if (mark == std::string_view::npos || mark + 1 >= file_.size()) {
        at_ = file_.size();
        break;
      }
      const auto code = static_cast<uint8_t>(file_[mark + 1]);
      if (code == 0 || (code >= kRst0 && code <= kRst7)) {
        at_ = mark + 2;
      } else if (code == 0xFF) {
        at_ = mark + 1;
      } else {
        at_ = mark;
        break;
      }
    }
    body_ += file_.substr(start, at_ - start);
  }

  static void append(std::string& out, uint8_t marker, std::string_view payload) {
    const size_t length = payload.size() + 2;
    out += '\xFF';
    out += static_cast<char>(marker);
    out += static_cast<char>(length >> 8);
    out += static_cast<char>(length & 0xFF);
    out += payload;
  }

  Result<StrippedImage> finish() {
    std::string& out = image_.bytes;
    out.reserve(head_.size() + body_.size() + 64);
    out += "\xFF\xD8"sv;
    out += head_;
    if (image_.orientation != 1)
      append(out, kApp1, std::string("Exif\0\0"sv) + minimal_exif(image_.orientation));
    out += body_;
    return std::move(image_);
  }

  std::string_view file_;
  size_t at_ = 0;
  bool has_jfif_ = false;
  std::string head_;  // JFIF, which comes first
  std::string body_;  // everything else that stays
  StrippedImage image_;
};

// ---- PNG (ISO/IEC 15948, clause 5) ----

constexpr std::string_view kPngSignature = "\x89PNG\r\n\x1A\n"sv;

uint32_t crc32(std::string_view bytes) {
  static const auto table = [] {
    std::array<uint32_t, 256> t{};
    for (uint32_t n = 0; n < 256; ++n) {
      uint32_t c = n;
      for (int k = 0; k < 8; ++k) c = (c & 1) ? 0xEDB88320u ^ (c >> 1) : c >> 1;
      t[n] = c;
    }
    return t;
  }();
  uint32_t crc = 0xFFFFFFFFu;
  for (const char byte : bytes) crc = table[(crc ^ static_cast<uint8_t>(byte)) & 0xFF] ^ (crc >> 8);
  return crc ^ 0xFFFFFFFFu;
}

void append_u32(std::string& out, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xFF);
}

// Chunks that say how the stored samples are to be shown.
bool kept_chunk(std::string_view type) {
  constexpr std::string_view kKept[] = {"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "cHRM",
                                        "gAMA", "iCCP", "sBIT", "sRGB", "pHYs"};
  return std::find(std::begin(kKept), std::end(kKept), type) != std::end(kKept);
}

std::string_view removed_word(std::string_view type) {
  if (type == "eXIf") return "EXIF";
  if (type == "tEXt" || type == "zTXt" || type == "iTXt") return "text";
  if (type == "tIME") return "time";
  return "other chunks";
}

}  // namespace

int exif_orientation(std::string_view tiff) {
  const bool big_endian = tiff.starts_with("MM"sv);
  if (!big_endian && !tiff.starts_with("II"sv)) return 1;
  ByteReader reader(tiff, big_endian);
  if (reader.uint(2, 2) != 42) return 1;
  const uint64_t directory = reader.uint(4, 4);
  const uint64_t count = reader.uint(directory, 2);
  for (uint64_t i = 0; i < count && reader.ok(); ++i) {
    const uint64_t entry = directory + 2 + 12 * i;
    if (reader.uint(entry, 2) != 0x0112) continue;
    const uint64_t value = reader.uint(entry + 8, reader.uint(entry + 2, 2) == 4 ? 4 : 2);
    return reader.ok() && value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

Result<StrippedImage> strip_jpeg(std::string_view file) { return JpegStripper(file).run(); }

Result<StrippedImage> strip_png(std::string_view file) {
  if (!file.starts_with(kPngSignature)) return bad_png("no signature");
  StrippedImage image;
  image.bytes.reserve(file.size());
  image.bytes += kPngSignature;
  std::string rest;  // what follows IHDR; the orientation goes between them
  ByteReader reader(file, true);
  bool data = false;
  uint64_t at = kPngSignature.size();
  for (;;) {
    const uint64_t length = reader.uint(at, 4);
    if (!reader.has(at, 12 + length)) {
      // Cut short within its data: what is whole stays, a decoder says whether that is enough.
      if (!data) return bad_png("a chunk that leaves the file");
      break;
    }
    const std::string_view chunk = file.substr(at, 12 + length);
    const std::string_view type = chunk.substr(4, 4);
    const bool first = at == kPngSignature.size();
    if (first != (type == "IHDR")) return bad_png("another first chunk than its header");
    at += chunk.size();
    if (type == "eXIf") image.orientation = exif_orientation(chunk.substr(8, length));
    if (first) {
      image.bytes += chunk;
    } else if (kept_chunk(type)) {
      rest += chunk;
    } else {
      note(image, removed_word(type));
    }
    if (type == "IDAT") data = true;
    if (type != "IEND") continue;
    if (at < file.size()) note(image, "trailing bytes");
    break;
  }
  if (!data) return bad_png("no image data");
  if (image.orientation != 1) {
    const std::string exif = "eXIf" + minimal_exif(image.orientation);
    append_u32(image.bytes, static_cast<uint32_t>(exif.size() - 4));
    image.bytes += exif;
    append_u32(image.bytes, crc32(exif));
  }
  image.bytes += rest;
  return image;
}

}  // namespace hada::contract
