#include "client/app/slide_view.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <thread>
#include <utility>

#include "client/render/colour_transform.h"
#include "client/render/sample.h"

namespace hada::app {
namespace {

constexpr size_t kMaxColours = 32;  // tables of 0.3 MiB

int decoder_threads() { return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 2, 8); }

int64_t steady_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// A quiet grey beside the slide: darker than any tissue in the dark theme, lighter than the panels in the
// light one.
render::Colour surround(model::Theme theme) {
  return render::colour_from_rgb(theme == model::Theme::Dark ? 0x15171A : 0xD9DBDE);
}

Error to_error(const model::ApiError& error) {
  return {static_cast<ErrorCode>(error.code), error.reason, error.message, error.metadata};
}

render::PixelBox to_box(const ui::PixelRect& rect) {
  const auto whole = [](float v) { return static_cast<int>(std::lround(v)); };
  return {whole(rect.x0), whole(rect.y0), whole(rect.x1) - whole(rect.x0), whole(rect.y1) - whole(rect.y0)};
}

}  // namespace

SlideView::SlideView(std::unique_ptr<render::SlideRenderer> renderer, std::function<void(model::Effect)> send,
                     std::function<void()> wake, tiles::TileLimits limits)
    : send_(std::move(send)),
      wake_(std::move(wake)),
      renderer_(std::move(renderer)),
      annotations_(wake_),
      tiles_(limits),
      decoder_(decoder_threads()) {}

void SlideView::post(Decoded decoded) {
  {
    std::lock_guard lock(mutex_);
    decoded_.push_back(std::move(decoded));
  }
  wake_();
}

void SlideView::take(model::reply::Tile reply, int64_t now_us) {
  if (reply.error) {
    tiles_.fetched(reply.ticket, Unexpected(to_error(*reply.error)), now_us);
  } else {
    tiles_.fetched(reply.ticket, std::move(reply.jpeg), now_us);
  }
}

void SlideView::take(const model::reply::Thumbnail& reply) {
  if (reply.error || reply.jpeg.empty()) return;
  ++decoding_thumbnails_;
  decoder_.submit({std::make_shared<const std::string>(reply.jpeg), tiles::HalfSizes::All,
                   [this, image = reply.image](Result<tiles::Pixels> pixels) {
                     post({0, image, std::move(pixels)});
                   },
                   colour_of({})});
}

bool SlideView::take_decoded(int64_t now_us) {
  std::vector<Decoded> taken;
  {
    std::lock_guard lock(mutex_);
    taken.swap(decoded_);
  }
  for (Decoded& decoded : taken) {
    if (decoded.thumbnail.empty()) {
      tiles_.decoded(decoded.ticket, std::move(decoded.pixels), now_us);
      continue;
    }
    --decoding_thumbnails_;
    if (decoded.pixels) thumbnails_.put(decoded.thumbnail, *decoded.pixels);
  }
  return !taken.empty();
}

void SlideView::step(int64_t now_us) {
  tiles::Actions actions = tiles_.step(now_us);
  for (const tiles::Cancel& cancel : actions.cancels) send_(model::effect::Cancel{cancel.ticket});
  // The decoder takes the newest first, so the most wanted goes last.
  for (auto job = actions.decodes.rbegin(); job != actions.decodes.rend(); ++job) decode(std::move(*job));
  for (tiles::Fetch& fetch : actions.fetches)
    send_(model::effect::GetTile{fetch.ticket, std::move(fetch.image), fetch.key});
}

// A tile is not decoded before its image's profile is known, so that it never changes its colours on the
// screen.
void SlideView::decode(tiles::Decode job) {
  const auto colour = colours_of_image_.find(job.image);
  if (colour == colours_of_image_.end()) {
    held_.push_back(std::move(job));
    return;
  }
  decoder_.submit({std::move(job.jpeg), job.half_sizes,
                   [this, ticket = job.ticket](Result<tiles::Pixels> pixels) {
                     post({ticket, {}, std::move(pixels)});
                   },
                   colour->second});
}

// On a thread of its own, while the first tiles are fetched; the decoders wait for it.
tiles::SharedColour SlideView::colour_of(const std::string& profile) {
  if (colours_.size() > kMaxColours) colours_.clear();
  tiles::SharedColour& colour = colours_[profile];
  if (!colour.valid())
    colour = std::async(std::launch::async, [profile, display = display_profile_] {
               return render::make_colour_grid(profile, display);
             }).share();
  return colour;
}

void SlideView::take_profile(tiles::ImageId id, const model::Image& image) {
  if (colours_of_image_.contains(id) || (image.has_icc_profile && image.icc_profile.empty())) return;
  colours_of_image_[id] = colour_of(image.icc_profile);
  for (tiles::Decode& job : std::exchange(held_, {})) decode(std::move(job));
}

