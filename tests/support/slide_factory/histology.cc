// Sections of skin in haematoxylin and eosin. Lengths here are um; only the last steps know pixels.
#include <cmath>

#include "tests/support/slide_factory/noise.h"
#include "tests/support/slide_factory/slide_factory.h"
#include "tests/support/slide_factory/stain.h"

namespace hada::support {
namespace {

constexpr float kTurn = 6.2831853F;

// What the section shows: thicknesses and how much of everything.
struct Plan {
  float corneum;        // um
  float epidermis;      // um above the rete ridges
  float rete;           // um, how far the ridges reach down
  float rete_period;    // um
  bool regular_ridges;  // psoriasis: even, club-shaped
  float lymphocytes;    // perivascular clusters per mm of section
  bool band;            // a band of lymphocytes under the epidermis
  bool parakeratosis;   // nuclei in the horn
};

Plan plan_for(Histology histology) {
  switch (histology) {
    case Histology::NormalSkin:
      return {26.0F, 55.0F, 48.0F, 150.0F, false, 2.0F, false, false};
    case Histology::BasalCellCarcinoma:
      return {24.0F, 48.0F, 26.0F, 190.0F, false, 6.0F, false, false};
    case Histology::Melanoma:
      return {22.0F, 58.0F, 38.0F, 150.0F, false, 7.0F, false, false};
    case Histology::Psoriasis:
      return {62.0F, 62.0F, 260.0F, 128.0F, true, 8.0F, false, true};
    case Histology::SeborrheicKeratosis:
      return {40.0F, 240.0F, 150.0F, 170.0F, false, 3.0F, false, false};
    case Histology::LichenPlanus:
      return {42.0F, 85.0F, 80.0F, 120.0F, false, 3.0F, true, false};
  }
  return {};
}

class Section {
 public:
  explicit Section(const SlideSpec& spec)
      : spec_(spec),
        plan_(plan_for(spec.histology)),
        rng_(spec.seed),
        um_(static_cast<float>(spec.mpp)),
        width_um_(static_cast<float>(spec.width * spec.mpp)),
        height_um_(static_cast<float>(spec.height * spec.mpp)),
        ox_(rng_.uniform()),
        oy_(rng_.uniform()),
        canvas_(spec.width, spec.height, um_) {}

  Raster draw() {
    lay_out();
    draw_ground();
    add_adnexa();
    add_disease();
    add_cells();
    return canvas_.take();
  }

 private:
  // The free surface and the junction, as functions of x; sampled once per um.
  void lay_out() {
    const NoiseBank& bank = noise_bank();
    const bool field = spec_.fills_frame;
    left_ = field ? -1e6F : 0.07F * width_um_;
    right_ = field ? 1e6F : 0.93F * width_um_;
    bottom_ = field ? 1e6F : 0.90F * height_um_;
    top_ = (field ? 0.14F : 0.13F) * height_um_;
    const int n = static_cast<int>(width_um_) + 2;
    surface_.resize(static_cast<std::size_t>(n));
    junction_.resize(static_cast<std::size_t>(n));
    const float lift = field ? 0.0F : 0.075F * height_um_;
    float phase = 0.0F;
    for (int i = 0; i < n; ++i) {
      const float x = static_cast<float>(i);
      const float slow = bank.clouds.at(ox_ + x * 0.00025F, oy_);
      const float quick = bank.clouds.at(ox_ + x * 0.0013F, oy_ + 0.37F);
      const float across = 2.0F * x / width_um_ - 1.0F;
      const float bulge = lift * across * across * (0.6F + 0.8F * across * across);
      float papilloma = 0.0F;
      if (spec_.histology == Histology::SeborrheicKeratosis) {
        papilloma = -60.0F * tumour_at(x) + 26.0F * std::sin(x * kTurn / 330.0F) * tumour_at(x);
      }
      surface_[static_cast<std::size_t>(i)] = top_ + bulge + 16.0F * slow + 5.0F * quick + papilloma;
      const float jitter = plan_.regular_ridges ? 0.10F : 0.45F;
      phase += (1.0F + jitter * quick) / plan_.rete_period;
      const float wave = 0.5F + 0.5F * std::cos(kTurn * phase);
      const float ridge = plan_.regular_ridges ? smoothstep(0.25F, 0.80F, wave) : std::pow(wave, 1.4F);
      const float each =
          1.0F + (plan_.regular_ridges ? 0.16F : 0.42F) * bank.clouds.at(oy_ + x * 0.0021F, ox_);
      float thick = plan_.epidermis;
      float rete = plan_.rete;
      if (spec_.histology == Histology::SeborrheicKeratosis) {
        thick = mix(52.0F, thick, tumour_at(x));
        rete = mix(40.0F, rete, tumour_at(x));
      }
      junction_[static_cast<std::size_t>(i)] =
          surface_[static_cast<std::size_t>(i)] + thick + rete * ridge * std::max(0.25F, each) + 4.0F * quick;
    }
  }

