#pragma once

// How a reader has changed the look of one image: for the eye only, the stored picture stays as it is. Plain
// values on top of the display's colours, in this order: sharpening, white balance, stain separation,
// brightness and contrast, gamma.

#include <cstdint>

namespace hada::model {

enum class StainView : int32_t { All, Haematoxylin, Eosin };

struct ImageAdjustments {
  double red_gain = 1, green_gain = 1, blue_gain = 1;  // white balance, 0.25 to 4, on the displayed values
  double brightness = 0;                               // -1 to 1; 1 adds half of the range
  double contrast = 0;                                 // -1 to 1; the slope at mid-grey is 4^contrast
  double gamma = 1;                                    // 0.25 to 4; above 1 lightens the mid-tones
  double sharpening = 0;                               // 0 to 2: how much of the unsharp mask is added
  StainView stain = StainView::All;                    // of an H&E slide
  bool stain_grey = false;                             // the one stain as grey, not in its own colour

  bool operator==(const ImageAdjustments&) const = default;
};

inline constexpr double kMinGain = 0.25, kMaxGain = 4, kMinGamma = 0.25, kMaxGamma = 4, kMaxSharpening = 2;

inline bool is_neutral(const ImageAdjustments& a) { return a == ImageAdjustments{}; }

// Into the ranges above and to steps of 0.01 (gains 0.001), so that what is stored compares equal; what is no
// number becomes neutral.
ImageAdjustments clamped(ImageAdjustments adjustments);

// The white balance that makes this colour (0 to 1 a channel, as displayed without adjustments) a grey of the
// same lightness. Unchanged where the colour is too dark to say anything (a channel below 0.06).
ImageAdjustments with_white(ImageAdjustments adjustments, double red, double green, double blue);
bool has_white(const ImageAdjustments& adjustments);

}  // namespace hada::model
