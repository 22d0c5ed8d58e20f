#pragma once

// Brings the panes' annotations (ui/) to their renderer (render/). Main thread only.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "client/render/overlay_renderer.h"
#include "client/ui/ui_state.h"
#include "contract/result.h"

namespace hada::app {

class AnnotationView {
 public:
  // `wake` is called on another thread when a frame would show more.
  explicit AnnotationView(std::function<void()> wake) : wake_(std::move(wake)) {}

  // For the frame that begins: what lies over each image. INTERNAL / SHADER_FAILED once, when the first
  // annotation is to be drawn and cannot be; then nothing is.
  Status prepare(const std::vector<ui::PaneLayout>& panes);
  void upload(int64_t budget_us);
  void frame_done();
  // Over the pane's image, just drawn with this viewport.
  void draw(const ui::PaneLayout& layout, const render::PixelBox& box, const model::Viewport& viewport,
            int framebuffer_height);
  // Another frame would look the same.
  bool idle() const { return !renderer_ || renderer_->idle(); }
  // The textures and buffers went with the context; what is shown is made anew.
  void context_lost();
  size_t gpu_bytes() const { return renderer_ ? renderer_->bytes() : 0; }

 private:
  using Drawn = std::shared_ptr<const ui::DrawnAnnotations>;

  std::function<void()> wake_;
  std::unique_ptr<render::OverlayRenderer> renderer_;  // from the first annotation on
  bool failed_ = false;
  std::map<std::string, Drawn> given_;  // what the renderer has, by image
};

}  // namespace hada::app