  // 1 in the middle of the specimen, 0 at its ends: where the tumour is.
  float tumour_at(float x) const {
    const float across = std::fabs(2.0F * x / width_um_ - 1.0F);
    return smoothstep(0.62F, 0.40F, across);
  }

  float at(const std::vector<float>& line, float x) const {
    const int i = std::clamp(static_cast<int>(x), 0, static_cast<int>(line.size()) - 1);
    return line[static_cast<std::size_t>(i)];
  }
  float surface(float x) const { return at(surface_, x); }
  float junction(float x) const { return at(junction_, x); }

  // Distance in um to the cut edges (sides and base); negative outside.
  float to_cut(float x, float y, float rough) const {
    const float side = std::min(x - left_, right_ - x);
    return std::min(side, bottom_ - y) + 30.0F * rough;
  }

  // The ground tissue changes slowly: it is worked out on a grid of about 1 um and interpolated; what has
  // sharp outlines (cells, glands) is drawn on top at full resolution.
  void draw_ground() {
    const int step = std::max(1, static_cast<int>(1.0F / um_ + 0.5F));
    const int columns = spec_.width / step + 2;
    std::vector<Stain> above(static_cast<std::size_t>(columns));
    std::vector<Stain> below(static_cast<std::size_t>(columns));
    ground_row(0.5F * um_, step, above);
    for (int y = 0; y < spec_.height; y += step) {
      ground_row((static_cast<float>(y + step) + 0.5F) * um_, step, below);
      for (int k = 0; k < step && y + k < spec_.height; ++k) {
        canvas_.store_row(y + k, above, below, static_cast<float>(k) / static_cast<float>(step), step);
      }
      std::swap(above, below);
    }
  }

  void ground_row(float y, int step, std::vector<Stain>& out) const {
    const NoiseBank& bank = noise_bank();
    constexpr int kHold = 8;
    float warps[2] = {0.0F, 0.0F};
    float slows[2] = {0.0F, 0.0F};
    const float pitch = static_cast<float>(step) * um_;
    for (int i = 0; i < static_cast<int>(out.size()); ++i) {
      const float x = static_cast<float>(i) * pitch + 0.5F * um_;
      Stain& s = out[static_cast<std::size_t>(i)];
      if (i % kHold == 0) {
        const float next = x + kHold * pitch;
        warps[0] = i == 0 ? warp_at(x, y) : warps[1];
        slows[0] = i == 0 ? slow_at(x, y) : slows[1];
        warps[1] = warp_at(next, y);
        slows[1] = slow_at(next, y);
      }
      const float part = static_cast<float>(i % kHold) / kHold;
      const float warp = mix(warps[0], warps[1], part);
      const float slow = mix(slows[0], slows[1], part);
      const float wx = x + 9.0F * warp;
      const float depth = y - surface(wx);
      if (depth < -plan_.corneum * 1.6F || to_cut(x, y, slow) < -8.0F) {
        s = {0.0F, 0.0F};
        continue;
      }
      const float fine = bank.clouds.at(ox_ + x * 0.0065F, oy_ + y * 0.0065F);
      const float cut = to_cut(x, y, slow + 0.25F * fine);
      const float inside = smoothstep(0.0F, 2.0F, cut);
      const float floor = junction(wx);
      if (depth < 0.0F) {
        s = horn(x, depth, fine, warp);
      } else if (y < floor) {
        s = epidermis(x, y, depth, floor - y, fine);
      } else {
        s = dermis(x, y, y - floor, fine, warp, slow);
      }
      s.eosin *= inside * (1.0F + 0.06F * slow);
      s.haematoxylin *= inside * (1.0F + 0.06F * slow);
    }
  }

  // Basket-weave horn: thin strands with air between them.
  Stain horn(float x, float depth, float fine, float warp) const {
    const NoiseBank& bank = noise_bank();
    const float up = -depth;
    const float thick = plan_.corneum * (1.0F + 0.28F * warp);
    if (up > thick) {
      return {0.0F, 0.0F};
    }
    const float strand =
        bank.ridges.at(ox_ + x * 0.0016F, oy_ + (up + 2.5F * fine) * (plan_.parakeratosis ? 0.012F : 0.016F));
    const float compact = plan_.parakeratosis ? 0.75F : 0.30F + 0.5F * smoothstep(6.0F, 0.0F, up);
    const float solid = std::max(compact * 0.75F, smoothstep(0.42F, 0.62F, strand));
    return {0.04F + 0.02F * fine, (0.52F + 0.08F * fine) * solid * smoothstep(thick, thick - 5.0F, up)};
  }

