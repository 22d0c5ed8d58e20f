#include "client/app/annotation_view.h"

#include <set>
#include <utility>

namespace hada::app {
namespace {

std::shared_ptr<const render::OverlayItems> items_of(const ui::DrawnAnnotations& drawn) {
  auto items = std::make_shared<render::OverlayItems>();
  items->reserve(drawn.list.size());
  for (size_t i = 0; i < drawn.list.size(); ++i) items->push_back({drawn.annotations[i], drawn.rgb[i]});
  return items;
}

}  // namespace

Status AnnotationView::prepare(const std::vector<ui::PaneLayout>& panes) {
  if (failed_) return {};
  std::set<std::string> shown;
  for (const ui::PaneLayout& layout : panes) {
    shown.insert(layout.image);
    if (!renderer_) {
      if (!layout.annotations) continue;
      auto renderer = render::OverlayRenderer::create(wake_);
      if (!renderer) {
        failed_ = true;
        return Unexpected(renderer.error());
      }
      renderer_ = std::move(*renderer);
    }
    Drawn& given = given_[layout.image];
    if (given == layout.annotations) continue;
    given = layout.annotations;
    renderer_->set(layout.image, given ? items_of(*given) : nullptr);
  }
  if (!renderer_) return {};
  std::erase_if(given_, [&](const auto& entry) { return !shown.contains(entry.first); });
  renderer_->keep_only([&](const std::string& image) { return shown.contains(image); });
  return {};
}

void AnnotationView::frame_done() {
  if (renderer_) renderer_->frame_done();
}

void AnnotationView::upload(int64_t budget_us) {
  if (renderer_) renderer_->upload(budget_us);
}

void AnnotationView::draw(const ui::PaneLayout& layout, const render::PixelBox& box,
                          const model::Viewport& viewport, int framebuffer_height) {
  if (renderer_ && layout.annotations)
    renderer_->draw({box, viewport, layout.image, layout.line_width}, framebuffer_height);
}

void AnnotationView::context_lost() {
  renderer_ = nullptr;
  given_.clear();
  failed_ = false;
}

}  // namespace hada::app
