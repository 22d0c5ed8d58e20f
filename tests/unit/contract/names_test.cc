#include "contract/names.h"

#include <doctest/doctest.h>

namespace hada::contract {

TEST_CASE("a resource name is parsed back to what it was built from") {
  CHECK(case_name("c1") == "cases/c1");
  CHECK(*parse_case_name("cases/c1") == "c1");
  CHECK(*parse_image_name(image_name("i-9")) == "i-9");
  CHECK(*parse_site_name(site_name("tokyo")) == "tokyo");
  CHECK(*parse_user_name(user_name("a.b")) == "a.b");
  CHECK(*parse_batch_name(batch_name("b_1")) == "b_1");
  CHECK(*parse_term_name(term_name("psoriasis")) == "psoriasis");
  CHECK(*parse_read_name(read_name("c1", "r2")) == ReadName{"c1", "r2"});
  CHECK(*parse_read_revision_name(read_revision_name("c1", "r2", 3)) == ReadRevisionName{"c1", "r2", 3});
  CHECK(*parse_slot_name(slot_name("c1", "0")) == SlotName{"c1", "0"});
  CHECK(*parse_decision_name(decision_name("c1", "d")) == DecisionName{"c1", "d"});
  CHECK(*parse_panel_name(panel_name("c1", "p")) == PanelName{"c1", "p"});
  CHECK(*parse_comment_name(comment_name("c1", "m")) == CommentName{"c1", "m"});
}

TEST_CASE("what is not a name is refused, and is not repeated in the message") {
  for (const char* text : {"", "cases", "cases/", "images/c1", "cases/a/b", "cases/a b", "cases/..",
                           "cases/.hidden", "/cases/a", "cases/\xE3\x81\x82", "Cases/a"}) {
    CAPTURE(text);
    const auto parsed = parse_case_name(text);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == ErrorCode::InvalidArgument);
    CHECK(parsed.error().reason == "BAD_NAME");
    CHECK(parsed.error().message.find("cases/{case}") != std::string::npos);
  }
  CHECK(parse_case_name("cases/secret person").error().message.find("secret") == std::string::npos);
  CHECK_FALSE(parse_case_name("cases/" + std::string(65, 'a')));
  CHECK_FALSE(parse_read_name("cases/c1/slots/r2"));
  CHECK_FALSE(parse_read_name("cases/c1/reads/"));
  CHECK_FALSE(parse_read_name("cases/c1/reads/r2/x"));
  CHECK_FALSE(parse_read_revision_name("cases/c1/reads/r2"));
  CHECK_FALSE(parse_read_revision_name("cases/c1/reads/r2@0"));
  CHECK_FALSE(parse_read_revision_name("cases/c1/reads/r2@1x"));
}

}  // namespace hada::contract
