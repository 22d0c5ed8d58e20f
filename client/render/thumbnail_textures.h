#pragma once

// Small pictures of images as plain 2D textures, for ImGui. Which are kept is the model's decision
// (model/thumbnails.h).

#include <functional>
#include <string>
#include <unordered_map>

#include "client/render/gl.h"
#include "client/tiles/pixels.h"

namespace hada::render {

class ThumbnailTextures {
 public:
  struct Picture {
    GLuint texture = 0;  // 0: there is none
    float aspect = 1;    // width / height
  };

  // Pixels larger than 512 are uploaded from their first half size that is not.
  void put(const std::string& image, const tiles::Pixels& pixels);
  Picture find(const std::string& image) const;
  // Frees all that `keep` refuses; cheap while few are there.
  void keep_only(const std::function<bool(const std::string&)>& keep);
  size_t bytes() const { return bytes_; }
  size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    Texture texture;
    float aspect = 1;
    size_t bytes = 0;
  };
  std::unordered_map<std::string, Entry> entries_;
  size_t bytes_ = 0;
};

}  // namespace hada::render