  Stain epidermis(float x, float y, float depth, float above_junction, float fine) const {
    const NoiseBank& bank = noise_bank();
    const float k = 1.0F / (11.5F * NoiseBank::kCells);
    const float edge = bank.cell_edge.at(ox_ + x * k + 0.0015F * fine, oy_ + y * k * 1.1F);
    const float bridge = 1.0F - smoothstep(0.0F, 0.30F, edge);  // pale gaps between the cells
    const float granular = smoothstep(11.0F, 3.0F, depth);
    const float basal = smoothstep(13.0F, 4.0F, above_junction);
    Stain s;
    s.haematoxylin = 0.20F + 0.26F * granular + 0.20F * basal + 0.03F * fine - 0.09F * bridge;
    s.eosin = 0.44F - 0.10F * basal + 0.03F * fine - 0.14F * bridge;
    if (spec_.histology == Histology::SeborrheicKeratosis) {
      s.haematoxylin += 0.14F * tumour_at(x);
    }
    return s;
  }

  Stain dermis(float x, float y, float below, float fine, float warp, float slow) const {
    const NoiseBank& bank = noise_bank();
    const float fat_line = 0.70F * (std::min(bottom_, height_um_ * 1.15F) - top_) + 70.0F * slow;
    if (y - top_ > fat_line && !spec_.fills_frame) {
      // Subcutis: empty cells with thin walls, and septa.
      const float k = 1.0F / (62.0F * NoiseBank::kCells);
      const float edge = bank.cell_edge.at(ox_ + x * k + 0.003F * fine, oy_ + y * k + 0.003F * warp);
      const float wall = 1.0F - smoothstep(0.02F, 0.085F, edge);
      const float septum =
          smoothstep(0.70F, 0.76F, bank.ridges.at(oy_ + x * 0.00030F + 0.004F * warp, ox_ + y * 0.00018F));
      const float strand = bank.ridges.at(ox_ + x * 0.0026F, oy_ + y * 0.0048F);
      const float solid = std::max(wall * 0.75F, septum * (0.5F + 0.7F * strand));
      return {0.01F + 0.05F * solid, 0.02F + 0.42F * solid};
    }
    // Papillary dermis: fine and pale. Below: bundles with clefts, lying mostly flat.
    const float deep = smoothstep(30.0F, 190.0F, below);
    const float fibril = bank.ridges.at(ox_ + x * 0.006F + 0.003F * fine, oy_ + y * 0.011F);
    const float bx = x + 26.0F * warp;
    const float by = y + 0.22F * x * slow * 0.1F + 22.0F * warp + 3.0F * fine;
    const float slant = smoothstep(-0.25F, 0.45F, slow + 0.5F * warp);
    float body = 0.0F;
    if (slant < 1.0F) {
      body += (1.0F - slant) * bank.ridges.at(oy_ + bx * 0.0019F, ox_ + by * 0.0062F);
    }
    if (slant > 0.0F) {
      body += slant * bank.ridges.at(ox_ + (bx + 0.8F * by) * 0.0020F, oy_ + (by - 0.55F * bx) * 0.0050F);
    }
    const float cleft = 1.0F - smoothstep(0.24F, 0.40F, body + 0.05F * fine);
    const float streak = 0.80F + 0.4F * fibril;
    Stain s;
    s.eosin = mix(0.20F + 0.16F * fibril, (0.22F + 0.36F * body) * streak, deep);
    s.eosin *= 1.0F - 0.88F * cleft * deep;
    s.haematoxylin = mix(0.085F, 0.045F, deep) + 0.02F * fine;
    s.haematoxylin *= 1.0F - 0.7F * cleft * deep;
    return s;
  }

  bool in_tissue(float x, float y) const {
    return to_cut(x, y, slow_at(x, y)) > 12.0F && y > surface(x) && x > 0.0F && y > 0.0F && x < width_um_ &&
           y < height_um_;
  }
  float base_um() const { return std::min(bottom_, height_um_); }

  // ---- Structures ----------------------------------------------------------------------------------

