#include "client/render/colour_transform.h"

#include <lcms2.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>
#include <vector>

namespace hada::render {
namespace {

using tiles::ColourGrid;

struct CloseProfile {
  void operator()(void* profile) const { cmsCloseProfile(profile); }
};
struct DeleteTransform {
  void operator()(void* transform) const { cmsDeleteTransform(transform); }
};
using Profile = std::unique_ptr<void, CloseProfile>;
using Transform = std::unique_ptr<void, DeleteTransform>;

// Null for what is not the RGB profile of a device.
Profile open_rgb(const std::string& bytes) {
  if (bytes.empty()) return Profile(cmsCreate_sRGBProfile());
  Profile profile(cmsOpenProfileFromMem(bytes.data(), static_cast<cmsUInt32Number>(bytes.size())));
  if (!profile || cmsGetColorSpace(profile.get()) != cmsSigRgbData) return nullptr;
  return profile;
}

bool serves(const Profile& profile, cmsUInt32Number intent, cmsUInt32Number direction) {
  return cmsIsMatrixShaper(profile.get()) || cmsIsCLUT(profile.get(), intent, direction);
}

Transform make_transform(const Profile& image, const Profile& display) {
  const bool colorimetric = serves(image, INTENT_RELATIVE_COLORIMETRIC, LCMS_USED_AS_INPUT) &&
                            serves(display, INTENT_RELATIVE_COLORIMETRIC, LCMS_USED_AS_OUTPUT);
  return Transform(
      cmsCreateTransform(image.get(), TYPE_RGB_DBL, display.get(), TYPE_RGB_DBL,
                         colorimetric ? INTENT_RELATIVE_COLORIMETRIC : INTENT_PERCEPTUAL,
                         cmsFLAGS_BLACKPOINTCOMPENSATION | cmsFLAGS_NOCACHE | cmsFLAGS_NOOPTIMIZE));
}

struct Rgb {
  double red, green, blue;
};

// Along the greys the table is straight in the display's own values: the points stand where the tone of the
// image needs them, or a linear image would be coarse in its shadows.
ColourGrid::Axis tone_axis(const Transform& transform) {
  constexpr int kGreys = 256;
  std::vector<Rgb> in(kGreys), out(kGreys);
  for (int i = 0; i < kGreys; ++i) in[static_cast<size_t>(i)] = {i / 255.0, i / 255.0, i / 255.0};
  cmsDoTransform(transform.get(), in.data(), out.data(), kGreys);
  ColourGrid::Axis axis{};
  double highest = -1;
  const auto tone = [&](size_t i) {
    return (std::clamp(out[i].red, 0.0, 1.0) + std::clamp(out[i].green, 0.0, 1.0) +
            std::clamp(out[i].blue, 0.0, 1.0)) /
           3;
  };
  const double black = tone(0), white = tone(kGreys - 1);
  for (size_t i = 0; i < axis.size(); ++i) {
    const double straight = static_cast<double>(i) / 255;
    // A fifth straight: where the greys are flat there must be points too, since other colours differ.
    const double bent = white > black ? (tone(i) - black) / (white - black) : straight;
    highest = std::max(highest, std::clamp(0.8 * bent + 0.2 * straight, 0.0, 1.0));
    axis[i] = highest;
  }
  axis.front() = 0;
  axis.back() = 1;
  return axis;
}

// The image value (0 to 1) at which the axis reaches a point of the cube.
double value_at(const ColourGrid::Axis& axis, double place) {
  const auto above = std::lower_bound(axis.begin(), axis.end(), place);
  if (above == axis.begin()) return 0;
  if (above == axis.end()) return 1;
  const auto i = static_cast<double>(above - axis.begin());
  const double low = *(above - 1), high = *above;
  const double part = high > low ? (place - low) / (high - low) : 0;
  return (i - 1 + part) / 255;
}

bool changes_nothing(const std::vector<Rgb>& in, const std::vector<Rgb>& out) {
  constexpr double kUnseen = 0.5 / 255;
  for (size_t i = 0; i < in.size(); ++i)
    if (std::abs(in[i].red - out[i].red) > kUnseen || std::abs(in[i].green - out[i].green) > kUnseen ||
        std::abs(in[i].blue - out[i].blue) > kUnseen)
      return false;
  return true;
}

int16_t stored(double value) {
  return static_cast<int16_t>(std::lround(std::clamp(value, 0.0, 1.0) * 255 * ColourGrid::kScale));
}

}  // namespace

bool is_display_profile(const std::string& profile) {
  const Profile opened = profile.empty() ? nullptr : open_rgb(profile);
  return opened && (serves(opened, INTENT_RELATIVE_COLORIMETRIC, LCMS_USED_AS_OUTPUT) ||
                    serves(opened, INTENT_PERCEPTUAL, LCMS_USED_AS_OUTPUT));
}

std::shared_ptr<const ColourGrid> make_colour_grid(const std::string& image_profile,
                                                   const std::string& display_profile) {
  if (image_profile == display_profile) return nullptr;
  const Profile image = open_rgb(image_profile);
  if (!image) return nullptr;
  const Profile display = open_rgb(is_display_profile(display_profile) ? display_profile : std::string());
  const Transform transform = make_transform(image, display);
  if (!transform) return nullptr;

  const ColourGrid::Axis axis = tone_axis(transform);
  constexpr int n = ColourGrid::kPoints;
  std::vector<double> side(n);
  for (int i = 0; i < n; ++i) side[static_cast<size_t>(i)] = value_at(axis, static_cast<double>(i) / (n - 1));
  std::vector<Rgb> in, out(size_t{n} * n * n);
  in.reserve(out.size());
  for (const double red : side)
    for (const double green : side)
      for (const double blue : side) in.push_back({red, green, blue});
  cmsDoTransform(transform.get(), in.data(), out.data(), static_cast<cmsUInt32Number>(in.size()));
  if (changes_nothing(in, out)) return nullptr;

  std::vector<ColourGrid::Colour> colours;
  colours.reserve(out.size());
  for (const Rgb& c : out) colours.push_back({stored(c.red), stored(c.green), stored(c.blue), 0});
  return std::make_shared<const ColourGrid>(std::move(colours), axis);
}

}  // namespace hada::render
