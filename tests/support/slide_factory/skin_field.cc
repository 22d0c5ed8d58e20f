#include "tests/support/slide_factory/skin_field.h"

#include <array>

namespace hada::support {
namespace {

constexpr int kToneSteps = 4096;

std::array<std::uint8_t, kToneSteps + 1> srgb_table() {
  std::array<std::uint8_t, kToneSteps + 1> table{};
  for (int i = 0; i <= kToneSteps; ++i) {
    const float v = static_cast<float>(i) / kToneSteps;
    const float s = v <= 0.0031308F ? 12.92F * v : 1.055F * std::pow(v, 1.0F / 2.4F) - 0.055F;
    table[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(s * 255.0F + 0.5F);
  }
  return table;
}

// exp(-x) for 0 <= x < 10.
std::vector<float> decay_table() {
  std::vector<float> table(4097);
  for (std::size_t i = 0; i < table.size(); ++i) {
    table[i] = std::exp(-static_cast<float>(i) * (10.0F / 4096.0F));
  }
  return table;
}

}  // namespace

SkinField::SkinField(int w, int h, float scale)
    : width(w), height(h), px_per_mm(scale), texels(static_cast<std::size_t>(w) * h) {}

Outline::Outline(float x, float y, float radius_x, float radius_y, float irregular, Rng& rng)
    : cx(x), cy(y), rx(radius_x), ry(radius_y), irregularity(irregular) {
  const float turn = rng.range(0.0F, 3.14F);
  turn_cos = std::cos(turn);
  turn_sin = std::sin(turn);
  ox = rng.uniform();
  oy = rng.uniform();
}

float Outline::inside(float dx, float dy) const {
  const float u = (dx * turn_cos + dy * turn_sin) / rx;
  const float v = (dy * turn_cos - dx * turn_sin) / ry;
  const float noise = noise_bank().clouds.at(ox + u * 0.075F, oy + v * 0.075F);
  return 1.0F - std::sqrt(u * u + v * v) + irregularity * noise;
}

Strokes::Strokes(const SkinField& field)
    : width_(field.width),
      height_(field.height),
      px_per_mm_(field.px_per_mm),
      plane_(static_cast<std::size_t>(field.width) * field.height, 0.0F) {}

void Strokes::add(const std::vector<Point>& line, float strength) {
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    const float ax = line[i].x * px_per_mm_;
    const float ay = line[i].y * px_per_mm_;
    const float bx = line[i + 1].x * px_per_mm_ - ax;
    const float by = line[i + 1].y * px_per_mm_ - ay;
    const float wa = 0.5F * line[i].width * px_per_mm_;
    const float wb = 0.5F * line[i + 1].width * px_per_mm_;
    const float reach = std::max(wa, wb) + 1.0F;
    const int x0 = std::max(0, static_cast<int>(std::min(ax, ax + bx) - reach));
    const int x1 = std::min(width_ - 1, static_cast<int>(std::max(ax, ax + bx) + reach) + 1);
    const int y0 = std::max(0, static_cast<int>(std::min(ay, ay + by) - reach));
    const int y1 = std::min(height_ - 1, static_cast<int>(std::max(ay, ay + by) + reach) + 1);
    const float length2 = std::max(1e-6F, bx * bx + by * by);
    for (int y = y0; y <= y1; ++y) {
      for (int x = x0; x <= x1; ++x) {
        const float px = static_cast<float>(x) - ax;
        const float py = static_cast<float>(y) - ay;
        const float t = clamp01((px * bx + py * by) / length2);
        const float ex = px - bx * t;
        const float ey = py - by * t;
        const float half = mix(wa, wb, t);
        // A line thinner than a pixel is drawn one pixel wide and fainter.
        const float cover = clamp01(std::max(half, 0.5F) + 0.5F - std::sqrt(ex * ex + ey * ey)) *
                            std::min(1.0F, half * 2.0F) * strength;
        float& cell = plane_[static_cast<std::size_t>(y) * width_ + x];
        cell = std::max(cell, cover);
      }
    }
  }
}

std::vector<Strokes::Point> wandering_line(float x, float y, float heading, float length, float width,
                                           float wander, int steps, Rng& rng) {
  std::vector<Strokes::Point> line;
  const float step = length / static_cast<float>(steps);
  float turn = 0.0F;
  for (int i = 0; i <= steps; ++i) {
    const float left = 1.0F - static_cast<float>(i) / static_cast<float>(steps);
    line.push_back({x, y, width * (0.25F + 0.75F * left)});
    turn = 0.7F * turn + wander * rng.normal();
    heading += turn;
    x += step * std::cos(heading);
    y += step * std::sin(heading);
  }
  return line;
}

SkinTexture skin_texture(SkinTone tone) {
  switch (tone) {
    case SkinTone::I:
      return {0.06F, 0.20F};
    case SkinTone::II:
      return {0.20F, 0.18F};
    case SkinTone::III:
      return {0.42F, 0.16F};
    case SkinTone::IV:
      return {0.78F, 0.15F};
    case SkinTone::V:
      return {1.45F, 0.13F};
    case SkinTone::VI:
      return {2.30F, 0.12F};
  }
  return {0.3F, 0.15F};
}

void lay_skin(SkinField& field, SkinTone tone, float roughness, Rng& rng) {
  const NoiseBank& bank = noise_bank();
  const SkinTexture base = skin_texture(tone);
  const float ox = rng.uniform();
  const float oy = rng.uniform();
  const float mm = 1.0F / field.px_per_mm;
  // Skin lines: cells of about 0.9 mm, drawn out along the lines of tension.
  const float cell = 1.0F / (0.95F * NoiseBank::kCells);
  const float lines = field.shows(0.30F) * roughness;
  const float pores = field.shows(0.12F) * roughness;
  // The clouds must not repeat within the picture.
  const float slow = std::min(0.011F, 0.62F / field.width_mm());
  const float quick = std::min(0.043F, 1.9F / field.width_mm());
  const float slant = rng.range(0.15F, 0.6F);
  const float c = std::cos(slant);
  const float s = std::sin(slant);
  // The coarse terms change over many pixels: they are sampled at knots and interpolated along the row.
  const int knot = field.px_per_mm > 60.0F ? 16 : 4;  // a power of two
  const float per_knot = 1.0F / static_cast<float>(knot);
  struct Coarse {
    float mottle, fleck, wrinkle;
  };
  const auto coarse_at = [&](float mx, float my) {
    const float u = mx * c + my * s;
    const float v = my * c - mx * s;
    return Coarse{bank.clouds.at(ox + u * slow, oy + v * slow),
                  bank.clouds.at(oy + v * quick, ox - u * quick),
                  bank.ridges.at(oy + u * 0.008F, ox + v * 0.021F)};
  };
  for (int y = 0; y < field.height; ++y) {
    const float my = static_cast<float>(y) * mm;
    Coarse left{};
    Coarse right = coarse_at(0.0F, my);
    for (int x = 0; x < field.width; ++x) {
      const float mx = static_cast<float>(x) * mm;
      Texel& texel = field.at(x, y);
      const float grain = bank.grain.at(ox + mx * 0.09F, oy + my * 0.09F);
      const float u = mx * c + my * s;
      const float v = my * c - mx * s;
      if ((x & (knot - 1)) == 0) {
        left = right;
        right = coarse_at(static_cast<float>(x + knot) * mm, my);
      }
      const float part = static_cast<float>(x & (knot - 1)) * per_knot;
      const float mottle = mix(left.mottle, right.mottle, part);
      const float fleck = mix(left.fleck, right.fleck, part);
      const float wrinkle = mix(left.wrinkle, right.wrinkle, part);
      const float bend = 0.010F * fleck;
      const float groove =
          1.0F - smoothstep(0.0F, 0.55F, bank.cell_edge.at(u * cell * 0.72F + bend, v * cell + bend));
      texel.melanin = base.melanin * (1.0F + 0.07F * mottle + 0.035F * fleck + 0.02F * grain) +
                      0.012F * (fleck + grain) + base.melanin * 0.10F * groove * lines;
      texel.melanin = std::max(0.0F, texel.melanin);
      texel.blood = std::max(0.0F, base.blood + 0.030F * mottle + 0.028F * fleck + 0.012F * grain);
      texel.height = -0.026F * groove * lines + 0.008F * grain * pores + 0.05F * roughness * mottle -
                     0.04F * roughness * wrinkle;
      texel.gloss = 0.16F + 0.03F * grain;
    }
  }
}

void add_hairs(SkinField& field, int count, float length_mm, float width_mm, float darkness, Rng& rng) {
  Strokes strokes(field);
  const float lie = rng.range(0.0F, 6.28F);
  for (int i = 0; i < count; ++i) {
    const float x = rng.range(0.0F, field.width_mm());
    const float y = rng.range(0.0F, field.height_mm());
    strokes.add(wandering_line(x, y, lie + 0.5F * rng.normal(), length_mm * rng.range(0.5F, 1.3F),
                               width_mm * rng.range(0.7F, 1.2F), 0.035F, 24, rng));
  }
  const Rgb dark = {0.030F, 0.018F, 0.012F};
  strokes.apply(field, [&](Texel& texel, float cover) { lay(texel, dark, cover * darkness); });
}

Raster develop(const SkinField& field, const Lamp& lamp, Rng& rng) {
  static const auto kSrgb = srgb_table();
  static const auto kDecay = decay_table();
  const auto decay = [](float x) {
    const int i = static_cast<int>(x * 409.6F);
    return kDecay[static_cast<std::size_t>(std::clamp(i, 0, 4096))];
  };
  const NoiseBank& bank = noise_bank();
  Raster raster{field.width, field.height, {}};
  raster.rgb.resize(static_cast<std::size_t>(field.width) * field.height * 3);
  const Rgb bare = lamp.contact ? Rgb{0.93F, 0.83F, 0.76F} : Rgb{0.90F, 0.77F, 0.69F};
  const Rgb light = {1.0F + 0.05F * lamp.warmth, 1.0F, 1.0F - 0.10F * lamp.warmth};
  const float slope = 0.5F * field.px_per_mm * lamp.relief;
  // Light from the upper left, and the half vector towards a viewer straight above.
  constexpr float kLx = -0.48F, kLy = -0.56F, kLz = 0.676F;
  constexpr float kHx = -0.262F, kHy = -0.306F, kHz = 0.915F;
  const int nx = rng.below(NoiseTexture::kSize);
  const int ny = rng.below(NoiseTexture::kSize);
  for (int y = 0; y < field.height; ++y) {
    const int up = std::max(0, y - 1);
    const int down = std::min(field.height - 1, y + 1);
    const float v = 2.0F * static_cast<float>(y) / static_cast<float>(field.height) - 1.0F;
    std::uint8_t* out = &raster.rgb[static_cast<std::size_t>(y) * field.width * 3];
    for (int x = 0; x < field.width; ++x) {
      const Texel& t = field.at(x, y);
      const float m = std::clamp(t.melanin, 0.0F, 5.0F);
      const float h = std::clamp(t.blood, 0.0F, 4.0F);
      Rgb colour{};
      if (lamp.contact) {
        colour = {bare.r * decay(0.40F * m + 0.07F * m * m + 0.13F * h),
                  bare.g * decay(1.00F * m + 0.95F * h),
                  bare.b * decay(1.62F * m - 0.07F * m * m + 0.86F * h)};
      } else {
        colour = {bare.r * decay(0.50F * m + 0.09F * m * m + 0.15F * h),
                  bare.g * decay(1.00F * m + 0.90F * h),
                  bare.b * decay(1.40F * m - 0.10F * m * m + 0.84F * h)};
      }
      const float keep = 1.0F - t.cover;
      colour = {colour.r * keep + t.over.r, colour.g * keep + t.over.g, colour.b * keep + t.over.b};

      float shade = 1.0F;
      float shine = 0.0F;
      if (lamp.relief > 0.0F) {
        const int left = std::max(0, x - 1);
        const int right = std::min(field.width - 1, x + 1);
        const float gx = (field.at(right, y).height - field.at(left, y).height) * slope;
        const float gy = (field.at(x, down).height - field.at(x, up).height) * slope;
        const float norm = 1.0F / std::sqrt(1.0F + gx * gx + gy * gy);
        const float diffuse = std::max(0.0F, (-gx * kLx - gy * kLy + kLz) * norm) / kLz;
        shade = 0.48F + 0.52F * std::min(diffuse, 1.6F);
        float lobe = std::max(0.0F, (-gx * kHx - gy * kHy + kHz) * norm);
        lobe *= lobe;
        lobe *= lobe;
        lobe *= lobe;
        lobe *= lobe;  // ^16
        lobe *= lobe;  // ^32
        shine = lamp.shine * t.gloss * lobe * 0.55F;
      }
      const float u = 2.0F * static_cast<float>(x) / static_cast<float>(field.width) - 1.0F;
      shade *= 1.0F - lamp.corner_shade * 0.5F * (u * u + v * v) - 0.06F * v * lamp.relief;
      const float sensor = 0.006F * bank.grain.texel(nx + 7 * x, ny + 7 * y);
      const auto tone = [](float value) {
        const int i = static_cast<int>(value * kToneSteps);
        return kSrgb[static_cast<std::size_t>(std::clamp(i, 0, kToneSteps))];
      };
      *out++ = tone((colour.r * shade + shine) * light.r + sensor);
      *out++ = tone((colour.g * shade + shine) * light.g + sensor);
      *out++ = tone((colour.b * shade + shine) * light.b + sensor);
    }
  }
  return raster;
}

void mark_as_synthetic(Raster& raster) {
  const int scale = std::max(1, std::min(raster.width, raster.height) / 450);
  const int x = raster.width - 9 * 6 * scale - 4 * scale;
  const int y = raster.height - 7 * scale - 5 * scale;
  draw_text(raster, x + scale, y + scale, "SYNTHETIC", scale, 40, 40, 40);  // legible on light skin too
  draw_text(raster, x, y, "SYNTHETIC", scale, 215, 215, 215);
}

}  // namespace hada::support
