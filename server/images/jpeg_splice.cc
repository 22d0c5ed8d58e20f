#include "server/images/jpeg_splice.h"

namespace hada::images {
namespace {

constexpr uint8_t kSoi = 0xD8, kEoi = 0xD9, kSos = 0xDA, kDqt = 0xDB, kDht = 0xC4, kDri = 0xDD, kDac = 0xCC;
constexpr uint8_t kApp0 = 0xE0, kApp14 = 0xEE;

Unexpected bad_jpeg() { return Unexpected(ErrorCode::DataLoss, "BAD_JPEG", "the JPEG stream is damaged"); }

uint8_t at(std::string_view bytes, size_t i) { return static_cast<uint8_t>(bytes[i]); }

struct Segment {
  uint8_t marker = 0;
  std::string_view whole;    // with marker and length
  std::string_view payload;  // after the length
};

// Walks the segments of a stream from after its SOI.
class Segments {
 public:
  explicit Segments(std::string_view jpeg) : jpeg_(jpeg) {}

  Result<Segment> next() {
    if (jpeg_.size() - position_ < 2 || at(jpeg_, position_) != 0xFF) return bad_jpeg();
    // Any number of fill bytes may stand before a marker.
    while (position_ + 1 < jpeg_.size() && at(jpeg_, position_ + 1) == 0xFF) ++position_;
    if (position_ + 1 >= jpeg_.size()) return bad_jpeg();
    Segment segment;
    segment.marker = at(jpeg_, position_ + 1);
    const bool alone = segment.marker == kEoi || segment.marker == 0x01 ||
                       (segment.marker >= 0xD0 && segment.marker <= 0xD8);
    if (segment.marker == 0 || alone) {
      if (segment.marker == 0) return bad_jpeg();
      segment.whole = jpeg_.substr(position_, 2);
      position_ += 2;
      return segment;
    }
    if (jpeg_.size() - position_ < 4) return bad_jpeg();
    const size_t length = static_cast<size_t>(at(jpeg_, position_ + 2)) << 8 | at(jpeg_, position_ + 3);
    if (length < 2 || length > jpeg_.size() - position_ - 2) return bad_jpeg();
    segment.whole = jpeg_.substr(position_, length + 2);
    segment.payload = jpeg_.substr(position_ + 4, length - 2);
    position_ += length + 2;
    return segment;
  }

  // After SOS: the entropy-coded bytes up to the next marker that is not a restart.
  Result<std::string_view> scan() {
    const size_t begin = position_;
    for (size_t i = begin; i + 1 < jpeg_.size(); ++i) {
      if (at(jpeg_, i) != 0xFF) continue;
      const uint8_t marker = at(jpeg_, i + 1);
      if (marker == 0 || marker == 0xFF || (marker >= 0xD0 && marker <= 0xD7)) continue;
      position_ = i;
      return jpeg_.substr(begin, i - begin);
    }
    return bad_jpeg();
  }

