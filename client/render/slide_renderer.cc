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
// Display pixels; slanted parts reach over their neighbours by this much.
constexpr double kOverlap = 1.0 / 64;

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
  if (!aligns || !v.axis_aligned()) return v;
  const model::PointD origin = v.to_display({0, 0});
  const model::PointD shift = v.orientation().undo(
      {(origin.x - std::round(origin.x)) / v.zoom, (origin.y - std::round(origin.y)) / v.zoom});
  v.centre.x += shift.x;
  v.centre.y += shift.y;
  return v;
}

Result<std::unique_ptr<SlideRenderer>> SlideRenderer::create() {
  ASSIGN_OR_RETURN(auto programs, SlidePrograms::create());
  ASSIGN_OR_RETURN(Program ground, make_program(embedded::pane_ground_vert(), embedded::pane_ground_frag()));
  return std::unique_ptr<SlideRenderer>(new SlideRenderer(std::move(programs), std::move(ground)));
}

SlideRenderer::SlideRenderer(std::unique_ptr<SlidePrograms> programs, Program ground)
    : programs_(std::move(programs)),
      ground_(std::move(ground)),
      ground_corners_(glGetUniformLocation(ground_.get(), "corners")),
      ground_colour_(glGetUniformLocation(ground_.get(), "ground")),
      vertex_array_(make_vertex_array()),
      plain_(make_vertex_array()),
      instances_(make_buffer()),
      nearest_(make_tile_sampler(GL_NEAREST, GL_NEAREST)),
      linear_(make_tile_sampler(GL_LINEAR, GL_LINEAR)),
      half_(make_tile_sampler(GL_LINEAR_MIPMAP_NEAREST, GL_LINEAR)),
      blended_(make_tile_sampler(GL_LINEAR_MIPMAP_LINEAR, GL_LINEAR)) {
  glSamplerParameterf(half_.get(), GL_TEXTURE_MIN_LOD, 1);
  glBindVertexArray(vertex_array_.get());
  glBindBuffer(GL_ARRAY_BUFFER, instances_.get());
  for (GLuint i = 0; i < 4; ++i) {
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
  if (pane.pyramid && !pane.pyramid->empty()) {
    draw_ground(pane, framebuffer_height);
    collect_batches(pane, plan);
    glViewport(box.x, framebuffer_height - box.y - box.height, box.width, box.height);
    glScissor(box.x, framebuffer_height - box.y - box.height, box.width, box.height);
    draw_batches(pane);
    adjustments_not_shown_ |= !batches_.empty() && programs_->fell_back();
  }
  glDisable(GL_SCISSOR_TEST);
}

void SlideRenderer::rehearse(const SlidePane& pane, const std::vector<tiles::DrawItem>& plan,
                             int framebuffer_height) {
  const PixelBox& box = pane.box;
  if (box.width <= 0 || box.height <= 0 || !pane.pyramid || pane.pyramid->empty()) return;
  collect_batches(pane, plan);
  glViewport(box.x, framebuffer_height - box.y - box.height, box.width, box.height);
  glEnable(GL_SCISSOR_TEST);
  glScissor(box.x + box.width / 2, framebuffer_height - box.y - box.height / 2, 1, 1);
  draw_batches(pane);
  glDisable(GL_SCISSOR_TEST);
}

void SlideRenderer::collect_batches(const SlidePane& pane, const std::vector<tiles::DrawItem>& plan) {
  const model::Viewport& v = pane.viewport;
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
    // Neighbours compute a shared corner from the same image point, so no crack opens between them. Where
    // small tiles meet the middle of a larger one's edge, a slanted edge may open by the rasteriser's
    // rounding: there the parts overlap by a little.
    const double margin = v.axis_aligned() ? 0 : kOverlap / v.zoom;
    const contract::RectD area = {item.area.x0 - margin, item.area.y0 - margin, item.area.x1 + margin,
                                  item.area.y1 + margin};
    const model::PointD corners[] = {v.to_display({area.x0, area.y0}), v.to_display({area.x1, area.y0}),
                                     v.to_display({area.x0, area.y1}), v.to_display({area.x1, area.y1})};
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
                        {{f(corners[0].x), f(corners[0].y), f(corners[1].x), f(corners[1].y)},
                         {f(corners[2].x), f(corners[2].y), f(corners[3].x), f(corners[3].y)},
                         {f(area.x0 * sx - x), f(area.y0 * sy - y), f(area.x1 * sx - x), f(area.y1 * sy - y)},
                         {f(extent.width), f(extent.height), f(place->layer), f(reach)}}});
  }
}

