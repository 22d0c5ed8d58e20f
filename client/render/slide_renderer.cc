#include "client/render/slide_renderer.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "client/render/shader.h"
#include "embedded/hada_shaders.h"

namespace hada::render {
namespace {

// From here on a reader wants to see the pixels, not an interpolation.
constexpr double kNearestZoom = 4;
// From this many texels per display pixel on, the linear filter misses texels that show: half sizes serve.
constexpr double kReducedFrom = 1.5;

void fill(const PixelBox& box, int framebuffer_height, const Colour& colour) {
  if (box.width <= 0 || box.height <= 0) return;
  glScissor(box.x, framebuffer_height - box.y - box.height, box.width, box.height);
  glClearColor(colour.red, colour.green, colour.blue, 1);
  glClear(GL_COLOR_BUFFER_BIT);
}

Sampler make_tile_sampler(GLint minify, GLint magnify) {
  Sampler sampler = make_sampler();
  glSamplerParameteri(sampler.get(), GL_TEXTURE_MIN_FILTER, minify);
  glSamplerParameteri(sampler.get(), GL_TEXTURE_MAG_FILTER, magnify);
  glSamplerParameteri(sampler.get(), GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glSamplerParameteri(sampler.get(), GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  return sampler;
}

}  // namespace

model::Viewport pixel_aligned(model::Viewport v, const contract::Pyramid& pyramid) {
  const auto whole = [](double x) { return x > 0.5 && std::abs(x - std::round(x)) < 1e-6; };
  const bool aligns = std::any_of(pyramid.begin(), pyramid.end(), [&](const contract::PyramidLevel& level) {
    return whole(v.zoom * level.downsample);
  });
  if (!aligns) return v;
  const model::PointD origin = v.to_display({0, 0});
  v.centre.x += (origin.x - std::round(origin.x)) / v.zoom;
  v.centre.y += (origin.y - std::round(origin.y)) / v.zoom;
  return v;
}

Result<std::unique_ptr<SlideRenderer>> SlideRenderer::create() {
  ASSIGN_OR_RETURN(Program program, make_program(embedded::slide_tile_vert(), embedded::slide_tile_frag()));
  return std::unique_ptr<SlideRenderer>(new SlideRenderer(std::move(program)));
}

SlideRenderer::SlideRenderer(Program program)
    : program_(std::move(program)),
      pane_size_(glGetUniformLocation(program_.get(), "pane_size")),
      texture_size_(glGetUniformLocation(program_.get(), "texture_size")),
      vertex_array_(make_vertex_array()),
      instances_(make_buffer()),
      nearest_(make_tile_sampler(GL_NEAREST, GL_NEAREST)),
      linear_(make_tile_sampler(GL_LINEAR, GL_LINEAR)),
      half_(make_tile_sampler(GL_LINEAR_MIPMAP_NEAREST, GL_LINEAR)),
      blended_(make_tile_sampler(GL_LINEAR_MIPMAP_LINEAR, GL_LINEAR)) {
  glSamplerParameterf(half_.get(), GL_TEXTURE_MIN_LOD, 1);
  glBindVertexArray(vertex_array_.get());
  glBindBuffer(GL_ARRAY_BUFFER, instances_.get());
  for (GLuint i = 0; i < 3; ++i) {
    glEnableVertexAttribArray(i);
    glVertexAttribDivisor(i, 1);
  }
  glBindVertexArray(0);
}

void SlideRenderer::draw(const SlidePane& pane, const std::vector<tiles::DrawItem>& plan,
                         int framebuffer_height) {
  const PixelBox& box = pane.box;
  if (box.width <= 0 || box.height <= 0) return;
  glEnable(GL_SCISSOR_TEST);
  fill(box, framebuffer_height, pane.surround);
  const model::Viewport& v = pane.viewport;
  if (pane.pyramid && !pane.pyramid->empty()) {
    const model::PointD a = v.to_display({0, 0}), b = v.to_display({v.image_width, v.image_height});
    // Only pixels whose middle is well inside the image: where its edge runs through a middle, the rasteriser
    // decides for the tiles, by rules that differ between a window and a texture.
    constexpr double kDoubt = 1.0 / 64;
    const auto edge = [](double x, double doubt, int size) {
      return static_cast<int>(std::clamp(std::ceil(x - 0.5 + doubt), 0.0, static_cast<double>(size)));
    };
    const int left = edge(a.x, kDoubt, box.width), top = edge(a.y, kDoubt, box.height);
    const int right = edge(b.x, -kDoubt, box.width), bottom = edge(b.y, -kDoubt, box.height);
    fill({box.x + left, box.y + top, right - left, bottom - top}, framebuffer_height, pane.background);

    batches_.clear();
    const contract::Pyramid& pyramid = *pane.pyramid;
    for (const tiles::DrawItem& item : plan) {
      const TilePlace* place = textures_.find({pane.image, item.key});
      if (!place) continue;
      const contract::PyramidLevel& level = pyramid[static_cast<size_t>(item.key.level)];
      const double sx = static_cast<double>(level.width) / pyramid.front().width;
      const double sy = static_cast<double>(level.height) / pyramid.front().height;
      const double x = static_cast<double>(item.key.column) * level.tile_width;
      const double y = static_cast<double>(item.key.row) * level.tile_height;
      const model::PointD from = v.to_display({item.area.x0, item.area.y0});
      const model::PointD to = v.to_display({item.area.x1, item.area.y1});
      const contract::TileExtent extent = contract::tile_extent(level, item.key.column, item.key.row);
      const double reduction = sx / v.zoom;  // texels per display pixel
      Filter filter = Filter::Linear;
      double reach = 0.5;
      if (item.key.level == 0 && v.zoom >= kNearestZoom) filter = Filter::Nearest;
      if (reduction >= kReducedFrom && place->levels > 1) {
        filter = place->levels == 2 ? Filter::Half : Filter::Blended;
        reach = 0.5 * std::min(std::exp2(std::ceil(std::log2(reduction))), std::exp2(place->levels - 1));
      }
      const auto f = [](double d) { return static_cast<float>(d); };
      batches_.push_back({place->page,
                          filter,
                          {{f(from.x), f(from.y), f(to.x), f(to.y)},
                           {f(item.area.x0 * sx - x), f(item.area.y0 * sy - y), f(item.area.x1 * sx - x),
                            f(item.area.y1 * sy - y)},
                           {f(extent.width), f(extent.height), f(place->layer), f(reach)}}});
    }
    glViewport(box.x, framebuffer_height - box.y - box.height, box.width, box.height);
    glScissor(box.x, framebuffer_height - box.y - box.height, box.width, box.height);
    draw_batches(pane);
  }
  glDisable(GL_SCISSOR_TEST);
}

const Sampler& SlideRenderer::sampler(Filter filter) const {
  switch (filter) {
    case Filter::Nearest:
      return nearest_;
    case Filter::Linear:
      return linear_;
    case Filter::Half:
      return half_;
    case Filter::Blended:
      break;
  }
  return blended_;
}

void SlideRenderer::draw_batches(const SlidePane& pane) {
  if (batches_.empty()) return;
  std::sort(batches_.begin(), batches_.end(), [](const Batch& a, const Batch& b) {
    return std::pair(a.page, a.filter) < std::pair(b.page, b.filter);
  });
  instance_data_.clear();
  for (const Batch& batch : batches_) instance_data_.push_back(batch.instance);

  glDisable(GL_BLEND);
  glDisable(GL_DEPTH_TEST);
  glDisable(GL_CULL_FACE);
  glUseProgram(program_.get());
  glUniform2f(pane_size_, static_cast<float>(pane.box.width), static_cast<float>(pane.box.height));
  glActiveTexture(GL_TEXTURE0);
  glBindVertexArray(vertex_array_.get());
  glBindBuffer(GL_ARRAY_BUFFER, instances_.get());
  glBufferData(GL_ARRAY_BUFFER, static_cast<GLsizeiptr>(instance_data_.size() * sizeof(Instance)),
               instance_data_.data(), GL_STREAM_DRAW);
  for (size_t first = 0; first < batches_.size();) {
    const Batch& batch = batches_[first];
    size_t end = first;
    while (end < batches_.size() && batches_[end].page == batch.page && batches_[end].filter == batch.filter)
      ++end;
    const size_t base = first * sizeof(Instance);
    const size_t offsets[] = {offsetof(Instance, place), offsetof(Instance, part), offsetof(Instance, slot)};
    for (GLuint i = 0; i < 3; ++i) {
      glVertexAttribPointer(
          i, 4, GL_FLOAT, GL_FALSE, sizeof(Instance),
          reinterpret_cast<const void*>(base + offsets[i]));  // NOLINT: GL's way to pass an offset
    }
    glBindTexture(GL_TEXTURE_2D_ARRAY, batch.page->texture.get());
    glBindSampler(0, sampler(batch.filter).get());
    glUniform2f(texture_size_, static_cast<float>(batch.page->width), static_cast<float>(batch.page->height));
    glDrawArraysInstanced(GL_TRIANGLE_STRIP, 0, 4, static_cast<GLsizei>(end - first));
    first = end;
  }
  glBindSampler(0, 0);
  glBindVertexArray(0);
}

}  // namespace hada::render
