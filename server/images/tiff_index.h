#pragma once

// Our own reader of TIFF and BigTIFF directories: where the tiles lie, and how they are coded. Every count,
// offset and length comes from a stranger, so each is checked against the file's size and a limit before
// anything is read or allocated. Reads nothing but directories and the values asked for. (TIFF 6.0, 1992;
// BigTIFF; TechNote 2.)

#include <cstdint>
#include <string>
#include <vector>

#include "contract/result.h"
#include "server/blobs/blob_store.h"

namespace hada::images {

// Where a field's values lie.
struct TiffField {
  uint16_t type = 0;  // TIFF's number: 1 BYTE, 3 SHORT, 4 LONG, 16 LONG8 ...; 0: the field is absent
  uint64_t count = 0;
  uint64_t offset = 0;  // in the file, also for a value inside the directory
  explicit operator bool() const { return type != 0; }
};

enum TiffCompression : uint32_t {
  kTiffUncompressed = 1,
  kTiffJpeg = 7,
  kTiffAperioJ2kYcc = 33003,
  kTiffAperioJ2kRgb = 33005
};
enum TiffPhotometric : uint32_t { kTiffMinIsBlack = 1, kTiffRgb = 2, kTiffYcbcr = 6 };

struct TiffDirectory {
  uint64_t offset = 0;  // of this directory in the file
  uint32_t width = 0, height = 0;
  uint32_t tile_width = 0, tile_height = 0;  // 0: stored in strips
  uint32_t subfile_type = 0;
  uint32_t bits_per_sample = 1;  // the first sample's
  uint32_t samples_per_pixel = 1;
  uint32_t compression = kTiffUncompressed;
  uint32_t photometric = 0;
  uint32_t planar = 1;
  uint32_t orientation = 1;
  double x_resolution = 0, y_resolution = 0;  // pixels per unit; 0 where absent
  uint32_t resolution_unit = 2;               // 2 inch, 3 cm
  TiffField tile_offsets, tile_lengths, jpeg_tables, icc_profile, description, sub_directories;

  bool tiled() const { return tile_width != 0 && tile_height != 0; }
  uint64_t columns() const { return (uint64_t{width} + tile_width - 1) / tile_width; }
  uint64_t rows() const { return (uint64_t{height} + tile_height - 1) / tile_height; }
  // um per pixel by the resolution tags; 0 where absent.
  double mpp_x() const;
  double mpp_y() const;
};

class TiffFile {
 public:
  static constexpr size_t kMaxDirectories = 1024;
  static constexpr uint64_t kMaxTiles = uint64_t{1} << 26;

  // DATA_LOSS / NOT_A_TIFF when the file does not begin like one. Keeps a reference to `file`, which must
  // outlive this.
  static Result<TiffFile> open(const blobs::BlobReader& file);

  // All directories along the main chain, in order. A chain that loops, or goes on past kMaxDirectories, is
  // an error.
  Result<std::vector<TiffDirectory>> directories() const;
  // The directory at `offset`. DATA_LOSS / BAD_TIFF where it leaves the file or contradicts itself.
  Result<TiffDirectory> directory_at(uint64_t offset) const;

  // A field's values as unsigned integers (BYTE, SHORT, LONG, LONG8). DATA_LOSS / BAD_TIFF for more than
  // `max_count`.
  Result<std::vector<uint64_t>> integers(const TiffField& field, uint64_t max_count) const;
  // A field's raw bytes (JPEG tables, ICC profile, description). DATA_LOSS / BAD_TIFF for more than
  // `max_bytes`.
  Result<std::string> bytes(const TiffField& field, uint64_t max_bytes) const;

  struct Tiles {
    std::vector<uint64_t> offsets;  // row by row
    std::vector<uint32_t> lengths;  // 0: the tile is not stored
  };
  // Offsets and lengths of a tiled, chunky directory: exactly columns x rows of each, all inside the file.
  Result<Tiles> tiles(const TiffDirectory& directory) const;

 private:
  explicit TiffFile(const blobs::BlobReader& file) : file_(&file) {}
  Result<TiffDirectory> parse(uint64_t offset, uint64_t* next) const;
  Result<uint64_t> read_uint(uint64_t offset, int bytes) const;
  uint64_t decode(const char* from, int bytes) const;

  const blobs::BlobReader* file_;
  bool big_endian_ = false;
  bool big_ = false;  // BigTIFF
  uint64_t first_directory_ = 0;
};

}  // namespace hada::images
