// Annotations as part of a read: drawn, changed, taken back, saved as they are drawn.

#include <doctest/doctest.h>

#include "client/model/marks.h"
#include "tests/unit/client/model/desk.h"

using namespace hada;
using namespace hada::model;
using contract::Shape;
using test::Desk;
using test::kSecond;

namespace {

const std::string kImage = "images/c1-0";  // 1000 x 800

Annotation box(double x0, double y0, double x1, double y1) {
  return {"", kImage, {AnnotationKind::Rectangle, {{{x0, y0}, {x1, y1}}}}, "", ""};
}
Annotation length() { return {"", kImage, {AnnotationKind::Length, {{{1, 1}, {5, 5}}}}, "", ""}; }

const std::vector<SharedAnnotation>& drawn(Desk& desk) { return desk.reading().content.annotations.list; }
std::vector<std::string>& selected(Desk& desk) { return desk.model.open_case->panes.marks.selected; }
std::vector<ShownAnnotation> shown(Desk& desk) {
  return shown_annotations(*desk.model.open_case, desk.model.session, kImage);
}
double area(const Annotation& a) { return contract::measures_of(a.shape, 1, 1).area; }

}  // namespace

TEST_CASE("what is drawn is selected, and on its way to the server at once") {
  Desk desk;
  desk.start_reading();
  desk.wish(intent::PutAnnotations{{box(10.001, 10, 50, 40)}});
  REQUIRE(drawn(desk).size() == 1);
  CHECK(drawn(desk)[0]->id.size() == 32);
  CHECK(selected(desk) == std::vector<std::string>{drawn(desk)[0]->id});
  CHECK(drawn(desk)[0]->shape.paths[0][0].x == 10);  // on the grid
  REQUIRE(desk.last<effect::SaveDraft>());
  CHECK(desk.last<effect::SaveDraft>()->content.annotations == desk.reading().content.annotations);
  desk.wish(intent::PutAnnotations{{box(1, 1, 5, 5)}});
  CHECK(desk.count<effect::SaveDraft>() == 2);
}

TEST_CASE("each change is one step, back to the start and forward again") {
  Desk desk;
  desk.start_reading();
  const ReadContent empty = desk.reading().content;
  desk.wish(intent::PutAnnotations{{box(10, 10, 50, 40)}});
  Annotation a = *drawn(desk)[0];
  a.shape.paths[0][1] = {60, 60};
  desk.wish(intent::PutAnnotations{{a}});
  REQUIRE(drawn(desk).size() == 1);
  desk.wish(intent::SetAnnotationTerm{"terms/melanoma"});
  for (const char* text : {"a", "ab", "abc"}) desk.wish(intent::SetAnnotationNote{text});
  desk.wish(intent::RemoveSelected{});
  CHECK(drawn(desk).empty());
  desk.wish(intent::Undo{});
  REQUIRE(drawn(desk).size() == 1);
  CHECK(drawn(desk)[0]->note == "abc");
  desk.wish(intent::Undo{});
  CHECK(drawn(desk)[0]->note.empty());
  desk.wish(intent::Undo{});
  CHECK(drawn(desk)[0]->term.empty());
  desk.wish(intent::Undo{});
  CHECK(drawn(desk)[0]->shape.paths[0][1] == PointD{50, 40});
  desk.wish(intent::Undo{});
  CHECK(desk.reading().content == empty);
  for (int i = 0; i < 4; ++i) desk.wish(intent::Redo{});
  CHECK(drawn(desk)[0]->note == "abc");
}

TEST_CASE("what cannot be stored changes nothing") {
  Desk desk;
  desk.start_reading();
  desk.wish(intent::PutAnnotations{{box(10, 10, 1001, 40)}});
  desk.wish(intent::PutAnnotations{{box(10, 10, 10, 40)}});
  Annotation elsewhere = box(1, 1, 2, 2);
  elsewhere.image = "images/other";
  desk.wish(intent::PutAnnotations{{box(10, 10, 50, 40), elsewhere}});
  CHECK(drawn(desk).empty());
  CHECK(desk.count<effect::SaveDraft>() == 0);
  CHECK_FALSE(desk.reading().history.can_undo());
  std::vector<Annotation> many(contract::kMaxAnnotations, box(1, 1, 5, 5));
  desk.wish(intent::PutAnnotations{many});
  CHECK(drawn(desk).size() == contract::kMaxAnnotations);
  desk.wish(intent::PutAnnotations{{box(1, 1, 5, 5)}});
  CHECK(drawn(desk).size() == contract::kMaxAnnotations);
  CHECK(desk.has_toast(ToastKind::TooManyAnnotations));
}

