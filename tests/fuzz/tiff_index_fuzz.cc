// The TIFF reader under arbitrary bytes: every directory, every table, every tile prefix. Nothing may be read
// outside the input and no allocation may exceed it by much.

#include <cstring>
#include <string>

#include "server/images/jpeg_splice.h"
#include "server/images/tiff_index.h"

namespace {

class Input final : public hada::blobs::BlobReader {
 public:
  Input(const uint8_t* data, size_t size) : data_(data), size_(size) {}
  uint64_t size() const override { return size_; }
  hada::Status read_into(uint64_t offset, size_t length, char* out) const override {
    if (offset > size_ || length > size_ - offset)
      return hada::Unexpected(hada::ErrorCode::DataLoss, "SHORT_READ", "past the end");
    std::memcpy(out, data_ + offset, length);
    return {};
  }

 private:
  const uint8_t* data_;
  size_t size_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace hada::images;
  const Input input(data, size);
  const auto tiff = TiffFile::open(input);
  if (!tiff) return 0;
  const auto directories = tiff->directories();
  if (!directories) return 0;
  for (const TiffDirectory& directory : *directories) {
    std::string tables;
    if (auto read = tiff->bytes(directory.jpeg_tables, 64 << 10)) tables = *read;
    (void)tile_prefix(tables, directory.photometric == kTiffRgb);
    (void)tiff->bytes(directory.icc_profile, 16 << 20);
    const auto tiles = tiff->tiles(directory);
    if (!tiles) continue;
    for (size_t i = 0; i < tiles->offsets.size(); ++i) {
      if (tiles->lengths[i] == 0) continue;  // not stored
      std::string tile(tiles->lengths[i], '\0');
      if (!input.read_into(tiles->offsets[i], tile.size(), tile.data())) __builtin_trap();
      (void)read_jpeg_header(tile);
      (void)strip_jpeg(tile);
    }
  }
  return 0;
}
