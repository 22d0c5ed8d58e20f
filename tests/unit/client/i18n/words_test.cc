#include "client/i18n/words.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "contract/anatom_site.h"
#include "contract/metadata_schema.h"

using namespace hada;
using namespace hada::i18n;

TEST_CASE("every body site of the tree has a Japanese name of its own") {
  std::set<std::string> names;
  for (const contract::AnatomSite& site : contract::anatom_sites()) {
    CAPTURE(site.path);
    const std::string_view english = body_site(site.path, Language::English);
    const std::string_view japanese = body_site(site.path, Language::Japanese);
    CHECK(japanese != english);
    CHECK(names.insert(std::string(japanese)).second);
  }
}

TEST_CASE("a body site shows the last part of its path") {
  CHECK(body_site("Head and neck:Head:Face", Language::English) == "Face");
  CHECK(body_site("Head and neck:Head:Face", Language::Japanese) == "顔面");
  CHECK(body_site("Trunk", Language::Japanese) == "体幹");
  CHECK(body_site("somewhere else", Language::Japanese) == "somewhere else");
}

TEST_CASE("every word of the format that is shown has both languages") {
  for (const char* name : {"sex", "laterality", "distribution", "dermoscopic_type", "dx_confirm_type"}) {
    const contract::Field* field = contract::find_field(name);
    REQUIRE(field);
    for (const std::string_view value : field->words) {
      CAPTURE(value);
      CHECK(word(value, Language::Japanese) != value);
      CHECK_FALSE(word(value, Language::English).empty());
    }
  }
}
