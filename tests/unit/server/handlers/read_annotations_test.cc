// What a reader draws: checked, kept beside the rest, listed in pages that fit.

#include "contract/geometry.h"
#include "tests/unit/server/handlers/review_world.h"

using namespace hada;
using namespace hada::review_test;

namespace {

const Person ann = derm("ann"), bob = derm("bob", "c");

void set_steps(v1::Annotation* annotation, const std::vector<std::vector<int32_t>>& paths) {
  annotation->clear_paths();
  for (const auto& steps : paths) annotation->add_paths()->mutable_steps()->Add(steps.begin(), steps.end());
}

// A triangle in the corner of the image.
v1::Annotation triangle(const std::string& id, const std::string& image) {
  v1::Annotation annotation;
  annotation.set_id(id);
  annotation.set_image(image);
  annotation.set_kind(v1::ANNOTATION_KIND_POLYGON);
  set_steps(&annotation, {{0, 0, 640, 0, -640, 640}});
  return annotation;
}

// A large triangle with this many points along its sides.
v1::Annotation outline(const std::string& id, const std::string& image, int points) {
  v1::Annotation annotation = triangle(id, image);
  annotation.set_kind(v1::ANNOTATION_KIND_FREEHAND);
  std::vector<int32_t> steps{10'000, 10'000};
  for (int i = 1; i < points; ++i) {
    const int side = i * 3 / points;
    steps.push_back(side == 0 ? 1 : side == 2 ? -1 : 0);
    steps.push_back(side == 1 ? 1 : side == 2 ? -1 : 0);
  }
  set_steps(&annotation, {steps});
  return annotation;
}

// 4-byte characters, as long as a note may be: 2 kB.
std::string long_note() {
  std::string note;
  for (int i = 0; i < 500; ++i) note += "\xF0\xA0\xAE\xB7";
  return note;
}

struct Desk {
  Desk() : name(world.add_case()) {
    REQUIRE(world.claim(ann, name));
    image = world.get(ann, name)->images(0).name();
    content = says("psoriasis");
    *content.add_annotations() = triangle("first", image);
    *content.add_annotations() = triangle("second", image);
    second = content.mutable_annotations(1);
  }
  Result<v1::Read> submit() { return world.submit(ann, name, content); }
  // The field that is refused, which must be the second annotation's.
  std::string field() {
    const auto read = submit();
    if (read) return "accepted";
    CHECK(read.error().reason == "BAD_FIELD");
    CHECK(read.error().metadata.at("expected").find("(annotation 2)") != std::string::npos);
    return read.error().metadata.at("field");
  }

  World world;
  std::string name, image;
  v1::ReadContent content;
  v1::Annotation* second = nullptr;
};

}  // namespace