  // A vessel: wall, lumen, a few red cells.
  void vessel(float x, float y, float radius) {
    const float stretch = rng_.range(0.55F, 1.0F);
    const float turn = rng_.range(0.0F, kTurn);
    const float c = std::cos(turn);
    const float s = std::sin(turn);
    canvas_.around(x, y, radius * 1.5F, [&](float dx, float dy, auto&& set) {
      const float d = length(dx * c + dy * s, (dy * c - dx * s) / stretch) / radius;
      set(Stain{0.10F, 0.50F}, smoothstep(1.25F, 1.12F, d));
      set(Stain{0.0F, 0.015F}, smoothstep(0.95F, 0.85F, d));
    });
    const int cells = static_cast<int>(radius * 0.9F);
    for (int i = 0; i < cells; ++i) {
      const float a = rng_.range(0.0F, kTurn);
      const float r = radius * 0.62F * std::sqrt(rng_.uniform());
      const float u = r * std::cos(a);
      const float v = r * std::sin(a) * stretch;
      canvas_.around(x + u * c - v * s, y + u * s + v * c, 5.0F, [&](float dx, float dy, auto&& set) {
        const float d = length(dx, dy) / 3.4F;
        set(Stain{0.02F, 0.62F + 0.12F * d}, 0.9F * smoothstep(1.05F, 0.85F, d));
      });
    }
    const int lining = static_cast<int>(radius * 0.8F) + 3;
    for (int i = 0; i < lining; ++i) {
      const float a = kTurn * (static_cast<float>(i) + rng_.uniform()) / static_cast<float>(lining);
      const float u = 1.06F * radius * std::cos(a);
      const float v = 1.06F * radius * std::sin(a) * stretch;
      const float along = std::atan2(stretch * std::cos(a), -std::sin(a)) + turn;
      canvas_.nucleus(NucleusKind::Spindle, x + u * c - v * s, y + u * s + v * c, along, 0.62F, rng_);
    }
  }

  void lymphocyte_cluster(float x, float y, float spread, int count) {
    for (int i = 0; i < count; ++i) {
      const float cx = x + spread * 1.5F * rng_.normal();
      const float cy = y + spread * rng_.normal();
      if (in_tissue(cx, cy) && cy > junction(cx) + 4.0F) {
        canvas_.nucleus(NucleusKind::Lymphocyte, cx, cy, rng_.range(0.0F, kTurn), rng_.range(0.9F, 1.3F),
                        rng_);
      }
    }
  }

  // A ring of cells around a lumen: one cut through a sweat duct or coil.
  void tubule(float x, float y, float radius, bool dark) {
    if (!in_tissue(x - radius, y) || !in_tissue(x + radius, y)) {
      return;
    }
    canvas_.around(x, y, radius * 1.4F, [&](float dx, float dy, auto&& set) {
      const float d = length(dx, dy) / radius;
      set(Stain{dark ? 0.30F : 0.16F, dark ? 0.34F : 0.30F}, smoothstep(1.1F, 0.98F, d));
      set(Stain{0.02F, 0.42F}, smoothstep(0.36F, 0.30F, d));
      set(Stain{0.0F, 0.01F}, smoothstep(0.28F, 0.22F, d));
    });
    for (int ring = 0; ring < (dark ? 2 : 1); ++ring) {
      const float r = radius * (dark ? 0.56F + 0.28F * static_cast<float>(ring) : 0.74F);
      const int count = static_cast<int>(kTurn * r / 7.5F);
      for (int i = 0; i < count; ++i) {
        const float a = kTurn * (static_cast<float>(i) + 0.4F * rng_.uniform()) / static_cast<float>(count);
        canvas_.nucleus(NucleusKind::Keratinocyte, x + r * std::cos(a), y + r * std::sin(a), a, 0.75F, rng_);
      }
    }
  }

  void sweat_gland(float x, float y) {
    const int coils = 14 + rng_.below(10);
    for (int i = 0; i < coils; ++i) {
      tubule(x + 75.0F * rng_.normal(), y + 42.0F * rng_.normal(), rng_.range(17.0F, 27.0F),
             rng_.chance(0.4F));
    }
  }

  // Sebaceous lobules: round, foamy cells with a small nucleus in the middle.
  void sebaceous_lobule(float x, float y, float radius) {
    const NoiseBank& bank = noise_bank();
    const float k = 1.0F / (17.0F * NoiseBank::kCells);
    canvas_.around(x, y, radius * 1.3F, [&](float dx, float dy, auto&& set) {
      const float lump = bank.clouds.at(ox_ + (x + dx) * 0.003F, oy_ + (y + dy) * 0.003F);
      const float d = length(dx, dy * 1.2F) / radius + 0.05F * lump;
      const float edge = bank.cell_edge.at(ox_ + (x + dx) * k, oy_ + (y + dy) * k);
      const float foam = bank.grain.at((x + dx) * 0.006F, (y + dy) * 0.006F);
      const float wall = 1.0F - smoothstep(0.03F, 0.20F, edge);
      const float rim = smoothstep(0.84F, 0.94F, d);
      set(Stain{0.06F + 0.30F * rim + 0.05F * wall, 0.12F + 0.22F * wall + 0.03F * foam + 0.14F * rim},
          smoothstep(1.0F, 0.97F, d));
    });
    for (float v = -radius; v < radius; v += 17.0F) {
      for (float u = -radius; u < radius; u += 17.0F) {
        const float cu = u + 4.0F * rng_.normal();
        const float cv = v + 4.0F * rng_.normal();
        if (length(cu, cv * 1.2F) < radius * 0.85F) {
          canvas_.nucleus(NucleusKind::Keratinocyte, x + cu, y + cv, rng_.range(0.0F, kTurn), 0.62F, rng_);
        }
      }
    }
    const int rim = static_cast<int>(kTurn * radius / 9.0F);
    for (int i = 0; i < rim; ++i) {
      const float a = kTurn * static_cast<float>(i) / static_cast<float>(rim);
      canvas_.nucleus(NucleusKind::Basal, x + 0.93F * radius * std::cos(a), y + 0.77F * radius * std::sin(a),
                      a + 1.57F, 0.75F, rng_);
    }
  }