TEST_CASE("regions are merged, split and simplified") {
  Desk desk;
  desk.start_reading();
  desk.wish(intent::PutAnnotations{{box(0, 0, 20, 20), box(10, 10, 30, 30), length()}});
  const std::string first = drawn(desk)[0]->id;
  desk.wish(intent::MergeSelected{});  // a length is no region
  CHECK(drawn(desk).size() == 3);
  desk.wish(intent::SelectAnnotations{{first, drawn(desk)[1]->id, "no such"}});
  CHECK(selected(desk).size() == 2);
  desk.wish(intent::MergeSelected{});
  REQUIRE(drawn(desk).size() == 2);
  CHECK(drawn(desk)[0]->id == first);
  CHECK(area(*drawn(desk)[0]) == doctest::Approx(700));
  CHECK(selected(desk) == std::vector<std::string>{first});

  desk.wish(intent::SplitSelected{kImage, {{15, -5}, {15, 50}}});
  REQUIRE(drawn(desk).size() == 3);
  CHECK(area(*drawn(desk)[0]) + area(*drawn(desk)[2]) == doctest::Approx(700).epsilon(0.01));
  CHECK(selected(desk).size() == 2);
  desk.wish(intent::SplitSelected{kImage, {{100, 100}, {200, 200}}});  // beside
  CHECK(drawn(desk).size() == 3);

  desk.wish(intent::SelectAnnotations{{first}});
  Annotation round = *drawn(desk)[0];
  round.shape = {AnnotationKind::Polygon,
                 contract::outline_of({AnnotationKind::Ellipse, {{{0, 0}, {100, 100}}}})};
  desk.wish(intent::PutAnnotations{{round}});
  desk.wish(intent::SimplifySelected{2});
  CHECK(contract::point_count(drawn(desk)[0]->shape) < 30);
}

TEST_CASE("the brush paints a new region, goes on with the selected one, and rubs out") {
  Desk desk;
  desk.start_reading();
  desk.wish(intent::Paint{kImage, {{100, 100}}, 10, true, "", 0.1});
  CHECK(drawn(desk).empty());
  desk.wish(intent::Paint{kImage, {{100, 100}, {200, 100}}, 10, false, "terms/acne", 0.1});
  REQUIRE(drawn(desk).size() == 1);
  CHECK(drawn(desk)[0]->shape.kind == AnnotationKind::Brush);
  CHECK(drawn(desk)[0]->term == "terms/acne");
  desk.wish(intent::Paint{kImage, {{150, 50}, {150, 150}}, 10, false, "", 0.1});
  REQUIRE(drawn(desk).size() == 1);
  const double cross = area(*drawn(desk)[0]);
  CHECK(cross > 4000);
  desk.wish(intent::Paint{kImage, {{150, 100}}, 20, true, "", 0.1});
  CHECK(area(*drawn(desk)[0]) < cross);
  CHECK(drawn(desk)[0]->shape.paths.size() == 4);
  desk.wish(intent::Paint{kImage, {{150, 100}}, 200, true, "", 0.1});
  CHECK(drawn(desk).empty());
  desk.wish(intent::Undo{});
  CHECK(drawn(desk).size() == 1);
}

TEST_CASE("a namesake that is gone is not brought back") {
  Desk desk;
  desk.start_reading();
  desk.wish(intent::PutAnnotations{{box(10, 10, 50, 40)}});
  const Annotation held = *drawn(desk)[0];
  desk.wish(intent::RemoveSelected{});
  desk.wish(intent::PutAnnotations{{held}});
  CHECK(drawn(desk).empty());
}

TEST_CASE("what is hidden is not worked on, and what is worked on is not hidden") {
  Desk desk;
  desk.start_reading();
  Annotation a = box(1, 1, 5, 5);
  a.term = "terms/acne";
  desk.wish(intent::PutAnnotations{{a}});
  desk.wish(intent::ShowTerm{"terms/acne", false});
  CHECK(selected(desk).empty());
  desk.wish(intent::RemoveSelected{});
  CHECK(drawn(desk).size() == 1);
  desk.wish(intent::PutAnnotations{{a}});
  CHECK(shown(desk).size() == 2);
  desk.wish(intent::ShowReader{"users/sato", false});
  CHECK(selected(desk).empty());
  desk.wish(intent::PutAnnotations{{a}});
  CHECK(shown(desk).size() == 3);
  desk.wish(intent::ShowAnnotations{false});
  CHECK(selected(desk).empty());
}

