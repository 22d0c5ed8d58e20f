#pragma once

// The slides in the panes: which tiles they want (tiles/), their pixels on the GPU and the drawing (render/),
// and the thumbnails' textures. Joins those two folders with the model and the backend; decides nothing
// itself. Main thread only.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "client/app/annotation_view.h"
#include "client/model/model.h"
#include "client/model/reply.h"
#include "client/render/slide_renderer.h"
#include "client/render/thumbnail_textures.h"
#include "client/tiles/decoder.h"
#include "client/tiles/motion.h"
#include "client/tiles/tile_set.h"
#include "client/ui/ui.h"

namespace hada::app {

class SlideView {
 public:
  // `send` takes GetTile and Cancel effects; `wake` is called on a decoder's thread when pixels have come.
  SlideView(std::unique_ptr<render::SlideRenderer> renderer, std::function<void(model::Effect)> send,
            std::function<void()> wake, tiles::TileLimits limits = {});

  // An ICC profile that render::is_display_profile accepts; empty: sRGB. Before the first image.
  void set_display_profile(std::string profile) { display_profile_ = std::move(profile); }

  // --- answers, any time between frames ---
  void take(model::reply::Tile reply, int64_t now_us);
  void take(const model::reply::Thumbnail& reply);
  // Pixels from the decoders. True when there were any.
  bool take_decoded(int64_t now_us);
  // Failed tiles are asked for again: the connection or the session came back.
  void forgive() { tiles_.forgive(); }
  // All textures were lost with the window's context; a new one is current. Thumbnails are asked for again
  // by the caller; tiles come back by themselves. Errors: SHADER_FAILED, after which nothing can be drawn.
  Status context_lost();
  // In a quiet moment between frames: prepares the driver for one adjustment that the reader may try next on
  // what is shown (SlideRenderer::rehearse).
  void rehearse(int framebuffer_height);
  // The graphics driver could not show an image's adjustments: it was drawn without.
  bool adjustments_not_shown() const { return renderer_->adjustments_not_shown(); }
  // Goes on fetching and decoding for the last frame's panes.
  void step(int64_t now_us);

  // --- one frame ---
  // Tells the tile set what the panes want now, opens and closes images.
  void prepare(const model::Model& model, const std::vector<ui::PaneLayout>& panes, int64_t now_us);
  // A view that moved stands still now, and no frame has said so: what it wants has changed.
  bool came_to_rest(int64_t now_us) const;
  // Moves decoded tiles to the GPU for at most `budget_us` (one at least).
  void upload(int64_t budget_us);
  void draw(const model::Model& model, int framebuffer_height);
  // The frame is on the screen.
  void frame_done() { annotations_.frame_done(); }

  // The image's colour at a point of the pane (display pixels) as last drawn, without adjustments; nothing
  // beside the image. Waits for the GPU.
  std::optional<render::Colour> sample(const model::effect::SampleImage& wish);

  ui::PaneStatus status(size_t pane) const;
  render::ThumbnailTextures::Picture thumbnail(const std::string& image) const {
    return thumbnails_.find(image);
  }
  void drop_thumbnails(const model::Thumbnails& kept);

  // Nothing is on its way: no fetch, no decode, nothing to upload.
  bool idle() const { return tiles_.idle() && decoding_thumbnails_ == 0; }
  // A frame now shows the first tiles of a pane or the last that the panes wait for; others may gather.
  bool worth_a_frame() const;
  bool uploads_waiting() const { return tiles_.uploads_waiting(); }
  // Annotations that the last frame could not show yet.
  bool annotations_waiting() const { return !annotations_.idle(); }
  // When a failed tile should be asked for again, or a view that moved has come to rest.
  std::optional<int64_t> next_retry_us() const;
  size_t gpu_bytes() const {
    return renderer_->textures().bytes() + thumbnails_.bytes() + annotations_.gpu_bytes();
  }
  const tiles::TileSet& tile_set() const { return tiles_; }

 private:
  struct Shown {
    ui::PaneLayout layout;
    model::Viewport viewport;
    tiles::ImageId image = 0;
    uint32_t background_rgb = 0xFFFFFF;
    std::vector<tiles::TileKey> wanted;  // what the pane sees of it
    bool anything_drawn = false;
  };
  struct Decoded {
    uint64_t ticket = 0;    // of a tile
    std::string thumbnail;  // or the image's name
    Result<tiles::Pixels> pixels;
  };

  struct PaneMotion {
    tiles::ImageId image = 0;
    tiles::MotionTracker tracker;
  };

  std::optional<int64_t> rest_us() const;
  std::vector<tiles::DrawItem> plan_of(const Shown& shown) const;
  render::SlidePane pane_of(const Shown& shown) const;
  void open_images(const model::Model& model);
  void take_profile(tiles::ImageId id, const model::Image& image);
  tiles::SharedColour colour_of(const std::string& profile);
  void decode(tiles::Decode job);
  void post(Decoded decoded);

  std::function<void(model::Effect)> send_;
  std::function<void()> wake_;
  std::unique_ptr<render::SlideRenderer> renderer_;
  render::ThumbnailTextures thumbnails_;
  AnnotationView annotations_;
  tiles::TileSet tiles_;
  int max_tiles_ = tiles::kMaxTilesInView;      // in one pane, so that all panes together fit
  std::map<std::string, tiles::ImageId> open_;  // images of the open case
  std::string display_profile_;
  std::map<std::string, tiles::SharedColour> colours_;              // by the images' profiles
  std::map<tiles::ImageId, tiles::SharedColour> colours_of_image_;  // absent: its profile is on its way
  std::vector<tiles::Decode> held_;                                 // tiles that wait for that
  std::vector<Shown> shown_;
  std::map<size_t, PaneMotion> motions_;          // by pane
  std::vector<tiles::ImageId> rehearsed_images_;  // what the panes showed then
  size_t rehearsed_ = 0;                          // how many of all panes' usual adjustments
  int decoding_thumbnails_ = 0;

  std::mutex mutex_;
  std::vector<Decoded> decoded_;  // guarded by mutex_
  tiles::Decoder decoder_;        // last: its threads use the members above
};

}  // namespace hada::app
