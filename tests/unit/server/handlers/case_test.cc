#include <algorithm>

#include "tests/unit/server/handlers/review_world.h"

using namespace hada;
using namespace hada::review_test;

namespace {

const Person ann = derm("ann"), bob = derm("bob", "c"), cem = derm("cem", "c");

using Names = std::vector<std::string>;

// A QA reviewer who is a dermatologist as well.
Person both(const std::string& id = "bea", const std::string& home = "d") {
  return {id, home, {{Role::QaReviewer, ""}, {Role::Dermatologist, ""}}};
}

// All that a blind reader must not be able to tell apart: everything but what is the reader's own.
std::string blind_view(v1::Case c) {
  c.clear_read_by_caller();
  c.clear_leased_by_caller();
  return c.DebugString();
}

}  // namespace

TEST_CASE("a dermatologist who has not submitted is blind") {
  World world;
  world.without_third_read();
  const std::string name = world.add_case({.fields = {{"site_diagnosis", "psoriasis"},
                                                      {"pathology_diagnosis", "psoriasis"},
                                                      {"age", "42"},
                                                      {"anatom_site", "Head and neck:Face"}}});
  const v1::Case before = *world.get(ann, name);

  SUBCASE("to the site, its opinion, votes, outcome, and anything that moves") {
    CHECK(before.site().empty());
    CHECK_FALSE(before.has_site_opinion());
    CHECK(before.votes_in() == 0);
    CHECK(before.votes_wanted() == 0);
    CHECK(before.decided_term().empty());
    CHECK(before.etag().empty());
    CHECK(before.update_time().seconds() == before.create_time().seconds());
  }
  SUBCASE("but not to images and clinical facts") {
    CHECK(before.images_size() == 1);
    CHECK(before.images(0).levels_size() == 2);
    CHECK(before.context().age() == 42);
    CHECK(before.context().sex() == "female");
    CHECK(before.context().anatom_site() == "Head and neck:Face");
  }
  SUBCASE("whatever happens to the case, it looks the same") {
    world.clock.advance_seconds(60);
    world.reads(bob, name, says("naevus"));
    const std::string reading = blind_view(*world.get(ann, name));
    CHECK(world.get(ann, name)->state() == v1::CASE_STATE_READING);
    world.clock.advance_seconds(60);
    world.reads(cem, name, says("eczema"));
    CHECK(world.state(name) == v1::CASE_STATE_PATHOLOGY);
    CHECK(blind_view(*world.get(ann, name)) == reading);
    REQUIRE(world.call(approve_case, qa(), world.about<v1::ApproveCaseRequest>(name)));
    CHECK(blind_view(*world.get(ann, name)) == reading);
    CHECK(world.list_of_reads(ann, name)->reads_size() == 0);
    CHECK(world.list_of_decisions(ann, name)->decisions_size() == 0);
  }
  SUBCASE("a reader who was asked to break a tie is not told that there is one") {
    const std::string other = world.add_case();
    world.reads(bob, other, says("naevus"));
    world.reads(cem, other, says("eczema"));
    REQUIRE(world.call(request_read, qa(), world.about<v1::RequestReadRequest>(other)));
    CHECK(world.state(other) == v1::CASE_STATE_NEEDS_READ);
    CHECK(world.get(ann, other)->state() == v1::CASE_STATE_READING);
    CHECK(world.claim(ann, other));
  }
  SUBCASE("an own read is shown; others' are not while votes are still wanted") {
    world.reads(bob, name, says("naevus"));
    const auto own = world.list_of_reads(bob, name);
    REQUIRE(own->reads_size() == 1);
    CHECK(own->reads(0).reader() == "users/bob");
    const auto mine = world.get(bob, name);
    CHECK(mine->read_by_caller());
    CHECK_FALSE(mine->has_site_opinion());
    CHECK(world.list_of_reads(ann, name)->reads_size() == 0);
  }
  SUBCASE("once the votes are in, those who gave them see everything") {
    world.reads(bob, name, says("naevus"));
    world.reads(cem, name, says("eczema"));
    const auto seen = world.get(bob, name);
    CHECK(seen->site() == "sites/a");
    CHECK(seen->state() == v1::CASE_STATE_PATHOLOGY);
    CHECK(seen->votes_in() == 2);
    CHECK(seen->site_opinion().site_diagnosis() == "psoriasis");
    CHECK(world.list_of_reads(bob, name)->reads_size() == 2);
  }
  SUBCASE("the server notes who has been shown what") {
    world.reads(bob, name, says("naevus"));
    world.reads(cem, name, says("eczema"));
    CHECK(world.number("SELECT COUNT(*) FROM case_readers WHERE revealed_us > 0") == 0);
    REQUIRE(world.list_of_reads(bob, name));
    REQUIRE(world.get(bob, name));
    CHECK(world.number("SELECT COUNT(*) FROM case_readers WHERE revealed_us > 0 AND user_id = 'bob'") == 1);
    CHECK(world.number("SELECT COUNT(*) FROM events WHERE verb = 'reveal_case'") == 1);
    CHECK(world.number("SELECT COUNT(*) FROM case_readers WHERE revealed_us > 0") == 1);
  }
}

