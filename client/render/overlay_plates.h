#pragma once

// Squares of drawn annotations on the GPU ("plates"), in sets of one scale each. A pane shows its own scale's
// plates pixel for pixel; where one is not there yet, those of the nearest scale that covers its place stand
// in, stretched.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "client/render/gl.h"
#include "client/render/overlay_worker.h"
#include "client/render/slide_renderer.h"
#include "contract/result.h"

namespace hada::render {

class OverlayPlates {
 public:
  struct View {
    PixelBox box;
    model::Viewport viewport;
    std::string image;
    OverlayScale scale;
    int framebuffer_height = 0;
    uint64_t frame = 0;
  };

  // Holds at most about this many bytes of pixels: then the plates not used for longest make room.
  static Result<OverlayPlates> create(size_t most_bytes);

  // About 50 us; an empty picture takes no memory. Plates used in the frame before this one stay.
  void put(const PlateKey& key, PlatePicture picture, uint64_t frame);
  // What was drawn for these boxes, or all of it, is of an older scene: it is shown on until it is drawn
  // anew.
  void mark_changed(const std::string& image, const std::vector<contract::RectD>* boxes);

  // Every place in view has a plate to show, if only a stretched one.
  bool covers(const View& view) const;
  // Those of its own scale in view that are missing or old, from the pane's centre outwards; then those
  // around the view.
  struct Wishes {
    std::vector<PlateKey> in_view, around;
  };
  Wishes wishes(const View& view);
  // Of the whole image at this scale.
  std::vector<PlateKey> wishes(const std::string& image, const OverlayScale& scale, double width,
                               double height, uint64_t frame);
  void draw(const View& view);

  size_t bytes() const;
  void keep_only(const std::function<bool(const std::string& image)>& kept);

 private:
  struct Plate {
    Texture texture;  // none: nothing lies there
    std::vector<PlatePicture::Part> parts;
    bool old = false;
    uint64_t used_in = 0;
  };
  struct Set {
    OverlayScale scale;
    std::map<std::pair<int, int>, Plate> plates;  // by column and row
    uint64_t used_in = 0;
  };
  // A place on the pane for one plate of its scale.
  struct Cell {
    int column, row;
    PixelBox shown;            // of the pane
    contract::RectD of_image;  // level-0 pixels, clipped to the image
  };
  struct Vertex {
    float x, y, u, v;  // clip space; 0 to 1 over the plate
  };
  struct Batch {
    GLuint texture;
    PixelBox within;  // of the pane
    size_t first, count;
  };
  struct Range {
    int x0, y0, x1, y1;  // columns and rows; x1 and y1 are the last
  };

  static std::vector<Cell> cells(const View& view, int around);
  static Range range_of(const OverlayScale& scale, const contract::RectD& of_image);
  static bool has_all(const Set& set, const contract::RectD& of_image);
  // Nearest scale first.
  std::vector<const Set*> nearest_sets(const View& view) const;
  Set& set_of(const std::string& image, const OverlayScale& scale);
  const Plate* find(const PlateKey& key) const;
  bool is_wanted(const PlateKey& key, uint64_t frame);
  Texture texture_for(uint64_t frame);
  Texture take_oldest(uint64_t before_frame);
  void drop_old_sets(uint64_t frame);
  void add_part(const View& view, const model::PointD (&corners)[3], const PlatePicture::Part& part);
  void flush(const View& view, const Sampler& sampler);
  void add_stretched(const View& view, Set& set, const Cell& cell);

  Program program_;
  VertexArray array_;
  Buffer buffer_;
  std::vector<Vertex> vertices_;  // of the pane being drawn
  std::vector<Batch> batches_;
  Sampler exact_, stretched_;
  std::map<std::string, std::vector<Set>> sets_;  // by image
  std::vector<Texture> spare_;                    // making one costs twice as much as filling it
  size_t most_bytes_ = 0;
};

}  // namespace hada::render
