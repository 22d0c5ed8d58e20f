// Clinical photographs: close-ups, and overviews of a forearm or a back over a drape.
#include <cmath>

#include "tests/support/slide_factory/eruptions.h"

namespace hada::support {
namespace {

// A sterile drape: blue cloth with soft folds, as overlay on everything outside the body.
void lay_drape(Texel& t, float mx, float my, float ox, float oy) {
  const NoiseBank& bank = noise_bank();
  const float fold = bank.clouds.at(ox + mx * 0.0011F, oy + my * 0.0008F);
  const float weave = bank.grain.at(ox + mx * 0.05F, oy + my * 0.05F);
  const float light = std::max(0.35F, 0.80F + 0.22F * fold + 0.03F * weave);
  t = Texel{};
  lay(t, {0.045F * light, 0.135F * light, 0.20F * light}, 1.0F);
}

// The body's outline as a field: height in mm above the drape (0 or less: drape).
float forearm_height(float u, float v, float bend) {
  // u, v: -1..1 across and along; elbow above, wrist below.
  const float half = mix(0.62F, 0.40F, smoothstep(-1.0F, 0.9F, v)) + 0.05F * std::sin(2.4F * v + 1.0F);
  const float across = (u - 0.10F * bend * v) / half;
  return across * across < 1.0F ? half * std::sqrt(1.0F - across * across) : -1.0F;
}

// A smooth maximum, so that parts of the body grow together (Quilez, polynomial smooth minimum).
float join(float a, float b, float width) {
  const float t = clamp01(0.5F + 0.5F * (a - b) / width);
  return mix(b, a, t) + width * t * (1.0F - t);
}

float back_height(float u, float v) {
  // Neck at the top, then shoulders, waist and hips; an arm hangs on either side.
  const float slope = clamp01((v + 1.02F) / 0.56F);
  const float neck = 0.23F + 0.60F * std::pow(slope, 1.25F) * (1.0F - 0.12F * slope * slope * slope);
  const float trunk = 0.66F - 0.10F * smoothstep(-0.5F, 0.45F, v) + 0.08F * smoothstep(0.45F, 1.0F, v);
  const float half = mix(neck, trunk, smoothstep(-0.52F, -0.16F, v));
  const float across = u / half;
  // Signed like a height: below zero outside, so that join() has something to work with.
  float torso = across * across < 1.0F ? 0.50F * std::pow(1.0F - across * across, 0.42F)
                                       : -1.2F * half * (std::fabs(across) - 1.0F);
  const float spine = -0.050F * std::exp(-u * u / 0.005F) * smoothstep(-1.0F, -0.3F, v);
  const auto blade = [&](float side) {
    const float x = (u - side * 0.33F) / 0.20F;
    const float y = (v + 0.30F) / 0.30F;
    return 0.055F * std::exp(-(x * x + y * y) * 1.1F);
  };
  torso += torso > 0.0F ? spine + blade(1.0F) + blade(-1.0F) : 0.0F;

  const float arm_half = 0.155F - 0.045F * smoothstep(-0.3F, 0.9F, v);
  const float axis = 0.665F + 0.165F * smoothstep(-0.75F, 0.45F, v);
  const float arm = (std::fabs(u) - axis) / arm_half;
  const float top = (v + 0.15F) / 0.42F;  // the upper end is round: the deltoid
  const float round = std::sqrt(arm * arm + (top < 0.0F ? top * top : 0.0F));
  const float limb =
      round < 1.0F ? 0.40F * std::sqrt(1.0F - round * round) : -1.2F * arm_half * (round - 1.0F);
  // Grown together at the shoulder, apart below the armpit.
  return join(torso, limb, 0.16F * smoothstep(0.02F, -0.40F, v) + 0.004F);
}

}  // namespace

Raster draw_closeup(const CloseupSpec& spec) {
  Rng rng(spec.seed);
  SkinField field(spec.width, spec.height, static_cast<float>(spec.width / spec.field_of_view_mm));
  lay_skin(field, spec.tone, 1.0F, rng);
  const bool trunk = spec.eruption == Eruption::HerpesZoster || spec.eruption == Eruption::Acne;
  add_hairs(field, trunk ? 40 : 90, 7.0F, 0.07F, 0.30F, rng);
  const float cx = field.width_mm() * rng.range(0.46F, 0.54F);
  const float cy = field.height_mm() * rng.range(0.46F, 0.54F);
  for (int i = 0; i < 5; ++i) {
    paint_mole(field, rng.range(0.0F, field.width_mm()), rng.range(0.0F, field.height_mm()),
               rng.range(0.25F, 0.7F), 0.6F, rng);
  }
  const float size =
      std::min(usual_size_mm(spec.eruption), 0.78F * std::min(field.width_mm(), 1.2F * field.height_mm()));
  paint_eruption(field, spec.eruption, spec.tone, cx, cy, size, rng);
  Lamp lamp;
  lamp.warmth = rng.range(-0.2F, 0.6F);
  lamp.corner_shade = rng.range(0.2F, 0.4F);
  Raster raster = develop(field, lamp, rng);
  if (spec.mark) {
    mark_as_synthetic(raster);
  }
  return raster;
}

Raster draw_overview(const OverviewSpec& spec) {
  Rng rng(spec.seed);
  const bool back = spec.part == BodyPart::Back;
  const float width_mm = back ? 430.0F : 150.0F;
  SkinField field(spec.width, spec.height, static_cast<float>(spec.width) / width_mm);
  lay_skin(field, spec.tone, 0.9F, rng);

  const float w = field.width_mm();
  const float h = field.height_mm();
  const int moles = back ? 26 : 12;
  for (int i = 0; i < moles; ++i) {
    paint_mole(field, w * (0.5F + 0.26F * rng.range(-1.0F, 1.0F)), h * rng.range(0.22F, 0.95F),
               rng.range(0.8F, back ? 2.6F : 1.6F), rng.range(0.4F, 1.0F), rng);
  }
  const bool many = spec.eruption == Eruption::Psoriasis || spec.eruption == Eruption::Vitiligo ||
                    spec.eruption == Eruption::AtopicDermatitis;
  const float cx = w * (back ? 0.36F : 0.50F);
  const float cy = h * (back ? 0.42F : 0.44F);
  const float size = usual_size_mm(spec.eruption) * (back && !many ? 1.25F : 1.0F);
  paint_eruption(field, spec.eruption, spec.tone, cx, cy, size, rng);
  if (many) {
    const int more = back ? 9 : 3;
    for (int i = 0; i < more; ++i) {
      paint_eruption(field, spec.eruption, spec.tone, w * (0.5F + 0.24F * rng.range(-1.0F, 1.0F)),
                     h * rng.range(0.25F, 0.92F), size * rng.range(0.25F, 0.6F), rng);
    }
  }
  if (!back) {
    add_hairs(field, 420, 11.0F, 0.10F, 0.45F, rng);
  }
  const float ox = rng.uniform();
  const float oy = rng.uniform();
  const float bend = rng.range(-1.0F, 1.0F);
  const float mm = 1.0F / field.px_per_mm;
  for (int y = 0; y < field.height; ++y) {
    const float v = 2.0F * static_cast<float>(y) / static_cast<float>(field.height) - 1.0F;
    for (int x = 0; x < field.width; ++x) {
      const float u = 2.0F * static_cast<float>(x) / static_cast<float>(field.width) - 1.0F;
      const float rise = back ? back_height(u, v) : forearm_height(u, v, bend);
      Texel& t = field.at(x, y);
      if (rise < 0.0F) {
        lay_drape(t, static_cast<float>(x) * mm, static_cast<float>(y) * mm, ox, oy);
      } else {
        t.height += rise * 0.5F * w * (back ? 0.55F : 0.62F);
        t.gloss *= 0.6F;
      }
    }
  }
  Lamp lamp;
  lamp.relief = 0.8F;
  lamp.warmth = 0.3F;
  lamp.corner_shade = 0.25F;
  Raster raster = develop(field, lamp, rng);
  if (spec.mark) {
    mark_as_synthetic(raster);
  }
  return raster;
}

}  // namespace hada::support
