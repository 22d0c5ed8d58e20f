// What a reader is given to read next, and what is mixed into it unseen.

#include <algorithm>

#include "tests/unit/server/handlers/recording_store.h"
#include "tests/unit/server/handlers/review_world.h"

namespace {

using namespace hada;
using namespace hada::review_test;
using Names = std::vector<std::string>;

const Person ann = derm("ann"), bob = derm("bob", "c"), cem = derm("cem", "c"), dot = derm("dot", "d");

struct QueueWorld : World {
  Result<v1::ReadLease> next(const Person& who, const Names& holding = {}) {
    v1::ClaimNextRequest request;
    request.set_request_id(fresh());
    for (const std::string& name : holding) request.add_holding(name);
    return call(claim_next, who, request);
  }
  void set_tier(const std::string& name, v1::CaseTier tier) {
    auto request = about<v1::SetCaseTierRequest>(name);
    request.set_tier(tier);
    REQUIRE(call(set_case_tier, qa(), request));
  }
  // Every claim of a case that votes brings a hidden read of this kind, where there is one to bring.
  void always(double gold_percent, double repeat_percent) {
    set_policy([&](contract::Policy& policy) {
      policy.gold_percent = gold_percent;
      policy.repeat_percent = repeat_percent;
    });
  }
  std::string decided_gold() { return decided_gold(add_case()); }
  std::string decided_gold(const std::string& name) {
    set_tier(name, v1::CASE_TIER_GOLD);
    for (const char* reader : {"g1", "g2", "g3"}) reads(derm(reader), name, says("psoriasis"));
    return name;
  }
  // A case with a refused image between its others, whose places show that.
  std::string add_case_with_refused() {
    const std::string name = add_case();
    finish(name.substr(6), add_image(name), ImageState::Corrupt);
    finish(name.substr(6), add_image(name), ImageState::Ready);
    return name;
  }
  // QA leaves the first image out and takes it in again: its revision is two higher.
  void look_at_images(const std::string& name) {
    for (const bool included : {false, true}) {
      const auto seen = get(qa(), name);
      v1::SetImageInclusionRequest request;
      request.set_name(seen->images(0).name());
      request.set_etag(seen->images(0).etag());
      request.set_included(included);
      if (!included) request.set_code(v1::REJECT_CODE_IMAGE_QUALITY);
      request.set_request_id(fresh());
      REQUIRE(call(set_image_inclusion, qa(), request));
    }
  }
  // The copies made for this reader, oldest first.
  Names copies(const Person& who) {
    Names names;
    REQUIRE(store().read([&](store::Tx& tx) -> Status {
      ASSIGN_OR_RETURN(
          const store::Rows rows,
          tx.query("SELECT case_id FROM cases WHERE planted_for = :user ORDER BY created_us, seq",
                   {{"user", who.id}}));
      for (const store::Row& row : rows) names.push_back("cases/" + row.text(0));
      return {};
    }));
    return names;
  }
  std::string text(const std::string& sql) {
    std::string value;
    REQUIRE(store().read([&](store::Tx& tx) -> Status {
      ASSIGN_OR_RETURN(const store::Rows rows, tx.query(sql));
      value = rows.empty() ? "" : rows[0].text(0);
      return {};
    }));
    return value;
  }
};

}  // namespace

TEST_CASE("the next case is by tier, then by age") {
  QueueWorld world;
  const std::string first = world.add_case(), second = world.add_case(), gold = world.add_case(),
                    test = world.add_case();
  world.set_tier(test, v1::CASE_TIER_TEST);
  world.set_tier(gold, v1::CASE_TIER_GOLD);
  Names given;
  for (int i = 0; i < 4; ++i) {
    const auto lease = world.next(ann, given);
    REQUIRE(lease);
    given.push_back(lease->case_());
  }
  CHECK(given == Names{gold, test, first, second});
  CHECK(reason(world.next(ann, given)) == "QUEUE_EMPTY");

  SUBCASE("a client that was restarted gets back what it held") {
    CHECK(world.next(ann)->case_() == gold);
    CHECK(world.next(ann, {gold, first, second})->case_() == test);
  }
  SUBCASE("what is held must be names") { CHECK(reason(world.next(ann, {"second"})) == "BAD_NAME"); }
}

