#include "client/render/slide_programs.h"

#include <cmath>
#include <string>
#include <utility>

#include "client/render/shader.h"
#include "embedded/hada_shaders.h"

namespace hada::render {
namespace {

using Vector = std::array<double, 3>;

// The published optical densities of the pure stains (Ruifrok and Johnston 2001, normalised).
constexpr Vector kHaematoxylin = {0.65, 0.70, 0.29}, kEosin = {0.07, 0.99, 0.11};

double dot(const Vector& a, const Vector& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
Vector cross(const Vector& a, const Vector& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}
Vector scaled(const Vector& a, double by) { return {a[0] * by, a[1] * by, a[2] * by}; }
Vector unit(const Vector& a) { return scaled(a, 1 / std::sqrt(dot(a, a))); }

std::array<float, 3> floats(const Vector& a) {
  return {static_cast<float>(a[0]), static_cast<float>(a[1]), static_cast<float>(a[2])};
}

}  // namespace

StainVectors stain_vectors(model::StainView view) {
  const Vector h = unit(kHaematoxylin), e = unit(kEosin), residual = unit(cross(h, e));
  const bool eosin = view == model::StainView::Eosin;
  const Vector& wanted = eosin ? e : h;
  const Vector& other = eosin ? h : e;
  // The row that gives 1 for the wanted stain and 0 for the other two.
  const Vector row = cross(other, residual);
  return {floats(wanted), floats(scaled(row, 1 / dot(row, wanted)))};
}

const std::array<model::ImageAdjustments, 5>& usual_adjustments() {
  static const std::array<model::ImageAdjustments, 5> usual = [] {
    std::array<model::ImageAdjustments, 5> all;
    all[0].contrast = all[1].contrast = 0.1;
    all[1].gamma = all[2].gamma = 1.1;
    all[3].stain = model::StainView::Haematoxylin;
    all[4].sharpening = 0.5;
    return all;
  }();
  return usual;
}

Result<SlidePrograms::Entry> SlidePrograms::compile(uint32_t parts) {
  std::string fragment(embedded::slide_tile_frag());
  std::string defines;
  if (parts & kSharpen) defines += "#define SHARPEN\n";
  if (parts & kStain) defines += "#define STAIN\n";
  if (parts & kTone) defines += "#define TONE\n";
  if (parts & kGamma) defines += "#define GAMMA\n";
  fragment.insert(fragment.find('\n') + 1, defines);  // #version stays the first line
  Entry entry;
  ASSIGN_OR_RETURN(entry.program, make_program(embedded::slide_tile_vert(), fragment));
  const auto at = [&](const char* name) { return glGetUniformLocation(entry.program.get(), name); };
  entry.uniforms = {at("pane_size"), at("texture_size")};
  entry.sharpening = at("sharpening");
  entry.gain = at("gain");
  entry.unmix = at("unmix");
  entry.stain = at("stain");
  entry.slope = at("slope");
  entry.offset = at("offset");
  entry.inverse_gamma = at("inverse_gamma");
  return entry;
}

Result<std::unique_ptr<SlidePrograms>> SlidePrograms::create() {
  auto programs = std::make_unique<SlidePrograms>();
  ASSIGN_OR_RETURN(programs->entries_[0], compile(0));
  return programs;
}

void SlidePrograms::try_compile(uint32_t parts) {
  Entry& entry = entries_[parts];
  if (entry.program || entry.tried) return;
  if (!refuse_)
    if (auto made = compile(parts)) entry = std::move(*made);
  entry.tried = true;
}

const SlidePrograms::Uniforms& SlidePrograms::use(const model::ImageAdjustments& a) {
  uint32_t parts = 0;
  if (a.sharpening > 0) parts |= kSharpen;
  if (a.stain != model::StainView::All) parts |= kStain;
  if (a.brightness != 0 || a.contrast != 0 || (model::has_white(a) && !(parts & kStain))) parts |= kTone;
  if (a.gamma != 1) parts |= kGamma;
  try_compile(parts);
  Entry* entry = &entries_[parts];
  fell_back_ = !entry->program;
  if (fell_back_) entry = &entries_[0];
  glUseProgram(entry->program.get());
  // Locations that a program does not have are -1, which GL ignores.
  const auto f = [](double v) { return static_cast<float>(v); };
  glUniform1f(entry->sharpening, f(a.sharpening));
  glUniform3f(entry->gain, f(a.red_gain), f(a.green_gain), f(a.blue_gain));
  if (parts & kStain) {
    const StainVectors vectors = stain_vectors(a.stain);
    glUniform3fv(entry->unmix, 1, vectors.unmix.data());
    if (a.stain_grey)
      glUniform3f(entry->stain, 1, 1, 1);
    else
      glUniform3fv(entry->stain, 1, vectors.stain.data());
  }
  const double slope = std::pow(4, a.contrast);
  glUniform1f(entry->slope, f(slope));
  glUniform1f(entry->offset, f(0.5 + slope * (a.brightness / 2 - 0.5)));
  glUniform1f(entry->inverse_gamma, f(1 / a.gamma));
  return entry->uniforms;
}

}  // namespace hada::render
