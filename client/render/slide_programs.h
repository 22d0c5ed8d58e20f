#pragma once

// The programs that draw tiles, one for each kind of adjustment in use: an image without any pays for none.

#include <array>
#include <cstdint>
#include <memory>

#include "client/model/adjustments.h"
#include "client/render/gl.h"
#include "contract/result.h"

namespace hada::render {

// Colour deconvolution of H&E: optical density is the sum of the stains' vectors times their amounts (Lambert
// and Beer), so the inverse of the matrix of vectors gives the amounts (A. C. Ruifrok, D. A. Johnston,
// "Quantification of histochemical staining by color deconvolution", Anal Quant Cytol Histol 23 (2001)).
struct StainVectors {
  std::array<float, 3> stain;  // optical density of one unit, red green blue; length 1
  std::array<float, 3> unmix;  // row of the inverse
};
// `view` is Haematoxylin or Eosin. The third vector of the matrix is what is neither: at right angles to
// both.
StainVectors stain_vectors(model::StainView view);

// One of each kind that readers use most: a slider or a button each, and the first two together.
const std::array<model::ImageAdjustments, 5>& usual_adjustments();

class SlidePrograms {
 public:
  // Compiles the plain program; SHADER_FAILED.
  static Result<std::unique_ptr<SlidePrograms>> create();

  struct Uniforms {
    GLint pane_size = -1, texture_size = -1;
  };
  // Makes the program for these adjustments current, their uniforms set. The first use of a kind compiles it
  // (a few ms); one that does not compile is drawn plain.
  const Uniforms& use(const model::ImageAdjustments& adjustments);
  // The last use took the plain program because its own does not compile.
  bool fell_back() const { return fell_back_; }
  // From now on no program compiles. For tests.
  void refuse_all() { refuse_ = true; }

 private:
  enum Part : uint32_t { kSharpen = 1, kStain = 2, kTone = 4, kGamma = 8, kParts = 16 };
  struct Entry {
    bool tried = false;
    Program program;
    Uniforms uniforms;
    GLint sharpening = -1, gain = -1, unmix = -1, stain = -1, slope = -1, offset = -1, inverse_gamma = -1;
  };
  static Result<Entry> compile(uint32_t parts);
  // Once for each kind.
  void try_compile(uint32_t parts);

  std::array<Entry, kParts> entries_;
  bool fell_back_ = false, refuse_ = false;
};

}  // namespace hada::render