TEST_CASE("a client that was restarted gets back what it held, whatever else waits") {
  QueueWorld world;
  world.set_policy([](contract::Policy& policy) { policy.leases_per_reader = 10; });
  const std::string oldest = world.add_case();
  const auto first = world.claim(bob, oldest), second = world.claim(cem, oldest);
  Names held;
  for (int i = 0; i < 10; ++i) held.push_back(world.add_case());
  for (int i = 0; i < 10; ++i) REQUIRE(world.claim(ann, held[static_cast<size_t>(i)]));
  REQUIRE(world.release(bob, first->name()));
  REQUIRE(world.release(cem, second->name()));
  world.set_tier(world.add_case(), v1::CASE_TIER_GOLD);

  Names again;
  for (int i = 0; i < 10; ++i) {
    const auto lease = world.next(ann, again);
    REQUIRE(lease);
    again.push_back(lease->case_());
  }
  CHECK(again == held);
  CHECK(reason(world.next(ann, again)) == "TOO_MANY_LEASES");

  SUBCASE("a held case waits for the check of a new image, and is hers all the same") {
    world.add_image(held[0]);
    CHECK(world.next(ann)->case_() == held[0]);
  }
  SUBCASE("one that may no longer be read is passed over") {
    world.write([&](store::Tx& tx) -> Status {
      ASSIGN_OR_RETURN(store::CaseRow row, store::cases::get(tx, held[0].substr(6)));
      row.state = CaseState::Withdrawn;
      return store::cases::save(tx, row, world.by("cora"));
    });
    CHECK(world.next(ann)->case_() == held[1]);
  }
  SUBCASE("a lease that is over is held no longer") {
    world.clock.advance_seconds(20 * 60);
    CHECK(world.next(ann)->case_() != held[0]);
  }
}

TEST_CASE("the queue gives a reader as many slots as the policy says") {
  QueueWorld world;
  world.set_policy([](contract::Policy& policy) { policy.leases_per_reader = 2; });
  const std::string first = world.add_case(), second = world.add_case(), third = world.add_case();
  REQUIRE(world.claim(ann, first));
  const auto lease = world.next(ann, {first});
  REQUIRE(lease);
  CHECK(reason(world.next(ann, {first, second})) == "TOO_MANY_LEASES");
  REQUIRE(world.next(ann));  // hers already
  REQUIRE(world.claim(bob, third));

  SUBCASE("one that is chosen comes on top") {
    CHECK(world.claim(ann, third));
    return;
  }
  SUBCASE("one that is given back makes room") { REQUIRE(world.release(ann, lease->name())); }
  SUBCASE("one that is submitted makes room") { REQUIRE(world.submit(ann, first, says("psoriasis"))); }
  SUBCASE("one that runs out makes room") { world.clock.advance_seconds(20 * 60); }
  CHECK(world.next(ann, {first, second})->case_() == third);
}

