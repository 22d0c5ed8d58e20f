#pragma once

// The workstation: owns the parts and runs the frames, in the order of docs/architecture.md. The main thread
// never waits for the network, the disk or a decode; when nothing changes it sleeps.

#include <atomic>
#include <cstdint>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/app/frame_stats.h"
#include "client/app/options.h"
#include "client/app/settings.h"
#include "client/app/slide_view.h"
#include "client/app/view_export.h"
#include "client/app/widget_report.h"
#include "client/app/window.h"
#include "client/model/model.h"
#include "client/net/backend.h"
#include "client/ui/ui.h"
#include "contract/result.h"

namespace hada::app {

class App {
 public:
  // Opens the window and the connection. Errors: NO_DISPLAY, TLS_REQUIRED, OUTBOX_FAILED, SHADER_FAILED,
  // BAD_OPTION.
  static Result<std::unique_ptr<App>> create(const Options& options);
  ~App();

  // Until the window is closed or `stop` becomes true. The program's exit status.
  int run(const std::atomic<bool>& stop);
  // Any thread: goes on as after a reset of the graphics driver. For tests.
  void lose_context();

 private:
  App(const Options& options, Settings settings, std::unique_ptr<Window> window);
  Status start(const Options& options);
  Result<std::string> display_profile(const Options& options) const;

  bool drain();
  // True when there was an effect.
  bool tick();
  bool apply(const model::Intent& intent);
  bool carry_out(model::Effects effects);
  void save_settings();
  bool idle() const;

  int64_t tick_us() const;
  double sleep_seconds(int64_t now_us) const;
  bool frame_due(int64_t now_us) const;
  void frame();
  void start_imgui();
  void renew_context();
  void rehearse();
  float ui_scale() const;
  void build_fonts();
  void report_widgets();
  void export_view();
  void say_goodbye();

  Options options_;
  Settings settings_;
  std::string settings_path_;
  std::future<void> saving_;
  bool save_again_ = false;  // changed while an earlier save was running
  std::unique_ptr<Window> window_;
  model::Model model_;
  net::Mailbox mailbox_;
  std::unique_ptr<net::Backend> backend_;
  std::unique_ptr<SlideView> slides_;
  std::unique_ptr<ViewExporter> exporter_;
  bool signed_in_ = false;
  std::vector<model::effect::ExportView> exports_;  // wished; the next frame takes one

  ui::Fonts fonts_;
  ui::UiState ui_state_;
  ui::UiResources resources_;
  std::vector<model::Intent> intents_;  // of the frame; kept for its memory
  std::vector<ui::PaneStatus> told_;    // what the panels were told of the panes
  FrameStats stats_;
  std::optional<WidgetReport> widget_report_;

  std::atomic<bool> lose_context_ = false;
  bool context_lost_ = false;    // nothing is drawn until there is another
  int64_t renew_us_ = 0;         // when that is tried again
  bool told_not_shown_ = false;  // that adjustments cannot be shown

  int64_t frame_count_ = 0;
  int frames_wanted_ = 3;       // frames to draw even if nothing happens
  int64_t tiles_since_us_ = 0;  // when the first tile arrived that no frame has shown; 0: none
  int64_t last_frame_us_ = 0;   // start of the last frame
  int64_t last_tick_us_ = 0;
};

}  // namespace hada::app
