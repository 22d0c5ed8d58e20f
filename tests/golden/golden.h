#pragma once

// Pictures drawn offscreen and compared with PNG files in this folder. A difference beyond the tolerance
// fails and leaves <name>.actual.png and <name>.diff.png in <build>/golden/. HADA_UPDATE_GOLDEN=1 writes the
// files anew: look at them before committing.

#define GLFW_INCLUDE_NONE  // render/gl.h brings OpenGL
#include <GLFW/glfw3.h>
#include <doctest/doctest.h>
#include <png.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "client/render/gl.h"
#include "tests/support/paths.h"

namespace hada::golden {

// RGBA rows from the top.
struct Picture {
  int width = 0, height = 0;
  std::vector<uint8_t> rgba;
  const uint8_t* at(int x, int y) const {
    return rgba.data() + 4 * (static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x));
  }
};

// A hidden window's context and a framebuffer of a given size. ok() is false where there is no display.
class Offscreen {
 public:
  Offscreen(int width, int height) : width_(width), height_(height) {
    // Once in the process: an X server whose last client leaves starts anew, and may miss the next.
    static const bool started = glfwInit() == GLFW_TRUE;
    if (!started) return;
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    glfwWindowHint(GLFW_VISIBLE, GLFW_FALSE);
    window_ = glfwCreateWindow(64, 64, "golden", nullptr, nullptr);
    if (!window_) return;
    glfwMakeContextCurrent(window_);
    colour_ = render::make_texture();
    glBindTexture(GL_TEXTURE_2D, colour_.get());
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
    framebuffer_ = render::make_framebuffer();
    glBindFramebuffer(GL_FRAMEBUFFER, framebuffer_.get());
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, colour_.get(), 0);
    glViewport(0, 0, width, height);
    clear(0x204080);
  }
  ~Offscreen() {
    framebuffer_ = {};
    colour_ = {};
    if (window_) glfwDestroyWindow(window_);
  }
  Offscreen(const Offscreen&) = delete;
  Offscreen& operator=(const Offscreen&) = delete;

  bool ok() const { return window_ != nullptr; }
  int height() const { return height_; }

  void clear(uint32_t rgb) {
    const auto part = [rgb](int shift) { return static_cast<float>(rgb >> shift & 0xFF) / 255; };
    glClearColor(part(16), part(8), part(0), 1);
    glClear(GL_COLOR_BUFFER_BIT);
  }

  Picture read() const {
    Picture picture{width_, height_, {}};
    const size_t row = size_t{4} * static_cast<size_t>(width_);
    std::vector<uint8_t> from_below(row * static_cast<size_t>(height_));
    glPixelStorei(GL_PACK_ALIGNMENT, 1);
    glReadPixels(0, 0, width_, height_, GL_RGBA, GL_UNSIGNED_BYTE, from_below.data());
    picture.rgba.resize(from_below.size());
    for (int y = 0; y < height_; ++y)
      std::memcpy(picture.rgba.data() + row * static_cast<size_t>(y),
                  from_below.data() + row * static_cast<size_t>(height_ - 1 - y), row);
    return picture;
  }

 private:
  int width_, height_;
  GLFWwindow* window_ = nullptr;
  render::Texture colour_;
  render::Framebuffer framebuffer_;
};

inline bool write_png(const std::filesystem::path& path, const Picture& picture) {
  std::filesystem::create_directories(path.parent_path());
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(picture.width);
  image.height = static_cast<png_uint_32>(picture.height);
  image.format = PNG_FORMAT_RGBA;
  return png_image_write_to_file(&image, path.c_str(), 0, picture.rgba.data(), 0, nullptr) != 0;
}

inline bool read_png(const std::filesystem::path& path, Picture& picture) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  if (!png_image_begin_read_from_file(&image, path.c_str())) return false;
  image.format = PNG_FORMAT_RGBA;
  picture.width = static_cast<int>(image.width);
  picture.height = static_cast<int>(image.height);
  picture.rgba.resize(PNG_IMAGE_SIZE(image));
  return png_image_finish_read(&image, nullptr, picture.rgba.data(), 0, nullptr) != 0;
}

// Drivers filter differently in the last bits: a channel may differ by 6 everywhere, and by more in one pixel
// of a thousand.
inline void check_golden(const std::string& name, const Picture& actual) {
  constexpr int kChannelTolerance = 6;
  const std::filesystem::path file =
      std::filesystem::path(support::source_dir()) / "tests/golden" / (name + ".png");
  if (const char* update = std::getenv("HADA_UPDATE_GOLDEN"); update && std::string(update) == "1") {
    REQUIRE(write_png(file, actual));
    MESSAGE("wrote ", file.string());
    return;
  }
  Picture expected;
  REQUIRE_MESSAGE(read_png(file, expected), "no golden picture ", file.string());
  REQUIRE(expected.width == actual.width);
  REQUIRE(expected.height == actual.height);
  Picture diff = actual;
  size_t wrong = 0;
  int worst = 0;
  for (size_t i = 0; i < actual.rgba.size(); i += 4) {
    int most = 0;
    for (size_t c = 0; c < 3; ++c) most = std::max(most, std::abs(actual.rgba[i + c] - expected.rgba[i + c]));
    worst = std::max(worst, most);
    wrong += most > kChannelTolerance;
    const uint8_t shade = static_cast<uint8_t>(std::min(255, most * 16));
    diff.rgba[i] = shade;
    diff.rgba[i + 1] = diff.rgba[i + 2] = static_cast<uint8_t>(most > kChannelTolerance ? 0 : shade);
  }
  const bool same = wrong * 1000 <= actual.rgba.size() / 4;
  if (!same) {
    const std::filesystem::path out = std::filesystem::path(support::build_dir()) / "golden";
    write_png(out / (name + ".actual.png"), actual);
    write_png(out / (name + ".diff.png"), diff);
  }
  CHECK_MESSAGE(same, name, ": ", wrong, " pixels differ, the worst by ", worst, "; see ",
                support::build_dir(), "/golden");
}

}  // namespace hada::golden
