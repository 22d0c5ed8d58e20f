#include "client/render/sample.h"

#include <array>
#include <cstdint>

namespace hada::render {

Colour sample(SlideRenderer& renderer, SlidePane pane, const std::vector<tiles::DrawItem>& plan, int x,
              int y) {
  constexpr int kSide = 5;
  GLint before = 0;
  glGetIntegerv(GL_DRAW_FRAMEBUFFER_BINDING, &before);
  const Texture texture = make_texture();
  glBindTexture(GL_TEXTURE_2D, texture.get());
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, kSide, kSide, 0, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
  const Framebuffer framebuffer = make_framebuffer();
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer.get());
  glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, texture.get(), 0);

  // The whole pane, placed so that only this part of it falls into the framebuffer.
  pane.box.x = kSide / 2 - x;
  pane.box.y = kSide / 2 - y;
  pane.adjustments = {};
  renderer.draw(pane, plan, kSide);
  std::array<uint8_t, size_t{4} * kSide * kSide> rgba{};
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadPixels(0, 0, kSide, kSide, GL_RGBA, GL_UNSIGNED_BYTE, rgba.data());
  glBindFramebuffer(GL_FRAMEBUFFER, static_cast<GLuint>(before));

  std::array<int, 3> sums{};
  for (size_t i = 0; i < rgba.size(); ++i)
    if (i % 4 != 3) sums[i % 4] += rgba[i];
  const auto mean = [](int sum) { return static_cast<float>(sum) / (255 * kSide * kSide); };
  return {mean(sums[0]), mean(sums[1]), mean(sums[2])};
}

}  // namespace hada::render