TEST_CASE("a QA reviewer who is also a dermatologist") {
  World world;
  world.without_third_read();
  const std::string name = world.add_case();
  world.reads(bob, name, says("naevus"));

  SUBCASE("is blind while votes are collected: they might read it") {
    const auto seen = world.get(both(), name);
    CHECK(seen->state() == v1::CASE_STATE_READING);
    CHECK_FALSE(seen->has_site_opinion());
    CHECK(seen->votes_in() == 0);
    CHECK(world.list_of_reads(both(), name)->reads_size() == 0);
  }
  SUBCASE("sees all once they are in, and then reads it no more") {
    world.reads(cem, name, says("eczema"));
    CHECK(world.get(both(), name)->has_site_opinion());
    REQUIRE(world.call(request_read, qa(), world.about<v1::RequestReadRequest>(name)));
    CHECK(reason(world.claim(both(), name)) == "NOT_BLIND");
    CHECK(world.listed(both(), v1::WORKLIST_VIEW_TO_READ).empty());
    CHECK(world.claim(both("ben"), name));
  }
  SUBCASE("who leased it and looked before submitting, does not vote") {
    REQUIRE(world.claim(both(), name));
    world.clock.advance_seconds(7200);
    REQUIRE(world.claim(cem, name));
    REQUIRE(world.submit(cem, name, says("eczema")));
    REQUIRE(world.list_of_reads(both(), name)->reads_size() == 2);
    REQUIRE(world.call(request_read, qa(), world.about<v1::RequestReadRequest>(name)));
    const auto late = world.submit(both(), name, says("eczema"));
    REQUIRE(late);
    CHECK(late->late());
    CHECK(late->revisions(0).after_reveal());
    CHECK(world.state(name) == v1::CASE_STATE_NEEDS_READ);
  }
}

TEST_CASE("a site coordinator sees the own site's cases only") {
  World world;
  const std::string own = world.add_case({.site = "a"}), other = world.add_case({.site = "b"});
  CHECK(world.listed(coordinator(), v1::WORKLIST_VIEW_UNSPECIFIED) == Names{own});
  CHECK(world.get(coordinator(), own)->site_opinion().site_diagnosis() == "psoriasis");
  CHECK(reason(world.get(coordinator(), other)) == "NO_SUCH_RESOURCE");
  CHECK(reason(world.list_of_decisions(coordinator(), other)) == "NO_SUCH_RESOURCE");
  CHECK(reason(world.list_of_reads(coordinator(), own)) == "ROLE_REQUIRED");
  CHECK(reason(world.get(coordinator(), "cases/nothing")) == "NO_SUCH_RESOURCE");
  CHECK(reason(world.get(coordinator(), "nothing")) == "BAD_NAME");
  v1::GetImageRequest image;
  image.set_name(world.get(qa(), other)->images(0).name());
  CHECK(reason(world.call(get_image, coordinator(), image)) == "NO_SUCH_RESOURCE");
}

TEST_CASE("researchers and admins see no case in that role") {
  World world;
  const std::string name = world.add_case();
  for (const Role role : {Role::Researcher, Role::Admin}) {
    const Person person{"rex", "", {{role, ""}}};
    CHECK(reason(world.get(person, name)) == "NO_SUCH_RESOURCE");
    CHECK(world.listed(person, v1::WORKLIST_VIEW_UNSPECIFIED) == Names{"error ROLE_REQUIRED"});
  }
}

TEST_CASE("the site's texts map to terms by exact name only") {
  World world;
  const auto opinion = [&](std::map<std::string, std::string> fields) {
    return world.get(qa(), world.add_case({.fields = std::move(fields)}))->site_opinion();
  };
  CHECK(opinion({{"site_diagnosis", "Mole"}}).site_diagnosis_term() == "terms/naevus");
  CHECK(opinion({{"site_diagnosis", "terms/eczema"}}).site_diagnosis_term() == "terms/eczema");
  CHECK(opinion({{"site_diagnosis", "terms/none"}}).site_diagnosis_term().empty());
  CHECK(opinion({{"site_diagnosis", "some rash"}, {"site_diagnosis_ja", "乾癬"}}).site_diagnosis_term() ==
        "terms/psoriasis");
  CHECK(opinion({{"pathology_diagnosis", "melanoma, probably"}}).pathology_diagnosis_term().empty());
}

