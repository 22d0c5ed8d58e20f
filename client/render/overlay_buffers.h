#pragma once

// Meshes on the GPU. Each is uploaded once, into a page that it shares with others of its image; a frame
// sends only the numbers of the triangles in view, so one draw call serves a page.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "client/render/gl.h"
#include "client/render/overlay_mesh.h"
#include "client/render/overlay_scene.h"

namespace hada::render {

class OverlayBuffers {
 public:
  OverlayBuffers();

  bool has(const OverlayItem& item) const { return places_.contains(key_of(item)); }
  void put(const std::string& image, const OverlayItem& item, OverlayMesh mesh, uint64_t frame);

  // Those of the entries that are here, lowest first; `frame` marks them as used. `use_fill` and `use_line`
  // are called before the triangles of each kind and choose the program.
  void draw(const std::vector<const SceneEntry*>& entries, uint64_t frame,
            const std::function<void()>& use_fill, const std::function<void()>& use_line);

  size_t bytes() const { return bytes_; }
  // Gives back the pages not used for longest until `most` bytes are left; those used in `frame` stay.
  void trim(size_t most, uint64_t frame);
  void keep_only(const std::function<bool(const std::string& image)>& kept);

 private:
  using Key = std::pair<const model::Annotation*, uint32_t>;
  struct KeyHash {
    size_t operator()(const Key& key) const {
      return std::hash<const void*>{}(key.first) * 31 + std::hash<uint32_t>{}(key.second);
    }
  };
  struct Page {
    std::string image;
    VertexArray fill_array, line_array;
    Buffer fill, line;
    size_t fill_used = 0, fill_room = 0, line_used = 0, line_room = 0;  // vertices
    std::vector<Key> keys;
    size_t bytes = 0;
    uint64_t used_in = 0;
    std::vector<uint32_t> fill_indices, line_indices;  // of the frame being drawn
  };
  struct Place {
    model::SharedAnnotation annotation;  // keeps the key its own
    Page* page = nullptr;
    std::vector<uint32_t> fill_indices, line_indices;  // of the page's vertices
  };

  static Key key_of(const OverlayItem& item) { return {item.annotation.get(), item.rgb}; }
  Page& page_for(const std::string& image, const OverlayMesh& mesh);
  void forget(const Page& page);

  Buffer indices_;
  std::vector<std::unique_ptr<Page>> pages_;
  std::unordered_map<Key, Place, KeyHash> places_;
  std::vector<Page*> touched_;  // of the frame being drawn
  size_t bytes_ = 0;
};

}  // namespace hada::render
