#pragma once

// ICC profiles made here, as bytes: like the ones that cameras, scanners and displays carry.

#include <lcms2.h>

#include <cmath>
#include <string>
#include <vector>

namespace hada::test {

inline std::string bytes_of(cmsHPROFILE profile) {
  cmsUInt32Number size = 0;
  cmsSaveProfileToMem(profile, nullptr, &size);
  std::string bytes(size, '\0');
  cmsSaveProfileToMem(profile, bytes.data(), &size);
  cmsCloseProfile(profile);
  return bytes;
}

inline std::string matrix_profile(const cmsCIExyYTRIPLE& primaries, cmsToneCurve* curve,
                                  cmsCIExyY white = {0.3127, 0.3290, 1}) {
  cmsToneCurve* curves[3] = {curve, curve, curve};
  const std::string bytes = bytes_of(cmsCreateRGBProfile(&white, &primaries, curves));
  cmsFreeToneCurve(curve);
  return bytes;
}

inline std::string srgb_profile() { return bytes_of(cmsCreate_sRGBProfile()); }
// Primaries and gamma of Adobe RGB (1998).
inline std::string adobe_like_profile() {
  return matrix_profile({{0.64, 0.33, 1}, {0.21, 0.71, 1}, {0.15, 0.06, 1}},
                        cmsBuildGamma(nullptr, 563.0 / 256));
}
// P3 primaries, sRGB's curve.
inline std::string p3_like_profile() {
  const double curve[5] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
  return matrix_profile({{0.680, 0.320, 1}, {0.265, 0.690, 1}, {0.150, 0.060, 1}},
                        cmsBuildParametricToneCurve(nullptr, 4, curve));
}
// ProPhoto's wide primaries, gamma 1.8, D50.
inline std::string wide_profile() {
  return matrix_profile({{0.7347, 0.2653, 1}, {0.1596, 0.8404, 1}, {0.0366, 0.0001, 1}},
                        cmsBuildGamma(nullptr, 1.8), {0.3457, 0.3585, 1});
}
// A sensor's values as they are: no curve.
inline std::string linear_profile() {
  return matrix_profile({{0.64, 0.33, 1}, {0.30, 0.60, 1}, {0.15, 0.06, 1}}, cmsBuildGamma(nullptr, 1));
}

// A slide scanner's: a table from RGB to Lab, for the perceptual intent only, with crosstalk between the
// channels and an S-shaped tone.
inline std::string table_profile() {
  struct Sample {
    static cmsInt32Number take(const cmsUInt16Number in[], cmsUInt16Number out[], void* to_lab) {
      double rgb[3];
      for (int i = 0; i < 3; ++i) rgb[i] = in[i] / 65535.0;
      double mixed[3];
      for (int i = 0; i < 3; ++i) {
        const double v = 0.9 * rgb[i] + 0.06 * rgb[(i + 1) % 3] + 0.04 * rgb[(i + 2) % 3];
        mixed[i] = 0.65 * v + 0.35 * v * v * (3 - 2 * v);
      }
      cmsCIELab lab;
      cmsDoTransform(to_lab, mixed, &lab, 1);
      cmsFloat2LabEncoded(out, &lab);
      return 1;
    }
  };
  cmsHPROFILE profile = cmsCreateProfilePlaceholder(nullptr);
  cmsSetProfileVersion(profile, 4.3);
  cmsSetDeviceClass(profile, cmsSigInputClass);
  cmsSetColorSpace(profile, cmsSigRgbData);
  cmsSetPCS(profile, cmsSigLabData);
  cmsWriteTag(profile, cmsSigMediaWhitePointTag, cmsD50_XYZ());
  cmsHPROFILE srgb = cmsCreate_sRGBProfile(), lab = cmsCreateLab4Profile(nullptr);
  cmsHTRANSFORM to_lab = cmsCreateTransform(srgb, TYPE_RGB_DBL, lab, TYPE_Lab_DBL,
                                            INTENT_RELATIVE_COLORIMETRIC, cmsFLAGS_NOCACHE);
  cmsPipeline* pipeline = cmsPipelineAlloc(nullptr, 3, 3);
  cmsStage* table = cmsStageAllocCLut16bit(nullptr, 17, 3, 3, nullptr);
  cmsStageSampleCLut16bit(table, Sample::take, to_lab, 0);
  // The version 4 tag wants curves around a table; without curves given they are straight.
  cmsPipelineInsertStage(pipeline, cmsAT_END, cmsStageAllocToneCurves(nullptr, 3, nullptr));
  cmsPipelineInsertStage(pipeline, cmsAT_END, table);
  cmsPipelineInsertStage(pipeline, cmsAT_END, cmsStageAllocToneCurves(nullptr, 3, nullptr));
  cmsWriteTag(profile, cmsSigAToB0Tag, pipeline);
  cmsPipelineFree(pipeline);
  cmsDeleteTransform(to_lab);
  cmsCloseProfile(srgb);
  cmsCloseProfile(lab);
  return bytes_of(profile);
}

}  // namespace hada::test