TEST_CASE("a hidden gold read looks like any other") {
  QueueWorld world;
  const std::string gold = world.decided_gold(world.add_case_with_refused());
  world.look_at_images(gold);
  world.always(50, 0);
  world.clock.advance_seconds(86400);
  const std::string plain = world.add_case(), later = world.add_case_with_refused();
  world.clock.advance_seconds(86400);
  REQUIRE(world.claim(ann, plain));
  const Names copies = world.copies(ann);
  REQUIRE(copies.size() == 1);
  const std::string& copy = copies[0];

  SUBCASE("in the reader's lists, beside the one that was claimed") {
    CHECK(world.listed(ann, v1::WORKLIST_VIEW_TO_READ) == Names{plain, copy, later});
    CHECK(world.listed(ann, v1::WORKLIST_VIEW_UNSPECIFIED) == Names{plain, copy, later});
    CHECK(world.listed(ann, v1::WORKLIST_VIEW_TO_READ, {}, {v1::IMAGE_KIND_CLINICAL_CLOSEUP}) ==
          Names{plain, copy, later});
    CHECK(world.next(ann, {plain})->case_() == copy);
  }
  SUBCASE("opened: not one field differs but the name, the images' names and a moment of the time") {
    v1::Case seen = *world.get(ann, copy), other = *world.get(ann, later);
    CHECK(seen.create_time().seconds() >= other.create_time().seconds());
    CHECK(seen.create_time().seconds() <= other.create_time().seconds() + 2);
    CHECK(seen.update_time().SerializeAsString() == seen.create_time().SerializeAsString());
    // Names hold the time they were made at.
    CHECK(seen.name().substr(6, 6) == core::new_id(world.clock.now_us() / 1000 - 86'400'000).substr(0, 6));
    for (v1::Case* value : {&seen, &other}) {
      value->clear_name();
      value->clear_create_time();
      value->clear_update_time();
      for (v1::Image& image : *value->mutable_images()) {
        image.clear_name();
        image.clear_case_();
      }
    }
    CHECK(seen.ShortDebugString() == other.ShortDebugString());
    CHECK(seen.images_size() == 2);
  }
  SUBCASE("nor is there one in its images, asked for one by one") {
    const v1::Case seen = *world.get(ann, copy), other = *world.get(ann, later);
    for (int i = 0; i < 2; ++i) {
      v1::GetImageRequest of_copy, of_other;
      of_copy.set_name(seen.images(i).name());
      of_other.set_name(other.images(i).name());
      auto a = world.call(get_image, ann, of_copy), b = world.call(get_image, ann, of_other);
      REQUIRE(a);
      REQUIRE(b);
      for (v1::Image* image : {&*a, &*b}) {
        image->clear_name();
        image->clear_case_();
      }
      CHECK(a->ShortDebugString() == b->ShortDebugString());
    }
  }
  SUBCASE("for nobody else does it exist") {
    for (const Person& other : {bob, qa(), coordinator(), coordinator("carl", "b")}) {
      CAPTURE(other.id);
      CHECK(reason(world.get(other, copy)) == "NO_SUCH_RESOURCE");
      const Names all = world.listed(other, v1::WORKLIST_VIEW_UNSPECIFIED);
      CHECK(std::find(all.begin(), all.end(), copy) == all.end());
    }
    CHECK(reason(world.claim(bob, copy)) == "NO_SUCH_RESOURCE");
    CHECK(world.next(bob)->case_() == plain);
  }
  SUBCASE("read: it settles nothing and adds no vote") {
    const int64_t votes =
        world.number("SELECT votes FROM cases WHERE case_id = :id", {{"id", gold.substr(6)}});
    const v1::Read read = world.reads(ann, copy, says("eczema"));
    CHECK_FALSE(read.late());
    CHECK(world.text("SELECT purpose FROM reads WHERE user_id = 'ann'") == "2");
    CHECK(world.number("SELECT votes FROM cases WHERE case_id = :id", {{"id", gold.substr(6)}}) == votes);
    CHECK(world.state(gold) == v1::CASE_STATE_AGREED);
    CHECK(world.number("SELECT COUNT(*) FROM events WHERE verb = 'settle_case' AND case_id = :id",
                       {{"id", copy.substr(6)}}) == 0);
    // To its reader it waits for the others, as a case does that one person has read.
    REQUIRE(world.submit(ann, plain, says("eczema")));
    const auto seen = world.get(ann, copy), half_read = world.get(ann, plain);
    CHECK(seen->state() == half_read->state());
    CHECK(seen->read_by_caller());
    CHECK_FALSE(seen->has_site_opinion());
    CHECK(world.list_of_reads(ann, copy)->reads_size() == 1);
    CHECK(world.listed(ann, v1::WORKLIST_VIEW_MY_READS) == Names{plain, copy});
    CHECK(world.amend(ann, read, says("psoriasis")));
    CHECK(reason(world.claim(ann, copy)) == "ALREADY_READ");
  }
  SUBCASE("what happens to it is told of no case of the reader's") {
    CHECK(world.number("SELECT COUNT(*) FROM events WHERE verb = 'plant_case' AND case_id <> ''") == 0);
    CHECK(world.number("SELECT COUNT(*) FROM events WHERE verb = 'plant_case'") == 1);
    CHECK(world.number("SELECT COUNT(*) FROM events WHERE case_id = :id", {{"id", copy.substr(6)}}) == 0);
  }
  SUBCASE("its images are no duplicates and in nobody's batch") {
    std::vector<store::ImageRow> images;
    REQUIRE(world.store().read([&](store::Tx& tx) -> Status {
      ASSIGN_OR_RETURN(images, store::images_of_batch(tx, "batch-a", "", 100));
      return {};
    }));
    CHECK(images.size() == 3 + 1 + 3);
  }
  SUBCASE("consent that is withdrawn reaches it") {
    world.write([&](store::Tx& tx) -> Status {
      ASSIGN_OR_RETURN(store::CaseRow row, store::cases::get(tx, gold.substr(6)));
      row.state = CaseState::Withdrawn;
      return store::cases::save(tx, row, world.by("cora"));
    });
    CHECK(world.state(copy) == v1::CASE_STATE_WITHDRAWN);
    CHECK(world.listed(ann, v1::WORKLIST_VIEW_TO_READ) == Names{plain, later});
    CHECK(reason(world.claim(ann, copy)) == "WRONG_STATE");
  }
}

