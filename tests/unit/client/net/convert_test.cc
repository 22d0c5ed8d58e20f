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

TEST_CASE("dermoscopy findings and what is recorded go to the server and come back the same") {
  model::ReadContent content;
  content.dermoscopy = {{DermoscopyFeature::Network, Finding::Present},
                        {DermoscopyFeature::Vessels, Finding::NotAssessable}};
  CHECK(net::to_model(net::to_proto(content)) == content);
  model::ReadTelemetry telemetry;
  telemetry.open_time_us = 1'700'000'000'000'001;
  telemetry.active_seconds = 61;
  telemetry.deepest_zoom = 2;
  telemetry.seen = {{"images/i1", 0.25}};
  const model::ReadTelemetry back = net::to_model(net::to_proto(telemetry, "test"));
  CHECK(back.open_time_us == telemetry.open_time_us);
  CHECK(back.active_seconds == 61);
  CHECK(back.seen == telemetry.seen);
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

namespace {

model::SharedAnnotation annotation(const std::string& id, AnnotationKind kind,
                                   std::vector<contract::Path> paths) {
  return std::make_shared<const model::Annotation>(
      model::Annotation{id, "images/i1", {kind, std::move(paths)}, "terms/psoriasis", "境界 " + id});
}

}  // namespace

TEST_CASE("annotations of every kind go to the server and come back the same, in their order") {
  const double far = 300'000, fine = 1.0 / contract::kGridPerPixel;
  const contract::Path outline{{far, far}, {0, fine}, {far - fine, 0}}, hole{{1, 1}, {5, 1}, {5, 5.5}};
  model::ReadContent content;
  content.annotations.list = {annotation("z", AnnotationKind::Brush, {outline, hole}),
                              annotation("p", AnnotationKind::Point, {{{far, 0}}}),
                              annotation("r", AnnotationKind::Rectangle, {{{1, 2}, {far, far}}}),
                              annotation("e", AnnotationKind::Ellipse, {{{0, 0}, {fine, fine}}}),
                              annotation("g", AnnotationKind::Polygon, {outline}),
                              annotation("f", AnnotationKind::Freehand, {outline}),
                              annotation("l", AnnotationKind::Length, {{{9, 9}, {1, 1}}}),
                              annotation("a", AnnotationKind::Angle, {outline}),
                              annotation("s", AnnotationKind::Area, {hole})};
  const v1::ReadContent sent = net::to_proto(content);
  REQUIRE(sent.annotations_size() == 9);
  CHECK(sent.annotations(0).kind() == v1::ANNOTATION_KIND_BRUSH);
  CHECK(sent.annotations(6).paths(0).steps(2) == -8 * 64);
  CHECK(net::to_model(sent) == content);
}

TEST_CASE("an annotation that cannot be understood is left out, the others stay") {
  model::ReadContent content;
  content.annotations.list = {annotation("a", AnnotationKind::Length, {{{9, 9}, {1, 1}}}),
                              annotation("b", AnnotationKind::Length, {{{9, 9}, {1, 1}}}),
                              annotation("c", AnnotationKind::Length, {{{9, 9}, {1, 1}}})};
  v1::ReadContent sent = net::to_proto(content);
  v1::Annotation* strange = sent.mutable_annotations(1);
  SUBCASE("steps that are odd in number") { strange->mutable_paths(0)->add_steps(1); }
  SUBCASE("steps whose sum is beyond any image") {
    for (int i = 0; i < 4; ++i) strange->mutable_paths(0)->add_steps(2'000'000'000);
  }
  SUBCASE("a kind of a newer server") { strange->set_kind(static_cast<v1::AnnotationKind>(99)); }
  SUBCASE("too few points") { strange->set_kind(v1::ANNOTATION_KIND_POLYGON); }
  SUBCASE("no path") { strange->clear_paths(); }
  content.annotations.list.erase(content.annotations.list.begin() + 1);
  CHECK(net::to_model(sent) == content);
}

TEST_CASE("a return and an image left out reach the model; a newer server's code is still a reason") {
  v1::Case value;
  value.mutable_returned()->set_to(v1::RETURN_TO_SITE);
  value.mutable_returned()->set_code("IMAGE_MISSING");
  value.mutable_returned()->set_comment("the other arm");
  value.add_images()->set_exclusion_code("NOT_SKIN");
  value.add_images()->set_exclusion_code("SOMETHING_NEW");
  value.add_images();
  const model::Case got = net::to_model(value);
  REQUIRE(got.returned);
  CHECK(got.returned->to == ReturnTo::Site);
  CHECK(got.returned->code == RejectCode::ImageMissing);
  CHECK(got.returned->comment == "the other arm");
  CHECK(got.images[0].exclusion == RejectCode::NotSkin);
  CHECK(got.images[1].exclusion == RejectCode::Other);
  CHECK(got.images[2].exclusion == RejectCode::Unspecified);
  CHECK_FALSE(net::to_model(v1::Case()).returned);
}