  void follicle(float x) {
    const float start = surface(x);
    const float depth = std::min(0.46F * (base_um() - top_), 900.0F);
    const float lean = rng_.range(-0.35F, 0.35F);
    const auto axis = [&](float down) { return x + lean * down + 10.0F * std::sin(down * 0.006F); };
    const float step = 3.0F;
    const auto girth = [&](float down) {
      const float bulb = 26.0F * std::exp(-std::pow((down - depth + 50.0F) / 60.0F, 2.0F));
      return 34.0F + 12.0F * smoothstep(80.0F, 0.0F, down) + bulb;
    };
    for (float down = -4.0F; down < depth; down += step) {
      const float cx = axis(std::max(0.0F, down));
      const float r = girth(down) * smoothstep(depth + 2.0F, depth - 40.0F, down);
      canvas_.strip(cx, start + down, r * 1.1F, step, [&](float dx, auto&& set) {
        const float d = std::fabs(dx) / std::max(1.0F, r);
        const float matrix = smoothstep(depth - 130.0F, depth - 40.0F, down);
        set(Stain{0.28F + 0.20F * smoothstep(0.75F, 1.0F, d) + 0.25F * matrix, 0.40F - 0.1F * matrix},
            smoothstep(1.06F, 1.0F, d));
        if (down < depth - 90.0F) {
          set(Stain{0.05F, 0.60F}, smoothstep(0.50F, 0.44F, d));
          set(Stain{0.0F, 0.02F}, smoothstep(0.36F, 0.32F, d) * smoothstep(depth * 0.8F, depth * 0.6F, down));
          set(Stain{0.38F, 0.55F}, smoothstep(0.22F, 0.18F, d));  // the shaft
        }
      });
      if (down > 8.0F) {
        for (const float side : {-1.0F, 1.0F}) {
          canvas_.nucleus(NucleusKind::Basal, cx + side * r * 0.92F, start + down, 0.1F * lean, 0.85F, rng_);
          canvas_.nucleus(NucleusKind::Keratinocyte, cx + side * r * rng_.range(0.58F, 0.82F), start + down,
                          rng_.range(0.0F, kTurn), 0.8F, rng_);
        }
      }
    }
    const float gland = start + 0.42F * depth;
    const float side = rng_.chance(0.5F) ? 1.0F : -1.0F;
    for (int i = 0; i < 4; ++i) {
      sebaceous_lobule(axis(0.42F * depth) + side * rng_.range(70.0F, 150.0F), gland + 45.0F * rng_.normal(),
                       rng_.range(48.0F, 74.0F));
    }
  }

  void add_adnexa() {
    const float base = base_um();
    const float depth = base - top_;
    const float span = width_um_;
    const bool tumour =
        spec_.histology == Histology::BasalCellCarcinoma || spec_.histology == Histology::Melanoma;
    const int follicles = spec_.fills_frame ? 0 : std::max(1, static_cast<int>(span / 1100.0F));
    for (int i = 0; i < follicles; ++i) {
      float u = (static_cast<float>(i) + rng_.range(0.25F, 0.75F)) / static_cast<float>(follicles);
      if (tumour) {
        u = u < 0.5F ? 0.10F + 0.25F * u : 0.90F - 0.25F * (1.0F - u);
      }
      follicle(0.08F * span + 0.84F * span * u);
    }
    const int glands = std::max(1, static_cast<int>(span / 900.0F));
    for (int i = 0; i < glands && !spec_.fills_frame; ++i) {
      const float x =
          span * (0.12F + 0.76F * (static_cast<float>(i) + rng_.uniform()) / static_cast<float>(glands));
      sweat_gland(x, top_ + depth * rng_.range(0.52F, 0.62F));
    }
    const int vessels = static_cast<int>(span * depth / 70000.0F);
    for (int i = 0; i < vessels; ++i) {
      const float x = rng_.range(0.09F, 0.91F) * span;
      const float y = junction(x) + 30.0F + rng_.uniform() * rng_.uniform() * 0.75F * depth;
      if (in_tissue(x, y)) {
        vessel(x, y, rng_.range(6.0F, 17.0F));
      }
    }
    const int clusters = static_cast<int>(plan_.lymphocytes * span / 250.0F);
    for (int i = 0; i < clusters; ++i) {
      const float x = rng_.range(0.09F, 0.91F) * span;
      const float y = junction(x) + rng_.range(25.0F, 330.0F);
      const float radius = rng_.range(6.0F, 13.0F);
      if (in_tissue(x, y)) {
        vessel(x, y, radius);
        lymphocyte_cluster(x, y, rng_.range(14.0F, 34.0F), 24 + rng_.below(50));
      }
    }
  }