 private:
  std::string_view jpeg_;
  size_t position_ = 2;
};

bool begins_with_soi(std::string_view jpeg) {
  return jpeg.size() >= 4 && at(jpeg, 0) == 0xFF && at(jpeg, 1) == kSoi;
}

bool is_frame(uint8_t marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != kDht && marker != 0xC8 && marker != kDac;
}

bool is_jfif(const Segment& s) {
  return s.marker == kApp0 && s.payload.starts_with(std::string_view("JFIF\0", 5));
}
bool is_adobe(const Segment& s) {
  return s.marker == kApp14 && s.payload.size() >= 12 && s.payload.starts_with("Adobe");
}

Status read_frame(const Segment& s, JpegHeader& header) {
  if (s.payload.size() < 6) return bad_jpeg();
  header.frame = s.marker & 15;
  header.precision = at(s.payload, 0);
  header.height = at(s.payload, 1) << 8 | at(s.payload, 2);
  header.width = at(s.payload, 3) << 8 | at(s.payload, 4);
  header.components = at(s.payload, 5);
  if (header.components < 1 || header.components > 4) return bad_jpeg();
  if (s.payload.size() != 6 + 3 * static_cast<size_t>(header.components)) return bad_jpeg();
  for (int i = 0; i < header.components; ++i)
    header.component_ids[static_cast<size_t>(i)] = at(s.payload, 6 + 3 * static_cast<size_t>(i));
  if (header.width == 0 || header.height == 0) return bad_jpeg();
  return {};
}

}  // namespace

Result<JpegHeader> read_jpeg_header(std::string_view jpeg) {
  if (!begins_with_soi(jpeg)) return bad_jpeg();
  JpegHeader header;
  bool framed = false;
  Segments segments(jpeg);
  while (true) {
    ASSIGN_OR_RETURN(const Segment segment, segments.next());
    if (segment.marker == kSos) break;
    if (segment.marker == kEoi || segment.marker == kSoi) return bad_jpeg();
    if (is_frame(segment.marker)) {
      if (framed) return bad_jpeg();
      framed = true;
      RETURN_IF_ERROR(read_frame(segment, header));
    }
    header.quantisation_tables |= segment.marker == kDqt;
    header.huffman_tables |= segment.marker == kDht;
    header.jfif |= is_jfif(segment);
    if (is_adobe(segment)) {
      header.adobe = true;
      header.adobe_transform = at(segment.payload, 11);
    }
  }
  if (!framed) return bad_jpeg();
  return header;
}

Result<std::string> tile_prefix(std::string_view tables, bool rgb) {
  std::string kept;
  if (!tables.empty()) {
    if (!begins_with_soi(tables)) return bad_jpeg();
    Segments segments(tables);
    while (true) {
      ASSIGN_OR_RETURN(const Segment segment, segments.next());
      if (segment.marker == kEoi) break;
      if (segment.marker == kSos || segment.marker == kSoi || is_frame(segment.marker)) return bad_jpeg();
      // Anything but tables (a JFIF header, a comment) could change how the tile is read.
      if (segment.marker == kDqt || segment.marker == kDht || segment.marker == kDri) kept += segment.whole;
    }
  }
  if (kept.empty() && !rgb) return std::string();
  std::string prefix("\xFF\xD8", 2);
  // Length 14, "Adobe", version 100, flags 0 and 0, transform 0.
  if (rgb)
    prefix += std::string_view(
        "\xFF\xEE\x00\x0E"
        "Adobe\x00\x64\x00\x00\x00\x00\x00",
        16);
  return prefix + kept;
}

bool colours_agree(const JpegHeader& tile, bool rgb) {
  if (tile.components == 1) return !rgb;
  if (tile.components != 3) return false;
  // The order in which libjpeg decides: JFIF, then Adobe, then the component ids.
  if (rgb) return !tile.jfif && (!tile.adobe || tile.adobe_transform == 0);
  if (tile.jfif) return true;
  if (tile.adobe) return tile.adobe_transform == 1;
  return !(tile.component_ids[0] == 'R' && tile.component_ids[1] == 'G' && tile.component_ids[2] == 'B');
}

Result<std::string> strip_jpeg(std::string_view jpeg) {
  if (!begins_with_soi(jpeg)) return bad_jpeg();
  std::string out("\xFF\xD8", 2);
  out.reserve(jpeg.size());
  Segments segments(jpeg);
  bool scanned = false;
  while (true) {
    ASSIGN_OR_RETURN(const Segment segment, segments.next());
    const uint8_t marker = segment.marker;
    if (marker == kEoi) {
      if (!scanned) return bad_jpeg();
      out += segment.whole;
      return out;
    }
    if (marker == kDqt || marker == kDht || marker == kDri || is_frame(marker) || is_adobe(segment)) {
      out += segment.whole;
    } else if (is_jfif(segment)) {
      // Without the thumbnail that a JFIF header may carry.
      if (segment.payload.size() < 14) return bad_jpeg();
      out += std::string_view("\xFF\xE0\x00\x10", 4);
      out += segment.payload.substr(0, 12);
      out += std::string_view("\0\0", 2);
    } else if (marker == kSos) {
      out += segment.whole;
      ASSIGN_OR_RETURN(const std::string_view scan, segments.scan());
      out += scan;
      scanned = true;
    } else if (marker == kSoi || marker == kDac) {
      return bad_jpeg();
    }
  }
}

}  // namespace hada::images
