#include "tests/support/ui_driver.h"

#include <X11/XKBlib.h>
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/XTest.h>
#include <X11/keysym.h>
#include <png.h>
#include <signal.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "tests/support/server_process.h"

namespace hada::support {
namespace {

using namespace std::chrono_literals;

// The window manager's part, since there is none: the largest mapped top-level window is ours.
Window find_window(Display* display) {
  Window root = 0, parent = 0, *children = nullptr;
  unsigned count = 0;
  Window best = 0;
  int best_area = 0;
  if (XQueryTree(display, DefaultRootWindow(display), &root, &parent, &children, &count) == 0) return 0;
  // A window that goes away meanwhile is an error, by which Xlib would end the test.
  const XErrorHandler before = XSetErrorHandler([](Display*, XErrorEvent*) { return 0; });
  for (unsigned i = 0; i < count; ++i) {
    XWindowAttributes attributes;
    if (XGetWindowAttributes(display, children[i], &attributes) == 0) continue;
    if (attributes.map_state != IsViewable || attributes.width * attributes.height <= best_area) continue;
    best = children[i];
    best_area = attributes.width * attributes.height;
  }
  XSetErrorHandler(before);
  if (children != nullptr) XFree(children);
  return best;
}

}  // namespace

Xvfb::Xvfb(int width, int height) {
  // A shell, because -displayfd wants a file descriptor that the program inherits.
  const std::string screen = std::to_string(width) + "x" + std::to_string(height) + "x24";
  const std::string number = (dir_ / "display").string();
  process_ = std::make_unique<Process>(ProcessOptions{
      {"sh", "-c",
       "exec Xvfb -displayfd 9 -screen 0 " + screen + " -nolisten tcp +extension GLX 9>" + number},
      {},
      {},
      dir_ / "xvfb.log"});
  const auto ready = [&] {
    display_ = read_file(number);
    return display_.ends_with("\n") || !process_->running();
  };
  if (!eventually(ready, 20s) || !process_->running())
    throw std::runtime_error("Xvfb did not start: " + read_file(dir_ / "xvfb.log"));
  display_ = ":" + display_.substr(0, display_.size() - 1);
}

const Widget* WidgetSnapshot::find(const std::string& name) const {
  for (const Widget& widget : widgets)
    if (widget.name == name) return &widget;
  return nullptr;
}

UiDriver::UiDriver(const Xvfb& xvfb, const std::string& server_address,
                   std::vector<std::string> extra_arguments) {
  std::vector<std::string> arguments = {program("hada"),
                                        "--server",
                                        server_address,
                                        "--settings",
                                        (dir_ / "settings.json").string(),
                                        "--widget-log",
                                        (dir_ / "widgets.json").string()};
  arguments.insert(arguments.end(), extra_arguments.begin(), extra_arguments.end());
  process_ = std::make_unique<Process>(ProcessOptions{
      arguments, {{"DISPLAY", xvfb.display()}, {"LIBGL_ALWAYS_SOFTWARE", "1"}}, {}, dir_ / "hada.log"});
  display_ = XOpenDisplay(xvfb.display().c_str());
  if (display_ == nullptr) throw std::runtime_error("cannot open display " + xvfb.display());
  const auto shown = [&] {
    window_ = find_window(display_);
    return (window_ != 0 && std::filesystem::exists(dir_ / "widgets.json")) || !process_->running();
  };
  if (!eventually(shown, 30s) || !process_->running())
    throw std::runtime_error("the workstation did not open a window: " + log());
  XSetInputFocus(display_, window_, RevertToPointerRoot, CurrentTime);
  XSync(display_, False);
}

UiDriver::~UiDriver() {
  if (process_->running() && !close(10s)) kill9();
  if (display_ != nullptr) XCloseDisplay(display_);
}

WidgetSnapshot UiDriver::snapshot() const {
  WidgetSnapshot snapshot;
  const auto json = nlohmann::json::parse(read_file(dir_ / "widgets.json"), nullptr, false);
  if (json.is_discarded()) return snapshot;
  snapshot.frame = json.value("frame", int64_t{0});
  snapshot.idle = json.value("idle", false);
  snapshot.language = json.value("language", "");
  snapshot.screen = json.value("screen", "");
  for (const auto& w : json["widgets"])
    snapshot.widgets.push_back({w.value("name", ""), w.value("x", 0.0), w.value("y", 0.0), w.value("w", 0.0),
                                w.value("h", 0.0), w.value("enabled", true), w.value("text", "")});
  return snapshot;
}

bool UiDriver::visible(const std::string& widget) const { return snapshot().find(widget) != nullptr; }

std::string UiDriver::first_with_prefix(const std::string& prefix) const {
  for (const Widget& widget : snapshot().widgets)
    if (widget.name.starts_with(prefix)) return widget.name;
  return {};
}

Widget UiDriver::wait_for(const std::string& widget, std::chrono::milliseconds timeout) const {
  Widget found;
  const auto there = [&] {
    const WidgetSnapshot now = snapshot();
    const Widget* w = now.find(widget);
    if (w != nullptr) found = *w;
    return w != nullptr || !process_->running();
  };
  if (eventually(there, timeout) && process_->running()) return found;
  std::string names;
  for (const Widget& w : snapshot().widgets) names += " " + w.name;
  throw std::runtime_error("waited for widget " + widget + "; on screen are:" + names + "\n" + log());
}

Widget UiDriver::wait_enabled(const std::string& widget, std::chrono::milliseconds timeout) const {
  Widget found = wait_for(widget, timeout);
  const auto enabled = [&] {
    const WidgetSnapshot now = snapshot();
    const Widget* w = now.find(widget);
    if (w != nullptr) found = *w;
    return w != nullptr && w->enabled;
  };
  if (!eventually(enabled, timeout))
    throw std::runtime_error("widget " + widget + " stayed disabled: " + found.text);
  return found;
}

void UiDriver::wait_gone(const std::string& widget, std::chrono::milliseconds timeout) const {
  if (!eventually([&] { return !visible(widget); }, timeout))
    throw std::runtime_error("widget " + widget + " did not go away");
}

void UiDriver::wait_idle(std::chrono::milliseconds timeout) const {
  int calm = 0;
  const auto idle = [&] {
    calm = snapshot().idle ? calm + 1 : 0;
    if (calm < 10) std::this_thread::sleep_for(15ms);
    return calm >= 10;
  };
  if (!eventually(idle, timeout)) throw std::runtime_error("the workstation did not become idle");
}

// Lets the program take the event and draw: ImGui needs the press and the release in different frames.
void UiDriver::settle() const {
  XSync(display_, False);
  std::this_thread::sleep_for(60ms);
}

void UiDriver::move_to(double x, double y) {
  Window child = 0;
  int root_x = 0, root_y = 0;
  XTranslateCoordinates(display_, window_, DefaultRootWindow(display_), static_cast<int>(x),
                        static_cast<int>(y), &root_x, &root_y, &child);
  XTestFakeMotionEvent(display_, -1, root_x, root_y, CurrentTime);
  settle();
}

void UiDriver::click_at(double x, double y) {
  move_to(x, y);
  XTestFakeButtonEvent(display_, 1, True, CurrentTime);
  settle();
  XTestFakeButtonEvent(display_, 1, False, CurrentTime);
  settle();
}

void UiDriver::double_click_at(double x, double y) {
  move_to(x, y);
  for (int i = 0; i < 2; ++i) {
    XTestFakeButtonEvent(display_, 1, True, CurrentTime);
    settle();
    XTestFakeButtonEvent(display_, 1, False, CurrentTime);
    settle();
  }
}

void UiDriver::click(const std::string& widget) {
  Widget w = wait_enabled(widget);
  // A panel that is still being laid out moves its widgets for a frame or two.
  for (int i = 0; i < 20; ++i) {
    std::this_thread::sleep_for(30ms);
    const Widget again = wait_enabled(widget);
    const bool still = again.x == w.x && again.y == w.y && again.w == w.w;
    w = again;
    if (still) break;
  }
  click_at(w.x + w.w / 2, w.y + w.h / 2);
}

void UiDriver::drag(double x0, double y0, double x1, double y1) {
  constexpr int kSteps = 8;
  std::vector<std::pair<double, double>> way;
  for (int i = 0; i <= kSteps; ++i) way.push_back({x0 + (x1 - x0) * i / kSteps, y0 + (y1 - y0) * i / kSteps});
  drag(way);
}

void UiDriver::drag(const std::vector<std::pair<double, double>>& way) {
  move_to(way.front().first, way.front().second);
  XTestFakeButtonEvent(display_, 1, True, CurrentTime);
  settle();
  for (size_t i = 1; i < way.size(); ++i) move_to(way[i].first, way[i].second);
  XTestFakeButtonEvent(display_, 1, False, CurrentTime);
  settle();
}

void UiDriver::middle_button(bool down) {
  XTestFakeButtonEvent(display_, 2, down ? True : False, CurrentTime);
  settle();
}

void UiDriver::wheel(int clicks) {
  const unsigned button = clicks > 0 ? 4 : 5;
  for (int i = 0; i < std::abs(clicks); ++i) {
    XTestFakeButtonEvent(display_, button, True, CurrentTime);
    XTestFakeButtonEvent(display_, button, False, CurrentTime);
    settle();
  }
}

void UiDriver::send_key(unsigned long keysym, bool down) {
  const KeyCode code = XKeysymToKeycode(display_, keysym);
  if (code == 0) throw std::runtime_error("no key for keysym " + std::to_string(keysym));
  XTestFakeKeyEvent(display_, code, down ? True : False, CurrentTime);
}

void UiDriver::stroke(char c, std::chrono::milliseconds pause) {
  // For Latin-1 the keysym is the character.
  const KeySym keysym = c == '\n'   ? XK_Return
                        : c == '\t' ? XK_Tab
                                    : static_cast<KeySym>(static_cast<unsigned char>(c));
  const KeyCode code = XKeysymToKeycode(display_, keysym);
  const bool shift = XkbKeycodeToKeysym(display_, code, 0, 0) != keysym;
  if (shift) send_key(XK_Shift_L, true);
  send_key(keysym, true);
  XSync(display_, False);
  std::this_thread::sleep_for(pause);
  send_key(keysym, false);
  if (shift) send_key(XK_Shift_L, false);
  XSync(display_, False);
  std::this_thread::sleep_for(pause);
}

void UiDriver::type(const std::string& text) {
  for (const char c : text) stroke(c, 25ms);
  settle();
}

void UiDriver::type_at_once(const std::string& text) {
  for (const char c : text) stroke(c, 0ms);
  settle();
}

namespace {

KeySym keysym_of(const std::string& name) {
  if (name == "ctrl") return XK_Control_L;
  if (name == "shift") return XK_Shift_L;
  if (name == "alt") return XK_Alt_L;
  return XStringToKeysym(name.c_str());
}

}  // namespace

void UiDriver::hold(const std::string& key, bool down) {
  send_key(keysym_of(key), down);
  settle();
}

void UiDriver::key(const std::string& combination) {
  std::vector<KeySym> keys;
  size_t begin = 0;
  while (begin <= combination.size()) {
    const size_t end = std::min(combination.find('+', begin), combination.size());
    keys.push_back(keysym_of(combination.substr(begin, end - begin)));
    begin = end + 1;
  }
  for (const KeySym k : keys) {
    send_key(k, true);
    settle();
  }
  for (auto k = keys.rbegin(); k != keys.rend(); ++k) send_key(*k, false);
  settle();
}

void UiDriver::fill(const std::string& widget, const std::string& text) {
  click(widget);
  key("ctrl+a");
  type(text);
}

void UiDriver::resize_window(int width, int height) {
  XResizeWindow(display_, window_, static_cast<unsigned>(width), static_cast<unsigned>(height));
  XSync(display_, False);
}

void UiDriver::set_window_state(long state) {
  const Atom wm_state = XInternAtom(display_, "WM_STATE", False);
  const long value[] = {state, None};
  XChangeProperty(display_, window_, wm_state, wm_state, 32, PropModeReplace,
                  reinterpret_cast<const unsigned char*>(value), 2);
}

void UiDriver::minimise_window() {
  set_window_state(IconicState);
  XUnmapWindow(display_, window_);
  XSync(display_, False);
}

void UiDriver::restore_window() {
  set_window_state(NormalState);
  XMapWindow(display_, window_);
  XSync(display_, False);
  settle();
  XSetInputFocus(display_, window_, RevertToPointerRoot, CurrentTime);
  XSync(display_, False);
}

void UiDriver::lose_context() {
  const Window before = window_;
  process_->signal(SIGUSR1);
  const auto renewed = [&] {
    window_ = find_window(display_);
    return window_ != 0 && window_ != before;
  };
  if (!eventually(renewed, 20s)) throw std::runtime_error("no new window came: " + log());
  XSetInputFocus(display_, window_, RevertToPointerRoot, CurrentTime);
  XSync(display_, False);
}

void UiDriver::screenshot(const std::filesystem::path& png) const {
  std::filesystem::create_directories(png.parent_path());
  XWindowAttributes attributes;
  XGetWindowAttributes(display_, DefaultRootWindow(display_), &attributes);
  const unsigned width = static_cast<unsigned>(attributes.width);
  const unsigned height = static_cast<unsigned>(attributes.height);
  XImage* image = XGetImage(display_, DefaultRootWindow(display_), 0, 0, width, height, AllPlanes, ZPixmap);
  if (image == nullptr) throw std::runtime_error("cannot take a screenshot");
  std::vector<unsigned char> rgb(size_t{3} * width * height);
  for (unsigned y = 0; y < height; ++y) {
    const auto* row = reinterpret_cast<const unsigned char*>(image->data) +
                      static_cast<size_t>(y) * static_cast<size_t>(image->bytes_per_line);
    for (unsigned x = 0; x < width; ++x)
      for (unsigned c = 0; c < 3; ++c) rgb[(size_t{y} * width + x) * 3 + c] = row[size_t{4} * x + 2 - c];
  }
  XDestroyImage(image);
  png_image out{};
  out.version = PNG_IMAGE_VERSION;
  out.width = width;
  out.height = height;
  out.format = PNG_FORMAT_RGB;
  if (png_image_write_to_file(&out, png.c_str(), 0, rgb.data(), 0, nullptr) == 0)
    throw std::runtime_error("cannot write " + png.string());
}

std::optional<int> UiDriver::close(std::chrono::milliseconds timeout) {
  process_->signal(SIGTERM);
  return process_->wait(timeout);
}

void UiDriver::kill9() {
  process_->signal(SIGKILL);
  process_->wait(10s);
}

}  // namespace hada::support