// Images of the open case stay open while it is, shown or not; then their memory is given back.
void SlideView::open_images(const model::Model& model) {
  const auto levels_of = [&](const std::string& name) -> const contract::Pyramid* {
    const model::Image* image = model.open_case ? model.open_case->find_image(name) : nullptr;
    return image && !image->levels.empty() ? &image->levels : nullptr;
  };
  std::erase_if(open_, [&](const auto& entry) {
    const contract::Pyramid* levels = levels_of(entry.first);
    if (levels && *levels == tiles_.pyramid(entry.second)) return false;
    tiles_.close(entry.second);
    colours_of_image_.erase(entry.second);
    std::erase_if(held_, [&](const tiles::Decode& job) { return job.image == entry.second; });
    return true;
  });
  if (!model.open_case) return;
  const auto open = [&](const std::string& name) {
    const contract::Pyramid* levels = levels_of(name);
    if (!levels) return;
    if (!open_.contains(name)) open_[name] = tiles_.open(name, *levels);
    take_profile(open_[name], *model.open_case->find_image(name));
  };
  const model::Panes& panes = model.open_case->panes;
  for (const model::Pane& pane : panes.panes) open(pane.image);
  if (panes.comparison) open(panes.comparison->over);
}

void SlideView::prepare(const model::Model& model, const std::vector<ui::PaneLayout>& panes, int64_t now_us) {
  open_images(model);
  shown_.clear();
  tiles_.begin_frame();
  // A quarter of the slots is left for stand-ins and for what was just seen.
  const int panes_shown = std::max(1, static_cast<int>(panes.size()));
  max_tiles_ = std::clamp(tiles_.limits().slots * 3 / 4 / panes_shown, 1, tiles::kMaxTilesInView);
  if (const Status ready = annotations_.prepare(panes); !ready)
    std::fprintf(stderr, "hada: annotations cannot be drawn: %s\n", ready.error().message.c_str());
  for (const ui::PaneLayout& layout : panes) {
    Shown& shown = shown_.emplace_back();
    shown.layout = layout;
    if (!model.open_case || layout.pane >= model.open_case->panes.panes.size()) continue;
    const model::Pane& pane = model.open_case->panes.panes[layout.pane];
    const auto open = open_.find(layout.image);
    const model::Image* image = model.open_case->find_image(layout.image);
    if ((!layout.view && pane.image != layout.image) || open == open_.end() || !image) continue;
    const contract::Pyramid& pyramid = tiles_.pyramid(open->second);
    shown.image = open->second;
    shown.viewport = render::pixel_aligned(layout.view ? *layout.view : pane.viewport, pyramid);
    shown.background_rgb = image->background_rgb;
    tiles::Motion motion;
    if (!layout.view) {
      PaneMotion& moved = motions_[layout.pane];
      if (std::exchange(moved.image, shown.image) != shown.image) moved.tracker = {};
      motion = moved.tracker.update({pane.viewport.visible(), pane.viewport.zoom}, now_us);
    }
    tiles::Wanted wanted =
        tiles::wanted_tiles(pyramid, shown.viewport.visible(), shown.viewport.zoom, motion, max_tiles_);
    // A second view of a pane comes and goes with the pointer.
    if (layout.view) wanted.prefetch.clear();
    // Of the box around a turned pane about half lies outside it.
    if (!shown.viewport.axis_aligned())
      std::erase_if(wanted.visible, [&](const tiles::TileKey& key) {
        return !shown.viewport.sees(contract::tile_bounds(pyramid, key));
      });
    tiles_.want(shown.image, wanted);
    shown.wanted = std::move(wanted.visible);
  }
  step(now_us);
}

std::optional<int64_t> SlideView::rest_us() const {
  std::optional<int64_t> first;
  for (const Shown& shown : shown_) {
    const auto it = motions_.find(shown.layout.pane);
    if (shown.image == 0 || it == motions_.end()) continue;
    if (const auto rest = it->second.tracker.still_from_us()) first = std::min(first.value_or(*rest), *rest);
  }
  return first;
}

bool SlideView::came_to_rest(int64_t now_us) const {
  const std::optional<int64_t> rest = rest_us();
  return rest && *rest <= now_us;
}

std::optional<int64_t> SlideView::next_retry_us() const {
  const std::optional<int64_t> retry = tiles_.next_retry_us(), rest = rest_us();
  if (!retry || !rest) return retry ? retry : rest;
  return std::min(*retry, *rest);
}

Status SlideView::context_lost() {
  // The old objects first: their names would be those of the new ones.
  renderer_ = nullptr;
  thumbnails_ = {};
  annotations_.context_lost();
  tiles_.textures_lost();
  tiles_.forgive();  // of the last frames' failures
  rehearsed_images_.clear();
  ASSIGN_OR_RETURN(renderer_, render::SlideRenderer::create());
  return {};
}