  // ---- Disease -------------------------------------------------------------------------------------

  // A nest of tumour cells: crowded nuclei, a palisade along the border, a cleft around it.
  void basaloid_nest(float x, float y, float rx, float ry) {
    const NoiseBank& bank = noise_bank();
    const float turn = rng_.range(-0.6F, 0.6F);
    const float c = std::cos(turn);
    const float s = std::sin(turn);
    const float nx = rng_.uniform();
    const float ny = rng_.uniform();
    const auto inside = [&](float dx, float dy) {  // um to the border, about
      const float u = (dx * c + dy * s) / rx;
      const float v = (dy * c - dx * s) / ry;
      const float lobes = bank.clouds.at(nx + u * 0.09F, ny + v * 0.09F);
      return (1.0F - length(u, v) + 0.16F * lobes) * std::min(rx, ry);
    };
    const float cleft_side = rng_.range(0.0F, kTurn);
    const float reach = std::max(rx, ry) * 1.5F;
    canvas_.around(x, y, reach, [&](float dx, float dy, auto&& set) {
      const float in = inside(dx, dy);
      if (in < -30.0F) {
        return;
      }
      const float open = in > 0.0F ? 0.0F : 4.0F + 7.0F * std::cos(std::atan2(dy, dx) - cleft_side);
      set(Stain{0.07F, 0.24F}, 0.55F * smoothstep(-30.0F, -8.0F, in));  // loose stroma
      set(Stain{0.0F, 0.01F}, smoothstep(-open - 1.5F, -open + 1.5F, in) * (open > 1.0F ? 1.0F : 0.0F));
      set(Stain{0.36F, 0.26F}, smoothstep(-0.8F, 0.8F, in));
    });
    for (float v = -reach; v < reach; v += 7.0F) {
      for (float u = -reach; u < reach; u += 6.6F) {
        const float cu = u + 1.7F * rng_.normal();
        const float cv = v + 1.7F * rng_.normal();
        if (inside(cu, cv) > 9.0F) {
          const bool dividing = rng_.chance(0.006F);
          canvas_.nucleus(dividing ? NucleusKind::Lymphocyte : NucleusKind::Basal, x + cu, y + cv,
                          rng_.range(0.0F, kTurn), rng_.range(0.75F, 1.0F), rng_);
        }
      }
    }
    for (float a = 0.0F; a < kTurn;) {
      float r = 0.0F;
      while (r < reach && inside(r * std::cos(a), r * std::sin(a)) > 4.2F) {
        r += 1.0F;
      }
      if (r > 5.0F && r < reach - 1.0F) {
        canvas_.nucleus(NucleusKind::Basal, x + r * std::cos(a), y + r * std::sin(a), a, 0.95F, rng_);
      }
      a += 4.6F / std::max(10.0F, r);
    }
  }

  void melanocytes(float x, float y, float rx, float ry, float crowding, float pigment) {
    const float pitch = 11.5F / crowding;
    for (float v = -ry; v < ry; v += pitch) {
      for (float u = -rx; u < rx; u += pitch) {
        const float cu = u + 0.28F * pitch * rng_.normal();
        const float cv = v + 0.28F * pitch * rng_.normal();
        const float d = length(cu / rx, cv / ry);
        const float px = x + cu;
        const float py = y + cv;
        if (d > 0.55F + 0.45F * rng_.uniform() || !in_tissue(px, py)) {
          continue;
        }
        const float size = rng_.range(0.75F, 1.45F);
        canvas_.around(px, py, 10.0F * size, [&](float dx, float dy, auto&& set) {
          set(Stain{0.20F, 0.30F}, 0.75F * smoothstep(1.0F, 0.75F, length(dx, dy) / (7.6F * size)));
        });
        canvas_.nucleus(NucleusKind::Atypical, px, py, rng_.range(0.0F, kTurn), size, rng_);
        if (rng_.chance(pigment)) {
          canvas_.pigment(px + 5.0F * rng_.normal(), py + 5.0F * rng_.normal(), rng_.range(1.5F, 4.0F), 0.9F);
        }
      }
    }
  }

