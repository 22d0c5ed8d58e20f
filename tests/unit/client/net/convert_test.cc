#include "client/net/convert.h"

#include <doctest/doctest.h>

using namespace hada;

TEST_CASE("an image's adjustments go to the server and come back the same") {
  model::ReadContent content;
  content.note = "n";
  model::ImageAdjustments a;
  a.red_gain = 1.031;
  a.green_gain = 0.987;
  a.blue_gain = 1.2;
  a.brightness = -0.25;
  a.contrast = 0.4;
  a.gamma = 1.35;
  a.sharpening = 0.75;
  a.stain = model::StainView::Eosin;
  a.stain_grey = true;
  content.adjustments["images/i1"] = a;
  const v1::ReadContent sent = net::to_proto(content);
  REQUIRE(sent.adjustments_size() == 1);
  CHECK(sent.adjustments(0).image() == "images/i1");
  CHECK(sent.adjustments(0).stain() == v1::STAIN_VIEW_EOSIN);
  CHECK(net::to_model(sent) == content);
}

TEST_CASE("a read from before adjustments existed has none") {
  v1::ReadContent old;
  old.set_gradable(true);
  CHECK(net::to_model(old).adjustments.empty());
}

TEST_CASE("an image's ICC profile reaches the model") {
  v1::Image image;
  image.set_icc_profile(std::string("\0profile", 8));
  image.set_has_icc_profile(true);
  CHECK(net::to_model(image).icc_profile == std::string("\0profile", 8));
  CHECK(net::to_model(image).has_icc_profile);
}
