// Dermoscopic images: each diagnosis is drawn from the structures by which it is recognised.
#include <algorithm>
#include <cmath>

#include "tests/support/slide_factory/skin_field.h"

namespace hada::support {
namespace {

constexpr float kTurn = 6.2831853F;
constexpr Rgb kVeilBlue = {0.20F, 0.25F, 0.33F};
constexpr Rgb kScar = {0.82F, 0.74F, 0.70F};
constexpr Rgb kScale = {0.83F, 0.80F, 0.74F};
constexpr Rgb kSlate = {0.16F, 0.20F, 0.30F};
constexpr Rgb kKeratin = {0.93F, 0.88F, 0.70F};
constexpr Rgb kCrust = {0.42F, 0.16F, 0.045F};

struct Scene {
  SkinField& field;
  Rng& rng;
  Outline outline;
  float r;  // mean half diameter in mm
};

// 1 on the meshes of the pigment network, 0 in its holes. `hole` is the mesh width in mm; `uneven` widens
// some lines and breaks others.
float network_at(float dx, float dy, float hole, float uneven, float ox, float oy) {
  const NoiseBank& bank = noise_bank();
  const float scale = 1.0F / (hole * NoiseBank::kCells);
  const float bend = 0.10F * scale;
  const float wx = bank.clouds.at(ox + dx * 0.16F, oy + dy * 0.16F);
  const float wy = bank.clouds.at(oy - dx * 0.16F, ox + dy * 0.16F);
  const float edge = bank.cell_edge.at(ox + dx * scale + bend * wx, oy + dy * scale + bend * wy);
  const float width = 0.24F + uneven * 0.16F * wx;
  const float broken = smoothstep(-1.6F, 0.3F, wy + 0.6F * (1.0F - uneven));
  return (1.0F - smoothstep(0.1F * width, 2.1F * width, edge)) * mix(1.0F, broken, 0.75F);
}

// Round structures (dots, globules, nests). Returns nothing; paints melanin with soft borders.
void add_globules(Scene& scene, int count, float min_mm, float max_mm, float melanin, float low, float high,
                  float sector = -1.0F) {
  for (int i = 0; i < count; ++i) {
    float dx = 0.0F;
    float dy = 0.0F;
    bool found = false;
    for (int tries = 0; tries < 40 && !found; ++tries) {
      dx = scene.rng.range(-1.3F, 1.3F) * scene.r;
      dy = scene.rng.range(-1.3F, 1.3F) * scene.r;
      const float depth = scene.outline.inside(dx, dy);
      found = depth > low && depth < high;
      if (found && sector >= 0.0F) {
        found = std::cos(std::atan2(dy, dx) - sector) > 0.35F;
      }
    }
    if (!found) {
      continue;
    }
    const float radius = 0.5F * scene.rng.range(min_mm, max_mm);
    const float strength = melanin * scene.rng.range(0.6F, 1.15F);
    const float stretch = scene.rng.range(0.8F, 1.25F);
    scene.field.around(scene.outline.cx + dx, scene.outline.cy + dy, radius * 1.6F,
                       [&](Texel& t, float x, float y) {
                         const float d = std::sqrt(x * x * stretch + y * y / stretch) / radius;
                         t.melanin += strength * (1.0F - smoothstep(0.62F, 1.15F, d));
                       });
  }
}

void paint_nevus(Scene& scene) {
  const NoiseBank& bank = noise_bank();
  const float ox = scene.rng.uniform();
  const float oy = scene.rng.uniform();
  const Outline& o = scene.outline;
  scene.field.around(o.cx, o.cy, scene.r * 1.9F, [&](Texel& t, float dx, float dy) {
    const float depth = o.inside(dx, dy);
    const float mask = smoothstep(-0.10F, 0.22F, depth);
    if (mask <= 0.0F) {
      return;
    }
    const float mottle = bank.clouds.at(ox + dx * 0.07F, oy + dy * 0.07F);
    const float fine = bank.clouds.at(oy + dx * 0.30F, ox + dy * 0.30F);
    const float centre = smoothstep(0.35F, 0.85F, depth);
    const float net = network_at(dx, dy, 0.30F, 0.35F, ox, oy);
    const float fade = smoothstep(-0.08F, 0.35F, depth) * (1.0F - 0.65F * centre);
    t.melanin += mask * (0.55F + 0.14F * mottle + 0.10F * fine + 0.80F * centre) +
                 net * fade * (0.85F + 0.22F * mottle);
  });
  add_globules(scene, 60, 0.09F, 0.20F, 0.75F, 0.40F, 1.2F);
}

void paint_melanoma(Scene& scene) {
  const NoiseBank& bank = noise_bank();
  Rng& rng = scene.rng;
  const float ox = rng.uniform();
  const float oy = rng.uniform();
  const Outline& o = scene.outline;
  const float sector = rng.range(0.0F, kTurn);  // the dark, invasive side
  const float cs = std::cos(sector);
  const float sn = std::sin(sector);

  // Streaks and pseudopods over the dark border, under everything else.
  Strokes streaks(scene.field);
  for (int i = 0; i < 46; ++i) {
    const float angle = sector + rng.range(-1.1F, 1.1F);
    float reach = 0.0F;
    for (float d = 0.2F; d < 1.8F; d += 0.02F) {
      if (o.inside(d * scene.r * std::cos(angle), d * scene.r * std::sin(angle)) > 0.04F) {
        reach = d * scene.r;
      }
    }
    const float start = reach - 0.5F;
    const float reach_mm = rng.range(0.5F, 1.0F);
    auto line =
        wandering_line(o.cx + start * std::cos(angle), o.cy + start * std::sin(angle),
                       angle + 0.16F * rng.normal(), reach_mm, rng.range(0.07F, 0.17F), 0.05F, 10, rng);
    if (rng.chance(0.3F)) {
      line.back().width = 0.14F;  // the bulb of a pseudopod
      line[line.size() - 2].width = 0.12F;
    }
    streaks.add(line, rng.range(0.4F, 1.0F));
  }
  streaks.apply(scene.field, [](Texel& t, float cover) { t.melanin += 1.7F * cover; });

  scene.field.around(o.cx, o.cy, scene.r * 2.1F, [&](Texel& t, float dx, float dy) {
    const float depth = o.inside(dx, dy);
    const float mask = smoothstep(-0.03F, 0.09F, depth);
    if (mask <= 0.0F) {
      return;
    }
    const float u = dx / scene.r;
    const float v = dy / scene.r;
    const float side = u * cs + v * sn;  // -1 pale side .. 1 dark side
    const float blotch = bank.clouds.at(ox + u * 0.13F, oy + v * 0.13F);
    const float mottle = bank.clouds.at(oy - u * 0.31F, ox + v * 0.31F);
    const float fine = bank.clouds.at(ox + dx * 0.33F, oy - dy * 0.33F);
    const float net = network_at(dx, dy, 0.40F, 1.2F, ox, oy);
    const float black = smoothstep(0.25F, 1.1F, 0.75F * blotch + 0.9F * side + 0.2F * mottle);
    float melanin = 0.75F + 0.28F * mottle + 0.12F * fine + 2.3F * black;
    melanin += net * (1.5F - black) * smoothstep(0.9F, 0.2F, side + 0.4F * blotch);
    t.melanin += mask * std::max(0.15F, melanin);
    t.blood += mask * 0.25F * smoothstep(0.1F, 1.2F, mottle - 0.6F * side);
    // Blue-white veil: a structureless, milky blue area over the thick part.
    const float place = 1.0F - length(u - 0.30F * cs + 0.1F * sn, v - 0.30F * sn - 0.1F * cs) / 0.62F;
    const float veil = smoothstep(0.0F, 0.9F, place + 0.30F * mottle + 0.12F * blotch) * mask;
    const Rgb milky = {kVeilBlue.r + 0.10F * clamp01(fine * 0.4F + 0.3F),
                       kVeilBlue.g + 0.10F * clamp01(fine * 0.4F + 0.3F),
                       kVeilBlue.b + 0.09F * clamp01(fine * 0.4F + 0.3F)};
    lay(t, milky, 0.78F * veil);
    // Regression: white like a scar, on the pale side.
    const float scar_place = 1.0F - length(u + 0.48F * cs - 0.2F * sn, v + 0.48F * sn + 0.2F * cs) / 0.42F;
    const float scar = smoothstep(0.0F, 0.9F, scar_place + 0.28F * mottle + 0.08F * fine) * mask;
    lay(t, kScar, 0.80F * scar);
  });
  // Blue-grey peppering in the regression, and irregular dots and globules elsewhere.
  for (int i = 0; i < 170; ++i) {
    const float x = o.cx - scene.r * (0.48F * cs - 0.2F * sn) + 0.22F * scene.r * rng.normal();
    const float y = o.cy - scene.r * (0.48F * sn + 0.2F * cs) + 0.22F * scene.r * rng.normal();
    const float size = rng.range(0.025F, 0.055F);
    scene.field.around(x, y, size * 1.5F, [&](Texel& t, float dx, float dy) {
      lay(t, kSlate, 0.65F * (1.0F - smoothstep(0.5F, 1.2F, length(dx, dy) / size)));
    });
  }
  add_globules(scene, 44, 0.09F, 0.26F, 1.5F, 0.02F, 0.55F, sector + 1.9F);
  add_globules(scene, 60, 0.05F, 0.12F, 2.4F, 0.05F, 0.8F, sector - 1.6F);
}

// A vessel that branches: bright red, in focus, thinner at each fork.
void add_arborizing(Strokes& strokes, float x, float y, float heading, float length, float width, int depth,
                    Rng& rng) {
  const auto line = wandering_line(x, y, heading, length, width, 0.10F, 14, rng);
  strokes.add(line);
  if (depth == 0) {
    return;
  }
  for (int fork = 0; fork < 3; ++fork) {
    const auto& from = line[static_cast<std::size_t>(4 + fork * 4 + rng.below(2))];
    const float side = rng.chance(0.5F) ? 1.0F : -1.0F;
    add_arborizing(strokes, from.x, from.y, heading + side * rng.range(0.4F, 1.0F), length * 0.62F,
                   width * 0.60F, depth - 1, rng);
  }
}

void paint_basal_cell_carcinoma(Scene& scene) {
  const NoiseBank& bank = noise_bank();
  Rng& rng = scene.rng;
  const Outline& o = scene.outline;
  const float ox = rng.uniform();
  const float oy = rng.uniform();
  scene.field.around(o.cx, o.cy, scene.r * 1.8F, [&](Texel& t, float dx, float dy) {
    const float mask = smoothstep(-0.12F, 0.16F, o.inside(dx, dy));
    const float mottle = bank.clouds.at(ox + dx * 0.06F, oy + dy * 0.06F);
    const float fine = bank.clouds.at(oy + dx * 0.21F, ox - dy * 0.21F);
    t.blood += mask * (0.30F + 0.10F * mottle + 0.06F * fine);
    t.melanin = mix(t.melanin, 0.10F, 0.6F * mask);
    const float milk = smoothstep(0.5F, 1.6F, mottle + 0.5F * fine) * mask;  // shiny white areas
    lay(t, {0.88F, 0.80F, 0.78F}, 0.38F * milk);
  });
  // Ovoid nests and leaf-like areas, slate blue, towards one side.
  const float sector = rng.range(0.0F, kTurn);
  for (int i = 0; i < 15; ++i) {
    const float angle = sector + 0.9F * rng.normal();
    const float at = scene.r * rng.range(0.35F, 0.92F);
    const float x = at * std::cos(angle);
    const float y = at * std::sin(angle);
    const float size = rng.range(0.22F, 0.62F);
    Outline nest(o.cx + x, o.cy + y, size, size * rng.range(0.55F, 0.85F), 0.10F, rng);
    const float depth = rng.range(0.45F, 0.85F);
    scene.field.around(nest.cx, nest.cy, size * 1.7F, [&](Texel& t, float dx, float dy) {
      const float in = smoothstep(-0.18F, 0.35F, nest.inside(dx, dy));
      lay(t, kSlate, depth * in);
      t.melanin += 0.3F * in;
    });
  }
  Strokes vessels(scene.field);
  for (int i = 0; i < 5; ++i) {
    const float angle = rng.range(0.0F, kTurn);
    add_arborizing(vessels, o.cx + 1.05F * scene.r * std::cos(angle),
                   o.cy + 1.05F * scene.r * std::sin(angle), angle + 3.1416F + 0.5F * rng.normal(),
                   scene.r * 1.0F, 0.085F, 3, rng);
  }
  vessels.apply(scene.field, [](Texel& t, float cover) { lay(t, {0.50F, 0.040F, 0.05F}, 0.72F * cover); });
  // A small erosion with crust.
  Outline ulcer(o.cx + 0.15F * scene.r, o.cy - 0.1F * scene.r, 0.62F, 0.45F, 0.22F, rng);
  scene.field.around(ulcer.cx, ulcer.cy, 1.6F, [&](Texel& t, float dx, float dy) {
    const float in = ulcer.inside(dx, dy);
    const float fine = bank.clouds.at(ox + dx * 0.5F, oy + dy * 0.5F);
    lay(t, {kCrust.r * (1.0F + 0.3F * fine), kCrust.g * (1.0F + 0.4F * fine), kCrust.b},
        0.9F * smoothstep(-0.02F, 0.16F, in));
    lay(t, {0.16F, 0.03F, 0.02F}, 0.7F * smoothstep(0.7F, 1.5F, fine) * smoothstep(0.0F, 0.2F, in));
  });
}

void paint_seborrheic_keratosis(Scene& scene) {
  const NoiseBank& bank = noise_bank();
  Rng& rng = scene.rng;
  const Outline& o = scene.outline;
  const float ox = rng.uniform();
  const float oy = rng.uniform();
  scene.field.around(o.cx, o.cy, scene.r * 1.8F, [&](Texel& t, float dx, float dy) {
    const float depth = o.inside(dx, dy);
    const float mask = smoothstep(-0.015F, 0.035F, depth);
    if (mask <= 0.0F) {
      return;
    }
    const float mottle = bank.clouds.at(ox + dx * 0.05F, oy + dy * 0.05F);
    const float fine = bank.clouds.at(oy + dx * 0.22F, ox + dy * 0.22F);
    // Gyri and sulci: brain-like ridges with darker furrows.
    const float furrow = bank.ridges.at(ox + dx * 0.11F + 0.008F * fine, oy + dy * 0.11F);
    const float groove = smoothstep(0.48F, 0.80F, furrow);
    t.melanin += mask * (0.95F + 0.28F * mottle + 0.12F * fine + 0.85F * groove);
    lay(t, {0.62F, 0.46F, 0.27F}, mask * 0.26F * (1.0F - groove) * clamp01(0.6F + 0.5F * mottle));
  });
  for (int i = 0; i < 34; ++i) {  // milia-like cysts (pale) and comedo-like openings (plugs)
    const float angle = rng.range(0.0F, kTurn);
    const float at = scene.r * 0.92F * std::sqrt(rng.uniform());
    const float x = at * std::cos(angle);
    const float y = at * std::sin(angle);
    if (o.inside(x, y) < 0.12F) {
      continue;
    }
    const bool milium = i % 2 == 0;
    const float size = milium ? rng.range(0.08F, 0.19F) : rng.range(0.10F, 0.27F);
    Outline spot(o.cx + x, o.cy + y, size, size * rng.range(0.75F, 1.0F), 0.06F, rng);
    scene.field.around(spot.cx, spot.cy, size * 2.2F, [&](Texel& t, float dx, float dy) {
      const float in = spot.inside(dx, dy);
      if (milium) {
        lay(t, kKeratin, 0.92F * smoothstep(-0.55F, 0.65F, in));
      } else {
        t.melanin += 0.5F * smoothstep(-0.5F, 0.1F, in);
        lay(t, {0.075F, 0.030F, 0.012F}, 0.85F * smoothstep(-0.12F, 0.22F, in));
      }
    });
  }
}

void paint_dermatofibroma(Scene& scene) {
  const NoiseBank& bank = noise_bank();
  const Outline& o = scene.outline;
  const float ox = scene.rng.uniform();
  const float oy = scene.rng.uniform();
  scene.field.around(o.cx, o.cy, scene.r * 1.9F, [&](Texel& t, float dx, float dy) {
    const float depth = o.inside(dx, dy);
    const float mask = smoothstep(-0.25F, 0.30F, depth);
    const float mottle = bank.clouds.at(ox + dx * 0.10F, oy + dy * 0.10F);
    const float net = network_at(dx, dy, 0.30F, 0.25F, ox, oy);
    const float centre = smoothstep(0.30F, 0.85F, depth + 0.10F * mottle);
    t.melanin += mask * (0.34F + 0.07F * mottle) * (1.0F - 0.6F * centre);
    t.melanin += 0.62F * net * smoothstep(-0.20F, 0.15F, depth) * (1.0F - centre);
    t.blood += 0.20F * mask * (1.0F - centre);
    const float strands = bank.ridges.at(ox + dx * 0.12F, oy + dy * 0.12F);
    lay(t, kScar, centre * (0.50F + 0.40F * smoothstep(0.4F, 0.75F, strands)));
  });
}

void paint_hemangioma(Scene& scene) {
  const NoiseBank& bank = noise_bank();
  const Outline& o = scene.outline;
  const float ox = scene.rng.uniform();
  const float oy = scene.rng.uniform();
  scene.field.around(o.cx, o.cy, scene.r * 1.7F, [&](Texel& t, float dx, float dy) {
    const float depth = o.inside(dx, dy);
    const float mask = smoothstep(-0.02F, 0.06F, depth);
    if (mask <= 0.0F) {
      return;
    }
    const float scale = 1.0F / (0.80F * NoiseBank::kCells);
    const float fine = bank.clouds.at(oy + dx * 0.12F, ox + dy * 0.12F);
    const float bend = bank.clouds.at(ox - dx * 0.12F, oy + dy * 0.12F);
    const float px = ox + dx * scale + 0.006F * fine;
    const float py = oy + dy * scale + 0.006F * bend;
    const float lacuna =
        smoothstep(0.02F, 0.62F, bank.cell_edge.at(px, py) + 0.06F * fine) * clamp01(depth * 6.0F);
    const float deep = bank.cell_value.at(px, py);
    t.melanin = mix(t.melanin, 0.05F + 0.25F * deep * lacuna, mask);
    t.blood += mask * (0.85F + lacuna * (1.0F + 1.5F * deep) + 0.12F * fine);
    lay(t, {0.13F, 0.03F, 0.07F}, mask * 0.55F * deep * deep * lacuna);
    lay(t, {0.80F, 0.58F, 0.60F}, mask * 0.22F * (1.0F - lacuna));
  });
}

void paint_psoriasis(Scene& scene) {
  const NoiseBank& bank = noise_bank();
  Rng& rng = scene.rng;
  const Outline& o = scene.outline;
  const float ox = rng.uniform();
  const float oy = rng.uniform();
  scene.field.around(o.cx, o.cy, scene.r * 2.2F, [&](Texel& t, float dx, float dy) {
    const float mask = smoothstep(-0.03F, 0.08F, o.inside(dx, dy));
    const float mottle = bank.clouds.at(ox + dx * 0.05F, oy + dy * 0.05F);
    t.blood += mask * (0.55F + 0.12F * mottle);
    t.melanin = mix(t.melanin, t.melanin * 0.6F, mask);
  });
  // Dotted vessels at even distances (the tips of the papillae).
  const float pitch = 0.27F;
  const int reach = static_cast<int>(scene.r * 1.5F / pitch);
  for (int j = -reach; j <= reach; ++j) {
    for (int i = -reach; i <= reach; ++i) {
      const float x =
          (static_cast<float>(i) + 0.5F * static_cast<float>(j & 1)) * pitch + 0.05F * rng.normal();
      const float y = static_cast<float>(j) * pitch * 0.87F + 0.05F * rng.normal();
      const float size = rng.range(0.035F, 0.065F);
      if (o.inside(x, y) < 0.04F) {
        continue;
      }
      scene.field.around(o.cx + x, o.cy + y, size * 1.5F, [&](Texel& t, float dx, float dy) {
        t.blood += 1.5F * (1.0F - smoothstep(0.5F, 1.25F, length(dx, dy) / size));
      });
    }
  }
  scene.field.around(o.cx, o.cy, scene.r * 2.0F, [&](Texel& t, float dx, float dy) {
    const float mask = smoothstep(0.02F, 0.18F, o.inside(dx, dy));
    const float patch = bank.clouds.at(oy + dx * 0.045F, ox + dy * 0.045F);
    const float fine = bank.clouds.at(ox + dx * 0.4F, oy + dy * 0.4F);
    const float flake = bank.cell_value.at(ox + dx * 0.035F + 0.002F * fine, oy + dy * 0.035F);
    const float rim = bank.cell_edge.at(ox + dx * 0.035F, oy + dy * 0.035F);
    const float cloud = patch + 1.1F * (flake - 0.5F) + 0.30F * fine;
    const float scale = smoothstep(0.3F, 1.9F, cloud) * (0.70F + 0.30F * rim);
    const float grey = 0.92F + 0.06F * fine + 0.10F * (flake - 0.5F);
    lay(t, {kScale.r * grey, kScale.g * grey, kScale.b * grey}, 0.95F * scale * mask);
  });
}

void add_bubbles(SkinField& field, int count, Rng& rng) {
  for (int i = 0; i < count; ++i) {
    const float radius = rng.range(0.10F, 0.30F);
    field.around(rng.range(0.1F, 0.9F) * field.width_mm(), rng.range(0.1F, 0.9F) * field.height_mm(),
                 radius * 1.3F, [&](Texel& t, float dx, float dy) {
                   const float d = length(dx, dy) / radius;
                   const float rim = smoothstep(0.72F, 0.9F, d) * (1.0F - smoothstep(0.95F, 1.1F, d));
                   lay(t, {0.25F, 0.18F, 0.15F}, 0.30F * rim);
                   const float glint =
                       1.0F - smoothstep(0.12F, 0.30F, length(dx / radius + 0.4F, dy / radius + 0.4F));
                   lay(t, {1.0F, 1.0F, 1.0F}, 0.8F * glint);
                 });
  }
}

void shade_pixel(Raster& raster, int x, int y, float keep) {
  if (x < 0 || y < 0 || x >= raster.width || y >= raster.height) {
    return;
  }
  std::uint8_t* p = &raster.rgb[(static_cast<std::size_t>(y) * raster.width + x) * 3];
  for (int c = 0; c < 3; ++c) {
    p[c] = static_cast<std::uint8_t>(static_cast<float>(p[c]) * keep);
  }
}

// Ten millimetres with half-millimetre ticks.
void draw_ruler(Raster& raster, float px_per_mm) {
  const int thick = std::max(1, static_cast<int>(px_per_mm / 45.0F));
  const int count = std::min(10, static_cast<int>(0.62F * static_cast<float>(raster.width) / px_per_mm));
  const int left =
      static_cast<int>(0.5F * (static_cast<float>(raster.width) - static_cast<float>(count) * px_per_mm));
  const int top = static_cast<int>(0.915F * static_cast<float>(raster.height));
  const auto bar = [&](int x, int y, int w, int h) {
    for (int j = 0; j < h; ++j) {
      for (int i = 0; i < w; ++i) {
        shade_pixel(raster, x + i, y + j, 0.18F);
      }
    }
  };
  bar(left, top, static_cast<int>(static_cast<float>(count) * px_per_mm) + thick, thick);
  for (int half = 0; half <= 2 * count; ++half) {
    const int x = left + static_cast<int>(0.5F * static_cast<float>(half) * px_per_mm);
    const float tall = half % 10 == 0 ? 0.42F : half % 2 == 0 ? 0.30F : 0.16F;
    const int h = static_cast<int>(tall * px_per_mm);
    bar(x, top - h, thick, h);
    if (half % 10 == 0) {
      draw_text(raster, x - 2 * thick, top + 4 * thick, std::to_string(half / 2), thick, 45, 35, 32);
    }
  }
  const int end = left + static_cast<int>((static_cast<float>(count) + 0.25F) * px_per_mm);
  draw_text(raster, end, top - 5 * thick, "mm", thick, 45, 35, 32);
}

void darken_outside_field(Raster& raster) {
  const float cx = 0.5F * static_cast<float>(raster.width);
  const float cy = 0.5F * static_cast<float>(raster.height);
  const float radius = 0.565F * static_cast<float>(raster.width);
  for (int y = 0; y < raster.height; ++y) {
    for (int x = 0; x < raster.width; ++x) {
      const float d = length(static_cast<float>(x) - cx, static_cast<float>(y) - cy) / radius;
      const float keep = (1.0F - 0.22F * smoothstep(0.55F, 1.0F, d)) * (1.0F - smoothstep(0.985F, 1.015F, d));
      shade_pixel(raster, x, y, keep + 0.02F * (1.0F - keep));
    }
  }
}

}  // namespace

Raster draw_dermoscopy(const DermoscopySpec& spec) {
  Rng rng(spec.seed);
  const float px_per_mm = static_cast<float>(spec.width / spec.field_of_view_mm);
  SkinField field(spec.width, spec.height, px_per_mm);
  lay_skin(field, spec.tone, 0.5F, rng);
  const float r = 0.5F * static_cast<float>(spec.lesion_mm);
  const bool melanoma = spec.pattern == DermoscopyPattern::Melanoma;
  const float ragged = melanoma ? 0.17F : 0.07F;
  Scene scene{field, rng,
              Outline(field.width_mm() * rng.range(0.47F, 0.53F), field.height_mm() * rng.range(0.46F, 0.50F),
                      r * (melanoma ? 1.05F : 1.0F), r * (melanoma ? 0.80F : 0.84F), ragged, rng),
              r};
  switch (spec.pattern) {
    case DermoscopyPattern::Nevus:
      paint_nevus(scene);
      break;
    case DermoscopyPattern::Melanoma:
      paint_melanoma(scene);
      break;
    case DermoscopyPattern::BasalCellCarcinoma:
      paint_basal_cell_carcinoma(scene);
      break;
    case DermoscopyPattern::SeborrheicKeratosis:
      paint_seborrheic_keratosis(scene);
      break;
    case DermoscopyPattern::Dermatofibroma:
      paint_dermatofibroma(scene);
      break;
    case DermoscopyPattern::Hemangioma:
      paint_hemangioma(scene);
      break;
    case DermoscopyPattern::Psoriasis:
      paint_psoriasis(scene);
      break;
  }
  add_hairs(field, spec.hairs, 6.0F, 0.065F, 0.92F, rng);
  add_hairs(field, spec.hairs * 3, 1.6F, 0.022F, 0.45F, rng);
  add_bubbles(field, 4, rng);
  Lamp lamp;
  lamp.contact = true;
  lamp.relief = 0.0F;
  lamp.corner_shade = 0.12F;
  Raster raster = develop(field, lamp, rng);
  if (spec.ruler) {
    draw_ruler(raster, px_per_mm);
  }
  if (spec.vignette) {
    darken_outside_field(raster);
  }
  if (spec.mark) {
    mark_as_synthetic(raster);
  }
  return raster;
}

}  // namespace hada::support
