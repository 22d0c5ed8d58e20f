#include "client/render/tile_textures.h"

#include <algorithm>
#include <numeric>
#include <string_view>

namespace hada::render {
namespace {

// A page is made within a frame, and a software renderer clears it: these 5 MiB take about 4 ms, 64 layers a
// whole frame's time.
constexpr int kLayersInPage = 16;
constexpr int kSmallLevels = 2;  // the half size serves pyramids whose levels are more than twice apart

// OpenGL 4.2 or ARB_texture_storage: everywhere in practice, but no part of 3.3.
bool has_texture_storage() {
  GLint major = 0, minor = 0, count = 0;
  glGetIntegerv(GL_MAJOR_VERSION, &major);
  glGetIntegerv(GL_MINOR_VERSION, &minor);
  if (major > 4 || (major == 4 && minor >= 2)) return true;
  glGetIntegerv(GL_NUM_EXTENSIONS, &count);
  for (GLint i = 0; i < count; ++i) {
    const GLubyte* name = glGetStringi(GL_EXTENSIONS, static_cast<GLuint>(i));
    if (name && std::string_view(reinterpret_cast<const char*>(name)) == "GL_ARB_texture_storage")
      return true;
  }
  return false;
}

// GL keeps a few errors; a lost context has one more for each question.
constexpr int kMostErrors = 16;

void forget_errors() {
  for (int i = 0; i < kMostErrors && glGetError() != GL_NO_ERROR; ++i) {
  }
}

std::unique_ptr<TexturePage> make_page(int width, int height, int levels, int layers,
                                       TileTextures::Uploaded& outcome) {
  auto page = std::make_unique<TexturePage>();
  page->texture = make_texture();
  page->width = width;
  page->height = height;
  page->levels = levels;
  page->layers = layers;
  page->free_layers.resize(static_cast<size_t>(layers));
  std::iota(page->free_layers.rbegin(), page->free_layers.rend(), 0);
  glBindTexture(GL_TEXTURE_2D_ARRAY, page->texture.get());
  forget_errors();
  if (has_texture_storage()) {
    // In one piece. Level by level the driver guesses how many will follow, and copies everything when it was
    // wrong.
    glTexStorage3D(GL_TEXTURE_2D_ARRAY, levels, GL_RGBA8, width, height, layers);
  } else {
    glTexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_MAX_LEVEL, levels - 1);
    for (int level = 0; level < levels; ++level) {
      glTexImage3D(GL_TEXTURE_2D_ARRAY, level, GL_RGBA8, tiles::Pixels::half(width, level),
                   tiles::Pixels::half(height, level), layers, 0, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
    }
  }
  // Rarely asked, as it may wait for the driver: a page holds 16 tiles.
  const GLenum error = glGetError();
  if (error == GL_NO_ERROR) return page;
  outcome = error == GL_OUT_OF_MEMORY ? TileTextures::Uploaded::NoMemory : TileTextures::Uploaded::Failed;
  return nullptr;
}

}  // namespace

TexturePage* TileTextures::page_for(const tiles::Pixels& pixels, Uploaded& outcome) {
  if (!tiles::fits_slot(pixels.width, pixels.height))
    return add_page(pixels.width, pixels.height, pixels.levels, 1, outcome);
  // The fullest page with room, so that others can become empty.
  TexturePage* best = nullptr;
  for (const auto& page : pages_) {
    if (page->layers == 1 || page->free_layers.empty()) continue;
    if (!best || page->free_layers.size() < best->free_layers.size()) best = page.get();
  }
  if (best) return best;
  return add_page(tiles::kSlotSize, tiles::kSlotSize, kSmallLevels, kLayersInPage, outcome);
}

TexturePage* TileTextures::add_page(int width, int height, int levels, int layers, Uploaded& outcome) {
  const size_t size = tiles::Pixels::bytes(width, height, levels) * static_cast<size_t>(layers);
  if (bytes() + size > most_bytes_) {
    outcome = Uploaded::NoMemory;
    return nullptr;
  }
  std::unique_ptr<TexturePage> page = make_page(width, height, levels, layers, outcome);
  if (!page) return nullptr;
  pages_.push_back(std::move(page));
  return pages_.back().get();
}

TileTextures::Uploaded TileTextures::upload(tiles::TileId id, const tiles::Pixels& pixels) {
  drop(id);
  Uploaded outcome = Uploaded::Done;
  TexturePage* page = page_for(pixels, outcome);
  if (!page) return outcome;
  const int layer = page->free_layers.back();
  page->free_layers.pop_back();
  const int levels = std::min(pixels.levels, page->levels);
  glBindTexture(GL_TEXTURE_2D_ARRAY, page->texture.get());
  for (int level = 0; level < levels; ++level) {
    glTexSubImage3D(GL_TEXTURE_2D_ARRAY, level, 0, 0, layer, tiles::Pixels::half(pixels.width, level),
                    tiles::Pixels::half(pixels.height, level), 1, GL_RGBA, GL_UNSIGNED_BYTE,
                    pixels.level(level));
  }
  places_[id] = {page, layer, levels};
  return Uploaded::Done;
}

void TileTextures::drop(tiles::TileId id) {
  const auto it = places_.find(id);
  if (it == places_.end()) return;
  TexturePage* page = it->second.page;
  page->free_layers.push_back(it->second.layer);
  places_.erase(it);
  if (static_cast<int>(page->free_layers.size()) == page->layers)
    std::erase_if(pages_, [page](const auto& p) { return p.get() == page; });
}

const TilePlace* TileTextures::find(tiles::TileId id) const {
  const auto it = places_.find(id);
  return it == places_.end() ? nullptr : &it->second;
}

size_t TileTextures::bytes() const {
  size_t sum = 0;
  for (const auto& page : pages_) sum += page->bytes();
  return sum;
}

}  // namespace hada::render