TEST_CASE("pathology settles a case only by its own field") {
  World world;
  world.without_third_read();
  const auto settled = [&](std::map<std::string, std::string> fields) {
    const std::string name = world.add_case({.fields = std::move(fields)});
    world.reads(bob, name, says("naevus"));
    world.reads(cem, name, says("eczema"));
    return name;
  };
  const std::string mapped = settled({{"pathology_diagnosis", "melanoma"}});
  CHECK(world.state(mapped) == v1::CASE_STATE_PATHOLOGY);
  CHECK(world.get(qa(), mapped)->decided_term() == "terms/melanoma");
  CHECK(world.state(settled({{"pathology_diagnosis", "malignant something"}})) == v1::CASE_STATE_TO_PANEL);
  CHECK(world.state(settled({{"site_diagnosis", "melanoma"}, {"dx_confirm_type", "histopathology"}})) ==
        v1::CASE_STATE_TO_PANEL);
}

TEST_CASE("an image tells its geometry, and its ICC profile when asked for alone") {
  World world;
  const std::string name =
      world.add_case({.kinds = {ImageKind::HistopathologyWsi, ImageKind::ClinicalOverview}});
  const std::string profile("\0ICC profile bytes\xff", 19);
  const std::string with_icc = world.add_image(name, ImageKind::Dermoscopic);
  world.finish(name.substr(6), with_icc, ImageState::Ready, world.blobs().put(profile).value());
  const std::string refused = world.add_image(name, ImageKind::ClinicalCloseup);
  world.finish(name.substr(6), refused, ImageState::Quarantined);

  SUBCASE("a case shows its READY images in display order") {
    const auto seen = world.get(ann, name);
    REQUIRE(seen->images_size() == 3);
    CHECK(seen->images(0).kind() == v1::IMAGE_KIND_CLINICAL_OVERVIEW);
    CHECK(seen->images(1).kind() == v1::IMAGE_KIND_DERMOSCOPIC);
    CHECK(seen->images(2).kind() == v1::IMAGE_KIND_HISTOPATHOLOGY_WSI);
    CHECK(seen->refused_images() == 1);
    CHECK(seen->images(1).has_icc_profile());
    CHECK(seen->images(1).icc_profile().empty());
    CHECK(seen->images(1).levels(1).downsample() == 4.0);
    CHECK(seen->images(1).mpp_x() == 0.25);
  }
  SUBCASE("GetImage brings the profile") {
    v1::GetImageRequest request;
    request.set_name("images/" + with_icc);
    const auto image = world.call(get_image, ann, request);
    REQUIRE(image);
    CHECK(image->icc_profile() == profile);
    CHECK(image->levels_size() == 2);
    CHECK(image->levels(0).width() == 1024);
    CHECK(image->levels(0).tile_width() == 256);
    CHECK(image->mpp_x() == 0.25);
    CHECK(image->mpp_y() == 0.25);
    CHECK(image->objective() == 20);
    CHECK(image->stain() == "H&E");
    CHECK(image->dermoscopic_type() == "contact polarized");
    CHECK(image->case_() == name);
  }
  SUBCASE("an image that a check refused exists for staff only") {
    v1::GetImageRequest request;
    request.set_name("images/" + refused);
    CHECK(reason(world.call(get_image, ann, request)) == "NO_SUCH_RESOURCE");
    CHECK(world.call(get_image, coordinator(), request)->state_reason() == "FACE");
    request.set_name("images/none");
    CHECK(reason(world.call(get_image, ann, request)) == "NO_SUCH_RESOURCE");
  }
}

