#include "tests/support/slide_factory/eruptions.h"

namespace hada::support {
namespace {

constexpr float kTurn = 6.2831853F;
constexpr Rgb kSilver = {0.80F, 0.77F, 0.73F};
constexpr Rgb kCrust = {0.36F, 0.15F, 0.05F};
constexpr Rgb kBloodCrust = {0.14F, 0.025F, 0.018F};
constexpr Rgb kPus = {0.86F, 0.80F, 0.52F};

struct Spot {
  SkinField& field;
  SkinTone tone;
  float cx, cy, r;  // mm
  Rng& rng;
  // Redness shows less, and turns violet-brown, where there is more melanin.
  float dusk() const { return clamp01(0.25F * (static_cast<float>(tone) - 2.0F)); }
};

// A dome with an optional red halo.
void papule(SkinField& field, float x, float y, float radius, float height, float blood, float melanin,
            float gloss, float halo, Rng& rng) {
  const Outline o(x, y, radius, radius * rng.range(0.78F, 1.0F), 0.10F, rng);
  field.around(x, y, radius * (1.6F + 1.4F * (halo > 0.0F ? 1.0F : 0.0F)), [&](Texel& t, float dx, float dy) {
    const float in = o.inside(dx, dy);
    const float body = smoothstep(-0.35F, 0.45F, in);
    const float dome = smoothstep(-0.40F, 0.95F, in);
    t.height += height * dome;
    t.blood += blood * body;
    t.melanin = std::max(0.0F, t.melanin + melanin * body);
    t.gloss += gloss * body;
    if (halo > 0.0F) {
      t.blood += halo * smoothstep(-1.5F, 0.2F, in);
    }
  });
}

// Flaky scale: plates with lifted edges, in patches. `where` is a mask 0..1 per texel.
template <typename Where>
void scale_over(Spot& s, float reach, float plate_mm, float amount, float cover, Where where) {
  const NoiseBank& bank = noise_bank();
  const float ox = s.rng.uniform();
  const float oy = s.rng.uniform();
  const float k = 1.0F / (plate_mm * NoiseBank::kCells);
  const float relief = s.field.shows(plate_mm * 0.5F);
  s.field.around(s.cx, s.cy, reach, [&](Texel& t, float dx, float dy) {
    const float mask = where(dx, dy);
    if (mask <= 0.0F) {
      return;
    }
    const float fine = bank.clouds.at(ox + dx * 0.12F, oy + dy * 0.12F);
    const float patch = bank.clouds.at(oy + dx * 0.018F + dy * 0.013F, ox + dy * 0.018F - dx * 0.013F);
    const float warp = bank.clouds.at(oy - dx * 0.12F, ox + dy * 0.12F);
    const float px = ox + dx * k + 0.010F * fine;
    const float py = oy + dy * k * 0.85F + 0.010F * warp;
    const float plate = bank.cell_value.at(px, py);
    const float edge = bank.cell_edge.at(px, py);
    const float want = patch * 0.55F + 1.3F * (plate - 0.5F) + 0.55F * fine + amount;
    const float lies = smoothstep(-0.1F, 1.7F, want) * mask;
    const float crack = smoothstep(0.0F, 0.22F, edge);
    const float grey = 0.88F + 0.16F * plate + 0.05F * fine;
    lay(t, {kSilver.r * grey, kSilver.g * grey, kSilver.b * grey}, cover * lies * (0.35F + 0.65F * crack));
    t.height += relief * lies * (0.05F + 0.13F * plate * crack + 0.02F * fine);
    t.gloss *= 1.0F - 0.5F * lies;
  });
}

void paint_psoriasis(Spot& s) {
  const NoiseBank& bank = noise_bank();
  const Outline o(s.cx, s.cy, s.r, s.r * 0.74F, 0.085F, s.rng);
  const float dusk = s.dusk();
  s.field.around(s.cx, s.cy, s.r * 1.7F, [&](Texel& t, float dx, float dy) {
    const float in = o.inside(dx, dy) * s.r;  // mm from the border, nearly
    const float body = smoothstep(-0.5F, 0.9F, in);
    const float mottle = bank.clouds.at(o.ox + dx * 0.03F, o.oy + dy * 0.03F);
    t.blood += body * (0.82F + 0.10F * mottle) + 0.10F * smoothstep(-5.0F, 0.0F, in);
    t.melanin += 0.30F * dusk * body;
    t.height += 0.55F * smoothstep(-0.3F, 1.8F, in);
  });
  scale_over(s, s.r * 1.6F, 1.5F, 0.50F, 0.95F,
             [&](float dx, float dy) { return smoothstep(0.8F, 3.2F, o.inside(dx, dy) * s.r); });
  for (int i = 0; i < 9; ++i) {  // satellites
    const float angle = s.rng.range(0.0F, kTurn);
    const float at = s.r * s.rng.range(1.15F, 1.9F);
    papule(s.field, s.cx + at * std::cos(angle), s.cy + at * std::sin(angle), s.rng.range(0.8F, 2.6F), 0.25F,
           0.70F, 0.2F * dusk, 0.05F, 0.0F, s.rng);
  }
}

void paint_atopic_dermatitis(Spot& s) {
  const NoiseBank& bank = noise_bank();
  const Outline o(s.cx, s.cy, s.r, s.r * 0.70F, 0.24F, s.rng);
  const float dusk = s.dusk();
  const float lines = s.field.shows(0.5F);
  s.field.around(s.cx, s.cy, s.r * 2.0F, [&](Texel& t, float dx, float dy) {
    const float body = smoothstep(-0.35F, 0.55F, o.inside(dx, dy));
    if (body <= 0.0F) {
      return;
    }
    const float mottle = bank.clouds.at(o.ox + dx * 0.028F, o.oy + dy * 0.028F);
    const float fine = bank.clouds.at(o.oy + dx * 0.11F, o.ox + dy * 0.11F);
    t.blood += body * std::max(0.1F, 0.55F + 0.16F * mottle + 0.10F * fine);
    t.melanin += body * (0.10F + 0.45F * dusk) * (1.0F + 0.3F * mottle);
    // Lichenification: the skin's own lines, coarse and deep.
    const float k = 1.0F / (1.9F * NoiseBank::kCells);
    const float edge =
        bank.cell_edge.at(o.ox + dx * k * 0.6F + 0.004F * fine, o.oy + dy * k * 1.15F + 0.004F * mottle);
    const float groove = 1.0F - smoothstep(0.0F, 0.5F, edge);
    t.height += lines * body * (0.16F * (1.0F - groove) + 0.03F * fine);
    t.melanin += lines * body * 0.16F * groove;
  });
  scale_over(s, s.r * 1.6F, 0.8F, -0.55F, 0.50F,
             [&](float dx, float dy) { return smoothstep(0.0F, 0.6F, o.inside(dx, dy)); });
  Strokes scratches(s.field);  // excoriations, side by side as nails leave them
  for (int group = 0; group < 4; ++group) {
    const float x = s.cx + s.r * 0.55F * s.rng.range(-1.0F, 1.0F);
    const float y = s.cy + s.r * 0.40F * s.rng.range(-1.0F, 1.0F);
    const float heading = s.rng.range(0.6F, 1.6F);
    for (int i = 0; i < 3; ++i) {
      scratches.add(wandering_line(x + 2.2F * static_cast<float>(i), y + s.rng.range(-1.0F, 1.0F), heading,
                                   s.rng.range(3.0F, 7.0F), 0.5F, 0.05F, 10, s.rng),
                    s.rng.range(0.4F, 1.0F));
    }
  }
  scratches.apply(s.field, [](Texel& t, float cover) {
    lay(t, {0.30F, 0.05F, 0.035F}, 0.75F * cover);
    t.height -= 0.05F * cover;
  });
}

void paint_tinea(Spot& s) {
  const NoiseBank& bank = noise_bank();
  const Outline o(s.cx, s.cy, s.r, s.r * 0.88F, 0.085F, s.rng);
  const float dusk = s.dusk();
  s.field.around(s.cx, s.cy, s.r * 1.6F, [&](Texel& t, float dx, float dy) {
    const float in = o.inside(dx, dy) * s.r;
    const float mottle = bank.clouds.at(o.ox + dx * 0.05F, o.oy + dy * 0.05F);
    const float ring = smoothstep(-0.6F, 0.5F, in) * (1.0F - smoothstep(1.6F, 5.5F, in + 0.7F * mottle));
    const float inner = smoothstep(0.0F, 3.0F, in);
    t.blood += ring * std::max(0.2F, 0.62F + 0.20F * mottle) + inner * (0.17F + 0.07F * mottle) +
               0.12F * smoothstep(-4.0F, 0.0F, in);
    t.melanin += 0.25F * dusk * ring + inner * 0.10F;
    t.height += 0.26F * ring * smoothstep(-0.5F, 1.2F, in) + 0.05F * ring * mottle;
  });
  for (int i = 0; i < 34; ++i) {  // papules along the active border
    const float angle = kTurn * (static_cast<float>(i) + s.rng.uniform()) / 34.0F;
    float at = s.r * 0.5F;
    while (at < s.r * 1.6F && o.inside(at * std::cos(angle), at * std::sin(angle)) * s.r > 1.1F) {
      at += 0.15F;
    }
    papule(s.field, s.cx + at * std::cos(angle), s.cy + at * std::sin(angle), s.rng.range(0.5F, 1.7F), 0.18F,
           0.22F, 0.0F, 0.06F, 0.0F, s.rng);
  }
  scale_over(s, s.r * 1.6F, 0.9F, 0.05F, 0.70F, [&](float dx, float dy) {
    const float in = o.inside(dx, dy) * s.r;
    return smoothstep(0.6F, 1.8F, in) * (1.0F - smoothstep(2.6F, 6.0F, in));
  });
}

void paint_basal_cell_carcinoma(Spot& s) {
  const NoiseBank& bank = noise_bank();
  const Outline o(s.cx, s.cy, s.r, s.r * 0.86F, 0.09F, s.rng);
  s.field.around(s.cx, s.cy, s.r * 2.0F, [&](Texel& t, float dx, float dy) {
    const float in = o.inside(dx, dy);
    const float body = smoothstep(-0.06F, 0.12F, in);
    const float mottle = bank.clouds.at(o.ox + dx * 0.09F, o.oy + dy * 0.09F);
    t.blood += 0.12F * smoothstep(-0.9F, 0.0F, in);
    if (body <= 0.0F) {
      return;
    }
    // Pearly: translucent, smooth, with a rolled border around a dip.
    const float rim = smoothstep(-0.06F, 0.36F, in) * (1.0F - 0.55F * smoothstep(0.36F, 0.80F, in));
    const float lump = bank.clouds.at(o.oy + dx * 0.05F, o.ox - dy * 0.05F);
    t.height =
        mix(t.height, t.height * 0.25F, body) + s.r * (0.20F + 0.05F * lump) * rim + 0.05F * mottle * body;
    t.melanin *= 1.0F - 0.55F * body;
    t.blood += body * (0.16F + 0.08F * mottle);
    t.gloss += 0.60F * body;
    lay(t, {0.84F, 0.70F, 0.66F}, 0.30F * body * rim);
  });
  Strokes vessels(s.field);
  for (int i = 0; i < 16; ++i) {
    const float angle = s.rng.range(0.0F, kTurn);
    const float at = s.r * s.rng.range(0.72F, 1.12F);
    const float heading = angle + 3.14F + 0.6F * s.rng.normal();
    const auto line = wandering_line(s.cx + at * std::cos(angle), s.cy + at * std::sin(angle), heading,
                                     s.r * s.rng.range(0.35F, 0.7F), 0.19F, 0.13F, 14, s.rng);
    vessels.add(line);
    const auto& fork = line[static_cast<std::size_t>(4 + s.rng.below(5))];
    vessels.add(wandering_line(fork.x, fork.y, heading + s.rng.range(-0.9F, 0.9F), s.r * 0.3F, 0.15F, 0.16F,
                               10, s.rng));
  }
  vessels.apply(s.field, [](Texel& t, float cover) { lay(t, {0.46F, 0.06F, 0.06F}, 0.66F * cover); });
  const Outline ulcer(s.cx + 0.06F * s.r, s.cy + 0.05F * s.r, s.r * 0.36F, s.r * 0.27F, 0.18F, s.rng);
  s.field.around(ulcer.cx, ulcer.cy, s.r, [&](Texel& t, float dx, float dy) {
    const float in = smoothstep(-0.05F, 0.22F, ulcer.inside(dx, dy));
    const float fine = bank.clouds.at(o.oy + dx * 0.3F, o.ox + dy * 0.3F);
    const float dark = smoothstep(0.2F, 1.3F, fine);
    lay(t, kCrust, 0.88F * in);
    lay(t, kBloodCrust, 0.75F * in * dark);
    t.height += in * (0.06F * fine - 0.10F);
    t.gloss *= 1.0F - 0.5F * in;
  });
}

void paint_melanoma(Spot& s) {
  const NoiseBank& bank = noise_bank();
  const Outline o(s.cx, s.cy, s.r, s.r * 0.70F, 0.20F, s.rng);
  const float sector = s.rng.range(0.0F, kTurn);
  const float cs = std::cos(sector);
  const float sn = std::sin(sector);
  s.field.around(s.cx, s.cy, s.r * 2.0F, [&](Texel& t, float dx, float dy) {
    const float in = o.inside(dx, dy);
    const float body = smoothstep(-0.03F, 0.10F, in);
    t.blood += 0.14F * smoothstep(-0.5F, 0.0F, in);
    if (body <= 0.0F) {
      return;
    }
    const float u = dx / s.r;
    const float v = dy / s.r;
    const float blotch = bank.clouds.at(o.ox + u * 0.14F, o.oy + v * 0.14F);
    const float fine = bank.clouds.at(o.oy + u * 0.5F, o.ox + v * 0.5F);
    const float side = u * cs + v * sn;
    const float black = smoothstep(-0.1F, 1.1F, side * 1.1F + 0.6F * blotch);
    t.melanin += body * std::max(0.2F, 1.30F + 0.5F * blotch + 0.25F * fine + 2.2F * black);
    const float red = smoothstep(0.3F, 1.2F, -side + 0.5F * blotch - 0.2F);
    t.melanin -= body * 0.7F * red;
    t.blood += body * 0.35F * red;
    const float blue = smoothstep(0.55F, 0.95F, 1.0F - length(u - 0.3F * cs, v - 0.3F * sn) + 0.15F * fine);
    lay(t, {0.10F, 0.12F, 0.17F}, 0.55F * blue * body);
    const float node =
        smoothstep(0.0F, 0.9F, 1.0F - length(u - 0.38F * cs, v - 0.38F * sn) / 0.46F + 0.10F * blotch);
    t.height += body * (0.22F + 0.05F * fine + s.r * 0.16F * node);
    t.gloss += 0.15F * body + 0.20F * node;
  });
}

void paint_seborrheic_keratosis(Spot& s) {
  const NoiseBank& bank = noise_bank();
  const Outline o(s.cx, s.cy, s.r, s.r * 0.76F, 0.06F, s.rng);
  const float relief = s.field.shows(0.5F);
  s.field.around(s.cx, s.cy, s.r * 1.6F, [&](Texel& t, float dx, float dy) {
    const float in = o.inside(dx, dy) * s.r;
    const float body = smoothstep(-0.12F, 0.28F, in);
    if (body <= 0.0F) {
      return;
    }
    const float mottle = bank.clouds.at(o.ox + dx * 0.04F, o.oy + dy * 0.04F);
    const float fine = bank.clouds.at(o.oy + dx * 0.13F, o.ox + dy * 0.13F);
    const float k = 1.0F / (0.95F * NoiseBank::kCells);
    const float bend = bank.clouds.at(o.ox - dx * 0.13F, o.oy + dy * 0.13F);
    const float edge = bank.cell_edge.at(o.ox + dx * k + 0.010F * fine, o.oy + dy * k + 0.010F * bend);
    const float wart = smoothstep(-0.05F, 0.75F, edge + 0.10F * mottle);
    t.melanin += body * (0.95F + 0.26F * mottle + 0.15F * fine + 0.70F * (1.0F - wart));
    t.height +=
        body * 0.75F * smoothstep(-0.15F, 0.5F, in) + relief * body * 0.13F * wart + 0.05F * body * fine;
    t.gloss += 0.14F * body;  // waxy
  });
  for (int i = 0; i < 26; ++i) {  // horn plugs
    const float angle = s.rng.range(0.0F, kTurn);
    const float at = s.r * 0.85F * std::sqrt(s.rng.uniform());
    const float x = at * std::cos(angle);
    const float y = at * std::sin(angle);
    if (o.inside(x, y) < 0.1F) {
      continue;
    }
    const float size = s.rng.range(0.18F, 0.42F);
    s.field.around(s.cx + x, s.cy + y, size * 1.4F, [&](Texel& t, float dx, float dy) {
      const float in = 1.0F - smoothstep(0.5F, 1.15F, length(dx, dy) / size);
      lay(t, {0.05F, 0.028F, 0.016F}, 0.72F * in);
      t.height -= 0.16F * in;
    });
  }
}

void paint_vitiligo(Spot& s) {
  const NoiseBank& bank = noise_bank();
  const auto patch = [&](float x, float y, float radius) {
    const Outline o(x, y, radius, radius * s.rng.range(0.6F, 0.9F), 0.22F, s.rng);
    s.field.around(x, y, radius * 2.1F, [&](Texel& t, float dx, float dy) {
      const float in = o.inside(dx, dy) * radius;
      const float pale = smoothstep(-0.25F, 0.75F, in);
      const float fine = bank.clouds.at(o.ox + dx * 0.1F, o.oy + dy * 0.1F);
      t.melanin += 0.12F * smoothstep(-3.0F, -0.3F, in) * (1.0F - pale) * t.melanin;
      t.melanin = mix(t.melanin, 0.04F + 0.015F * fine, 0.965F * pale);
      t.blood += 0.05F * pale;
    });
  };
  patch(s.cx, s.cy, s.r);
  for (int i = 0; i < 7; ++i) {
    const float angle = s.rng.range(0.0F, kTurn);
    const float at = s.r * s.rng.range(1.0F, 1.9F);
    patch(s.cx + at * std::cos(angle), s.cy + at * std::sin(angle), s.r * s.rng.range(0.10F, 0.38F));
  }
  const float base = skin_texture(s.tone).melanin;  // pigment comes back around the hair follicles
  for (int i = 0; i < 40; ++i) {
    const float x = s.cx + s.r * (0.35F + 0.28F * s.rng.normal());
    const float y = s.cy + s.r * (0.10F + 0.25F * s.rng.normal());
    const float size = s.rng.range(0.30F, 0.85F);
    s.field.around(x, y, size * 1.5F, [&](Texel& t, float dx, float dy) {
      const float in = 1.0F - smoothstep(0.45F, 1.25F, length(dx, dy) / size);
      t.melanin = std::max(t.melanin, base * 0.9F * in);
    });
  }
}

void paint_acne(Spot& s) {
  const float dusk = s.dusk();
  for (int i = 0; i < 80; ++i) {
    const float x = s.cx + 0.55F * s.r * s.rng.normal();
    const float y = s.cy + 0.42F * s.r * s.rng.normal();
    const float radius = s.rng.range(0.7F, 2.3F);
    const int form = s.rng.below(10);
    if (form < 3) {  // comedones: open and closed
      const bool open = form == 0;
      papule(s.field, x, y, 0.65F, 0.16F, 0.05F, 0.0F, 0.1F, 0.0F, s.rng);
      if (open) {
        s.field.around(x, y, 0.5F, [&](Texel& t, float dx, float dy) {
          lay(t, {0.06F, 0.04F, 0.03F}, 0.8F * (1.0F - smoothstep(0.15F, 0.34F, length(dx, dy))));
        });
      }
    } else if (form < 5) {  // what is left of old ones
      s.field.around(x, y, radius * 1.6F, [&](Texel& t, float dx, float dy) {
        const float in = 1.0F - smoothstep(0.4F, 1.4F, length(dx, dy) / radius);
        t.blood += 0.22F * in;
        t.melanin += (0.16F + 0.7F * dusk) * in;
      });
    } else {
      const bool pustule = form > 7;
      papule(s.field, x, y, radius, 0.34F * radius, 0.50F, 0.15F * dusk, 0.16F, 0.20F, s.rng);
      if (pustule) {
        const float head = radius * s.rng.range(0.30F, 0.45F);
        s.field.around(x, y, head * 1.4F, [&](Texel& t, float dx, float dy) {
          lay(t, kPus, 0.80F * (1.0F - smoothstep(0.35F, 1.20F, length(dx, dy) / head)));
        });
      }
    }
  }
}

void paint_urticaria(Spot& s) {
  const NoiseBank& bank = noise_bank();
  for (int i = 0; i < 9; ++i) {
    const float spread = i == 0 ? 0.0F : 1.0F;
    const float x = s.cx + spread * 0.75F * s.r * s.rng.range(-1.2F, 1.2F);
    const float y = s.cy + spread * 0.60F * s.r * s.rng.range(-1.2F, 1.2F);
    const float radius = s.r * (i == 0 ? 0.52F : s.rng.range(0.10F, 0.34F));
    const Outline o(x, y, radius, radius * s.rng.range(0.6F, 0.9F), 0.16F, s.rng);
    s.field.around(x, y, radius * 2.4F, [&](Texel& t, float dx, float dy) {
      const float in = o.inside(dx, dy) * radius;
      const float wheal = smoothstep(-0.8F, 1.8F, in);
      const float fine = bank.clouds.at(o.ox + dx * 0.06F, o.oy + dy * 0.06F);
      // The swelling presses the blood out of its middle; the flare around it is red.
      t.blood += 0.42F * smoothstep(-6.0F, 0.0F, in) * (1.0F - 0.68F * smoothstep(0.3F, 4.0F, in)) *
                 (1.0F + 0.12F * fine);
      t.height += 0.55F * wheal * (0.8F + 0.2F * smoothstep(0.0F, 3.0F, in));
      lay(t, {0.90F, 0.72F, 0.66F}, 0.16F * smoothstep(1.0F, 4.0F, in));
    });
  }
}

void paint_lichen_planus(Spot& s) {
  const NoiseBank& bank = noise_bank();
  const float dusk = s.dusk();
  for (int i = 0; i < 62; ++i) {
    const float x = s.cx + 0.50F * s.r * s.rng.normal();
    const float y = s.cy + 0.38F * s.r * s.rng.normal();
    const float radius = s.rng.range(0.9F, 2.5F);
    const float corners = static_cast<float>(4 + s.rng.below(3));
    const float turn = s.rng.range(0.0F, kTurn);
    s.field.around(x, y, radius * 1.6F, [&](Texel& t, float dx, float dy) {
      // A polygon with rounded corners: distance scaled by the angle to the nearest side's middle.
      const float sector = kTurn / corners;
      const float angle = std::atan2(dy, dx) + turn + 4.0F * kTurn;
      const float off = std::fmod(angle, sector) - 0.5F * sector;
      const float in = (1.0F - length(dx, dy) * mix(1.0F, std::cos(off) * 1.12F, 0.42F) / radius) * radius;
      const float body = smoothstep(-0.25F, 0.35F, in);
      const float flat = smoothstep(-0.30F, 0.75F, in);
      t.blood = mix(t.blood, 1.00F, 0.85F * body);
      t.melanin += (0.28F + 0.85F * dusk) * body;
      lay(t, {0.26F, 0.12F, 0.25F}, 0.36F * body * (1.0F - 0.4F * dusk));
      t.height = std::max(t.height, mix(t.height, 0.20F, flat));
      t.gloss = std::max(t.gloss, 0.50F * flat);
      // Wickham's striae.
      const float net = bank.ridges.at(x * 0.1F + dx * 0.06F, y * 0.1F + dy * 0.06F);
      lay(t, {0.75F, 0.66F, 0.70F}, 0.20F * smoothstep(0.55F, 0.90F, net) * flat);
    });
  }
}

void paint_herpes_zoster(Spot& s) {
  const NoiseBank& bank = noise_bank();
  const float slope = s.rng.range(0.10F, 0.30F);
  for (int group = 0; group < 5; ++group) {
    const float along = (static_cast<float>(group) - 2.0F) * 0.42F * s.r;
    const float gx = s.cx + along;
    const float gy = s.cy + slope * along + s.rng.range(-0.10F, 0.10F) * s.r;
    const float radius = s.r * s.rng.range(0.18F, 0.30F);
    const Outline o(gx, gy, radius * 1.2F, radius * 0.85F, 0.2F, s.rng);
    s.field.around(gx, gy, radius * 2.4F, [&](Texel& t, float dx, float dy) {
      const float mottle = bank.clouds.at(o.ox + dx * 0.05F, o.oy + dy * 0.05F);
      t.blood += (0.60F + 0.10F * mottle) * smoothstep(-0.45F, 0.30F, o.inside(dx, dy));
    });
    const int count = 9 + s.rng.below(9);
    for (int i = 0; i < count; ++i) {
      const float x = gx + 0.50F * radius * s.rng.normal();
      const float y = gy + 0.36F * radius * s.rng.normal();
      const float size = s.rng.range(0.8F, 1.9F);
      const bool crusted = s.rng.chance(0.16F);
      papule(s.field, x, y, size, 0.26F * size, 0.22F, -0.05F, crusted ? 0.0F : 0.42F, 0.0F, s.rng);
      s.field.around(x, y, size * 1.2F, [&](Texel& t, float dx, float dy) {
        const float d = length(dx, dy) / size;
        const float in = 1.0F - smoothstep(0.55F, 1.0F, d);
        if (crusted) {
          lay(t, kCrust, 0.80F * in);
        } else {
          lay(t, {0.78F, 0.56F, 0.44F}, 0.38F * in);                       // clear to yellowish fluid
          t.height -= 0.10F * size * (1.0F - smoothstep(0.0F, 0.35F, d));  // the dimple
        }
      });
    }
  }
}

}  // namespace

void paint_mole(SkinField& field, float cx, float cy, float radius, float melanin, Rng& rng) {
  const NoiseBank& bank = noise_bank();
  const Outline o(cx, cy, radius, radius * rng.range(0.75F, 1.0F), 0.05F, rng);
  field.around(cx, cy, radius * 1.6F, [&](Texel& t, float dx, float dy) {
    const float in = o.inside(dx, dy);
    const float body = smoothstep(-0.14F, 0.24F, in);
    const float fine = bank.clouds.at(o.ox + dx * 0.16F, o.oy + dy * 0.16F);
    t.melanin += melanin * body * (0.80F + 0.30F * clamp01(in) + 0.10F * fine);
    t.height += 0.20F * radius * clamp01(in) * (2.0F - clamp01(in)) + 0.03F * body * fine;
    t.gloss += 0.12F * body;
  });
}

float usual_size_mm(Eruption eruption) {
  switch (eruption) {
    case Eruption::Nevus:
      return 7.0F;
    case Eruption::Melanoma:
      return 14.0F;
    case Eruption::BasalCellCarcinoma:
      return 11.0F;
    case Eruption::SeborrheicKeratosis:
      return 16.0F;
    case Eruption::Psoriasis:
      return 44.0F;
    case Eruption::AtopicDermatitis:
      return 56.0F;
    case Eruption::TineaCorporis:
      return 42.0F;
    case Eruption::Vitiligo:
      return 40.0F;
    case Eruption::Acne:
    case Eruption::Urticaria:
    case Eruption::HerpesZoster:
      return 60.0F;
    case Eruption::LichenPlanus:
      return 40.0F;
  }
  return 20.0F;
}

void paint_eruption(SkinField& field, Eruption eruption, SkinTone tone, float cx, float cy, float size,
                    Rng& rng) {
  Spot spot{field, tone, cx, cy, 0.5F * size, rng};
  switch (eruption) {
    case Eruption::Nevus:
      return paint_mole(field, cx, cy, 0.5F * size, 1.25F, rng);
    case Eruption::Melanoma:
      return paint_melanoma(spot);
    case Eruption::BasalCellCarcinoma:
      return paint_basal_cell_carcinoma(spot);
    case Eruption::SeborrheicKeratosis:
      return paint_seborrheic_keratosis(spot);
    case Eruption::Psoriasis:
      return paint_psoriasis(spot);
    case Eruption::AtopicDermatitis:
      return paint_atopic_dermatitis(spot);
    case Eruption::TineaCorporis:
      return paint_tinea(spot);
    case Eruption::Vitiligo:
      return paint_vitiligo(spot);
    case Eruption::Acne:
      return paint_acne(spot);
    case Eruption::Urticaria:
      return paint_urticaria(spot);
    case Eruption::LichenPlanus:
      return paint_lichen_planus(spot);
    case Eruption::HerpesZoster:
      return paint_herpes_zoster(spot);
  }
}

}  // namespace hada::support
