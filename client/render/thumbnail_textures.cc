#include "client/render/thumbnail_textures.h"

#include <algorithm>
#include <utility>

namespace hada::render {
namespace {
constexpr int kMaxSide = 512;
}

void ThumbnailTextures::put(const std::string& image, const tiles::Pixels& pixels) {
  int first = 0;
  const auto side = [&](int level) {
    return std::max(tiles::Pixels::half(pixels.width, level), tiles::Pixels::half(pixels.height, level));
  };
  while (first + 1 < pixels.levels && side(first) > kMaxSide) ++first;

  Entry entry;
  entry.texture = make_texture();
  entry.aspect = static_cast<float>(pixels.width) / static_cast<float>(pixels.height);
  glBindTexture(GL_TEXTURE_2D, entry.texture.get());
  for (int level = first; level < pixels.levels; ++level) {
    const int width = tiles::Pixels::half(pixels.width, level),
              height = tiles::Pixels::half(pixels.height, level);
    glTexImage2D(GL_TEXTURE_2D, level - first, GL_RGBA8, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE,
                 pixels.level(level));
    entry.bytes += size_t{4} * static_cast<size_t>(width) * static_cast<size_t>(height);
  }
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAX_LEVEL, pixels.levels - 1 - first);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR_MIPMAP_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  Entry& place = entries_[image];
  bytes_ += entry.bytes - place.bytes;
  place = std::move(entry);
}

ThumbnailTextures::Picture ThumbnailTextures::find(const std::string& image) const {
  const auto it = entries_.find(image);
  if (it == entries_.end()) return {};
  return {it->second.texture.get(), it->second.aspect};
}

void ThumbnailTextures::keep_only(const std::function<bool(const std::string&)>& keep) {
  std::erase_if(entries_, [&](const auto& entry) {
    if (keep(entry.first)) return false;
    bytes_ -= entry.second.bytes;
    return true;
  });
}

}  // namespace hada::render