TEST_CASE("the worklist's views") {
  World world;
  world.without_third_read();
  const std::string fresh_case = world.add_case();
  const std::string slide =
      world.add_case({.site = "b", .kinds = {ImageKind::HistopathologyWsi, ImageKind::Dermoscopic}});
  const std::string agreed = world.add_case();
  const std::string disputed = world.add_case({.site = "b"});
  world.reads(ann, agreed, says("psoriasis"));
  world.reads(bob, agreed, says("psoriasis"));
  world.reads(bob, disputed, says("psoriasis"));
  world.reads(cem, disputed, says("naevus"));

  SUBCASE("to read: with a slot the reader could take or holds") {
    CHECK(world.listed(ann, v1::WORKLIST_VIEW_TO_READ) == Names{fresh_case, slide});
    REQUIRE(world.claim(ann, fresh_case));
    REQUIRE(world.claim(bob, fresh_case));
    CHECK(world.listed(ann, v1::WORKLIST_VIEW_TO_READ) == Names{fresh_case, slide});
    CHECK(world.listed(cem, v1::WORKLIST_VIEW_TO_READ) == Names{slide});
    world.clock.advance_seconds(1200);
    CHECK(world.listed(cem, v1::WORKLIST_VIEW_TO_READ) == Names{fresh_case, slide});
    world.reads(ann, fresh_case, says("naevus"));
    CHECK(world.listed(ann, v1::WORKLIST_VIEW_TO_READ) == Names{slide});
    CHECK(world.listed(derm("eve", "c", "b"), v1::WORKLIST_VIEW_TO_READ) == Names{slide});
    CHECK(world.listed(ann, v1::WORKLIST_VIEW_TO_READ, {}, {v1::IMAGE_KIND_CLINICAL_CLOSEUP}).empty());
    CHECK(world.listed(ann, v1::WORKLIST_VIEW_TO_READ, {v1::CASE_STATE_OPEN}) == Names{slide});
    CHECK(world.listed(ann, v1::WORKLIST_VIEW_TO_READ, {v1::CASE_STATE_AGREED}).empty());
    CHECK(world.listed(qa(), v1::WORKLIST_VIEW_TO_READ) == Names{"error ROLE_REQUIRED"});
  }
  SUBCASE("my reads: what the caller has read, under the state shown to them") {
    CHECK(world.listed(bob, v1::WORKLIST_VIEW_MY_READS) == Names{agreed, disputed});
    CHECK(world.listed(ann, v1::WORKLIST_VIEW_MY_READS) == Names{agreed});
    // A list reveals nothing; opening the case does.
    CHECK(world.listed(bob, v1::WORKLIST_VIEW_MY_READS, {v1::CASE_STATE_AGREED}).empty());
    CHECK(world.listed(bob, v1::WORKLIST_VIEW_MY_READS, {v1::CASE_STATE_READING}) == Names{agreed, disputed});
    REQUIRE(world.get(bob, agreed));
    CHECK(world.listed(bob, v1::WORKLIST_VIEW_MY_READS, {v1::CASE_STATE_AGREED}) == Names{agreed});
    CHECK(world.listed(bob, v1::WORKLIST_VIEW_MY_READS, {}, {}, "sites/a") == Names{agreed});
    CHECK(world.listed(bob, v1::WORKLIST_VIEW_MY_READS, {}, {}, "sites/b").empty());
    REQUIRE(world.call(approve_case, qa(), world.about<v1::ApproveCaseRequest>(agreed)));
    CHECK(world.listed(bob, v1::WORKLIST_VIEW_MY_READS, {v1::CASE_STATE_APPROVED}) == Names{agreed});
  }
  SUBCASE("to adjudicate and to approve: what this reviewer may decide") {
    CHECK(world.listed(qa(), v1::WORKLIST_VIEW_TO_ADJUDICATE) == Names{disputed});
    CHECK(world.listed(qa(), v1::WORKLIST_VIEW_TO_APPROVE) == Names{agreed});
    CHECK(world.listed(qa("quin", "b"), v1::WORKLIST_VIEW_TO_ADJUDICATE).empty());
    CHECK(world.listed(qa("quin", "a"), v1::WORKLIST_VIEW_TO_APPROVE).empty());
    CHECK(world.listed(both("bob"), v1::WORKLIST_VIEW_TO_APPROVE).empty());
    CHECK(world.listed(qa(), v1::WORKLIST_VIEW_TO_APPROVE, {v1::CASE_STATE_MAJORITY}).empty());
    CHECK(world.listed(qa(), v1::WORKLIST_VIEW_TO_APPROVE, {}, {v1::IMAGE_KIND_CLINICAL_CLOSEUP}) ==
          Names{agreed});
    CHECK(world.listed(ann, v1::WORKLIST_VIEW_TO_APPROVE) == Names{"error ROLE_REQUIRED"});
  }
  SUBCASE("all: filters of state, kind and site combine") {
    const auto all = v1::WORKLIST_VIEW_UNSPECIFIED;
    CHECK(world.listed(qa(), all) == Names{fresh_case, slide, agreed, disputed});
    CHECK(world.listed(qa(), all, {v1::CASE_STATE_OPEN, v1::CASE_STATE_TO_PANEL}) ==
          Names{fresh_case, slide, disputed});
    CHECK(world.listed(qa(), all, {}, {v1::IMAGE_KIND_DERMOSCOPIC, v1::IMAGE_KIND_HISTOPATHOLOGY_WSI}) ==
          Names{slide});
    CHECK(world.listed(qa(), all, {v1::CASE_STATE_OPEN}, {}, "sites/b") == Names{slide});
    CHECK(world.listed(qa(), all, {}, {v1::IMAGE_KIND_CLINICAL_CLOSEUP}, "sites/b") == Names{disputed});
    CHECK(world.listed(qa(), all, {v1::CASE_STATE_TO_PANEL}, {v1::IMAGE_KIND_CLINICAL_CLOSEUP}, "sites/b") ==
          Names{disputed});
    CHECK(world.listed(qa(), all, {static_cast<v1::CaseState>(99)}) == Names{"error BAD_FIELD"});
    CHECK(world.listed(qa(), all, {}, {}, "b") == Names{"error BAD_NAME"});
  }
  SUBCASE("all, for a dermatologist: what can still be read, and what they have read, each once") {
    const auto all = v1::WORKLIST_VIEW_UNSPECIFIED;
    world.reads(ann, fresh_case, says("naevus"));
    CHECK(world.listed(ann, all) == Names{fresh_case, slide, agreed});
    CHECK(world.listed(ann, all, {v1::CASE_STATE_AGREED}).empty());
    CHECK(world.listed(ann, all, {v1::CASE_STATE_READING}) == Names{fresh_case, agreed});
    CHECK(world.listed(cem, all) == Names{fresh_case, slide, disputed});
  }
  SUBCASE("a filter does not tell a blind reader what the list hides") {
    CHECK(world.listed(ann, v1::WORKLIST_VIEW_UNSPECIFIED, {}, {}, "sites/b").empty());
    CHECK(world.listed(ann, v1::WORKLIST_VIEW_TO_READ, {}, {}, "sites/b").empty());
    REQUIRE(world.call(request_read, qa(), world.about<v1::RequestReadRequest>(disputed)));
    CHECK(world.listed(ann, v1::WORKLIST_VIEW_TO_READ, {v1::CASE_STATE_NEEDS_READ}).empty());
    CHECK(world.listed(ann, v1::WORKLIST_VIEW_TO_READ, {v1::CASE_STATE_READING}) == Names{disputed});
    CHECK(world.listed(both(), v1::WORKLIST_VIEW_UNSPECIFIED, {v1::CASE_STATE_NEEDS_READ}).empty());
  }
  SUBCASE("a list shows names and kinds of images, no levels, no opinion") {
    v1::ListCasesRequest request;
    const auto response = world.call(list_cases, qa(), request);
    const v1::Case& listed = response->cases(1);
    REQUIRE(listed.images_size() == 2);
    CHECK(listed.images(0).kind() == v1::IMAGE_KIND_DERMOSCOPIC);
    CHECK(listed.images(0).name().starts_with("images/"));
    CHECK(listed.images(0).levels_size() == 0);
    CHECK_FALSE(listed.has_site_opinion());
    CHECK(listed.context().age() == 42);
    CHECK(listed.site() == "sites/b");
    CHECK(response->next_page_token().empty());
  }
}

