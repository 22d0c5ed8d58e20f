#include "server/images/tiff_index.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace hada::images {
namespace {

constexpr uint64_t kMaxEntries = 4096;
constexpr uint32_t kMaxSide = 1u << 30;

Unexpected bad_tiff(std::string_view what) {
  return Unexpected(ErrorCode::DataLoss, "BAD_TIFF", "the TIFF structure is damaged: " + std::string(what));
}

int type_size(uint64_t type) {
  switch (type) {
    case 1:
    case 2:
    case 6:
    case 7:
      return 1;  // BYTE ASCII SBYTE UNDEFINED
    case 3:
    case 8:
      return 2;  // SHORT SSHORT
    case 4:
    case 9:
    case 11:
    case 13:
      return 4;  // LONG SLONG FLOAT IFD
    case 5:
    case 10:
    case 12:
    case 16:
    case 17:
    case 18:
      return 8;  // RATIONAL SRATIONAL DOUBLE LONG8 SLONG8 IFD8
    default:
      return 0;
  }
}

bool is_integer(uint16_t type) {
  return type == 1 || type == 3 || type == 4 || type == 13 || type == 16 || type == 18;
}

double mpp_of(double resolution, uint32_t unit) {
  if (!(resolution > 0)) return 0;
  if (unit == 2) return 25400.0 / resolution;
  if (unit == 3) return 10000.0 / resolution;
  return 0;
}

}  // namespace

double TiffDirectory::mpp_x() const { return mpp_of(x_resolution, resolution_unit); }
double TiffDirectory::mpp_y() const { return mpp_of(y_resolution, resolution_unit); }

uint64_t TiffFile::decode(const char* from, int bytes) const {
  uint64_t value = 0;
  for (int i = 0; i < bytes; ++i) {
    const int at = big_endian_ ? i : bytes - 1 - i;
    value = value << 8 | static_cast<uint8_t>(from[at]);
  }
  return value;
}

Result<uint64_t> TiffFile::read_uint(uint64_t offset, int bytes) const {
  char raw[8];
  RETURN_IF_ERROR(file_->read_into(offset, static_cast<size_t>(bytes), raw));
  return decode(raw, bytes);
}

Result<TiffFile> TiffFile::open(const blobs::BlobReader& file) {
  const auto not_a_tiff = [] {
    return Unexpected(ErrorCode::DataLoss, "NOT_A_TIFF", "the file is not a TIFF");
  };
  TiffFile tiff(file);
  char head[16] = {};
  const size_t head_size = static_cast<size_t>(std::min<uint64_t>(file.size(), sizeof head));
  if (head_size < 8 || !file.read_into(0, head_size, head)) return not_a_tiff();
  if (head[0] != head[1] || (head[0] != 'I' && head[0] != 'M')) return not_a_tiff();
  tiff.big_endian_ = head[0] == 'M';
  const uint64_t magic = tiff.decode(head + 2, 2);
  if (magic == 42) {
    tiff.first_directory_ = tiff.decode(head + 4, 4);
  } else if (magic == 43 && head_size == 16 && tiff.decode(head + 4, 2) == 8) {
    tiff.big_ = true;
    tiff.first_directory_ = tiff.decode(head + 8, 8);
  } else {
    return not_a_tiff();
  }
  return tiff;
}

Result<std::vector<TiffDirectory>> TiffFile::directories() const {
  std::vector<TiffDirectory> all;
  std::set<uint64_t> seen;
  for (uint64_t offset = first_directory_; offset != 0;) {
    if (!seen.insert(offset).second) return bad_tiff("its directories form a loop");
    if (all.size() == kMaxDirectories) return bad_tiff("too many directories");
    uint64_t next = 0;
    ASSIGN_OR_RETURN(TiffDirectory directory, parse(offset, &next));
    all.push_back(directory);
    offset = next;
  }
  if (all.empty()) return bad_tiff("no directory");
  return all;
}

Result<TiffDirectory> TiffFile::directory_at(uint64_t offset) const { return parse(offset, nullptr); }