TEST_CASE("gold comes from decided gold cases that the reader has had nothing to do with, each once") {
  QueueWorld world;
  const std::string gold = world.decided_gold();
  const std::string undecided = world.add_case();
  world.set_tier(undecided, v1::CASE_TIER_GOLD);
  world.always(50, 0);
  const std::string first = world.add_case(), second = world.add_case();

  SUBCASE("not for who voted on it") {
    REQUIRE(world.claim(derm("g1"), first));
    CHECK(world.copies(derm("g1")).empty());
  }
  SUBCASE("not from a site the reader does not read for, nor the own one where the policy says so") {
    REQUIRE(world.claim(derm("gus", "c", "a"), first));
    CHECK(world.copies(derm("gus", "c", "a")).size() == 1);
    world.set_policy([](contract::Policy& policy) { policy.own_site_reading = false; });
    const std::string elsewhere = world.add_case({.site = "b"});
    REQUIRE(world.claim(derm("hal", "c", "b"), elsewhere));
    CHECK(world.copies(derm("hal", "c", "b")).empty());
    REQUIRE(world.claim(derm("ida", "a"), elsewhere));
    CHECK(world.copies(derm("ida", "a")).empty());
  }
  SUBCASE("once") {
    REQUIRE(world.claim(ann, first));
    REQUIRE(world.claim(ann, second));
    CHECK(world.copies(ann).size() == 1);
    CHECK(world.text("SELECT plant_of FROM cases WHERE planted_for = 'ann'") == gold.substr(6));
  }
  SUBCASE("not at a rate of 0") {
    world.always(0, 0);
    REQUIRE(world.claim(ann, first));
    CHECK(world.copies(ann).empty());
  }
  SUBCASE("claiming again or a copy brings no other") {
    world.decided_gold();
    REQUIRE(world.claim(ann, first));
    REQUIRE(world.claim(ann, first));
    REQUIRE(world.claim(ann, world.copies(ann)[0]));
    CHECK(world.copies(ann).size() == 1);
  }
  SUBCASE("at most three wait unread") {
    for (int i = 0; i < 5; ++i) world.decided_gold();
    for (int i = 0; i < 6; ++i) REQUIRE(world.claim(ann, world.add_case()));
    CHECK(world.copies(ann).size() == 3);
    world.reads(ann, world.copies(ann)[0], says("eczema"));
    REQUIRE(world.claim(ann, world.add_case()));
    CHECK(world.copies(ann).size() == 4);
  }
}

TEST_CASE("a reader's own read comes back after some weeks") {
  QueueWorld world;
  world.always(0, 50);
  const std::string read = world.add_case(), opened = world.add_case();
  world.reads(ann, read, says("psoriasis"));
  world.reads(ann, opened, says("psoriasis"));
  world.reads(bob, opened, says("psoriasis"));
  REQUIRE(world.get(ann, opened));  // she has seen how it was settled
  world.clock.advance_seconds(27 * 86400);
  REQUIRE(world.claim(ann, world.add_case()));
  CHECK(world.copies(ann).empty());
  world.clock.advance_seconds(2 * 86400);
  REQUIRE(world.claim(ann, world.add_case()));
  REQUIRE(world.copies(ann).size() == 1);
  CHECK(world.text("SELECT plant_of FROM cases WHERE planted_for = 'ann'") == read.substr(6));

  SUBCASE("as a case that she has not read") {
    const auto seen = world.get(ann, world.copies(ann)[0]);
    REQUIRE(seen);
    CHECK_FALSE(seen->read_by_caller());
    CHECK(seen->state() == v1::CASE_STATE_OPEN);
    v1::GetDraftRequest draft;
    draft.set_case_(seen->name());
    CHECK_FALSE(world.call(get_draft, ann, draft)->has_content());
  }
  SUBCASE("and does not count as a vote, nor again as one to repeat") {
    world.reads(ann, world.copies(ann)[0], says("eczema"));
    CHECK(world.number("SELECT COUNT(*) FROM reads WHERE user_id = 'ann' AND purpose = 3") == 1);
    CHECK(world.number("SELECT votes FROM cases WHERE case_id = :id", {{"id", read.substr(6)}}) == 1);
    world.clock.advance_seconds(60 * 86400);
    REQUIRE(world.claim(ann, world.add_case()));
    CHECK(world.copies(ann).size() == 1);
  }
  SUBCASE("who read nothing yet gets none") {
    REQUIRE(world.claim(dot, world.add_case()));
    CHECK(world.copies(dot).empty());
  }
}

