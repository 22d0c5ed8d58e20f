#pragma once

// One font file, mapped into memory, and its glyphs as grey bitmaps. Reading is safe from any thread.

#include <cstddef>
#include <memory>
#include <vector>

namespace hada::ui {

class FontFile {
 public:
  // Null when the file is not there or is no font. `face` counts within a collection.
  static std::unique_ptr<FontFile> open(const char* path, int face);
  ~FontFile();
  FontFile(const FontFile&) = delete;
  FontFile& operator=(const FontFile&) = delete;

  struct Bitmap {
    int width = 0, height = 0;  // pixels; width is `oversample` times what is shown
    float x = 0, y = 0;         // of its top left corner from the pen on the baseline, shown pixels, y down
    float advance = 0;          // shown pixels
    std::vector<unsigned char> pixels;
  };
  // Grey coverage of one character with an em of `em` pixels. `oversample` sharpens fractional positions.
  Bitmap draw(unsigned code, float em, int oversample) const;

  unsigned char* data() const { return data_; }
  size_t size() const { return size_; }
  int face() const { return face_; }

 private:
  struct Info;
  FontFile(unsigned char* data, size_t size, int face);

  unsigned char* data_;
  size_t size_;
  int face_;
  std::unique_ptr<Info> info_;
};

}  // namespace hada::ui
