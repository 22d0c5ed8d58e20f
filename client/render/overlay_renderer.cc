#include "client/render/overlay_renderer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string_view>

#include "client/render/shader.h"
#include "embedded/hada_shaders.h"

namespace hada::render {
namespace {

using contract::RectD;
using model::PointD;

// Once a pane shows triangles or plates it stays with them a little beyond the limit, so that it does not go
// to and fro.
constexpr double kStay = 1.25;
// Of the limit: rather a slow frame or two than one without annotations.
constexpr size_t kAtMost = 3;
// Display pixels around the view whose meshes are prepared too.
constexpr double kAround = 160;
// Display pixels: the longer side of the plates that stand in for all others.
constexpr double kOverview = 1024;

int64_t now_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

RectD grown(const RectD& r, double by) { return {r.x0 - by, r.y0 - by, r.x1 + by, r.y1 + by}; }

OverlayScale upright_scale(double zoom, float line_width) { return {zoom, 0, 0, zoom, line_width}; }

double power_of_two(double zoom) { return std::exp2(std::round(std::log2(zoom))); }
double power_of_four(double zoom) { return std::exp2(2 * std::round(std::log2(zoom) / 2)); }

}  // namespace

OverlayLimits OverlayLimits::of_context() {
  OverlayLimits limits;
  const auto* name = reinterpret_cast<const char*>(glGetString(GL_RENDERER));
  const std::string_view renderer = name ? name : "";
  const bool software = renderer.find("llvmpipe") != std::string_view::npos ||
                        renderer.find("softpipe") != std::string_view::npos ||
                        renderer.find("SWR") != std::string_view::npos;
  limits.mesh_corners = software ? 4'000 : 120'000;
  limits.frames_need_cores = software;
  return limits;
}

Result<std::unique_ptr<OverlayRenderer>> OverlayRenderer::create(std::function<void()> wake) {
  return create(std::move(wake), OverlayLimits::of_context());
}

Result<std::unique_ptr<OverlayRenderer>> OverlayRenderer::create(std::function<void()> wake,
                                                                 OverlayLimits limits) {
  ASSIGN_OR_RETURN(Program fill, make_program(embedded::overlay_fill_vert(), embedded::overlay_fill_frag()));
  ASSIGN_OR_RETURN(Program line, make_program(embedded::overlay_line_vert(), embedded::overlay_line_frag()));
  ASSIGN_OR_RETURN(OverlayPlates plates, OverlayPlates::create(limits.plate_bytes));
  return std::unique_ptr<OverlayRenderer>(
      new OverlayRenderer(std::move(wake), limits, std::move(fill), std::move(line), std::move(plates)));
}

OverlayRenderer::OverlayRenderer(std::function<void()> wake, OverlayLimits limits, Program fill, Program line,
                                 OverlayPlates plates)
    : limits_(limits),
      fill_(std::move(fill)),
      line_(std::move(line)),
      plates_(std::move(plates)),
      worker_(std::move(wake), limits.mesh_corners) {
  const auto view = [](const Program& program) {
    const auto at = [&](const char* name) { return glGetUniformLocation(program.get(), name); };
    return ViewUniforms{at("camera"), at("to_pane"), at("shift"), at("pane_size")};
  };
  fill_view_ = view(fill_);
  line_view_ = view(line_);
  const auto at = [&](const char* name) { return glGetUniformLocation(line_.get(), name); };
  line_uniforms_ = {at("width"),        at("reach"), at("disc"), at("half_width"),
                    at("casing_width"), at("turn"),  at("zoom")};
  glUseProgram(fill_.get());
  glUniform1f(glGetUniformLocation(fill_.get(), "alpha"), overlay::kFillAlpha);
  glUseProgram(line_.get());
  glUniform1f(at("casing_alpha"), overlay::kCasingAlpha);
  glUniform1f(at("casing_grey"), overlay::kCasingGrey);
}

void OverlayRenderer::set(const std::string& image, std::shared_ptr<const OverlayItems> items) {
  const auto known = images_.find(image);
  if (known == images_.end() ? !items : known->second.items == items) return;
  ImageState& state = images_[image];
  state.items = items;
  worker_.set(image, items ? std::move(items) : std::make_shared<const OverlayItems>());
}

void OverlayRenderer::keep_only(const std::function<bool(const std::string&)>& kept) {
  std::erase_if(images_, [&](const auto& entry) {
    if (kept(entry.first)) return false;
    worker_.drop(entry.first);
    return true;
  });
  std::erase_if(panes_, [&](const auto& entry) { return !kept(entry.first.first); });
  buffers_.keep_only(kept);
  plates_.keep_only(kept);
  const auto gone = [&](const std::string& image) { return !kept(image); };
  std::erase_if(waiting_.meshes, [&](const auto& made) { return gone(made.image); });
  std::erase_if(waiting_.scenes, [&](const auto& made) { return gone(made.image); });
  std::erase_if(waiting_.plates, [&](const auto& made) { return gone(made.key.image); });
}

bool OverlayRenderer::idle() const { return settled_ && waiting_.empty() && worker_.idle(); }

void OverlayRenderer::upload(int64_t budget_us) {
  const int64_t start = now_us();
  ++frame_;
  drawn_.clear();
  settled_ = true;
  if (limits_.frames_need_cores) worker_.begin_frame();
  worker_.forget_wishes();
  OverlayWorker::Made made = worker_.take();
  const auto append = [](auto& to, auto& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  };
  append(waiting_.meshes, made.meshes);
  append(waiting_.scenes, made.scenes);
  append(waiting_.plates, made.plates);

  const auto take = [&](auto& list, auto one) {
    size_t done = 0;
    while (done < list.size() && (done == 0 || now_us() - start < budget_us)) one(list[done++]);
    list.erase(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(done));
    return list.empty();
  };
  // What was made for an image that has closed is dropped.
  const bool meshes_done = take(waiting_.meshes, [&](OverlayWorker::NamedMesh& mesh) {
    if (images_.contains(mesh.image)) buffers_.put(mesh.image, mesh.item, std::move(mesh.mesh), frame_);
  });
  // A scene's meshes came before it.
  if (meshes_done) {
    for (OverlayWorker::NewScene& next : std::exchange(waiting_.scenes, {})) {
      const auto state = images_.find(next.image);
      if (state == images_.end()) continue;
      plates_.mark_changed(next.image, next.scene->rebuilt() ? nullptr : &next.scene->changed());
      state->second.scene = std::move(next.scene);
    }
  }
  take(waiting_.plates, [&](OverlayWorker::NewPlate& plate) {
    // One of a scene that has changed meanwhile is wanted anew.
    const auto state = images_.find(plate.key.image);
    if (state != images_.end() && state->second.scene == plate.scene)
      plates_.put(plate.key, std::move(plate.picture), frame_);
  });
  buffers_.trim(limits_.mesh_bytes, frame_ - 1);
}

void OverlayRenderer::draw(const OverlayPane& pane, int framebuffer_height) {
  const PixelBox& box = pane.box;
  const auto found = images_.find(pane.image);
  if (found == images_.end() || !found->second.scene || box.width <= 0 || box.height <= 0) return;
  ImageState& image = found->second;
  const OverlayPlates::View view{
      box,   pane.viewport, pane.image, OverlayScale::of(pane.viewport, pane.line_width), framebuffer_height,
      frame_};
  PaneState& state = panes_[{pane.image, drawn_[pane.image]++}];
  const bool moving = state.frame + 1 == frame_ && !(state.scale == view.scale);
  state.scale = view.scale;
  state.frame = frame_;

  glViewport(box.x, framebuffer_height - box.y - box.height, box.width, box.height);
  glEnable(GL_SCISSOR_TEST);
  glScissor(box.x, framebuffer_height - box.y - box.height, box.width, box.height);
  glDisable(GL_DEPTH_TEST);
  glDisable(GL_CULL_FACE);
  glEnable(GL_BLEND);
  glBlendFunc(GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
  state.meshes = draw_as_meshes(pane, image, state.meshes, view);
  if (!state.meshes) {
    image.shown = image.scene;
    want_plates(view, image.scene, moving);
    plates_.draw(view);
  }
  if (image.scene->cost() > limits_.mesh_corners) want_overview(view, image.scene);
  glDisable(GL_BLEND);
  glDisable(GL_SCISSOR_TEST);
}

// False when the pane should show plates.
bool OverlayRenderer::draw_as_meshes(const OverlayPane& pane, ImageState& image, bool were_meshes,
                                     const OverlayPlates::View& view) {
  const model::Viewport& v = pane.viewport;
  const RectD visible = grown(v.visible(), 4.0 * static_cast<double>(pane.line_width) / v.zoom);
  const auto stay = static_cast<size_t>(static_cast<double>(limits_.mesh_corners) * kStay);
  auto entries = image.scene->find_few(visible, were_meshes ? stay : limits_.mesh_corners);
  if (!entries) {
    if (!were_meshes || !image.shown || plates_.covers(view)) return false;
    // Too many, but nothing else to show yet.
    const auto shown = image.shown->find_few(visible, kAtMost * limits_.mesh_corners);
    if (!shown) return false;
    want_plates(view, image.scene, false);
    draw_meshes(pane, *shown);
    return true;
  }
  const bool complete = !want_missing(pane.image, *entries);
  if (!complete) {
    settled_ = false;
    if (!were_meshes && plates_.covers(view)) return false;
  }
  // The old list stays until the new one's meshes are there.
  if (complete || !image.shown) image.shown = image.scene;
  if (image.shown != image.scene) {
    entries = image.shown->find_few(visible, kAtMost * limits_.mesh_corners);
    if (!entries) return false;
  }
  draw_meshes(pane, *entries);
  if (complete) {
    const auto around =
        image.scene->find_few(grown(visible, kAround / v.zoom), kAtMost * limits_.mesh_corners);
    if (around) want_missing(pane.image, *around);
  }
  return true;
}

bool OverlayRenderer::want_missing(const std::string& image, const Entries& entries) {
  bool any = false;
  for (const SceneEntry* entry : entries) {
    if (buffers_.has(entry->item)) continue;
    worker_.want_mesh(image, entry->item);
    any = true;
  }
  return any;
}

void OverlayRenderer::want_plates(const OverlayPlates::View& view, const Scene& scene, bool moving) {
  OverlayPlates::View wanted = view;
  if (moving) {
    // While the scale changes, no plate would be ready before its scale has gone: one that serves for two
    // octaves.
    settled_ = false;
    const double zoom = power_of_four(view.viewport.zoom);
    wanted.scale = upright_scale(zoom, view.scale.line_width);
    wanted.viewport.rotation = 0;
    wanted.viewport.mirrored = false;
    wanted.viewport.zoom = zoom;
    const RectD visible = view.viewport.visible();
    wanted.viewport.pane_width = visible.width() * zoom;
    wanted.viewport.pane_height = visible.height() * zoom;
    wanted.box.width = static_cast<int>(std::ceil(wanted.viewport.pane_width));
    wanted.box.height = static_cast<int>(std::ceil(wanted.viewport.pane_height));
  }
  OverlayPlates::Wishes wishes = plates_.wishes(wanted);
  if (!wishes.in_view.empty()) settled_ = false;
  for (const PlateKey& key : wishes.in_view) worker_.want_plate(key, scene);
  if (moving) return;
  for (const PlateKey& key : wishes.around) worker_.want_plate(key, scene);
}

void OverlayRenderer::want_overview(const OverlayPlates::View& view, const Scene& scene) {
  const model::Viewport& v = view.viewport;
  const double longer = std::max(v.image_width, v.image_height);
  if (!(longer > 0)) return;
  const OverlayScale scale =
      upright_scale(std::min(1.0, power_of_two(kOverview / longer)), view.scale.line_width);
  for (const PlateKey& key : plates_.wishes(view.image, scale, v.image_width, v.image_height, frame_))
    worker_.want_plate(key, scene);
}

// The camera's whole part is subtracted on the GPU, which is exact; its rest is part of the shift, in double.
void OverlayRenderer::set_view(const ViewUniforms& uniforms, const OverlayPane& pane) const {
  const model::Viewport& v = pane.viewport;
  const PointD camera{std::round(v.centre.x), std::round(v.centre.y)};
  const PointD shift = v.to_display(camera);
  const model::Orientation o = v.orientation();
  const auto f = [](double d) { return static_cast<float>(d); };
  const float matrix[] = {f(o.xx * v.zoom), f(o.yx * v.zoom), f(o.xy * v.zoom), f(o.yy * v.zoom)};
  glUniform2f(uniforms.camera, f(camera.x), f(camera.y));
  glUniformMatrix2fv(uniforms.to_pane, 1, GL_FALSE, matrix);
  glUniform2f(uniforms.shift, f(shift.x), f(shift.y));
  glUniform2f(uniforms.pane_size, f(pane.box.width), f(pane.box.height));
}

void OverlayRenderer::draw_meshes(const OverlayPane& pane, const Entries& entries) {
  buffers_.draw(
      entries, frame_,
      [&] {
        glUseProgram(fill_.get());
        set_view(fill_view_, pane);
      },
      [&] {
        glUseProgram(line_.get());
        set_view(line_view_, pane);
        const model::Orientation o = pane.viewport.orientation();
        const auto f = [](double d) { return static_cast<float>(d); };
        const float turn[] = {f(o.xx), f(o.yx), f(o.xy), f(o.yy)};
        const float width = pane.line_width;
        glUniformMatrix2fv(line_uniforms_.turn, 1, GL_FALSE, turn);
        glUniform1f(line_uniforms_.zoom, f(pane.viewport.zoom));
        glUniform1f(line_uniforms_.width, width);
        glUniform1f(line_uniforms_.reach, overlay::reach(width));
        glUniform1f(line_uniforms_.disc, overlay::disc(width));
        glUniform1f(line_uniforms_.half_width, width / 2);
        glUniform1f(line_uniforms_.casing_width, width * overlay::kCasing);
      });
}

}  // namespace hada::render