  void add_disease() {
    const float span = width_um_;
    const float depth = base_um() - top_;
    switch (spec_.histology) {
      case Histology::BasalCellCarcinoma: {
        struct Placed {
          float x, y, r;
        };
        std::vector<Placed> placed;
        for (int i = 0; i < 260; ++i) {
          const float x = span * std::clamp(0.5F + 0.15F * rng_.normal(), 0.16F, 0.84F);
          const float size = i < 30 ? rng_.range(80.0F, 150.0F) : rng_.range(24.0F, 80.0F);
          const float y =
              junction(x) + size * 0.45F + 0.46F * depth * rng_.uniform() * rng_.range(0.2F, 1.0F);
          const bool free = std::none_of(placed.begin(), placed.end(), [&](const Placed& p) {
            return length((p.x - x) * 0.72F, p.y - y) < 0.92F * (p.r + size);
          });
          if (free && in_tissue(x, y + size)) {
            placed.push_back({x, y, size});
            basaloid_nest(x, y, size * rng_.range(0.9F, 1.3F), size * rng_.range(0.6F, 0.9F));
          }
        }
        break;
      }
      case Histology::Melanoma: {
        const int nests = static_cast<int>(span / 26.0F);
        for (int i = 0; i < nests; ++i) {  // along the junction, some rising into the epidermis
          const float x = span * std::clamp(0.5F + 0.17F * rng_.normal(), 0.12F, 0.88F);
          const float rise = rng_.chance(0.22F) ? rng_.range(10.0F, 55.0F) : 0.0F;
          const float size = rise > 0.0F ? rng_.range(6.0F, 16.0F) : rng_.range(16.0F, 38.0F);
          melanocytes(x, junction(x) - rise - 3.0F, size * 1.3F, size, 1.0F, 0.35F);
        }
        for (int i = 0; i < 34; ++i) {  // the invasive part
          const float x = span * std::clamp(0.5F + 0.085F * rng_.normal(), 0.2F, 0.8F);
          const float y = junction(x) + 30.0F + 0.32F * depth * rng_.uniform() * rng_.uniform();
          melanocytes(x, y, rng_.range(45.0F, 120.0F), rng_.range(35.0F, 80.0F), 1.0F, 0.14F);
        }
        for (int i = 0; i < 240; ++i) {  // melanophages
          const float x = span * (0.5F + 0.14F * rng_.normal());
          const float y = junction(x) + rng_.range(8.0F, 300.0F);
          if (in_tissue(x, y)) {
            canvas_.pigment(x, y, rng_.range(3.0F, 7.5F), 1.5F);
          }
        }
        break;
      }
      case Histology::Psoriasis: {
        for (float x = 0.10F * span; x < 0.90F * span; x += 6.0F) {  // flat nuclei in the horn
          for (int i = 0; i < 3; ++i) {
            const float px = x + 3.0F * rng_.normal();
            const float py = surface(px) - rng_.range(3.0F, 0.85F * plan_.corneum);
            canvas_.nucleus(NucleusKind::Spindle, px, py, 0.1F * rng_.normal(), 0.72F, rng_);
          }
        }
        const int abscesses = std::max(2, static_cast<int>(span / 420.0F));
        for (int i = 0; i < abscesses; ++i) {  // Munro: neutrophils in the horn
          const float x = span * rng_.range(0.14F, 0.86F);
          const float y = surface(x) - rng_.range(14.0F, 36.0F);
          for (int k = 0; k < 42; ++k) {
            canvas_.nucleus(NucleusKind::Lymphocyte, x + 19.0F * rng_.normal(), y + 5.0F * rng_.normal(),
                            0.0F, 0.72F, rng_);
          }
        }
        for (float x = 0.10F * span; x < 0.90F * span; x += 26.0F) {  // wide vessels in the papillae
          const float y = junction(x) + rng_.range(10.0F, 40.0F);
          if (junction(x) - surface(x) < plan_.epidermis + 0.25F * plan_.rete && in_tissue(x, y)) {
            vessel(x, y, rng_.range(5.0F, 9.0F));
          }
        }
        break;
      }
      case Histology::SeborrheicKeratosis: {
        const int cysts = std::max(3, static_cast<int>(span / 120.0F));
        for (int i = 0; i < cysts; ++i) {
          const float x = span * std::clamp(0.5F + 0.12F * rng_.normal(), 0.28F, 0.72F);
          const float room = junction(x) - surface(x);
          const float y = surface(x) + room * rng_.range(0.25F, 0.75F);
          horn_cyst(x, y, std::min(rng_.range(24.0F, 70.0F), 0.32F * room));
        }
        break;
      }
      case Histology::LichenPlanus:
      case Histology::NormalSkin:
        break;
    }
    if (plan_.band) {
      const float from = std::max(0.0F, left_);
      const float to = std::min(width_um_, right_);
      for (float x = from; x < to; x += 3.0F) {
        for (int i = 0; i < 7; ++i) {
          const float px = x + 3.0F * rng_.normal();
          const float py = junction(px) + 2.0F + 105.0F * rng_.uniform() * rng_.range(0.3F, 1.0F);
          if (in_tissue(px, py)) {
            canvas_.nucleus(NucleusKind::Lymphocyte, px, py, rng_.range(0.0F, kTurn), rng_.range(0.9F, 1.25F),
                            rng_);
          }
        }
      }
    }
  }

