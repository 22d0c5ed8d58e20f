#pragma once

// The difference of two colours as people see it: CIEDE2000, after G. Sharma, W. Wu, E. N. Dalal, "The
// CIEDE2000 color-difference formula", Color Research and Application 30 (2005), equations 2 to 22, with
// kL = kC = kH = 1.

#include <cmath>

namespace hada::test {

struct Lab {
  double l, a, b;
};

inline double ciede2000(const Lab& x, const Lab& y) {
  constexpr double kPi = 3.14159265358979323846, kDegree = kPi / 180;
  const auto seventh = [](double c) {
    return std::sqrt(std::pow(c, 7) / (std::pow(c, 7) + std::pow(25.0, 7)));
  };
  const double mean_chroma = (std::hypot(x.a, x.b) + std::hypot(y.a, y.b)) / 2;
  const double g = 0.5 * (1 - seventh(mean_chroma));
  const double a1 = (1 + g) * x.a, a2 = (1 + g) * y.a;
  const double c1 = std::hypot(a1, x.b), c2 = std::hypot(a2, y.b);
  const auto hue = [&](double a, double b) {
    if (a == 0 && b == 0) return 0.0;
    const double h = std::atan2(b, a) / kDegree;
    return h < 0 ? h + 360 : h;
  };
  const double h1 = hue(a1, x.b), h2 = hue(a2, y.b);
  const double dl = y.l - x.l, dc = c2 - c1;
  double dh = 0;
  if (c1 * c2 != 0) {
    dh = h2 - h1;
    if (dh > 180) dh -= 360;
    if (dh < -180) dh += 360;
  }
  const double big_dh = 2 * std::sqrt(c1 * c2) * std::sin(dh / 2 * kDegree);
  const double l = (x.l + y.l) / 2, c = (c1 + c2) / 2;
  double h = h1 + h2;
  if (c1 * c2 != 0) {
    if (std::abs(h1 - h2) <= 180)
      h = h / 2;
    else
      h = h < 360 ? (h + 360) / 2 : (h - 360) / 2;
  }
  const double t = 1 - 0.17 * std::cos((h - 30) * kDegree) + 0.24 * std::cos(2 * h * kDegree) +
                   0.32 * std::cos((3 * h + 6) * kDegree) - 0.20 * std::cos((4 * h - 63) * kDegree);
  const double turn = 30 * std::exp(-std::pow((h - 275) / 25, 2));
  const double away = std::pow(l - 50, 2);
  const double sl = 1 + 0.015 * away / std::sqrt(20 + away), sc = 1 + 0.045 * c, sh = 1 + 0.015 * c * t;
  const double rotation = -std::sin(2 * turn * kDegree) * 2 * seventh(c);
  return std::sqrt(std::pow(dl / sl, 2) + std::pow(dc / sc, 2) + std::pow(big_dh / sh, 2) +
                   rotation * (dc / sc) * (big_dh / sh));
}

}  // namespace hada::test
