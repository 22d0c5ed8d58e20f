#include "client/model/alignment.h"

#include <doctest/doctest.h>

#include "desk.h"

using namespace hada;
using namespace hada::model;
using test::Desk;
using test::differential;

namespace {

// skin -> {eczema -> {atopic, contact}, psoriasis}; wound stands alone.
const contract::Vocabulary& vocabulary() {
  static const contract::Vocabulary kVocabulary =
      contract::Vocabulary::from({{"skin", "skin", "皮膚", {}, {}, {}, "", 0, ""},
                                  {"eczema", "eczema", "湿疹", {}, {}, {"skin"}, "", 0, "eczema"},
                                  {"atopic", "atopic", "アトピー", {}, {}, {"eczema"}, "", 0, "eczema"},
                                  {"contact", "contact", "接触", {}, {}, {"eczema"}, "", 0, "eczema"},
                                  {"psoriasis", "psoriasis", "乾癬", {}, {}, {"skin"}, "", 0, "psoriasis"},
                                  {"wound", "wound", "創傷", {}, {}, {}, "", 0, ""}},
                                 {{"eczema", "eczema", "湿疹"}, {"psoriasis", "psoriasis", "乾癬"}}, "1")
          .value();
  return kVocabulary;
}
Read says(const std::string& reader, const std::vector<Diagnosis>& list) {
  return Desk::a_read(reader, differential(list));
}
Alignment of(const std::vector<Read>& reads) {
  std::vector<const Read*> all;
  for (const Read& read : reads) all.push_back(&read);
  return align(all, &vocabulary());
}

}  // namespace

TEST_CASE("terms are aligned across readers, those meant most first") {
  const Alignment a = of({says("1", {{"terms/psoriasis", 1, 4}, {"terms/atopic", 2, 2}}),
                          says("2", {{"terms/atopic", 1, 3}, {"terms/eczema", 2, 1}})});
  REQUIRE(a.terms.size() == 3);
  CHECK(a.terms[0].term == "terms/atopic");
  CHECK(a.terms[0].readers == 2);
  CHECK(a.terms[0].places[0].rank == 2);
  CHECK(a.terms[0].places[1].confidence == 3);
  CHECK(a.terms[1].term == "terms/psoriasis");
  CHECK(a.terms[1].places[1].rank == 0);

  SUBCASE("one under another says so") {
    CHECK(a.terms[0].within == "terms/eczema");
    CHECK(a.terms[1].within.empty());
  }
}

TEST_CASE("where the first diagnoses meet") {
  SUBCASE("in the same term") {
    const Alignment a = of({says("1", {{"terms/atopic", 1, 4}}), says("2", {{"terms/atopic", 1, 3}})});
    CHECK(a.meet == "terms/atopic");
    CHECK(a.meet_is_shared);
    CHECK(a.release_class == "eczema");
  }
  SUBCASE("one level up, in one release class") {
    const Alignment a = of({says("1", {{"terms/atopic", 1, 4}}), says("2", {{"terms/contact", 1, 3}})});
    CHECK(a.meet == "terms/eczema");
    CHECK_FALSE(a.meet_is_shared);
    CHECK(a.release_class == "eczema");
  }
  SUBCASE("far up, in two classes") {
    const Alignment a = of({says("1", {{"terms/atopic", 1, 4}}), says("2", {{"terms/psoriasis", 1, 3}})});
    CHECK(a.meet == "terms/skin");
    CHECK(a.release_class.empty());
  }
  SUBCASE("nowhere") {
    CHECK(of({says("1", {{"terms/atopic", 1, 4}}), says("2", {{"terms/wound", 1, 3}})}).meet.empty());
  }
  SUBCASE("one read alone meets nobody; a late one is not counted") {
    Read late = says("2", {{"terms/contact", 1, 3}});
    late.late = true;
    CHECK(of({says("1", {{"terms/atopic", 1, 4}}), late}).meet.empty());
  }
}