TEST_CASE("what is given next is found by an index, however large the registry") {
  QueueWorld world;
  for (int i = 0; i < 4; ++i) world.decided_gold();
  world.reads(ann, world.add_case(), says("psoriasis"));
  world.clock.advance_seconds(30 * 86400);
  RecordingStore recording(world.store());
  int checked = 0;
  for (const auto& [gold, repeat] : {std::pair{50, 0}, std::pair{0, 50}})
    for (const Person& who : {ann, derm("amy", "c", "a")}) {
      world.always(gold, repeat);
      const std::string name = world.add_case();
      world.through(recording);
      REQUIRE(world.next(who));
      REQUIRE(world.claim(who, name));
      world.through(world.store());
      for (const Statement& statement : recording.take()) {
        // The policies are a handful of rows.
        if (statement.sql.find("FROM policies") != std::string::npos) continue;
        const auto plan = recording.plan_of(statement);
        if (!plan) continue;
        ++checked;
        for (const std::string& line : *plan) {
          CAPTURE(statement.sql);
          CAPTURE(line);
          // A few of a reader's reads, picked by an index, and one case's images are all that is walked or
          // put in order.
          const bool of_a_few = statement.sql.find(":looked_at") != std::string::npos ||
                                statement.sql.find("FROM images") != std::string::npos;
          CHECK((of_a_few || !walks_all(line)));
          CHECK((of_a_few || !sorts(line)));
          if (statement.sql.find("c.tier = 3") != std::string::npos && line.starts_with("SEARCH c "))
            CHECK(line.find("cases_gold") != std::string::npos);
          if (statement.sql.find("c.tier > 1") != std::string::npos && line.starts_with("SEARCH c "))
            CHECK(line.find("cases_readable_by_tier") != std::string::npos);
        }
      }
    }
  CHECK(checked > 50);
}

TEST_CASE("gold and repeats come at the policy's rates") {
  QueueWorld world;
  world.set_policy([](contract::Policy& policy) {
    policy.gold_percent = 20;
    policy.repeat_percent = 10;
    policy.repeat_after_days = 1;
    policy.votes_default = 1;
    policy.leases_per_reader = 100;
  });
  for (int i = 0; i < 120; ++i) {
    const std::string gold = world.add_case();
    world.write([&](store::Tx& tx) -> Status {
      ASSIGN_OR_RETURN(store::CaseRow row, store::cases::get(tx, gold.substr(6)));
      row.tier = CaseTier::Gold;
      row.state = CaseState::PanelDecided;
      row.decided_term = "psoriasis";
      return store::cases::save(tx, row, world.by("quinn"));
    });
  }
  int reads = 0;
  for (; reads < 400; ++reads) {
    if (world.listed(ann, v1::WORKLIST_VIEW_TO_READ).empty()) world.add_case();
    const auto lease = world.next(ann);
    REQUIRE(lease);
    REQUIRE(world.submit(ann, lease->case_(), says("psoriasis")));
    world.clock.advance_seconds(3600);
  }
  const auto share = [&](int purpose) {
    return 100.0 *
           static_cast<double>(
               world.number("SELECT COUNT(*) FROM reads WHERE purpose = :p", {{"p", purpose}})) /
           reads;
  };
  MESSAGE("of 400 reads " << share(2) << " % were gold, " << share(3) << " % repeats");
  // Five standard deviations: 2 % and 1.5 % each.
  CHECK(std::abs(share(2) - 20) < 10);
  CHECK(std::abs(share(3) - 10) < 7.5);
}
