#pragma once

// The golden values of the shared test data (its README says where each comes from).

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/paths.h"

namespace hada::agreement {

// Null (and said so) where the data is not there.
inline nlohmann::json golden(const std::string& name) {
  const char* given = std::getenv("HADA_TEST_DATA");
  const std::string folder = given != nullptr ? given : support::source_dir() + "/../shared/data";
  const std::string path = folder + "/golden/" + name;
  if (!std::filesystem::exists(path)) {
    MESSAGE("SKIPPED: golden/" << name << " is not there");
    return nullptr;
  }
  std::ifstream in(path);
  return nlohmann::json::parse(in);
}

// To 1e-6, absolute.
inline void check_near(double ours, double theirs) {
  CAPTURE(ours);
  CAPTURE(theirs);
  CHECK(std::abs(ours - theirs) < 1e-6);
}

inline void check_all_near(const std::vector<double>& ours, const nlohmann::json& theirs) {
  REQUIRE(ours.size() == theirs.size());
  for (size_t i = 0; i < ours.size(); ++i) {
    CAPTURE(i);
    check_near(ours[i], theirs[i].get<double>());
  }
}

// Rounded as a publication prints it.
inline double rounded(double value, int digits) {
  const double scale = std::pow(10, digits);
  return std::round(value * scale) / scale;
}

}  // namespace hada::agreement
