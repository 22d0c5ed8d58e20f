// What a read says: what of it is checked, and who sees what is recorded with it.

#include <limits>

#include "tests/unit/server/handlers/review_world.h"

using namespace hada;
using namespace hada::review_test;

namespace {
const Person ann = derm("ann"), bob = derm("bob", "c");
}  // namespace

TEST_CASE("what is recorded without asking is shown to its reader and to QA, and to no other reader") {
  World world;
  const std::string name = world.add_case();
  world.reads(ann, name, says("psoriasis"));
  world.reads(bob, name, says("psoriasis"));
  const auto shows = [&](const Person& who) {
    const auto reads = world.list_of_reads(who, name);
    REQUIRE(reads);
    REQUIRE(reads->reads_size() == 2);
    std::string seen;
    for (const v1::Read& read : reads->reads())
      if (read.revisions(0).has_telemetry()) seen += read.reader() + " ";
    return seen;
  };
  CHECK(shows(ann) == "users/ann ");
  CHECK(shows(qa()) == "users/ann users/bob ");
  // QA of another site is one more reader here.
  CHECK(shows({"bob", "c", {{Role::Dermatologist, ""}, {Role::QaReviewer, "b"}}}) == "users/bob ");
}

TEST_CASE("what is recorded with a read is about images of its case") {
  World world;
  const std::string name = world.add_case();
  REQUIRE(world.claim(ann, name));
  const auto submit = [&](const std::vector<std::string>& images) {
    v1::SubmitReadRequest request;
    request.set_case_(name);
    *request.mutable_content() = says("psoriasis");
    for (const std::string& image : images) {
      v1::ImageSeen* seen = request.mutable_telemetry()->add_seen();
      seen->set_image(image);
      seen->set_part(0.5);
    }
    request.set_request_id(fresh());
    const auto read = world.call(submit_read, ann, request);
    if (read) return std::string("accepted");
    CHECK(read.error().reason == "BAD_FIELD");
    return read.error().metadata.at("field");
  };
  const std::string own = world.get(ann, name)->images(0).name();
  const std::string other = world.get(ann, world.add_case())->images(0).name();
  CHECK(submit({own, other}) == "telemetry.seen.image");
  CHECK(submit({"images/unknown"}) == "telemetry.seen.image");
  CHECK(submit({own, own}) == "telemetry.seen.image");
  // One that the check has refused since then was the case's all the same.
  const std::string refused = world.add_image(name);
  world.finish(name.substr(6), refused, ImageState::Corrupt);
  CHECK(submit({own, "images/" + refused}) == "accepted");
}

