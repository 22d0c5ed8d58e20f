#include <doctest/doctest.h>

#include "desk.h"

using namespace hada;
using namespace hada::model;
using test::Desk;

namespace {
Desk with_case(size_t images) {
  Desk desk;
  desk.log_in({Role::Dermatologist});
  desk.reply_to<effect::ListCases>(reply::Cases{});
  desk.wish(intent::OpenCase{"cases/c1"});
  Case value = Desk::a_case("c1", CaseState::Open, images);
  for (Image& image : value.images) image.levels = {{4000, 3000, 256, 256, 1.0}};
  desk.give_case(std::move(value));
  for (size_t pane = 0; pane < images; ++pane) desk.wish(intent::ResizePane{pane, 400, 300});
  return desk;
}
Panes& panes(Desk& desk) { return desk.model.open_case->panes; }
}  // namespace

TEST_CASE("a pane turns, mirrors and comes upright again") {
  Desk desk = with_case(1);
  desk.wish(intent::TurnBy{0, 90});
  desk.wish(intent::Mirror{0});
  CHECK(panes(desk).panes[0].viewport.rotation == 270);
  CHECK(panes(desk).panes[0].viewport.mirrored);
  desk.wish(intent::Upright{0});
  CHECK(panes(desk).panes[0].viewport.upright());
}

TEST_CASE("only what is shown large enough counts as seen") {
  Desk desk = with_case(1);
  const std::string image = panes(desk).panes[0].image;
  desk.wish(intent::ZoomTo{0, 0.3});
  CHECK(panes(desk).seen.at(image).part() == 0);
  desk.wish(intent::ZoomTo{0, 1});
  const double once = panes(desk).seen.at(image).part();
  CHECK(once > 0);
  CHECK(once < 0.05);
  desk.wish(intent::Pan{0, 800, 0});
  CHECK(panes(desk).seen.at(image).part() > once);
}

TEST_CASE("linked panes follow, and what a follower shows counts as seen too") {
  Desk desk = with_case(2);
  desk.wish(intent::LinkAll{true});
  desk.wish(intent::ZoomTo{0, 1});
  CHECK(panes(desk).panes[1].viewport.zoom == doctest::Approx(1));
  CHECK(panes(desk).seen.at(panes(desk).panes[1].image).part() > 0);
  desk.wish(intent::SetLinked{1, false});
  desk.wish(intent::ZoomTo{0, 2});
  CHECK(panes(desk).panes[1].viewport.zoom == doctest::Approx(1));
}

TEST_CASE("a registration tells its residual") {
  Desk desk = with_case(2);
  desk.wish(intent::ToggleRegistration{});
  for (const PointD p : {PointD{200, 200}, {700, 250}, {400, 600}}) {
    desk.wish(intent::MarkPoint{0, p});
    desk.wish(intent::MarkPoint{1, p});
  }
  REQUIRE(desk.has_toast(ToastKind::Registered));
  CHECK(desk.model.toasts.list().back().text == "0.0 px");
  // Begun anew it can be forgotten.
  desk.wish(intent::ToggleRegistration{});
  desk.wish(intent::ForgetRegistration{});
  CHECK(panes(desk).registrations.empty());
}

TEST_CASE("an export is asked of the app, and its answer is told") {
  Desk desk = with_case(1);
  desk.forget_sent();
  desk.wish(intent::ExportView{3, ExportTarget::File});
  CHECK(desk.sent.empty());
  desk.wish(intent::ExportView{0, ExportTarget::File});
  REQUIRE(desk.last<effect::ExportView>());
  desk.wish(intent::ViewExported{ExportTarget::File, true, "/p/a.png"});
  REQUIRE(desk.has_toast(ToastKind::ViewSaved));
  CHECK(desk.model.toasts.list().back().text == "/p/a.png");
  desk.wish(intent::ViewExported{ExportTarget::Clipboard, false, ""});
  CHECK(desk.has_toast(ToastKind::ExportFailed));
}

TEST_CASE("the line of a comparison stays in its pane") {
  Desk desk = with_case(2);
  desk.wish(intent::Compare{true});
  REQUIRE(panes(desk).comparison);
  desk.wish(intent::SetSplit{7});
  CHECK(panes(desk).comparison->split == 1);
  desk.wish(intent::SetLayout{1});
  CHECK_FALSE(panes(desk).comparison);
}
