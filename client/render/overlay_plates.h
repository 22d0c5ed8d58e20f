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

  static Result<OverlayPlates> create();

  // About 50 us; an empty picture takes no memory.
  void put(const PlateKey& key, const std::vector<uint8_t>& rgba);
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
  Wishes wishes(const View& view) const;
  // Of the whole image at this scale.
  std::vector<PlateKey> wishes(const std::string& image, const OverlayScale& scale, double width,
                               double height) const;
  void draw(const View& view);

  size_t bytes() const;
  // Gives back plates not used for longest until `most` bytes are left; those used in `frame` stay.
  void trim(size_t most, uint64_t frame);
  void keep_only(const std::function<bool(const std::string& image)>& kept);

 private:
  struct Plate {
    Texture texture;  // none: nothing lies there
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
  void draw_plate(const View& view, const Texture& texture, const model::PointD (&corners)[4]) const;
  void draw_stretched(const View& view, Set& set, const Cell& cell);

  Program program_;
  GLint corners_ = -1;
  VertexArray array_;
  Sampler exact_, stretched_;
  std::map<std::string, std::vector<Set>> sets_;  // by image
  std::vector<Texture> spare_;
};

}  // namespace hada::render
