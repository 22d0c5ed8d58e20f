#include "client/model/adjustments.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "client/model/read_draft.h"
#include "tests/unit/client/model/desk.h"

using namespace hada;
using namespace hada::model;
using test::Desk;

namespace {

const std::string kImage = "images/c1-0";

const ImageAdjustments& shown(const Desk& desk) { return adjustments_of(*desk.model.open_case, kImage); }

ImageAdjustments contrast(double value) {
  ImageAdjustments a;
  a.contrast = value;
  return a;
}

}  // namespace

TEST_CASE("adjustments are brought into their ranges and to whole steps") {
  ImageAdjustments a;
  a.red_gain = 9;
  a.green_gain = 0;
  a.brightness = -7;
  a.contrast = 0.12345;
  a.gamma = std::numeric_limits<double>::quiet_NaN();
  a.sharpening = -0.001;
  a.stain = static_cast<StainView>(9);
  a.stain_grey = true;
  const ImageAdjustments b = clamped(a);
  CHECK(b.red_gain == kMaxGain);
  CHECK(b.green_gain == kMinGain);
  CHECK(b.brightness == -1);
  CHECK(b.contrast == 0.12);
  CHECK(b.gamma == 1);
  CHECK_FALSE(std::signbit(b.sharpening));
  CHECK(b.stain == StainView::All);
  CHECK_FALSE(b.stain_grey);
  CHECK(clamped(b) == b);
  CHECK(is_neutral(clamped({})));
}

TEST_CASE("a picked white becomes a grey of the same lightness") {
  const ImageAdjustments a = with_white(contrast(0.5), 0.9, 0.8, 0.6);
  const double red = a.red_gain * 0.9, green = a.green_gain * 0.8, blue = a.blue_gain * 0.6;
  CHECK(red == doctest::Approx(green).epsilon(0.002));
  CHECK(green == doctest::Approx(blue).epsilon(0.002));
  CHECK(green == doctest::Approx(0.2126 * 0.9 + 0.7152 * 0.8 + 0.0722 * 0.6).epsilon(0.002));
  CHECK(a.contrast == 0.5);
  // From a place that is all but black nothing can be said.
  CHECK(with_white({}, 0.5, 0.5, 0.01) == ImageAdjustments{});
  CHECK(with_white({}, 0, 0, std::nan("")) == ImageAdjustments{});
}

TEST_CASE("a read keeps an image's adjustments, and forgets neutral ones") {
  ReadContent content = with_adjustments({}, kImage, contrast(0.3));
  CHECK(content.adjustments.at(kImage) == contrast(0.3));
  CHECK(to_submit(content).adjustments.at(kImage) == contrast(0.3));
  content = with_adjustments(content, kImage, {});
  CHECK(content.adjustments.empty());
}

TEST_CASE("while a read is written, adjusting is an edit of it and goes out with the draft") {
  Desk desk;
  desk.start_reading();
  desk.wish(intent::SetAdjustments{kImage, contrast(0.4)});
  CHECK(shown(desk).contrast == 0.4);
  desk.tick(3);
  REQUIRE(desk.last<effect::SaveDraft>());
  CHECK(desk.last<effect::SaveDraft>()->content.adjustments.at(kImage).contrast == 0.4);
  desk.wish(intent::Undo{});
  CHECK(is_neutral(shown(desk)));
  desk.wish(intent::Redo{});
  CHECK(shown(desk).contrast == 0.4);
}

TEST_CASE("a drag of a slider is one step of undo, however long it takes; two drags are two") {
  Desk desk;
  desk.start_reading();
  for (int i = 1; i <= 20; ++i) {
    desk.tick(0.5);
    desk.wish(intent::SetAdjustments{kImage, contrast(i / 50.0), 1});
  }
  for (int i = 20; i >= 10; --i) desk.wish(intent::SetAdjustments{kImage, contrast(i / 50.0), 2});
  CHECK(shown(desk).contrast == 0.2);
  desk.wish(intent::Undo{});
  CHECK(shown(desk).contrast == 0.4);
  desk.wish(intent::Undo{});
  CHECK(is_neutral(shown(desk)));
  CHECK_FALSE(desk.reading().history.can_undo());
}

TEST_CASE("without a gesture each change is a step of its own") {
  Desk desk;
  desk.start_reading();
  desk.wish(intent::SetAdjustments{kImage, contrast(0.1)});
  desk.wish(intent::SetAdjustments{kImage, contrast(0.2)});
  desk.wish(intent::Undo{});
  CHECK(shown(desk).contrast == 0.1);
}