Result<TiffDirectory> TiffFile::parse(uint64_t offset, uint64_t* next) const {
  const int count_size = big_ ? 8 : 2;
  const int word = big_ ? 8 : 4;
  const uint64_t entry_size = big_ ? 20 : 12;
  auto count = read_uint(offset, count_size);
  if (!count) return bad_tiff("a directory lies outside the file");
  if (*count == 0 || *count > kMaxEntries) return bad_tiff("a directory's entry count");
  const uint64_t first = offset + static_cast<uint64_t>(count_size);
  std::string raw(*count * entry_size + static_cast<uint64_t>(word), '\0');
  if (!file_->read_into(first, raw.size(), raw.data())) return bad_tiff("a directory lies outside the file");
  if (next != nullptr) *next = decode(raw.data() + *count * entry_size, word);

  TiffDirectory directory;
  directory.offset = offset;
  for (uint64_t i = 0; i < *count; ++i) {
    const char* entry = raw.data() + i * entry_size;
    const uint64_t tag = decode(entry, 2);
    TiffField field;
    const uint64_t type = decode(entry + 2, 2);
    const int size = type_size(type);
    if (size == 0) continue;  // readers skip types they do not know
    field.type = static_cast<uint16_t>(type);
    field.count = decode(entry + 4, word);
    if (field.count == 0) continue;
    if (field.count > file_->size() / static_cast<uint64_t>(size))
      return bad_tiff("a field is longer than the file");
    const uint64_t bytes = field.count * static_cast<uint64_t>(size);
    if (bytes <= static_cast<uint64_t>(word))
      field.offset = first + i * entry_size + 4 + static_cast<uint64_t>(word);
    else
      field.offset = decode(entry + 4 + word, word);
    if (field.offset > file_->size() || bytes > file_->size() - field.offset)
      return bad_tiff("a field lies outside the file");

    const auto number = [&](uint32_t& into, uint32_t max) -> Status {
      if (!is_integer(field.type)) return bad_tiff("a field has the wrong type");
      auto value = read_uint(field.offset, size);
      if (!value || *value > max) return bad_tiff("a field's value is out of range");
      into = static_cast<uint32_t>(*value);
      return {};
    };
    const auto rational = [&](double& into) -> Status {
      if (field.type != 5) return {};
      auto numerator = read_uint(field.offset, 4);
      auto denominator = read_uint(field.offset + 4, 4);
      if (numerator && denominator && *denominator != 0)
        into = static_cast<double>(*numerator) / static_cast<double>(*denominator);
      return {};
    };
    constexpr uint32_t kAny = std::numeric_limits<uint32_t>::max();
    Status status;
    switch (tag) {
      case 254:
        status = number(directory.subfile_type, kAny);
        break;
      case 256:
        status = number(directory.width, kMaxSide);
        break;
      case 257:
        status = number(directory.height, kMaxSide);
        break;
      case 258:
        status = number(directory.bits_per_sample, 64);
        break;
      case 259:
        status = number(directory.compression, kAny);
        break;
      case 262:
        status = number(directory.photometric, kAny);
        break;
      case 270:
        directory.description = field;
        break;
      case 274:
        status = number(directory.orientation, kAny);
        break;
      case 277:
        status = number(directory.samples_per_pixel, 65535);
        break;
      case 282:
        status = rational(directory.x_resolution);
        break;
      case 283:
        status = rational(directory.y_resolution);
        break;
      case 284:
        status = number(directory.planar, kAny);
        break;
      case 296:
        status = number(directory.resolution_unit, kAny);
        break;
      case 322:
        status = number(directory.tile_width, kMaxSide);
        break;
      case 323:
        status = number(directory.tile_height, kMaxSide);
        break;
      case 324:
        directory.tile_offsets = field;
        break;
      case 325:
        directory.tile_lengths = field;
        break;
      case 330:
        directory.sub_directories = field;
        break;
      case 347:
        directory.jpeg_tables = field;
        break;
      case 34675:
        directory.icc_profile = field;
        break;
      default:
        break;
    }
    if (!status) return Unexpected(std::move(status).error());
  }
  if (directory.width == 0 || directory.height == 0) return bad_tiff("no width or height");
  return directory;
}

Result<std::vector<uint64_t>> TiffFile::integers(const TiffField& field, uint64_t max_count) const {
  if (!field || !is_integer(field.type)) return bad_tiff("a field is missing or has the wrong type");
  if (field.count > max_count) return bad_tiff("a field has too many values");
  const int size = type_size(field.type);
  ASSIGN_OR_RETURN(const std::string raw, bytes(field, field.count * static_cast<uint64_t>(size)));
  std::vector<uint64_t> values(field.count);
  for (uint64_t i = 0; i < field.count; ++i)
    values[i] = decode(raw.data() + i * static_cast<uint64_t>(size), size);
  return values;
}

Result<std::string> TiffFile::bytes(const TiffField& field, uint64_t max_bytes) const {
  if (!field) return bad_tiff("a field is missing");
  const uint64_t size = field.count * static_cast<uint64_t>(type_size(field.type));
  if (size > max_bytes) return bad_tiff("a field is too long");
  std::string out(size, '\0');
  if (!file_->read_into(field.offset, out.size(), out.data()))
    return bad_tiff("a field lies outside the file");
  return out;
}

Result<TiffFile::Tiles> TiffFile::tiles(const TiffDirectory& directory) const {
  if (!directory.tiled()) return bad_tiff("it is not tiled");
  if (directory.planar != 1) return bad_tiff("its samples lie apart");
  const uint64_t count = directory.columns() * directory.rows();
  if (count > kMaxTiles) return bad_tiff("too many tiles");
  if (directory.tile_offsets.count != count || directory.tile_lengths.count != count)
    return bad_tiff("the tile tables do not fit the image's size");
  Tiles tiles;
  ASSIGN_OR_RETURN(tiles.offsets, integers(directory.tile_offsets, kMaxTiles));
  ASSIGN_OR_RETURN(const std::vector<uint64_t> lengths, integers(directory.tile_lengths, kMaxTiles));
  tiles.lengths.resize(lengths.size());
  for (size_t i = 0; i < lengths.size(); ++i) {
    if (lengths[i] > std::numeric_limits<uint32_t>::max() || lengths[i] > file_->size() ||
        (lengths[i] != 0 && tiles.offsets[i] > file_->size() - lengths[i]))
      return bad_tiff("a tile lies outside the file");
    tiles.lengths[i] = static_cast<uint32_t>(lengths[i]);
  }
  return tiles;
}

}  // namespace hada::images
