#include "client/app/app.h"

#include <GL/gl.h>
#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <tuple>
#include <type_traits>
#include <utility>

#include "client/app/display_profile.h"
#include "client/model/update.h"
#include "client/net/grpc_backend.h"

namespace hada::app {
namespace {

constexpr int64_t kTickUs = 1'000'000;
constexpr int64_t kLiveTickUs = 250'000;  // while something that others changed is to be asked for
constexpr int64_t kFrameUs = 16'000;      // animations do not run faster where nothing else limits them
constexpr int64_t kGatherUs = 24'000;     // tiles that arrive within this time share a frame
constexpr int64_t kUploadBudgetUs = 4'000;
constexpr int64_t kFontPollUs = 30'000;     // glyphs are being drawn on a thread of their own
constexpr int64_t kAnnotationsUs = 20'000;  // annotations are being prepared on a thread of their own
constexpr int64_t kRenewUs = 500'000;       // a graphics driver is being reset
constexpr int64_t kExportPollUs = 20'000;   // a picture is being encoded on a thread of its own
// ImGui lays some widgets out by their size in the frame before.
constexpr int kSettleFrames = 2;

int64_t steady_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

int64_t wall_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

bool is_viewer_motion(const model::Intent& intent) {
  return std::holds_alternative<model::intent::Pan>(intent) ||
         std::holds_alternative<model::intent::ZoomAt>(intent) ||
         std::holds_alternative<model::intent::CentreOn>(intent);
}

// What the mere passing of time can change on the screen: messages that leave, the lease, the connection, and
// texts such as "2 min ago". A tick redraws only when one of these has changed.
using TimeShown = std::tuple<size_t, model::Link, bool, int64_t>;
TimeShown time_shown(const model::Model& model) {
  return {model.toasts.list().size(), model.connection.link,
          model.open_case && model.open_case->reading.lease_lost, model.now_us / 60'000'000};
}

Result<std::string> first_line(const std::string& path) {
  std::ifstream in(path);
  std::string line;
  if (!std::getline(in, line))
    return Unexpected(ErrorCode::InvalidArgument, "BAD_OPTION", "The password file cannot be read.");
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

}  // namespace

Result<std::unique_ptr<App>> App::create(const Options& options) {
  const std::string path = options.settings_path.empty() ? default_settings_path() : options.settings_path;
  Settings settings = load_settings(path);
  if (options.server) settings.server = *options.server;
  if (options.tls_ca) settings.tls_ca = *options.tls_ca;
  if (options.language) settings.model.language = *options.language;
  if (options.theme) settings.model.theme = *options.theme;
  if (options.scale) settings.model.ui_scale = *options.scale;
  if (options.user) settings.model.last_user = *options.user;
  if (options.width) settings.width = *options.width;
  if (options.height) settings.height = *options.height;
  if (options.pictures) settings.pictures_folder = *options.pictures;
  ASSIGN_OR_RETURN(auto window, Window::open({settings.width, settings.height, "Hada 肌", true}));
  std::unique_ptr<App> app(new App(options, std::move(settings), std::move(window)));
  app->settings_path_ = path;
  RETURN_IF_ERROR(app->start(options));
  return app;
}

App::App(const Options& options, Settings settings, std::unique_ptr<Window> window)
    : options_(options), settings_(std::move(settings)), window_(std::move(window)), mailbox_(&Window::wake) {
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.ConfigInputTextCursorBlink = false;  // a blinking cursor would keep an idle program drawing
  start_imgui();
}

void App::start_imgui() {
  ImGui_ImplGlfw_InitForOpenGL(window_->handle(), false);
  ImGui_ImplOpenGL3_Init("#version 330");
}

App::~App() {
  backend_ = nullptr;  // its threads post to the mailbox
  slides_ = nullptr;
  if (saving_.valid()) saving_.wait();
  ImGui_ImplOpenGL3_Shutdown();
  ImGui_ImplGlfw_Shutdown();
  ImGui::DestroyContext();
}

Result<std::string> App::display_profile(const Options& options) const {
  if (!options.display_profile.empty()) return read_display_profile(options.display_profile);
  if (settings_.display_profile.empty()) return desktop_profile();
  auto profile = read_display_profile(settings_.display_profile);
  if (profile) return profile;
  // A file that has gone since must not keep a reader from working.
  std::fprintf(stderr, "hada: %s Using the desktop's.\n", profile.error().message.c_str());
  return desktop_profile();
}

Status App::start(const Options& options) {
  const std::filesystem::path folder = std::filesystem::path(settings_path_).parent_path();
  std::error_code ignored;  // the outbox reports a folder that cannot be used
  if (!folder.empty()) std::filesystem::create_directories(folder, ignored);
  ASSIGN_OR_RETURN(
      backend_, net::GrpcBackend::create({settings_.server, settings_.tls_ca, std::string("hada/") + kVersion,
                                          (folder / "outbox.db").string(), folder.string()},
                                         mailbox_));
  ASSIGN_OR_RETURN(auto renderer, render::SlideRenderer::create());
  slides_ = std::make_unique<SlideView>(
      std::move(renderer), [this](model::Effect effect) { backend_->submit(std::move(effect)); },
      &Window::wake);
  ASSIGN_OR_RETURN(std::string profile, display_profile(options));
  slides_->set_display_profile(std::move(profile));

  exporter_ = std::make_unique<ViewExporter>(pictures_folder(settings_.pictures_folder, settings_path_));
  model_.settings = settings_.model;
  std::random_device random;
  model_.request_ids.seed_high = uint64_t{random()} << 32 | random();
  model_.request_ids.seed_low = uint64_t{random()} << 32 | random();

  resources_.fonts = &fonts_;
  resources_.version = kVersion;
  resources_.thumbnail = [this](const std::string& image) -> ui::UiResources::Picture {
    const render::ThumbnailTextures::Picture picture = slides_->thumbnail(image);
    return {reinterpret_cast<ImTextureID>(static_cast<intptr_t>(picture.texture)), picture.aspect};
  };
  resources_.pane_status = [this](size_t pane) {
    const ui::PaneStatus status = slides_->status(pane);
    if (told_.size() <= pane) told_.resize(pane + 1);
    told_[pane] = status;
    return status;
  };
  if (!options.widget_log.empty()) {
    widget_report_.emplace(options.widget_log);
    ui_state_.widgets.set_recording(true);
  }
  tick();
  if (!options.password_file.empty()) {
    if (settings_.model.last_user.empty())
      return Unexpected(ErrorCode::InvalidArgument, "BAD_OPTION", "--password-file needs --user.");
    ASSIGN_OR_RETURN(std::string password, first_line(options.password_file));
    apply(model::intent::Login{settings_.model.last_user, std::move(password)});
  }
  return {};
}

int App::run(const std::atomic<bool>& stop) {
  while (!stop && !window_->close_wanted()) {
    window_->wait(sleep_seconds(steady_us()));
    if (!window_->input().empty() || window_->take_damage())
      frames_wanted_ = std::max(frames_wanted_, kSettleFrames);
    if (drain()) frames_wanted_ = std::max(frames_wanted_, kSettleFrames);
    if (steady_us() - last_tick_us_ >= tick_us()) {
      const TimeShown before = time_shown(model_);
      if (tick() || time_shown(model_) != before) frames_wanted_ = std::max(frames_wanted_, kSettleFrames);
      slides_->drop_thumbnails(model_.thumbnails);
      if (save_again_) save_settings();
      rehearse();
    }
    if (window_->context_lost() || lose_context_.exchange(false)) context_lost_ = true;
    if (context_lost_ && !window_->minimized() && steady_us() >= renew_us_) renew_context();
    const bool signed_in = model_.session.phase == model::SessionPhase::LoggedIn;
    if (signed_in_ && !signed_in) exporter_->forget_clipboard();
    signed_in_ = signed_in;
    for (const model::intent::ViewExported& answer : exporter_->answers()) {
      apply(answer);
      frames_wanted_ = std::max(frames_wanted_, kSettleFrames);
    }
    slides_->step(steady_us());
    if (slides_->came_to_rest(steady_us())) frames_wanted_ = std::max(frames_wanted_, 1);
    if (fonts_.unfinished() && fonts_.rebuild_needed(ui_scale()))
      frames_wanted_ = std::max(frames_wanted_, kSettleFrames);
    if (frame_due(steady_us())) frame();
    report_widgets();
  }
  say_goodbye();
  return 0;
}

void App::lose_context() {
  lose_context_ = true;
  Window::wake();
}

// The window and all that was in the driver are made anew. What the reader does is in the model and goes on.
void App::renew_context() {
  renew_us_ = steady_us() + kRenewUs;
  if (!window_->renew()) return;  // the driver is not ready
  ImGui_ImplOpenGL3_Shutdown();
  ImGui_ImplGlfw_Shutdown();
  start_imgui();
  if (!slides_->context_lost()) return;
  apply(model::intent::ThumbnailsLost{});
  context_lost_ = false;
  frames_wanted_ = std::max(frames_wanted_, kSettleFrames);
}

// A second after the last frame, while nobody waits for anything: a slider's first move would have to.
void App::rehearse() {
  if (idle() && !window_->minimized()) slides_->rehearse(window_->framebuffer_height());
}

int64_t App::tick_us() const {
  const model::LiveState& live = model_.live;
  const bool due = model_.open_case ? live.case_due : live.worklist_due || live.sample_due;
  return due ? kLiveTickUs : kTickUs;
}

double App::sleep_seconds(int64_t now_us) const {
  int64_t until = last_tick_us_ + tick_us();
  // One that is overdue waits for a place among the fetches in flight, whose answers wake us.
  if (const auto retry = slides_->next_retry_us(); retry && *retry > now_us) until = std::min(until, *retry);
  if (!exporter_->idle()) until = std::min(until, now_us + kExportPollUs);
  if (window_->minimized()) {
    // Nobody sees it.
  } else if (context_lost_) {
    until = std::min(until, renew_us_);
  } else {
    if (tiles_since_us_ != 0)
      until =
          std::min(until, slides_->idle() || slides_->worth_a_frame() ? now_us : tiles_since_us_ + kGatherUs);
    if (fonts_.unfinished()) until = std::min(until, now_us + kFontPollUs);
    if (ui_state_.animating) until = std::min(until, last_frame_us_ + kFrameUs);
    if (slides_->annotations_waiting()) until = std::min(until, last_frame_us_ + kAnnotationsUs);
    if (frames_wanted_ > 0 || slides_->came_to_rest(now_us) || !std::as_const(*window_).input().empty())
      until = now_us;
  }
  return static_cast<double>(std::max<int64_t>(0, until - now_us)) / 1e6;
}

bool App::frame_due(int64_t now_us) const {
  if (window_->minimized() || context_lost_) return false;
  if (frames_wanted_ > 0) return true;
  if (ui_state_.animating && now_us - last_frame_us_ >= kFrameUs) return true;
  if (slides_->annotations_waiting() && now_us - last_frame_us_ >= kAnnotationsUs) return true;
  return tiles_since_us_ != 0 &&
         (slides_->idle() || slides_->worth_a_frame() || now_us - tiles_since_us_ >= kGatherUs);
}

// True when the model changed. Tiles only set tiles_since_us_: they may wait for each other.
bool App::drain() {
  const int64_t now = steady_us();
  bool changed = false;
  for (model::Reply& reply : mailbox_.take()) {
    if (auto* tile = std::get_if<model::reply::Tile>(&reply)) {
      if (tile->error && tiles_since_us_ == 0) tiles_since_us_ = now;  // its mark is shown
      slides_->take(std::move(*tile), now);
      continue;
    }
    changed = true;
    if (const auto* thumbnail = std::get_if<model::reply::Thumbnail>(&reply)) slides_->take(*thumbnail);
    const auto* connection = std::get_if<model::reply::Connection>(&reply);
    if ((connection && connection->connected) || std::holds_alternative<model::reply::LoggedIn>(reply))
      slides_->forgive();
    carry_out(model::update(model_, reply));
  }
  if (slides_->take_decoded(now) && tiles_since_us_ == 0) tiles_since_us_ = now;
  return changed;
}

bool App::tick() {
  last_tick_us_ = steady_us();
  return apply(model::intent::Tick{wall_us()});
}

bool App::apply(const model::Intent& intent) { return carry_out(model::update(model_, intent)); }

bool App::carry_out(model::Effects effects) {
  for (model::Effect& effect : effects) {
    if (std::holds_alternative<model::effect::SaveSettings>(effect)) {
      save_settings();
    } else if (const auto* copy = std::get_if<model::effect::CopyText>(&effect)) {
      window_->set_clipboard(copy->text);
    } else if (const auto* view = std::get_if<model::effect::ExportView>(&effect)) {
      exports_.push_back(*view);
    } else if (std::holds_alternative<model::effect::ToggleFullScreen>(effect)) {
      window_->toggle_full_screen();
    } else if (const auto* wish = std::get_if<model::effect::SampleImage>(&effect)) {
      if (const auto colour = slides_->sample(*wish))
        apply(model::intent::SetWhite{wish->image, colour->red, colour->green, colour->blue});
    } else {
      backend_->submit(std::move(effect));
    }
  }
  return !effects.empty();
}

// Off the main thread, one at a time: a home folder on a slow network must not hold up a frame.
void App::save_settings() {
  settings_.model = model_.settings;
  settings_.width = window_->windowed_width();
  settings_.height = window_->windowed_height();
  save_again_ = saving_.valid() && saving_.wait_for(std::chrono::seconds(0)) != std::future_status::ready;
  if (save_again_) return;
  saving_ = std::async(std::launch::async, [path = settings_path_, settings = settings_] {
    (void)app::save_settings(path, settings);  // a read-only home is no reason to disturb a reader
  });
}

bool App::idle() const {
  return model_.pending.empty() && slides_->idle() && !slides_->annotations_waiting() && exporter_->idle() &&
         exports_.empty() && frames_wanted_ <= 0 && tiles_since_us_ == 0 && !ui_state_.animating &&
         !context_lost_;
}

float App::ui_scale() const {
  return window_->content_scale() * static_cast<float>(model_.settings.ui_scale);
}

void App::build_fonts() {
  resources_.scale = ui_scale();
  if (!fonts_.rebuild_needed(resources_.scale)) return;
  fonts_.build(resources_.scale);
  ImGui_ImplOpenGL3_DestroyFontsTexture();
  ImGui_ImplOpenGL3_CreateFontsTexture();
}

void App::frame() {
  const int64_t start = steady_us();
  last_frame_us_ = start;
  frames_wanted_ = std::max(0, frames_wanted_ - 1);
  tiles_since_us_ = 0;
  tick();

  build_fonts();
  ImGui_ImplOpenGL3_NewFrame();
  ImGui_ImplGlfw_NewFrame();
  window_->input().feed(ImGui::GetIO());
  ImGui::NewFrame();
  ui_state_.widgets.begin_frame();
  ui_state_.animating = false;
  intents_.clear();
  ui_state_.capture = {};
  if (!exports_.empty()) ui_state_.capture.pane = exports_.front().pane;
  ui::draw_ui(model_, ui_state_, resources_, intents_);
  ImGui::Render();

  bool moved = false, wished = false;
  for (const model::Intent& intent : intents_) {
    moved |= is_viewer_motion(intent);
    wished = true;
    apply(intent);
  }
  if (wished) frames_wanted_ = std::max(frames_wanted_, kSettleFrames);

  slides_->prepare(model_, ui_state_.panes, steady_us());
  slides_->upload(kUploadBudgetUs);
  const int width = window_->framebuffer_width(), height = window_->framebuffer_height();
  glViewport(0, 0, width, height);
  glClearColor(0.08f, 0.08f, 0.09f, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  slides_->draw(model_, height);
  if (ui_state_.capture.pane) {  // wished in an earlier frame; what this one wished waits for the next
    export_view();
    glClearColor(0.08f, 0.08f, 0.09f, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    slides_->draw(model_, height);
  }
  glViewport(0, 0, width, height);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  const int64_t drawn = steady_us();
  window_->swap();
  const int64_t swapped = steady_us();
  slides_->frame_done();
  stats_.add(static_cast<double>(drawn - start) / 1e3, static_cast<double>(swapped - start) / 1e3, moved);
  ++frame_count_;

  // The panels spoke of tiles before this frame's uploads; and what did not fit its time budget follows.
  for (size_t pane = 0; pane < told_.size(); ++pane) {
    const ui::PaneStatus now = slides_->status(pane);
    const ui::PaneStatus& told = told_[pane];
    if ((now.pending_tiles > 0) != (told.pending_tiles > 0) ||
        (now.failed_tiles > 0) != (told.failed_tiles > 0) || now.anything_drawn != told.anything_drawn)
      frames_wanted_ = std::max(frames_wanted_, 1);
  }
  told_.clear();
  if (slides_->adjustments_not_shown() && !std::exchange(told_not_shown_, true)) {
    apply(model::intent::AdjustmentsNotShown{});
    frames_wanted_ = std::max(frames_wanted_, kSettleFrames);
  }
  if (slides_->uploads_waiting()) frames_wanted_ = std::max(frames_wanted_, 1);
}

// The panes are drawn, the interface is not yet: adds the scale bar alone, takes the pane's pixels. The frame
// is then drawn anew.
void App::export_view() {
  const model::effect::ExportView wish = exports_.front();
  exports_.erase(exports_.begin());
  frames_wanted_ = std::max(frames_wanted_, 1);
  const ui::CaptureState& capture = ui_state_.capture;
  if (!capture.overlay) {  // the pane has gone
    apply(model::intent::ViewExported{wish.target, false, {}});
    return;
  }
  const int height = window_->framebuffer_height();
  ImDrawList* list = capture.overlay.get();
  ImDrawData overlay = *ImGui::GetDrawData();
  overlay.CmdLists = &list;
  overlay.CmdListsCount = 1;
  overlay.TotalIdxCount = list->IdxBuffer.Size;
  overlay.TotalVtxCount = list->VtxBuffer.Size;
  glViewport(0, 0, window_->framebuffer_width(), height);
  ImGui_ImplOpenGL3_RenderDrawData(&overlay);

  const auto whole = [](float v) { return static_cast<int>(std::lround(v)); };
  ViewPicture picture;
  picture.width = whole(capture.rect.width());
  picture.height = whole(capture.rect.height());
  picture.rgb.resize(size_t{3} * static_cast<size_t>(picture.width) * static_cast<size_t>(picture.height));
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadPixels(whole(capture.rect.x0), height - whole(capture.rect.y1), picture.width, picture.height, GL_RGB,
               GL_UNSIGNED_BYTE, picture.rgb.data());
  exporter_->take(std::move(picture), wish.target);
}

void App::report_widgets() {
  if (!widget_report_) return;
  const float ratio =
      static_cast<float>(window_->framebuffer_width()) / static_cast<float>(std::max(1, window_->width()));
  widget_report_->write(frame_count_, idle(), model_, ui_state_.widgets, ratio);
}

// The draft and the lease go out before the window does, if the server answers; the outbox keeps what it did
// not take.
void App::say_goodbye() {
  window_->hide();
  const int64_t deadline = steady_us() + 1'500'000;
  apply(model::intent::Quit{});
  while (!model_.pending.empty() && model_.connection.link == model::Link::Connected &&
         steady_us() < deadline) {
    window_->wait(0.05);
    drain();
  }
  if (saving_.valid()) saving_.wait();
  save_settings();
  if (!options_.frame_stats.empty()) (void)replace_file(options_.frame_stats, stats_.json() + "\n");
}

}  // namespace hada::app
