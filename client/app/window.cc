#include "client/app/window.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <algorithm>
#include <utility>

namespace hada::app {
namespace {

Window* of(GLFWwindow* window) { return static_cast<Window*>(glfwGetWindowUserPointer(window)); }

// GLFW names keys by their place on a US keyboard; shortcuts go by the letter that is printed on them.
int printed_key(int key, int scancode) {
  if (key < GLFW_KEY_A || key > GLFW_KEY_Z) return key;
  const char* name = glfwGetKeyName(key, scancode);
  if (!name || name[0] == '\0' || name[1] != '\0') return key;
  if (name[0] >= 'a' && name[0] <= 'z') return GLFW_KEY_A + (name[0] - 'a');
  return key;
}

Unexpected failed(const char* what) {
  const char* detail = nullptr;
  glfwGetError(&detail);
  std::string message = what;
  if (detail) message += std::string(": ") + detail;
  return Unexpected(ErrorCode::Unavailable, "NO_DISPLAY", message);
}

// Hidden, its context current. Null where there is no OpenGL 3.3.
GLFWwindow* make_window(int width, int height, const std::string& title) {
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
  glfwWindowHint(GLFW_DEPTH_BITS, 0);
  glfwWindowHint(GLFW_STENCIL_BITS, 0);
  glfwWindowHint(GLFW_VISIBLE, GLFW_FALSE);
  glfwWindowHint(GLFW_AUTO_ICONIFY, GLFW_FALSE);  // full screen beside a second screen one works on
  glfwWindowHintString(GLFW_X11_CLASS_NAME, "hada");
  glfwWindowHintString(GLFW_X11_INSTANCE_NAME, "hada");
  // A driver that was reset says so to a robust context only; some make none.
  for (const int robustness : {GLFW_LOSE_CONTEXT_ON_RESET, GLFW_NO_ROBUSTNESS}) {
    glfwWindowHint(GLFW_CONTEXT_ROBUSTNESS, robustness);
    GLFWwindow* window = glfwCreateWindow(width, height, title.c_str(), nullptr, nullptr);
    if (!window) continue;
    glfwMakeContextCurrent(window);
    glfwSwapInterval(1);
    glfwSetWindowSizeLimits(window, 800, 500, GLFW_DONT_CARE, GLFW_DONT_CARE);
    return window;
  }
  return nullptr;
}

// Of the current context. The name must be asked for behind its extension: GLX has a pointer for every name.
auto find_reset_status() {
  using Function = unsigned (*)();
  const auto function = [](const char* name) { return reinterpret_cast<Function>(glfwGetProcAddress(name)); };
  if (glfwExtensionSupported("GL_KHR_robustness")) return function("glGetGraphicsResetStatus");
  if (glfwExtensionSupported("GL_ARB_robustness")) return function("glGetGraphicsResetStatusARB");
  return Function{nullptr};
}

}  // namespace

Result<std::unique_ptr<Window>> Window::open(const WindowOptions& options) {
  if (!glfwInit()) return failed("There is no display to open a window on");
  GLFWwindow* window = make_window(options.width, options.height, options.title);
  if (!window) {
    const Unexpected error = failed("A window with OpenGL 3.3 could not be opened");
    glfwTerminate();
    return error;
  }
  if (options.visible) glfwShowWindow(window);
  return std::unique_ptr<Window>(new Window(window, options.title));
}

Window::Window(GLFWwindow* window, std::string title) : title_(std::move(title)) { attach(window); }

void Window::attach(GLFWwindow* window) {
  window_ = window;
  reset_status_ = find_reset_status();
  glfwSetWindowUserPointer(window, this);
  glfwSetCursorPosCallback(window, [](GLFWwindow* w, double x, double y) {
    of(w)->input_.push(input::Move{static_cast<float>(x), static_cast<float>(y)});
  });
  glfwSetCursorEnterCallback(window, [](GLFWwindow* w, int entered) {
    if (!entered) of(w)->input_.push(input::Move{-1e9f, -1e9f});
  });
  glfwSetMouseButtonCallback(window, [](GLFWwindow* w, int button, int action, int) {
    // The press says where it was: without a move before it (another window was above) the position is stale.
    double x = 0, y = 0;
    glfwGetCursorPos(w, &x, &y);
    if (of(w)->input_.empty()) of(w)->input_.push(input::Move{static_cast<float>(x), static_cast<float>(y)});
    of(w)->input_.push(input::Button{button, action == GLFW_PRESS});
  });
  glfwSetScrollCallback(window, [](GLFWwindow* w, double dx, double dy) {
    of(w)->input_.push(input::Wheel{static_cast<float>(dx), static_cast<float>(dy)});
  });
  glfwSetKeyCallback(window, [](GLFWwindow* w, int key, int scancode, int action, int) {
    if (action == GLFW_REPEAT) return;  // ImGui repeats by itself
    const auto held = [w](int a, int b) {
      return glfwGetKey(w, a) == GLFW_PRESS || glfwGetKey(w, b) == GLFW_PRESS;
    };
    of(w)->input_.push(input::Key{
        printed_key(key, scancode), action == GLFW_PRESS, held(GLFW_KEY_LEFT_CONTROL, GLFW_KEY_RIGHT_CONTROL),
        held(GLFW_KEY_LEFT_SHIFT, GLFW_KEY_RIGHT_SHIFT), held(GLFW_KEY_LEFT_ALT, GLFW_KEY_RIGHT_ALT),
        held(GLFW_KEY_LEFT_SUPER, GLFW_KEY_RIGHT_SUPER)});
  });
  glfwSetCharCallback(
      window, [](GLFWwindow* w, unsigned int codepoint) { of(w)->input_.push(input::Text{codepoint}); });
  glfwSetWindowFocusCallback(window, [](GLFWwindow* w, int focused) {
    of(w)->input_.push(input::Focus{focused == GLFW_TRUE});
    of(w)->damaged_ = true;
  });
  glfwSetFramebufferSizeCallback(window, [](GLFWwindow* w, int, int) { of(w)->damaged_ = true; });
  glfwSetWindowRefreshCallback(window, [](GLFWwindow* w) { of(w)->damaged_ = true; });
  glfwSetWindowIconifyCallback(window, [](GLFWwindow* w, int) { of(w)->damaged_ = true; });
  glfwSetWindowContentScaleCallback(window, [](GLFWwindow* w, float, float) { of(w)->damaged_ = true; });
}

Window::~Window() {
  glfwDestroyWindow(window_);
  glfwTerminate();
}

void Window::wait(double timeout_seconds) {
  if (timeout_seconds <= 0) {
    glfwPollEvents();
  } else {
    glfwWaitEventsTimeout(timeout_seconds);
  }
}

void Window::poll() { glfwPollEvents(); }
void Window::wake() { glfwPostEmptyEvent(); }
bool Window::close_wanted() const { return glfwWindowShouldClose(window_) == GLFW_TRUE; }
bool Window::take_damage() { return std::exchange(damaged_, false); }

int Window::framebuffer_width() const {
  int width = 0, height = 0;
  glfwGetFramebufferSize(window_, &width, &height);
  return width;
}

int Window::framebuffer_height() const {
  int width = 0, height = 0;
  glfwGetFramebufferSize(window_, &width, &height);
  return height;
}

int Window::width() const {
  int width = 0, height = 0;
  glfwGetWindowSize(window_, &width, &height);
  return width;
}

int Window::height() const {
  int width = 0, height = 0;
  glfwGetWindowSize(window_, &width, &height);
  return height;
}

bool Window::minimized() const {
  return glfwGetWindowAttrib(window_, GLFW_ICONIFIED) == GLFW_TRUE || framebuffer_width() == 0 ||
         framebuffer_height() == 0;
}

float Window::content_scale() const {
  float x = 1, y = 1;
  glfwGetWindowContentScale(window_, &x, &y);
  return y > 0 ? y : 1;
}

void Window::swap() { glfwSwapBuffers(window_); }
bool Window::context_lost() const { return reset_status_ && reset_status_() != 0; }

Status Window::renew() {
  GLFWmonitor* monitor = glfwGetWindowMonitor(window_);
  const bool maximised = glfwGetWindowAttrib(window_, GLFW_MAXIMIZED) == GLFW_TRUE;
  Box place = windowed_;
  if (!monitor) {
    glfwGetWindowPos(window_, &place.x, &place.y);
    glfwGetWindowSize(window_, &place.width, &place.height);
  }
  GLFWwindow* fresh = make_window(place.width, place.height, title_);
  if (!fresh) return failed("The window could not be opened again");
  glfwDestroyWindow(window_);
  attach(fresh);
  glfwSetWindowPos(fresh, place.x, place.y);
  glfwShowWindow(fresh);
  if (maximised) glfwMaximizeWindow(fresh);
  if (monitor) enter_full_screen(monitor);
  // The old window takes their releases with it.
  for (int button = 0; button < GLFW_MOUSE_BUTTON_LAST; ++button) input_.push(input::Button{button, false});
  input_.push(input::Focus{false});
  input_.push(input::Focus{true});
  damaged_ = true;
  return {};
}

bool Window::full_screen() const { return glfwGetWindowMonitor(window_) != nullptr; }

void Window::toggle_full_screen() {
  damaged_ = true;
  if (full_screen()) {
    glfwSetWindowMonitor(window_, nullptr, windowed_.x, windowed_.y, windowed_.width, windowed_.height,
                         GLFW_DONT_CARE);
    return;
  }
  Box now;
  glfwGetWindowPos(window_, &now.x, &now.y);
  glfwGetWindowSize(window_, &now.width, &now.height);
  // The screen that holds most of the window.
  int count = 0;
  GLFWmonitor** monitors = glfwGetMonitors(&count);
  GLFWmonitor* best = nullptr;
  long best_area = -1;
  for (int i = 0; i < count; ++i) {
    int x = 0, y = 0;
    glfwGetMonitorPos(monitors[i], &x, &y);
    const GLFWvidmode* mode = glfwGetVideoMode(monitors[i]);
    if (!mode) continue;
    const long across = std::min(now.x + now.width, x + mode->width) - std::max(now.x, x);
    const long down = std::min(now.y + now.height, y + mode->height) - std::max(now.y, y);
    const long area = std::max(across, 0L) * std::max(down, 0L);
    if (area <= best_area) continue;
    best = monitors[i];
    best_area = area;
  }
  if (!best) return;
  windowed_ = now;
  enter_full_screen(best);
}

void Window::enter_full_screen(GLFWmonitor* monitor) {
  if (const GLFWvidmode* mode = glfwGetVideoMode(monitor))
    glfwSetWindowMonitor(window_, monitor, 0, 0, mode->width, mode->height, mode->refreshRate);
}

void Window::hide() { glfwHideWindow(window_); }
void Window::set_clipboard(const std::string& text) { glfwSetClipboardString(window_, text.c_str()); }

}  // namespace hada::app