  void horn_cyst(float x, float y, float radius) {
    const NoiseBank& bank = noise_bank();
    const float squash = rng_.range(0.7F, 1.0F);
    canvas_.around(x, y, radius * 1.3F, [&](float dx, float dy, auto&& set) {
      const float d = length(dx, dy / squash) / radius;
      const float swirl = bank.ridges.at(ox_ + std::atan2(dy, dx) * 0.03F, oy_ + d * radius * 0.012F);
      set(Stain{0.32F, 0.36F}, smoothstep(1.16F, 1.06F, d));
      set(Stain{0.03F, 0.10F + 0.62F * smoothstep(0.35F, 0.6F, swirl)}, smoothstep(1.0F, 0.95F, d));
    });
  }

  // ---- Cells of the normal tissue --------------------------------------------------------------------

  void add_cells() {
    const float from = std::max(0.0F, left_ + 8.0F);
    const float to = std::min(width_um_, right_ - 8.0F);
    // Basal layer, standing on the junction.
    for (float x = from; x < to;) {
      const float slope = (junction(x + 3.0F) - junction(x - 3.0F)) / 6.0F;
      const float y = junction(x);
      const float nx = slope / std::sqrt(1.0F + slope * slope);
      const float ny = -1.0F / std::sqrt(1.0F + slope * slope);
      if (in_tissue(x, y)) {
        canvas_.nucleus(NucleusKind::Basal, x + 5.0F * nx - 9.0F * warp_at(x, y), y + 5.0F * ny,
                        std::atan2(ny, nx), rng_.range(0.8F, 1.0F), rng_);
      }
      if (in_tissue(x, y) && spec_.histology != Histology::Psoriasis && rng_.chance(0.12F)) {
        canvas_.pigment(x + 3.0F * nx - 9.0F * warp_at(x, y), y + 3.0F * ny, 3.0F, 0.35F);
      }
      x += 5.6F / std::sqrt(1.0F + slope * slope);
    }
    // Keratinocytes: larger and paler upwards, flat near the surface.
    for (float x = from; x < to; x += 9.2F) {
      const float thick = junction(x) - surface(x);
      for (float below = 7.0F; below < thick - 10.0F; below += 9.4F) {
        const float px = x + 2.0F * rng_.normal();
        const float py = surface(x) + below + 1.8F * rng_.normal();
        if (canvas_.painted(px, py) || !in_tissue(px, py)) {
          continue;
        }
        const bool flat = below < 16.0F;
        canvas_.nucleus(flat ? NucleusKind::Spindle : NucleusKind::Keratinocyte, px, py,
                        flat ? 0.15F * rng_.normal() : rng_.range(0.0F, kTurn), rng_.range(0.72F, 0.98F),
                        rng_);
      }
    }
    // Fibroblasts along the collagen.
    const float base = base_um();
    for (float y = top_; y < base; y += 24.0F) {
      for (float x = from; x < to; x += 24.0F) {
        const float px = x + 10.0F * rng_.normal();
        const float py = y + 10.0F * rng_.normal();
        const float below = py - junction(px);
        const float keep = below < 120.0F ? 0.85F : 0.36F;
        if (below > 6.0F && in_tissue(px, py) && rng_.chance(keep) && !canvas_.painted(px, py)) {
          canvas_.nucleus(NucleusKind::Spindle, px, py, 0.45F * rng_.normal(), rng_.range(0.8F, 1.2F), rng_);
        }
      }
    }
  }

  float warp_at(float x, float y) const {
    return noise_bank().clouds.at(ox_ + x * 0.0018F, oy_ + y * 0.0018F);
  }
  float slow_at(float x, float y) const {
    return noise_bank().clouds.at(oy_ + x * 0.00045F, ox_ + y * 0.00045F);
  }

  const SlideSpec spec_;
  const Plan plan_;
  Rng rng_;
  const float um_;  // per pixel
  const float width_um_;
  const float height_um_;
  const float ox_;
  const float oy_;
  StainCanvas canvas_;
  float left_ = 0.0F;
  float right_ = 0.0F;
  float top_ = 0.0F;
  float bottom_ = 0.0F;
  std::vector<float> surface_;
  std::vector<float> junction_;
};

}  // namespace

Raster draw_slide(const SlideSpec& spec) {
  Raster raster = Section(spec).draw();
  if (spec.mark) {
    const int scale = std::max(2, spec.width / 500);
    draw_text(raster, 6 * scale, spec.height - 11 * scale, "SYNTHETIC", scale, 150, 150, 165);
  }
  return raster;
}

}  // namespace hada::support
