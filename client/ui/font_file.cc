#include "client/ui/font_file.h"

#include <fcntl.h>
#include <stb_truetype.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hada::ui {

struct FontFile::Info {
  stbtt_fontinfo font;
};

std::unique_ptr<FontFile> FontFile::open(const char* path, int face) {
  const int fd = ::open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return nullptr;
  struct stat status {};
  void* data = MAP_FAILED;
  if (::fstat(fd, &status) == 0 && status.st_size > 0)
    data = ::mmap(nullptr, static_cast<size_t>(status.st_size), PROT_READ, MAP_PRIVATE, fd, 0);
  ::close(fd);
  if (data == MAP_FAILED) return nullptr;
  std::unique_ptr<FontFile> file(
      new FontFile(static_cast<unsigned char*>(data), static_cast<size_t>(status.st_size), face));
  const int offset = stbtt_GetFontOffsetForIndex(file->data_, face);
  if (offset < 0 || !stbtt_InitFont(&file->info_->font, file->data_, offset)) return nullptr;
  return file;
}

FontFile::FontFile(unsigned char* data, size_t size, int face)
    : data_(data), size_(size), face_(face), info_(std::make_unique<Info>()) {}

FontFile::~FontFile() { ::munmap(data_, size_); }

FontFile::Bitmap FontFile::draw(unsigned code, float em, int oversample) const {
  Bitmap out;
  const stbtt_fontinfo* font = &info_->font;
  const int glyph = stbtt_FindGlyphIndex(font, static_cast<int>(code));
  if (glyph == 0) return out;
  const float scale = stbtt_ScaleForMappingEmToPixels(font, em);
  const auto times = static_cast<float>(oversample);
  int advance = 0, bearing = 0;
  stbtt_GetGlyphHMetrics(font, glyph, &advance, &bearing);
  out.advance = scale * static_cast<float>(advance);

  int x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  stbtt_GetGlyphBitmapBox(font, glyph, scale * times, scale, &x0, &y0, &x1, &y1);
  if (x1 <= x0 || y1 <= y0) return out;
  // The filter widens the bitmap by oversample - 1 pixels.
  out.width = x1 - x0 + oversample - 1;
  out.height = y1 - y0;
  out.pixels.resize(static_cast<size_t>(out.width) * static_cast<size_t>(out.height));
  float shift_x = 0, shift_y = 0;
  stbtt_MakeGlyphBitmapSubpixelPrefilter(font, out.pixels.data(), out.width, out.height, out.width,
                                         scale * times, scale, 0, 0, oversample, 1, &shift_x, &shift_y,
                                         glyph);
  out.x = static_cast<float>(x0) / times + shift_x;
  out.y = static_cast<float>(y0) + shift_y;
  return out;
}

}  // namespace hada::ui
