#pragma once

// A real server with one large slide, for the benchmarks of streaming.

#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "contract/pyramid.h"
#include "hada/v1/case.pb.h"
#include "tests/support/slide_factory/slide_factory.h"
#include "tests/support/world.h"

namespace hada::bench {

inline constexpr int kSlideSide = 20'000;

// Ingests slide.tiff of the folder into an empty server with hadactl and waits until it is ready. Throws.
inline v1::Image bring_in(const support::ServerProcess& server, const support::TempDir& dir) {
  using namespace support;
  write_file(dir / "manifest.csv",
             "file,patient_id,case_id,kind,licence,mpp\nslide.tiff,P1,C1,histopathology_wsi,CC-0,0.25\n");
  const Finished in = ingest(server, dir / "manifest.csv", dir.path());
  if (in.status != 0) throw std::runtime_error(in.output);
  ApiClient derm(server.address());
  derm.as("derm-b");
  v1::Image image;
  const bool ready = eventually(
      [&] {
        const auto cases = derm.call<v1::ListCasesResponse>("CaseService/ListCases", v1::ListCasesRequest());
        if (!cases || cases->cases_size() == 0 || cases->cases(0).images_size() == 0) return false;
        v1::GetImageRequest request;
        request.set_name(cases->cases(0).images(0).name());
        if (const auto found = derm.call<v1::Image>("CaseService/GetImage", request)) image = *found;
        return image.levels_size() > 0;
      },
      std::chrono::minutes(5));
  if (!ready) throw std::runtime_error("the slide did not become ready: " + server.log());
  return image;
}

struct BenchSlide {
  support::TempDir dir;
  support::ServerProcess server;
  std::string image;
  contract::Pyramid pyramid;

  explicit BenchSlide(std::vector<std::string> server_arguments = {}) : server(std::move(server_arguments)) {
    using namespace support;
    make_people(server);
    std::string error;
    if (!write_big_slide(dir / "slide.tiff", kSlideSide, kSlideSide, 1, &error))
      throw std::runtime_error(error);
    const v1::Image found = bring_in(server, dir);
    image = found.name();
    for (const v1::PyramidLevel& level : found.levels())
      pyramid.push_back(
          {level.width(), level.height(), level.tile_width(), level.tile_height(), level.downsample()});
  }
};

}  // namespace hada::bench
