#pragma once

// Draws slides and photographs into panes of the window. The camera is subtracted in double on the CPU; the
// GPU sees pixels of the pane only. Tiles come in the display's colours (colour_transform.h); what a reader
// changes for the eye is done here, and costs nothing while neutral.

#include <memory>
#include <vector>

#include "client/model/adjustments.h"
#include "client/model/viewport.h"
#include "client/render/gl.h"
#include "client/render/slide_programs.h"
#include "client/render/tile_textures.h"
#include "client/tiles/cover.h"
#include "client/tiles/tile_set.h"
#include "contract/result.h"

namespace hada::render {

// Framebuffer pixels, origin top left of the window.
struct PixelBox {
  int x = 0, y = 0, width = 0, height = 0;
};

struct Colour {
  float red = 0, green = 0, blue = 0;
};
inline Colour colour_from_rgb(uint32_t rgb) {
  return {static_cast<float>(rgb >> 16 & 0xFF) / 255, static_cast<float>(rgb >> 8 & 0xFF) / 255,
          static_cast<float>(rgb & 0xFF) / 255};
}

// Moved by less than half a display pixel where one image pixel then falls exactly on one display pixel (or a
// whole number of them), so that 1:1 is sharp; other views, and views turned by other than quarters, come
// back unchanged.
model::Viewport pixel_aligned(model::Viewport viewport, const contract::Pyramid& pyramid);

struct SlidePane {
  PixelBox box;
  model::Viewport viewport;  // its pane size equals the box's size
  tiles::ImageId image = 0;
  const contract::Pyramid* pyramid = nullptr;  // null or empty: only `surround` is drawn
  Colour background;                           // of the slide, where no tile is ready
  Colour surround;                             // outside the image
  model::ImageAdjustments adjustments;
};

class SlideRenderer {
 public:
  static Result<std::unique_ptr<SlideRenderer>> create();

  TileTextures& textures() { return textures_; }
  SlidePrograms& programs() { return *programs_; }
  // An image was drawn without its adjustments, because the driver does not take their program.
  bool adjustments_not_shown() const { return adjustments_not_shown_; }

  // Draws into the current framebuffer, `framebuffer_height` pixels high, scissored to the pane. Items whose
  // texture is missing are left out. Changes GL state; leaves the scissor test off.
  void draw(const SlidePane& pane, const std::vector<tiles::DrawItem>& plan, int framebuffer_height);
  // Between frames: the same, but for one pixel of it. The driver makes its code for these adjustments and
  // these textures now instead of in a frame that moves: a few ms, and 50 where it draws in software.
  void rehearse(const SlidePane& pane, const std::vector<tiles::DrawItem>& plan, int framebuffer_height);

 private:
  struct Instance {
    float upper[4];  // the part's upper left and upper right corner as the image has them; pixels of the pane
    float lower[4];  // its lower left and lower right corner
    float part[4];   // its left, top, right and bottom edge in texels of the tile
    float slot[4];   // image's width and height in the tile, layer, the filter's reach in texels
  };
  // Linear on the picture, on its first half size, or between the two half sizes that suit (a photograph's).
  enum class Filter { Nearest, Linear, Half, Blended };
  struct Batch {
    const TexturePage* page;
    Filter filter;
    Instance instance;
  };

  SlideRenderer(std::unique_ptr<SlidePrograms> programs, Program ground);
  void draw_ground(const SlidePane& pane, int framebuffer_height);
  void collect_batches(const SlidePane& pane, const std::vector<tiles::DrawItem>& plan);
  void draw_batches(const SlidePane& pane);

  std::unique_ptr<SlidePrograms> programs_;
  Program ground_;
  GLint ground_corners_, ground_colour_;
  VertexArray vertex_array_, plain_;  // the tiles' instances; no attributes
  Buffer instances_;
  const Sampler& sampler(Filter filter) const;

  Sampler nearest_, linear_, half_, blended_;
  TileTextures textures_;
  std::vector<Batch> batches_;  // of the pane being drawn; kept for its memory
  std::vector<Instance> instance_data_;
  bool adjustments_not_shown_ = false;
};

}  // namespace hada::render
