#include "client/render/overlay_plates.h"

#include <algorithm>
#include <cmath>

#include "client/render/shader.h"
#include "embedded/hada_shaders.h"

namespace hada::render {
namespace {

using contract::RectD;
using model::PointD;

constexpr int kSide = OverlayRaster::kSide;
constexpr size_t kPlateBytes = size_t{4} * kSide * kSide;
constexpr size_t kMostSets = 12, kMostSpare = 32;

RectD clipped(const RectD& a, const RectD& b) {
  return {std::max(a.x0, b.x0), std::max(a.y0, b.y0), std::min(a.x1, b.x1), std::min(a.y1, b.y1)};
}

// Where the pane shows the image's origin, in whole pixels: plates are shown pixel for pixel.
std::pair<int64_t, int64_t> shift_of(const model::Viewport& viewport) {
  const PointD origin = viewport.to_display({0, 0});
  return {std::llround(origin.x), std::llround(origin.y)};
}

Sampler make_plate_sampler(GLint filter) {
  Sampler sampler = make_sampler();
  glSamplerParameteri(sampler.get(), GL_TEXTURE_MIN_FILTER, filter);
  glSamplerParameteri(sampler.get(), GL_TEXTURE_MAG_FILTER, filter);
  glSamplerParameteri(sampler.get(), GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glSamplerParameteri(sampler.get(), GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  return sampler;
}

}  // namespace

Result<OverlayPlates> OverlayPlates::create(size_t most_bytes) {
  OverlayPlates plates;
  plates.most_bytes_ = most_bytes;
  ASSIGN_OR_RETURN(plates.program_,
                   make_program(embedded::overlay_plate_vert(), embedded::overlay_plate_frag()));
  plates.array_ = make_vertex_array();
  plates.buffer_ = make_buffer();
  glBindVertexArray(plates.array_.get());
  glBindBuffer(GL_ARRAY_BUFFER, plates.buffer_.get());
  glEnableVertexAttribArray(0);
  glVertexAttribPointer(0, 4, GL_FLOAT, GL_FALSE, sizeof(Vertex), nullptr);
  glBindVertexArray(0);
  plates.exact_ = make_plate_sampler(GL_NEAREST);
  plates.stretched_ = make_plate_sampler(GL_LINEAR);
  return plates;
}

OverlayPlates::Set& OverlayPlates::set_of(const std::string& image, const OverlayScale& scale) {
  std::vector<Set>& sets = sets_[image];
  for (Set& set : sets)
    if (set.scale == scale) return set;
  return sets.emplace_back(Set{scale, {}, 0});
}

const OverlayPlates::Plate* OverlayPlates::find(const PlateKey& key) const {
  const auto sets = sets_.find(key.image);
  if (sets == sets_.end()) return nullptr;
  for (const Set& set : sets->second) {
    if (!(set.scale == key.scale)) continue;
    const auto plate = set.plates.find({key.column, key.row});
    return plate == set.plates.end() ? nullptr : &plate->second;
  }
  return nullptr;
}

void OverlayPlates::put(const PlateKey& key, PlatePicture picture, uint64_t frame) {
  drop_old_sets(frame);
  Set& set = set_of(key.image, key.scale);
  set.used_in = frame;
  Plate& plate = set.plates[{key.column, key.row}];
  plate.old = false;
  plate.used_in = frame;
  plate.parts = std::move(picture.parts);
  if (picture.rgba.empty()) {
    if (plate.texture && spare_.size() < kMostSpare) spare_.push_back(std::move(plate.texture));
    plate.texture = {};
    return;
  }
  if (!plate.texture) plate.texture = texture_for(frame);
  glBindTexture(GL_TEXTURE_2D, plate.texture.get());
  glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, kSide, kSide, GL_RGBA, GL_UNSIGNED_BYTE, picture.rgba.data());
}

Texture OverlayPlates::texture_for(uint64_t frame) {
  if (!spare_.empty()) {
    Texture texture = std::move(spare_.back());
    spare_.pop_back();
    return texture;
  }
  if (bytes() + kPlateBytes > most_bytes_)
    if (Texture texture = take_oldest(frame - 1)) return texture;
  Texture texture = make_texture();
  glBindTexture(GL_TEXTURE_2D, texture.get());
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, kSide, kSide, 0, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAX_LEVEL, 0);
  return texture;
}

// The texture of the plate that was not used for longest, nor in this frame or later; that plate is gone.
Texture OverlayPlates::take_oldest(uint64_t before_frame) {
  Set* from = nullptr;
  std::pair<int, int> at;
  uint64_t oldest = before_frame;
  for (auto& [image, sets] : sets_) {
    for (Set& set : sets) {
      for (auto& [place, plate] : set.plates) {
        if (!plate.texture || plate.used_in >= oldest) continue;
        oldest = plate.used_in;
        from = &set;
        at = place;
      }
    }
  }
  if (!from) return {};
  Texture texture = std::move(from->plates[at].texture);
  from->plates.erase(at);
  return texture;
}

void OverlayPlates::drop_old_sets(uint64_t frame) {
  for (auto& [image, sets] : sets_) {
    while (sets.size() > kMostSets) {
      const auto oldest = std::min_element(sets.begin(), sets.end(),
                                           [](const Set& a, const Set& b) { return a.used_in < b.used_in; });
      if (oldest->used_in + 1 >= frame) return;
      for (auto& [place, plate] : oldest->plates)
        if (plate.texture && spare_.size() < kMostSpare) spare_.push_back(std::move(plate.texture));
      sets.erase(oldest);
    }
  }
}

void OverlayPlates::mark_changed(const std::string& image, const std::vector<RectD>* boxes) {
  const auto sets = sets_.find(image);
  if (sets == sets_.end()) return;
  for (Set& set : sets->second) {
    if (!boxes) {
      for (auto& [place, plate] : set.plates) plate.old = true;
      continue;
    }
    const double margin = static_cast<double>(set.scale.line_width) * 4 + 1;
    for (const RectD& box : *boxes) {
      const RectD shown = set.scale.apply(box);
      for (auto& [place, plate] : set.plates) {
        const double x = static_cast<double>(place.first) * kSide,
                     y = static_cast<double>(place.second) * kSide;
        if (x <= shown.x1 + margin && x + kSide >= shown.x0 - margin && y <= shown.y1 + margin &&
            y + kSide >= shown.y0 - margin)
          plate.old = true;
      }
    }
  }
}

std::vector<OverlayPlates::Cell> OverlayPlates::cells(const View& view, int around) {
  const model::Viewport& v = view.viewport;
  const std::pair<int64_t, int64_t> shift = shift_of(v);
  const int64_t shift_x = shift.first, shift_y = shift.second;
  const auto first = [&](int64_t from) {
    return static_cast<int>(std::floor(static_cast<double>(-from) / kSide)) - around;
  };
  const auto last = [&](int64_t from, int size) {
    return static_cast<int>(std::floor(static_cast<double>(size - 1 - from) / kSide)) + around;
  };
  const RectD image{0, 0, v.image_width, v.image_height};
  std::vector<Cell> cells;
  for (int row = first(shift_y); row <= last(shift_y, view.box.height); ++row) {
    for (int column = first(shift_x); column <= last(shift_x, view.box.width); ++column) {
      Cell cell{column, row, {}, {}};
      const int64_t x = int64_t{column} * kSide + shift_x, y = int64_t{row} * kSide + shift_y;
      const auto in = [](int64_t at, int size) { return static_cast<int>(std::clamp<int64_t>(at, 0, size)); };
      const int left = in(x, view.box.width), top = in(y, view.box.height);
      cell.shown = {left, top, in(x + kSide, view.box.width) - left, in(y + kSide, view.box.height) - top};
      const double px = static_cast<double>(column) * kSide, py = static_cast<double>(row) * kSide;
      cell.of_image = clipped(view.scale.undo(RectD{px, py, px + kSide, py + kSide}), image);
      if (!cell.of_image.empty()) cells.push_back(cell);
    }
  }
  const auto away = [&](const Cell& cell) {
    const double x = (cell.column + 0.5) * kSide + static_cast<double>(shift_x) - view.box.width / 2.0;
    const double y = (cell.row + 0.5) * kSide + static_cast<double>(shift_y) - view.box.height / 2.0;
    return x * x + y * y;
  };
  std::stable_sort(cells.begin(), cells.end(),
                   [&](const Cell& a, const Cell& b) { return away(a) < away(b); });
  return cells;
}

OverlayPlates::Range OverlayPlates::range_of(const OverlayScale& scale, const RectD& of_image) {
  const RectD box = scale.apply(of_image);
  const auto at = [](double v) { return static_cast<int>(std::floor(v / kSide)); };
  // What ends at a plate's edge does not need the next one; rounding must not say otherwise.
  constexpr double kLess = 1e-6;
  return {at(box.x0 + kLess), at(box.y0 + kLess), at(box.x1 - kLess), at(box.y1 - kLess)};
}

bool OverlayPlates::has_all(const Set& set, const RectD& of_image) {
  const Range range = range_of(set.scale, of_image);
  for (int row = range.y0; row <= range.y1; ++row)
    for (int column = range.x0; column <= range.x1; ++column)
      if (!set.plates.contains({column, row})) return false;
  return true;
}

std::vector<const OverlayPlates::Set*> OverlayPlates::nearest_sets(const View& view) const {
  std::vector<std::pair<double, const Set*>> order;
  const auto sets = sets_.find(view.image);
  if (sets == sets_.end()) return {};
  for (const Set& set : sets->second) {
    if (set.scale == view.scale || set.plates.empty()) continue;
    const double octaves = std::abs(std::log2(set.scale.zoom() / view.scale.zoom()));
    const double cosine = (set.scale.xx * view.scale.xx + set.scale.yx * view.scale.yx) /
                          (set.scale.zoom() * view.scale.zoom());
    order.push_back({octaves + (1 - cosine) / 2, &set});
  }
  std::sort(order.begin(), order.end());
  std::vector<const Set*> nearest;
  for (const auto& [distance, set] : order) nearest.push_back(set);
  return nearest;
}

bool OverlayPlates::covers(const View& view) const {
  const std::vector<const Set*> sets = nearest_sets(view);
  for (const Cell& cell : cells(view, 0)) {
    if (find({view.image, view.scale, cell.column, cell.row})) continue;
    if (std::none_of(sets.begin(), sets.end(), [&](const Set* s) { return has_all(*s, cell.of_image); }))
      return false;
  }
  return true;
}

bool OverlayPlates::is_wanted(const PlateKey& key, uint64_t frame) {
  Set& set = set_of(key.image, key.scale);
  set.used_in = frame;
  const auto plate = set.plates.find({key.column, key.row});
  if (plate == set.plates.end()) return true;
  plate->second.used_in = frame;
  return plate->second.old;
}

OverlayPlates::Wishes OverlayPlates::wishes(const View& view) {
  Wishes wishes;
  for (const Cell& cell : cells(view, 1)) {
    PlateKey key{view.image, view.scale, cell.column, cell.row};
    if (!is_wanted(key, view.frame)) continue;
    const bool in_view = cell.shown.width > 0 && cell.shown.height > 0;
    (in_view ? wishes.in_view : wishes.around).push_back(std::move(key));
  }
  return wishes;
}

std::vector<PlateKey> OverlayPlates::wishes(const std::string& image, const OverlayScale& scale, double width,
                                            double height, uint64_t frame) {
  std::vector<PlateKey> keys;
  const Range range = range_of(scale, {0, 0, width, height});
  for (int row = range.y0; row <= range.y1; ++row) {
    for (int column = range.x0; column <= range.x1; ++column) {
      PlateKey key{image, scale, column, row};
      if (is_wanted(key, frame)) keys.push_back(std::move(key));
    }
  }
  return keys;
}

// `corners` are of the whole plate, in pixels of the pane: upper left, upper right, lower left.
void OverlayPlates::add_part(const View& view, const PointD (&corners)[3], const PlatePicture::Part& part) {
  const auto at = [&](int x, int y) {
    const double u = static_cast<double>(x) / kSide, v = static_cast<double>(y) / kSide;
    const double px = corners[0].x + u * (corners[1].x - corners[0].x) + v * (corners[2].x - corners[0].x);
    const double py = corners[0].y + u * (corners[1].y - corners[0].y) + v * (corners[2].y - corners[0].y);
    return Vertex{static_cast<float>(px / view.box.width * 2 - 1),
                  static_cast<float>(1 - py / view.box.height * 2), static_cast<float>(u),
                  static_cast<float>(v)};
  };
  const Vertex a = at(part.x0, part.y0), b = at(part.x1, part.y0), c = at(part.x0, part.y1),
               d = at(part.x1, part.y1);
  vertices_.insert(vertices_.end(), {a, b, c, c, b, d});
}

void OverlayPlates::add_stretched(const View& view, Set& set, const Cell& cell) {
  set.used_in = view.frame;
  const Range range = range_of(set.scale, cell.of_image);
  const RectD needed = set.scale.apply(cell.of_image);
  for (int row = range.y0; row <= range.y1; ++row) {
    for (int column = range.x0; column <= range.x1; ++column) {
      Plate& plate = set.plates[{column, row}];
      plate.used_in = view.frame;
      if (!plate.texture) continue;
      const double x = static_cast<double>(column) * kSide, y = static_cast<double>(row) * kSide;
      const auto shown = [&](double dx, double dy) {
        return view.viewport.to_display(set.scale.undo(PointD{x + dx * kSide, y + dy * kSide}));
      };
      const size_t first = vertices_.size();
      const PointD corners[] = {shown(0, 0), shown(1, 0), shown(0, 1)};
      for (const PlatePicture::Part& part : plate.parts)
        if (x + part.x1 >= needed.x0 && x + part.x0 <= needed.x1 && y + part.y1 >= needed.y0 &&
            y + part.y0 <= needed.y1)
          add_part(view, corners, part);
      batches_.push_back({plate.texture.get(), cell.shown, first, vertices_.size() - first});
    }
  }
}

void OverlayPlates::flush(const View& view, const Sampler& sampler) {
  if (batches_.empty()) return;
  glBindSampler(0, sampler.get());
  glBindBuffer(GL_ARRAY_BUFFER, buffer_.get());
  glBufferData(GL_ARRAY_BUFFER, static_cast<GLsizeiptr>(vertices_.size() * sizeof(Vertex)), vertices_.data(),
               GL_STREAM_DRAW);
  for (const Batch& batch : batches_) {
    const PixelBox& within = batch.within;
    glScissor(view.box.x + within.x, view.framebuffer_height - view.box.y - within.y - within.height,
              within.width, within.height);
    glBindTexture(GL_TEXTURE_2D, batch.texture);
    glDrawArrays(GL_TRIANGLES, static_cast<GLint>(batch.first), static_cast<GLsizei>(batch.count));
  }
  vertices_.clear();
  batches_.clear();
}

void OverlayPlates::draw(const View& view) {
  glUseProgram(program_.get());
  glActiveTexture(GL_TEXTURE0);
  glBindVertexArray(array_.get());
  const auto [shift_x, shift_y] = shift_of(view.viewport);
  Set& own = set_of(view.image, view.scale);
  own.used_in = view.frame;
  std::vector<Cell> missing;
  for (const Cell& cell : cells(view, 0)) {
    const auto found = own.plates.find({cell.column, cell.row});
    if (found == own.plates.end()) {
      missing.push_back(cell);
      continue;
    }
    Plate& plate = found->second;
    plate.used_in = view.frame;
    if (!plate.texture) continue;
    const double x = static_cast<double>(int64_t{cell.column} * kSide + shift_x),
                 y = static_cast<double>(int64_t{cell.row} * kSide + shift_y);
    const size_t first = vertices_.size();
    for (const PlatePicture::Part& part : plate.parts)
      add_part(view, {{x, y}, {x + kSide, y}, {x, y + kSide}}, part);
    batches_.push_back({plate.texture.get(), cell.shown, first, vertices_.size() - first});
  }
  flush(view, exact_);
  if (!missing.empty()) {
    const std::vector<const Set*> sets = nearest_sets(view);
    for (const Cell& cell : missing) {
      const auto set =
          std::find_if(sets.begin(), sets.end(), [&](const Set* s) { return has_all(*s, cell.of_image); });
      if (set != sets.end()) add_stretched(view, set_of(view.image, (*set)->scale), cell);
    }
    flush(view, stretched_);
  }
  glBindSampler(0, 0);
  glBindVertexArray(0);
}

size_t OverlayPlates::bytes() const {
  size_t count = spare_.size();
  for (const auto& [image, sets] : sets_)
    for (const Set& set : sets)
      for (const auto& [place, plate] : set.plates) count += static_cast<bool>(plate.texture);
  return count * kPlateBytes;
}

void OverlayPlates::keep_only(const std::function<bool(const std::string&)>& kept) {
  std::erase_if(sets_, [&](const auto& entry) { return !kept(entry.first); });
  spare_.clear();
}

}  // namespace hada::render