TEST_CASE("an image that is only looked at keeps its adjustments in the pane, and nothing is sent") {
  Desk desk;
  desk.log_in({Role::QaReviewer});
  desk.wish(intent::OpenCase{"cases/c1"});
  desk.give_case(Desk::a_case("c1", CaseState::ToPanel));
  desk.tick(1);
  desk.forget_sent();
  desk.wish(intent::SetAdjustments{kImage, contrast(0.4)});
  desk.wish(intent::SetAdjustments{"images/other", contrast(0.4)});
  CHECK(shown(desk).contrast == 0.4);
  desk.tick(5);
  CHECK(desk.sent.empty());
  CHECK(desk.reading().content == ReadContent{});
  CHECK(desk.model.open_case->panes.adjustments.size() == 1);
}

TEST_CASE("a reviewer looks as a reader did, and back") {
  Desk desk;
  desk.log_in({Role::QaReviewer});
  desk.wish(intent::OpenCase{"cases/c1"});
  desk.give_case(Desk::a_case("c1", CaseState::ToPanel, 2));
  reply::Reads reads;
  reads.reads = {Desk::a_read("aoki", with_adjustments({}, kImage, contrast(0.7))), Desk::a_read("baba", {})};
  desk.reply_to<effect::ListReads>(std::move(reads));
  desk.wish(intent::SetAdjustments{"images/c1-1", contrast(-0.3)});
  desk.wish(intent::ShowAdjustmentsOf{"cases/c1/reads/aoki"});
  CHECK(shown(desk).contrast == 0.7);
  CHECK(is_neutral(adjustments_of(*desk.model.open_case, "images/c1-1")));
  desk.wish(intent::ShowAdjustmentsOf{"cases/c1/reads/baba"});
  CHECK(is_neutral(shown(desk)));
}

TEST_CASE("what was adjusted before the read began belongs to it") {
  Desk desk;
  desk.log_in({Role::Dermatologist});
  desk.reply_to<effect::ListCases>(reply::Cases{});
  desk.wish(intent::OpenCase{"cases/c1"});
  desk.give_case(Desk::a_case("c1"));
  desk.wish(intent::SetAdjustments{kImage, contrast(0.6)});
  CHECK(shown(desk).contrast == 0.6);
  desk.give_lease("cases/c1");
  desk.reply_to<effect::GetDraft>(reply::Draft{});
  CHECK(desk.reading().phase == ReadPhase::Editing);
  CHECK(shown(desk).contrast == 0.6);
  CHECK(desk.reading().content.adjustments.at(kImage).contrast == 0.6);
  desk.tick(3);
  CHECK(desk.count<effect::SaveDraft>() == 1);
}

TEST_CASE("a submitted read is shown with its adjustments; looking differently does not change it") {
  Desk desk;
  desk.start_reading();
  desk.wish(intent::AddDiagnosis{"terms/psoriasis"});
  desk.wish(intent::SetAdjustments{kImage, contrast(0.5)});
  desk.wish(intent::SubmitRead{});
  REQUIRE(desk.last<effect::SubmitRead>());
  CHECK(desk.last<effect::SubmitRead>()->content.adjustments.at(kImage).contrast == 0.5);
  // What is on its way is no longer changed.
  desk.wish(intent::SetAdjustments{kImage, contrast(-0.5)});
  CHECK(shown(desk).contrast == 0.5);
  reply::ReadReply reply;
  reply.value = Desk::a_read("sato", desk.last<effect::SubmitRead>()->content);
  desk.reply_to<effect::SubmitRead>(std::move(reply));
  CHECK(shown(desk).contrast == 0.5);
  desk.wish(intent::SetAdjustments{kImage, {}});
  CHECK(is_neutral(shown(desk)));
  CHECK(desk.reading().content.adjustments.at(kImage).contrast == 0.5);
  // Relabelling goes on from what is on the screen.
  desk.wish(intent::StartAmend{});
  CHECK(is_neutral(shown(desk)));
  desk.wish(intent::CancelAmend{});
  CHECK(shown(desk).contrast == 0.5);
}

TEST_CASE("picking a white asks the app for the colour there and takes its answer") {
  Desk desk;
  desk.start_reading();
  desk.wish(intent::PickWhite{0, {12, 34}});
  const auto* sample = desk.last<effect::SampleImage>();
  REQUIRE(sample);
  CHECK(sample->image == kImage);
  CHECK(sample->at.x == 12);
  desk.wish(intent::SetWhite{sample->image, 0.9, 0.8, 0.7});
  CHECK(has_white(shown(desk)));
  desk.wish(intent::Undo{});
  CHECK(is_neutral(shown(desk)));
  desk.forget_sent();
  desk.wish(intent::PickWhite{7, {0, 0}});
  CHECK(desk.sent.empty());
}

TEST_CASE("a reader is told when the graphics driver cannot show an adjustment") {
  Desk desk;
  desk.wish(intent::AdjustmentsNotShown{});
  CHECK(desk.has_toast(ToastKind::AdjustmentsNotShown));
}