TEST_CASE("what a reader draws is checked") {
  Desk desk;
  v1::Annotation& second = *desk.second;
  SUBCASE("ids are short, plain and each one's own") {
    for (const std::string id : {"", "a b", "a_b", "疹", "a123456789b123456789c123456789d12"}) {
      second.set_id(id);
      CHECK(desk.field() == "content.annotations.id");
    }
    second.set_id("first");
    CHECK(desk.field() == "content.annotations.id");
    second.set_id("A1-b456789b123456789c123456789d12");
    second.mutable_id()->resize(32);
    CHECK(desk.field() == "accepted");
  }
  SUBCASE("images are the case's own and ready") {
    second.set_image("images/" + desk.world.add_image(desk.world.add_case()));
    CHECK(desk.field() == "content.annotations.image");
    second.set_image("images/" + desk.world.add_image(desk.name));
    CHECK(desk.field() == "content.annotations.image");
  }
  SUBCASE("kinds are the protocol's") {
    for (const int kind : {0, 10, -1}) {
      second.set_kind(static_cast<v1::AnnotationKind>(kind));
      CHECK(desk.field() == "content.annotations.kind");
    }
  }
  SUBCASE("steps are pairs that add up to what an image may have") {
    set_steps(&second, {{0, 0, 640, 0, -640}});
    CHECK(desk.field() == "content.annotations.paths.steps");
    set_steps(&second, {{2'000'000'000, 0, 2'000'000'000, 0, 2'000'000'000, 1}});
    CHECK(desk.field() == "content.annotations.paths.steps");
  }
  SUBCASE("shapes are whole, on the image and not collapsed") {
    set_steps(&second, {{0, 0, 640, 0}});
    CHECK(desk.field() == "content.annotations.paths");
    second.clear_paths();
    CHECK(desk.field() == "content.annotations.paths");
    set_steps(&second, {{0, 0, 1024 * 64 + 1, 0, 0, 640}});
    CHECK(desk.field() == "content.annotations.paths");
    set_steps(&second, {{0, 0, -1, 640, 640, 0}});
    CHECK(desk.field() == "content.annotations.paths");
    set_steps(&second, {{0, 0, 64, 64, 64, 64}});
    CHECK(desk.field() == "content.annotations.paths");
    // The image's edges belong to it.
    set_steps(&second, {{0, 0, 1024 * 64, 0, 0, 1024 * 64}});
    CHECK(desk.field() == "accepted");
  }
  SUBCASE("a term is the vocabulary's") {
    second.set_term("terms/scurvy");
    CHECK(desk.field() == "content.annotations.term");
    second.set_term("psoriasis");
    CHECK(desk.field() == "content.annotations.term");
    second.set_term("terms/psoriasis");
    CHECK(desk.field() == "accepted");
  }
  SUBCASE("a note has at most 500 characters, not bytes") {
    std::string note;
    for (int i = 0; i < 500; ++i) note += "疹";
    second.set_note(note + "疹");
    CHECK(desk.field() == "content.annotations.note");
    second.set_note(note);
    CHECK(desk.field() == "accepted");
  }
  SUBCASE("an error never repeats what was typed") {
    for (const auto set :
         {&v1::Annotation::set_id<const std::string&>, &v1::Annotation::set_image<const std::string&>,
          &v1::Annotation::set_term<const std::string&>}) {
      second = triangle("second", desk.image);
      (second.*set)("Hanako Yamada");
      const auto read = desk.submit();
      REQUIRE_FALSE(read);
      CHECK(read.error().message.find("Hanako") == std::string::npos);
      for (const auto& [key, value] : read.error().metadata) CHECK(value.find("Hanako") == std::string::npos);
    }
  }
  SUBCASE("a draft is checked alike") {
    second.set_id("first");
    v1::SaveDraftRequest save;
    save.set_case_(desk.name);
    *save.mutable_content() = desk.content;
    save.set_request_id(fresh());
    CHECK(reason(desk.world.call(save_draft, ann, save)) == "BAD_FIELD");
  }
}

TEST_CASE("annotations and their points are limited in number") {
  Desk desk;
  const auto refused = [&] {
    const auto read = desk.submit();
    return read ? std::string("accepted") : read.error().metadata.at("field");
  };
  desk.content.clear_annotations();
  SUBCASE("2,000 annotations") {
    for (size_t i = 0; i <= contract::kMaxAnnotations; ++i)
      *desk.content.add_annotations() = triangle(std::to_string(i), desk.image);
    CHECK(refused() == "content.annotations");
    desk.content.mutable_annotations()->RemoveLast();
    CHECK(refused() == "accepted");
  }
  SUBCASE("200,000 points, 50,000 a shape") {
    for (const char* id : {"a", "b", "c", "d", "e"})
      *desk.content.add_annotations() = outline(id, desk.image, 40'000);
    *desk.content.add_annotations() = triangle("f", desk.image);
    CHECK(refused() == "content.annotations");
    desk.content.mutable_annotations()->RemoveLast();
    CHECK(refused() == "accepted");
  }
  SUBCASE("50,000 points of one shape") {
    *desk.content.add_annotations() = outline("a", desk.image, 50'001);
    CHECK(refused() == "content.annotations.paths");
    *desk.content.mutable_annotations(0) = outline("a", desk.image, 50'000);
    CHECK(refused() == "accepted");
  }
}

TEST_CASE("annotations follow the read: draft, revisions, lists") {
  Desk desk;
  desk.content.mutable_annotations(0)->set_note("境界");
  desk.content.mutable_annotations(0)->set_term("terms/eczema");
  const auto same = [](const v1::ReadContent& a, const v1::ReadContent& b) {
    return a.SerializeAsString() == b.SerializeAsString();
  };
  v1::SaveDraftRequest save;
  save.set_case_(desk.name);
  *save.mutable_content() = desk.content;
  save.set_request_id(fresh());
  REQUIRE(desk.world.call(save_draft, ann, save));
  v1::GetDraftRequest get;
  get.set_case_(desk.name);
  CHECK(same(desk.world.call(get_draft, ann, get)->content(), desk.content));

  const auto read = desk.submit();
  REQUIRE(read);
  CHECK(same(read->revisions(0).content(), desk.content));
  v1::ReadContent more = desk.content;
  *more.add_annotations() = triangle("third", desk.image);
  const auto amended = desk.world.amend(ann, *read, more);
  REQUIRE(amended);
  const auto listed = desk.world.list_of_reads(ann, desk.name);
  REQUIRE(listed->reads_size() == 1);
  REQUIRE(listed->reads(0).revisions_size() == 2);
  CHECK(same(listed->reads(0).revisions(0).content(), desk.content));
  CHECK(same(listed->reads(0).revisions(1).content(), more));
  // Neither another blind reader nor the events are told.
  CHECK(desk.world.list_of_reads(bob, desk.name)->reads_size() == 0);
  CHECK(desk.world.number(
            "SELECT COUNT(*) FROM events WHERE detail LIKE '%second%' OR detail LIKE '%境界%'") == 0);
}

TEST_CASE("what the protocol does not know is not kept") {
  Desk desk;
  auto* reflection = desk.second->GetReflection();
  reflection->MutableUnknownFields(desk.second)->AddLengthDelimited(100, "smuggled");
  reflection->MutableUnknownFields(&desk.content)->AddLengthDelimited(100, "smuggled");
  const auto read = desk.submit();
  REQUIRE(read);
  CHECK(read->SerializeAsString().find("smuggled") == std::string::npos);
}

TEST_CASE("a page of reads ends before it is too large, and the next goes on") {
  Desk desk;
  desk.content.clear_annotations();
  // 2 MB: two such reads do not fit a page.
  for (int i = 0; i < 1'000; ++i) {
    *desk.content.add_annotations() = triangle(std::to_string(i), desk.image);
    desk.content.mutable_annotations(i)->set_note(long_note());
  }
  REQUIRE(desk.submit());
  desk.world.reads(bob, desk.name, desk.content);

  v1::ListReadsRequest request;
  request.set_parent(desk.name);
  std::vector<std::string> readers;
  int pages = 0;
  do {
    const auto page = desk.world.call(list_reads, qa(), request);
    REQUIRE(page);
    CHECK(page->ByteSizeLong() < (4u << 20));
    for (const v1::Read& read : page->reads()) readers.push_back(read.reader());
    request.set_page_token(page->next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  CHECK(pages == 2);
  CHECK(readers == std::vector<std::string>{"users/ann", "users/bob"});
}

TEST_CASE("a read whose revisions no longer fit a message is not amended again") {
  Desk desk;
  desk.content.clear_annotations();
  for (int i = 0; i < 2'000; ++i) {
    *desk.content.add_annotations() = triangle(std::to_string(i), desk.image);
    desk.content.mutable_annotations(i)->set_note(long_note());
  }
  auto read = desk.submit();  // 4 MB
  REQUIRE(read);
  for (int revision = 2; revision <= 3; ++revision) {
    read = desk.world.amend(ann, *read, desk.content);
    REQUIRE(read);
  }
  CHECK(reason(desk.world.amend(ann, *read, desk.content)) == "READ_TOO_LARGE");
  CHECK(desk.world.list_of_reads(ann, desk.name)->reads(0).revisions_size() == 3);
  // Fewer annotations still go.
  desk.content.clear_annotations();
  CHECK(desk.world.amend(ann, *read, desk.content));
}