// The slide's own background under its tiles.
void SlideRenderer::draw_ground(const SlidePane& pane, int framebuffer_height) {
  const PixelBox& box = pane.box;
  const model::Viewport& v = pane.viewport;
  const model::PointD corners[] = {v.to_display({0, 0}), v.to_display({v.image_width, 0}),
                                   v.to_display({0, v.image_height}),
                                   v.to_display({v.image_width, v.image_height})};
  if (v.axis_aligned()) {
    const model::PointD &a = corners[0], &b = corners[3];
    // Only pixels whose middle is well inside the image: where its edge runs through a middle, the rasteriser
    // decides for the tiles, by rules that differ between a window and a texture.
    constexpr double kDoubt = 1.0 / 64;
    const auto edge = [](double x, double doubt, int size) {
      return static_cast<int>(std::clamp(std::ceil(x - 0.5 + doubt), 0.0, static_cast<double>(size)));
    };
    const int left = edge(std::min(a.x, b.x), kDoubt, box.width),
              top = edge(std::min(a.y, b.y), kDoubt, box.height);
    const int right = edge(std::max(a.x, b.x), -kDoubt, box.width),
              bottom = edge(std::max(a.y, b.y), -kDoubt, box.height);
    return fill({box.x + left, box.y + top, right - left, bottom - top}, framebuffer_height, pane.background);
  }
  float clip[8];
  for (size_t i = 0; i < 4; ++i) {
    clip[2 * i] = static_cast<float>(corners[i].x / box.width * 2 - 1);
    clip[2 * i + 1] = static_cast<float>(1 - corners[i].y / box.height * 2);
  }
  glViewport(box.x, framebuffer_height - box.y - box.height, box.width, box.height);
  glDisable(GL_BLEND);
  glDisable(GL_DEPTH_TEST);
  glDisable(GL_CULL_FACE);
  glUseProgram(ground_.get());
  glUniform2fv(ground_corners_, 4, clip);
  glUniform3f(ground_colour_, pane.background.red, pane.background.green, pane.background.blue);
  glBindVertexArray(plain_.get());
  glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
  glBindVertexArray(0);
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
  const SlidePrograms::Uniforms& uniforms = programs_->use(pane.adjustments);
  glUniform2f(uniforms.pane_size, static_cast<float>(pane.box.width), static_cast<float>(pane.box.height));
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
    const size_t offsets[] = {offsetof(Instance, upper), offsetof(Instance, lower), offsetof(Instance, part),
                              offsetof(Instance, slot)};
    for (GLuint i = 0; i < 4; ++i) {
      glVertexAttribPointer(
          i, 4, GL_FLOAT, GL_FALSE, sizeof(Instance),
          reinterpret_cast<const void*>(base + offsets[i]));  // NOLINT: GL's way to pass an offset
    }
    glBindTexture(GL_TEXTURE_2D_ARRAY, batch.page->texture.get());
    glBindSampler(0, sampler(batch.filter).get());
    glUniform2f(uniforms.texture_size, static_cast<float>(batch.page->width),
                static_cast<float>(batch.page->height));
    glDrawArraysInstanced(GL_TRIANGLE_STRIP, 0, 4, static_cast<GLsizei>(end - first));
    first = end;
  }
  glBindSampler(0, 0);
  glBindVertexArray(0);
}

}  // namespace hada::render