TEST_CASE("a draft that a newer one has replaced still tells that the session is over") {
  Desk desk;
  desk.start_reading();
  desk.wish(intent::PutAnnotations{{box(10, 10, 50, 40)}});
  const Ticket first = desk.last<effect::SaveDraft>()->ticket;
  desk.wish(intent::PutAnnotations{{box(20, 10, 50, 40)}});
  reply::DraftSaved refused;
  refused.ticket = first;
  refused.error = ApiError{16, "NO_SESSION", "", {}};
  desk.answer(refused);
  CHECK(desk.model.session.phase == SessionPhase::LoggedOut);
  CHECK(desk.model.session.expired);
}

TEST_CASE("one who only looks may measure, and no more") {
  Desk desk;
  desk.log_in({Role::QaReviewer});
  desk.reply_to<effect::ListCases>(reply::Cases{});
  desk.wish(intent::OpenCase{"cases/c1"});
  desk.give_case(Desk::a_case("c1"));
  desk.wish(intent::PutAnnotations{{box(1, 1, 5, 5)}});
  CHECK(own_annotations(*desk.model.open_case).list.empty());
  desk.wish(intent::PutAnnotations{{length()}});
  CHECK(own_annotations(*desk.model.open_case).list.size() == 1);
  CHECK(desk.count<effect::SaveDraft>() == 0);
  REQUIRE(shown(desk).size() == 1);
  CHECK(shown(desk)[0].own);
  desk.wish(intent::RemoveSelected{});
  CHECK(shown(desk).empty());
}

TEST_CASE("a read on its way is not drawn on") {
  Desk desk;
  desk.start_reading();
  desk.wish(intent::AddDiagnosis{"terms/acne"});
  desk.wish(intent::PutAnnotations{{box(1, 1, 5, 5)}});
  desk.wish(intent::SubmitRead{});
  REQUIRE(desk.last<effect::SubmitRead>());
  CHECK(desk.last<effect::SubmitRead>()->content.annotations.list.size() == 1);
  desk.wish(intent::PutAnnotations{{length()}});
  desk.wish(intent::RemoveSelected{});
  CHECK(shown(desk).size() == 1);
  CHECK_FALSE(shown(desk)[0].own);
}

TEST_CASE("layers: by term for one reader, by reader for several, each can be hidden") {
  Desk desk;
  desk.start_reading();
  Annotation a = box(1, 1, 5, 5), b = box(10, 1, 15, 5);
  a.term = "terms/acne";
  b.term = "terms/melanoma";
  desk.wish(intent::PutAnnotations{{a, b}});
  REQUIRE(shown(desk).size() == 2);
  CHECK(shown(desk)[0].colour != shown(desk)[1].colour);
  desk.wish(intent::ShowTerm{"terms/acne", false});
  REQUIRE(shown(desk).size() == 1);
  CHECK(shown(desk)[0].annotation->term == "terms/melanoma");
  desk.wish(intent::ShowTerm{"terms/acne", true});

  ReadContent other;
  Annotation theirs = box(20, 20, 30, 30);
  theirs.id = "t1";
  other.annotations.list = {std::make_shared<const Annotation>(theirs)};
  desk.model.open_case->reads = {Desk::a_read("mori", other)};
  REQUIRE(shown(desk).size() == 3);
  CHECK(shown(desk)[0].reader == "users/mori");  // below the caller's own
  CHECK_FALSE(shown(desk)[0].own);
  CHECK(shown(desk)[1].colour == shown(desk)[2].colour);
  const Layers layers = layers_of(*desk.model.open_case, desk.model.session);
  CHECK(layers.coloured_by_reader);
  CHECK(layers.readers.size() == 2);
  CHECK(layers.terms.size() == 3);
  desk.wish(intent::ShowReader{"users/mori", false});
  CHECK(shown(desk).size() == 2);
  desk.wish(intent::ShowAnnotations{false});
  CHECK(shown(desk).empty());
  // What is drawn now is to be seen.
  desk.wish(intent::PutAnnotations{{length()}});
  CHECK(shown(desk).size() == 3);
}
