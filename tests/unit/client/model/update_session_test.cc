#include <doctest/doctest.h>

#include "desk.h"

using namespace hada;
using namespace hada::model;
using test::Desk;

TEST_CASE("login asks the server once, and shows what the user may do first") {
  Desk desk;
  desk.wish(intent::Login{"sato", "secret"});
  desk.wish(intent::Login{"sato", "secret"});
  CHECK(desk.count<effect::Login>() == 1);
  CHECK(desk.model.session.phase == SessionPhase::LoggingIn);

  SUBCASE("a dermatologist sees what is to be read") {
    desk.log_in({Role::Dermatologist});
    CHECK(desk.model.worklist.filter.view == WorklistView::ToRead);
  }
  SUBCASE("a reviewer sees the disagreements") {
    desk.log_in({Role::QaReviewer});
    CHECK(desk.model.worklist.filter.view == WorklistView::ToAdjudicate);
  }
  SUBCASE("anyone else sees what there is") {
    desk.log_in({Role::Admin});
    CHECK(desk.model.worklist.filter.view == WorklistView::All);
  }
}

TEST_CASE("a login fetches the worklist and the vocabulary, and remembers the user") {
  Desk desk;
  desk.log_in({Role::Dermatologist});
  CHECK(desk.model.session.phase == SessionPhase::LoggedIn);
  CHECK(desk.count<effect::ListCases>() == 1);
  CHECK(desk.count<effect::ListTerms>() == 1);
  CHECK(desk.model.settings.last_user == "sato");
  CHECK(desk.count<effect::SaveSettings>() == 1);
}

TEST_CASE("a refused login says why and can be repeated") {
  Desk desk;
  desk.wish(intent::Login{"sato", "wrong"});
  desk.refuse<effect::Login, reply::LoggedIn>(16, "BAD_CREDENTIALS");
  CHECK(desk.model.session.phase == SessionPhase::LoggedOut);
  CHECK(desk.model.session.error->reason == "BAD_CREDENTIALS");
  CHECK(desk.model.toasts.list().empty());
  desk.wish(intent::Login{"sato", "right"});
  CHECK(desk.count<effect::Login>() == 2);
}

TEST_CASE("nothing is asked for without a password") {
  Desk desk;
  desk.wish(intent::Login{"sato", ""});
  CHECK(desk.sent.empty());
}

TEST_CASE("a logout saves the draft, gives the slot back and leaves nothing of the user") {
  Desk desk;
  desk.start_reading();
  desk.wish(intent::AddDiagnosis{"terms/a"});
  desk.wish(intent::Logout{});
  CHECK(desk.count<effect::SaveDraft>() == 1);
  CHECK(desk.count<effect::ReleaseLease>() == 1);
  CHECK(desk.count<effect::Logout>() == 1);
  CHECK_FALSE(desk.model.session.user);
  CHECK_FALSE(desk.model.open_case);
  CHECK(desk.model.worklist.row_count() == 0);
  CHECK(desk.model.settings.last_user == "sato");
}

TEST_CASE("an answer for the user before is not shown to the next one") {
  Desk desk;
  desk.log_in({Role::Dermatologist});
  const Ticket old = desk.last<effect::ListCases>()->ticket;
  desk.wish(intent::Logout{});
  desk.log_in({Role::QaReviewer}, "qa");
  reply::Cases reply;
  reply.ticket = old;
  reply.cases.push_back(Desk::a_case("secret"));
  desk.answer(reply);
  CHECK(desk.model.worklist.row_count() == 0);
}

TEST_CASE("an expired session asks for the password and keeps what was typed") {
  Desk desk;
  desk.start_reading();
  desk.wish(intent::AddDiagnosis{"terms/a"});
  desk.wish(intent::RefreshWorklist{});
  desk.refuse<effect::ListCases, reply::Cases>(16, "NO_SESSION");
  CHECK(desk.model.session.phase == SessionPhase::LoggedOut);
  CHECK(desk.model.session.expired);
  CHECK(desk.has_toast(ToastKind::SessionExpired));
  REQUIRE(desk.model.open_case);
  CHECK(desk.reading().content.differential.size() == 1);

  SUBCASE("the same person goes on") {
    desk.forget_sent();
    desk.log_in({Role::Dermatologist});
    REQUIRE(desk.model.open_case);
    CHECK(desk.reading().content.differential.size() == 1);
    CHECK(desk.count<effect::GetCase>() == 1);
    CHECK(desk.count<effect::ListCases>() == 1);
    CHECK_FALSE(desk.has_toast(ToastKind::SessionExpired));
  }
  SUBCASE("somebody else does not see it") {
    desk.log_in({Role::Dermatologist}, "tanaka");
    CHECK_FALSE(desk.model.open_case);
  }
}