void SlideView::upload(int64_t budget_us) {
  const int64_t start = steady_us();
  annotations_.upload(budget_us / 2);
  do {
    const std::optional<tiles::Upload> upload = tiles_.next_upload();
    for (const tiles::TileId& id : tiles_.take_dropped()) renderer_->textures().drop(id);
    if (!upload) return;
    switch (renderer_->textures().upload(upload->id, upload->pixels)) {
      case render::TileTextures::Uploaded::Done:
        break;
      case render::TileTextures::Uploaded::NoMemory:
        tiles_.refused(upload->id, start);
        break;
      case render::TileTextures::Uploaded::Failed:
        tiles_.upload_failed(upload->id, start);
        break;
    }
  } while (steady_us() - start < budget_us);
}

std::vector<tiles::DrawItem> SlideView::plan_of(const Shown& shown) const {
  return tiles::draw_plan(
      tiles_.pyramid(shown.image), shown.viewport.visible(), shown.viewport.zoom,
      [&](tiles::TileKey key) {
        return tiles_.ready({shown.image, key});
      },
      max_tiles_);
}

// Without surround and adjustments.
render::SlidePane SlideView::pane_of(const Shown& shown) const {
  render::SlidePane pane;
  pane.box = to_box(shown.layout.rect);
  if (shown.image == 0) return pane;
  pane.viewport = shown.viewport;
  pane.image = shown.image;
  pane.pyramid = &tiles_.pyramid(shown.image);
  pane.background = render::colour_from_rgb(shown.background_rgb);
  return pane;
}

void SlideView::rehearse(int framebuffer_height) {
  std::vector<tiles::ImageId> images;
  for (const Shown& shown : shown_)
    if (shown.anything_drawn) images.push_back(shown.image);
  if (images != rehearsed_images_) rehearsed_ = 0;
  rehearsed_images_ = std::move(images);
  const auto& usual = render::usual_adjustments();
  if (rehearsed_ >= rehearsed_images_.size() * usual.size()) return;
  const tiles::ImageId image = rehearsed_images_[rehearsed_ / usual.size()];
  for (const Shown& shown : shown_) {
    if (shown.image != image) continue;
    render::SlidePane pane = pane_of(shown);
    pane.adjustments = usual[rehearsed_ % usual.size()];
    renderer_->rehearse(pane, plan_of(shown), framebuffer_height);
    break;
  }
  ++rehearsed_;
}

std::optional<render::Colour> SlideView::sample(const model::effect::SampleImage& wish) {
  for (const Shown& shown : shown_) {
    if (shown.layout.pane != wish.pane || shown.layout.view || shown.layout.image != wish.image ||
        shown.image == 0)
      continue;
    const model::PointD image = shown.viewport.to_image(wish.at);
    if (image.x < 0 || image.y < 0 || image.x >= shown.viewport.image_width ||
        image.y >= shown.viewport.image_height)
      return std::nullopt;
    const render::SlidePane pane = pane_of(shown);
    return render::sample(*renderer_, pane, plan_of(shown), static_cast<int>(wish.at.x),
                          static_cast<int>(wish.at.y));
  }
  return std::nullopt;
}

void SlideView::draw(const model::Model& model, int framebuffer_height) {
  for (Shown& shown : shown_) {
    render::SlidePane pane = pane_of(shown);
    pane.surround = surround(model.settings.theme);
    std::vector<tiles::DrawItem> plan;
    if (shown.image != 0) {
      if (!shown.layout.original)
        pane.adjustments = model::adjustments_of(*model.open_case, shown.layout.image);
      plan = plan_of(shown);
      tiles_.drawn(shown.image, plan);
    }
    shown.anything_drawn = !plan.empty();
    renderer_->draw(pane, plan, framebuffer_height);
    if (shown.image != 0) annotations_.draw(shown.layout, pane.box, shown.viewport, framebuffer_height);
  }
}

bool SlideView::worth_a_frame() const {
  const bool shows_first =
      tiles_.uploads_waiting() && std::any_of(shown_.begin(), shown_.end(), [](const Shown& shown) {
        return shown.image != 0 && !shown.anything_drawn;
      });
  return shows_first || tiles_.completes_view();
}

ui::PaneStatus SlideView::status(size_t pane) const {
  ui::PaneStatus status;
  for (const Shown& shown : shown_) {
    if (shown.layout.pane != pane || shown.layout.view) continue;
    status.anything_drawn = shown.anything_drawn;
    for (const tiles::TileKey& key : shown.wanted) {
      const std::optional<tiles::TileState> state = tiles_.state({shown.image, key});
      if (state == tiles::TileState::Ready) continue;
      if (state == tiles::TileState::Failed) {
        ++status.failed_tiles;
      } else {
        ++status.pending_tiles;
      }
    }
  }
  return status;
}

void SlideView::drop_thumbnails(const model::Thumbnails& kept) {
  thumbnails_.keep_only([&](const std::string& image) { return kept.contains(image); });
}

}  // namespace hada::app