TEST_CASE("pages follow one another without gap or repeat") {
  World world;
  Names expected;
  for (int i = 0; i < 23; ++i) expected.push_back(world.add_case({.site = i % 3 == 0 ? "b" : "a"}));
  v1::ListCasesRequest request;
  request.set_page_size(5);
  Names seen;
  int pages = 0;
  do {
    const auto page = world.call(list_cases, qa(), request);
    REQUIRE(page);
    for (const v1::Case& c : page->cases()) seen.push_back(c.name());
    request.set_page_token(page->next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  CHECK(seen == expected);
  CHECK(pages == 5);

  SUBCASE("a token belongs to its filters") {
    request.set_page_token("");
    request.set_page_token(world.call(list_cases, qa(), request)->next_page_token());
    request.set_site("sites/a");
    CHECK(reason(world.call(list_cases, qa(), request)) == "BAD_PAGE_TOKEN");
    request.set_page_token("forged");
    CHECK(reason(world.call(list_cases, qa(), request)) == "BAD_PAGE_TOKEN");
  }
  SUBCASE("a page size below zero is refused, one above the limit is the limit") {
    request.set_page_size(-1);
    CHECK(reason(world.call(list_cases, qa(), request)) == "BAD_FIELD");
    request.set_page_size(100'000);
    CHECK(world.call(list_cases, qa(), request)->cases_size() == 23);
  }
}