TEST_CASE("a submit that met an expired session is still waited for") {
  Desk desk;
  desk.start_reading();
  desk.wish(intent::AddDiagnosis{"terms/a"});
  desk.wish(intent::SubmitRead{});
  const Ticket ticket = desk.last<effect::SubmitRead>()->ticket;
  desk.refuse<effect::SubmitRead, reply::ReadReply>(16, "NO_SESSION");
  CHECK(desk.reading().phase == ReadPhase::Submitting);
  desk.log_in({Role::Dermatologist});
  // The backend sends it again under the same ticket.
  reply::ReadReply reply;
  reply.ticket = ticket;
  reply.value = Desk::a_read("sato", test::differential({{"terms/a", 1, 3}}));
  desk.answer(reply);
  CHECK(desk.reading().phase == ReadPhase::Submitted);
}

TEST_CASE("settings are saved when they change, and only then") {
  Desk desk;
  desk.wish(intent::SetLanguage{Language::Japanese});
  desk.wish(intent::SetLanguage{Language::Japanese});
  desk.wish(intent::SetTheme{Theme::Light});
  desk.wish(intent::SetUiScale{9});
  desk.wish(intent::SetReducedMotion{true});
  desk.wish(intent::SetReducedMotion{true});
  CHECK(desk.count<effect::SaveSettings>() == 4);
  CHECK(desk.model.settings.reduced_motion);
  CHECK(desk.model.settings.language == Language::Japanese);
  CHECK(desk.model.settings.ui_scale == kMaxUiScale);
}

TEST_CASE("a command's own key is kept until its default is wished for") {
  Desk desk;
  auto& keys = desk.model.settings.keys;
  desk.wish(intent::SetKey{"viewer.fit", "Ctrl+K"});
  desk.wish(intent::SetKey{"viewer.fit", "Ctrl+K"});
  CHECK(keys.at("viewer.fit") == "Ctrl+K");
  CHECK(desk.count<effect::SaveSettings>() == 1);
  desk.wish(intent::SetKey{"viewer.fit", "Hyper+K"});  // no chord
  CHECK(keys.at("viewer.fit") == "Ctrl+K");
  desk.wish(intent::SetKey{"viewer.fit", ""});
  CHECK(keys.empty());
  CHECK(desk.count<effect::SaveSettings>() == 2);
  desk.wish(intent::ResetKeys{});  // nothing to do
  CHECK(desk.count<effect::SaveSettings>() == 2);
  desk.wish(intent::SetKey{"a", "A"});
  desk.wish(intent::SetKey{"b", "B"});
  desk.wish(intent::ResetKeys{});
  CHECK(keys.empty());
  CHECK(desk.count<effect::SaveSettings>() == 5);
}

TEST_CASE("request ids are version-4 UUIDs and never repeat") {
  RequestIds ids{1, 2, 0};
  const std::string first = ids.next(), second = ids.next();
  CHECK(first.size() == 36);
  CHECK(first[14] == '4');
  CHECK(std::string("89ab").find(first[19]) != std::string::npos);
  CHECK(first != second);
  RequestIds others{1, 3, 0};
  CHECK(others.next() != first);
}

TEST_CASE("tabs follow the roles") {
  User user;
  user.grants = {{Role::QaReviewer, ""}, {Role::Dermatologist, "sites/b"}};
  CHECK(views_for(user) == std::vector<WorklistView>{WorklistView::ToRead, WorklistView::MyReads,
                                                     WorklistView::ToAdjudicate, WorklistView::ToApprove,
                                                     WorklistView::Panels, WorklistView::Returned,
                                                     WorklistView::All});
}

TEST_CASE("how a reader stands is asked at login, from time to time, and when a claim tells otherwise") {
  Desk desk;
  desk.log_in({Role::Dermatologist});
  CHECK_FALSE(desk.model.session.paused());
  const auto stand = [&](ReadingStanding standing) {
    reply::Session session;
    session.user = *desk.model.session.user;
    session.standing.emplace();
    session.standing->standing = standing;
    desk.reply_to<effect::GetSession>(session);
    desk.forget_sent();
  };
  stand(ReadingStanding::Good);
  desk.wish(intent::ClaimNext{});
  desk.refuse<effect::ClaimNext, reply::LeaseReply>(9, "READING_PAUSED");
  CHECK(desk.has_toast(ToastKind::Failed));
  stand(ReadingStanding::Paused);
  CHECK(desk.model.session.paused());

  desk.wish(intent::ClaimNext{});
  desk.refuse<effect::ClaimNext, reply::LeaseReply>(9, "READING_PAUSED");
  CHECK(desk.count<effect::GetSession>() == 0);  // known
  desk.tick(599);
  CHECK(desk.count<effect::GetSession>() == 0);
  desk.tick(2);
  CHECK(desk.count<effect::GetSession>() == 1);
  stand(ReadingStanding::Paused);

  desk.wish(intent::ClaimNext{});
  reply::LeaseReply lease;
  lease.value = {"cases/c1/slots/1", "cases/c1", desk.model.now_us + 1'000'000};
  desk.reply_to<effect::ClaimNext>(lease);
  CHECK(desk.count<effect::GetSession>() == 1);  // QA has resumed the reading
}
