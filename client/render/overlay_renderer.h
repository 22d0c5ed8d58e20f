#pragma once

// Draws annotations over images (docs/decisions/0004). While few are in view, from triangles on the GPU, made
// once for each annotation; while many are, from plates: squares that a thread has drawn for this very scale,
// which a frame only copies. Both look the same.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "client/model/viewport.h"
#include "client/render/overlay_buffers.h"
#include "client/render/overlay_item.h"
#include "client/render/overlay_plates.h"
#include "client/render/overlay_worker.h"
#include "client/render/slide_renderer.h"
#include "contract/result.h"

namespace hada::render {

struct OverlayPane {
  PixelBox box;
  model::Viewport viewport;  // its pane size equals the box's size
  std::string image;
  float line_width = 1.5f;  // display pixels
};

struct OverlayLimits {
  // Corners of outlines in one pane that are drawn as triangles.
  size_t mesh_corners = 0;
  // Frames are drawn by the cores that draw plates too: then plates wait while a frame is drawn.
  bool frames_need_cores = false;
  size_t mesh_bytes = size_t{64} << 20;
  size_t plate_bytes = size_t{128} << 20;

  // What suits the current context: a software rasteriser has a frame's time for far fewer triangles than a
  // GPU.
  static OverlayLimits of_context();
};

class OverlayRenderer {
 public:
  // `wake` is called on another thread when a frame would show more. INTERNAL / SHADER_FAILED.
  static Result<std::unique_ptr<OverlayRenderer>> create(std::function<void()> wake);
  static Result<std::unique_ptr<OverlayRenderer>> create(std::function<void()> wake, OverlayLimits limits);

  // What lies over an image; the same pointer again costs nothing. Null: nothing. An edited list should share
  // the annotations that stay the same: only others are prepared and uploaded. The old list is shown until
  // that is done.
  void set(const std::string& image, std::shared_ptr<const OverlayItems> items);
  // Other images give their memory back.
  void keep_only(const std::function<bool(const std::string& image)>& kept);

  // Nothing is being prepared or waits for upload, and the last frame showed everything as it should be:
  // another would look the same.
  bool idle() const;
  // At the beginning of a frame: takes what is ready to the GPU, one piece at least.
  void upload(int64_t budget_us);
  // Draws into the current framebuffer, `framebuffer_height` pixels high, over the pane. Changes GL state;
  // leaves the scissor test and blending off.
  void draw(const OverlayPane& pane, int framebuffer_height);
  // The frame that began with upload() is on the screen. Without this call plates come late.
  void frame_done() { worker_.end_frame(); }

  size_t bytes() const { return buffers_.bytes() + plates_.bytes(); }

 private:
  using Scene = std::shared_ptr<const OverlayScene>;
  struct ImageState {
    std::shared_ptr<const OverlayItems> items;
    Scene scene;  // the newest
    Scene shown;  // by meshes: the newest whose meshes are all there
  };
  // What a pane showed when it was last drawn.
  struct PaneState {
    OverlayScale scale;
    bool meshes = false;
    uint64_t frame = 0;
  };
  struct LineUniforms {
    GLint width, reach, disc, half_width, casing_width, turn, zoom;
  };
  struct ViewUniforms {
    GLint camera, to_pane, shift, pane_size;
  };

  OverlayRenderer(std::function<void()> wake, OverlayLimits limits, Program fill, Program line,
                  OverlayPlates plates);

  using Entries = std::vector<const SceneEntry*>;
  bool draw_as_meshes(const OverlayPane& pane, ImageState& image, bool were_meshes,
                      const OverlayPlates::View& view);
  void draw_meshes(const OverlayPane& pane, const Entries& entries);
  bool want_missing(const std::string& image, const Entries& entries);
  void want_plates(const OverlayPlates::View& view, const Scene& scene, bool moving);
  void want_overview(const OverlayPlates::View& view, const Scene& scene);
  void set_view(const ViewUniforms& uniforms, const OverlayPane& pane) const;

  OverlayLimits limits_;
  Program fill_, line_;
  ViewUniforms fill_view_, line_view_;
  LineUniforms line_uniforms_;
  OverlayBuffers buffers_;
  OverlayPlates plates_;
  std::map<std::string, ImageState> images_;
  std::map<std::pair<std::string, int>, PaneState>
      panes_;                         // by image and how often it was drawn in this frame before
  std::map<std::string, int> drawn_;  // in this frame
  OverlayWorker::Made waiting_;       // for upload
  uint64_t frame_ = 1;
  bool settled_ = true;
  OverlayWorker worker_;  // last: its thread ends first
};

}  // namespace hada::render
