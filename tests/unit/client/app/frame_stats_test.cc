#include "client/app/frame_stats.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using hada::app::FrameStats;

TEST_CASE("frame times are summed up by nearest rank, panning apart") {
  FrameStats stats;
  for (int i = 1; i <= 100; ++i) stats.add(i, 2 * i, i > 90);
  const auto json = nlohmann::json::parse(stats.json());
  CHECK(json["frames"]["count"] == 100);
  CHECK(json["frames"]["p50"] == 50);
  CHECK(json["frames"]["p95"] == 95);
  CHECK(json["frames"]["p99"] == 99);
  CHECK(json["frames"]["max"] == 100);
  CHECK(json["with_swap"]["p50"] == 100);
  CHECK(json["panning"]["count"] == 10);
  CHECK(json["panning"]["p50"] == 95);
}

TEST_CASE("no frames give zeros") {
  const auto json = nlohmann::json::parse(FrameStats().json());
  CHECK(json["panning"]["count"] == 0);
  CHECK(json["panning"]["max"] == 0);
}