TEST_CASE("what a reader says is checked") {
  World world;
  const std::string name = world.add_case();
  REQUIRE(world.claim(ann, name));
  const auto field_of = [&](const v1::ReadContent& content) {
    const auto read = world.submit(ann, name, content);
    if (read) return std::string("accepted");
    CHECK(read.error().reason == "BAD_FIELD");
    return read.error().metadata.at("field");
  };
  v1::ReadContent content = says("psoriasis");

  SUBCASE("a gradable read has one to five diagnoses and no reason") {
    content.clear_differential();
    CHECK(field_of(content) == "content.differential");
    content = says("psoriasis");
    content.set_ungradable_reason(v1::UNGRADABLE_REASON_NO_PATHOLOGY);
    CHECK(field_of(content) == "content.ungradable_reason");
    content = says("psoriasis");
    for (const char* term : {"eczema", "naevus", "melanoma", "atopic", "contact"})
      *content.add_differential() = says(term).differential(0);
    CHECK(field_of(content) == "content.differential");
  }
  SUBCASE("one that is not gradable has a reason and no diagnosis") {
    content = says_ungradable();
    content.set_ungradable_reason(v1::UNGRADABLE_REASON_UNSPECIFIED);
    CHECK(field_of(content) == "content.ungradable_reason");
    content = says_ungradable();
    *content.mutable_differential() = says("psoriasis").differential();
    CHECK(field_of(content) == "content.differential");
    content = says_ungradable();
    content.set_ungradable_reason(static_cast<v1::UngradableReason>(77));
    CHECK(field_of(content) == "content.ungradable_reason");
  }
  SUBCASE("terms are the vocabulary's, each once") {
    CHECK(field_of(says("scurvy")) == "content.differential.term");
    *content.add_differential() = content.differential(0);
    CHECK(field_of(content) == "content.differential.term");
  }
  SUBCASE("ranks start at one without a gap; ties are fine") {
    v1::Diagnosis* second = content.add_differential();
    *second = says("eczema").differential(0);
    second->set_rank(3);
    CHECK(field_of(content) == "content.differential.rank");
    content.mutable_differential(0)->set_rank(2);
    second->set_rank(2);
    CHECK(field_of(content) == "content.differential.rank");
    content.mutable_differential(0)->set_rank(0);
    CHECK(field_of(content) == "content.differential.rank");
    content.mutable_differential(0)->set_rank(1);
    second->set_rank(1);
    CHECK(field_of(content) == "accepted");
  }
  SUBCASE("confidence is one to five") {
    CHECK(field_of(says("psoriasis", 0)) == "content.differential.confidence");
    CHECK(field_of(says("psoriasis", 6)) == "content.differential.confidence");
  }
  SUBCASE("flags are about images of this case") {
    v1::ImageFlags* flags = content.add_image_flags();
    flags->set_image("images/" + world.add_image(world.add_case()));
    flags->add_flags(v1::IMAGE_FLAG_BLUR);
    CHECK(field_of(content) == "content.image_flags.image");
    flags->set_image(world.get(ann, name)->images(0).name());
    flags->add_flags(v1::IMAGE_FLAG_BLUR);
    CHECK(field_of(content) == "content.image_flags.flags");
    flags->set_flags(1, v1::IMAGE_FLAG_RULER);
    CHECK(field_of(content) == "accepted");
  }
  SUBCASE("dermoscopy features are recorded once each, and only where there is dermoscopy") {
    v1::DermoscopyFinding* f = content.add_dermoscopy();
    f->set_feature(v1::DERMOSCOPY_FEATURE_NETWORK);
    f->set_finding(v1::FINDING_PRESENT);
    CHECK(field_of(content) == "content.dermoscopy");

    world.finish(name.substr(6), world.add_image(name, ImageKind::Dermoscopic), ImageState::Ready);
    f->clear_finding();
    CHECK(field_of(content) == "content.dermoscopy.finding");
    f->set_finding(v1::FINDING_ABSENT);
    *content.add_dermoscopy() = *f;
    CHECK(field_of(content) == "content.dermoscopy.feature");
    content.mutable_dermoscopy(1)->set_feature(v1::DERMOSCOPY_FEATURE_VESSELS);
    CHECK(field_of(content) == "accepted");
  }
  SUBCASE("adjustments are about images of this case, each once, within their ranges") {
    const std::string image = world.get(ann, name)->images(0).name();
    v1::ImageAdjustments* a = content.add_adjustments();
    const auto neutral = [&](const std::string& of) {
      a->Clear();
      a->set_image(of);
      for (const auto set : {&v1::ImageAdjustments::set_red_gain, &v1::ImageAdjustments::set_green_gain,
                             &v1::ImageAdjustments::set_blue_gain, &v1::ImageAdjustments::set_gamma})
        (a->*set)(1);
    };
    neutral("images/" + world.add_image(world.add_case()));
    CHECK(field_of(content) == "content.adjustments.image");
    neutral(image);
    a->set_green_gain(0);  // also what a client sends that has forgotten it
    CHECK(field_of(content) == "content.adjustments.gain");
    neutral(image);
    a->set_gamma(std::numeric_limits<double>::quiet_NaN());
    CHECK(field_of(content) == "content.adjustments.gamma");
    neutral(image);
    a->set_brightness(-1.01);
    CHECK(field_of(content) == "content.adjustments.brightness");
    neutral(image);
    a->set_contrast(std::numeric_limits<double>::infinity());
    CHECK(field_of(content) == "content.adjustments.contrast");
    neutral(image);
    a->set_sharpening(2.5);
    CHECK(field_of(content) == "content.adjustments.sharpening");
    neutral(image);
    a->set_stain(static_cast<v1::StainView>(7));
    CHECK(field_of(content) == "content.adjustments.stain");
    neutral(image);
    *content.add_adjustments() = v1::ImageAdjustments(content.adjustments(0));
    CHECK(field_of(content) == "content.adjustments.image");
    content.mutable_adjustments()->RemoveLast();
    content.mutable_adjustments(0)->set_gamma(1.35);
    const auto read = world.submit(ann, name, content);
    REQUIRE(read);
    const v1::ReadContent& stored = read->revisions(0).content();
    REQUIRE(stored.adjustments_size() == 1);
    CHECK(stored.adjustments(0).image() == image);
    CHECK(stored.adjustments(0).gamma() == 1.35);
  }
  SUBCASE("a note has at most 4,000 characters, not bytes") {
    std::string note;
    for (int i = 0; i < 4000; ++i) note += "疹";
    content.set_note(note + "疹");
    CHECK(field_of(content) == "content.note");
    content.set_note(note);
    CHECK(field_of(content) == "accepted");
  }
  SUBCASE("an error never repeats what was typed") {
    content = says("psoriasis");
    content.mutable_differential(0)->set_term("terms/Hanako-Yamada");
    const auto read = world.submit(ann, name, content);
    CHECK(read.error().message.find("Hanako") == std::string::npos);
  }
}
