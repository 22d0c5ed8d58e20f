// Small rules of the core: errors, etags, page tokens, ids, flags, base64url.

#include "server/core/errors.h"

#include <doctest/doctest.h>

#include <chrono>
#include <set>
#include <string>
#include <thread>

#include "server/core/base64url.h"
#include "server/core/etag.h"
#include "server/core/flags.h"
#include "server/core/ids.h"
#include "server/core/page_token.h"

using namespace hada;

TEST_CASE("an etag belongs to one revision") {
  const std::string etag = core::make_etag(7);
  CHECK(core::check_etag(etag, 7));
  SUBCASE("a missing one is the caller's mistake") {
    const Status status = core::check_etag("", 7);
    REQUIRE(!status);
    CHECK(status.error().code == ErrorCode::InvalidArgument);
    CHECK(status.error().reason == "ETAG_MISSING");
  }
  SUBCASE("a stale one is a conflict, and says what is current") {
    const Status status = core::check_etag(etag, 8);
    REQUIRE(!status);
    CHECK(status.error().code == ErrorCode::Aborted);
    CHECK(status.error().reason == "ETAG_MISMATCH");
    CHECK(status.error().metadata.at("current_etag") == core::make_etag(8));
  }
}

TEST_CASE("a page token") {
  const std::string token = core::encode_page_token("cursor/42", "view=1");
  SUBCASE("gives its cursor back") { CHECK(core::decode_page_token(token, "view=1").value() == "cursor/42"); }
  SUBCASE("holds nothing that needs escaping") {
    CHECK(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
          std::string::npos);
  }
  SUBCASE("does not fit other filters") {
    const auto other = core::decode_page_token(token, "view=2");
    REQUIRE(!other);
    CHECK(other.error().reason == "BAD_PAGE_TOKEN");
  }
  SUBCASE("is refused when made up or cut") {
    CHECK(!core::decode_page_token("nonsense!", "view=1"));
    CHECK(!core::decode_page_token(token.substr(0, 5), "view=1"));
    CHECK(!core::decode_page_token(std::string(5000, 'A'), "view=1"));
  }
  SUBCASE("is empty for the first and after the last page") {
    CHECK(core::decode_page_token("", "view=1").value().empty());
    CHECK(core::encode_page_token("", "view=1").empty());
  }
}

TEST_CASE("a page size is clamped, and a negative one refused") {
  CHECK(core::page_size(0, 50, 500).value() == 50);
  CHECK(core::page_size(7, 50, 500).value() == 7);
  CHECK(core::page_size(9999, 50, 500).value() == 500);
  CHECK(!core::page_size(-1, 50, 500));
}

TEST_CASE("ids are 26 lower-case characters, never the same, and later ones sort later") {
  std::set<std::string> ids;
  for (int i = 0; i < 10'000; ++i) ids.insert(core::new_id());
  CHECK(ids.size() == 10'000);
  const std::string& id = *ids.begin();
  CHECK(id.size() == 26);
  CHECK(id.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyz") == std::string::npos);
  const std::string earlier = core::new_id();
  std::this_thread::sleep_for(std::chrono::milliseconds(3));
  CHECK(earlier < core::new_id());
}

TEST_CASE("a bad field is named without its value") {
  const Error error = core::bad_field("note", "at most 4000 characters").error;
  CHECK(error.code == ErrorCode::InvalidArgument);
  CHECK(error.reason == "BAD_FIELD");
  CHECK(error.metadata.at("field") == "note");
}

TEST_CASE("base64url comes back as it went") {
  for (const std::string& bytes : {std::string(), std::string("a"), std::string("\0\xff\xfe?>", 5)})
    CHECK(core::from_base64url(core::base64url(bytes)).value() == bytes);
  CHECK(core::base64url("\xff\xff\xff") == "____");
  CHECK(!core::from_base64url("a+b/"));
}

TEST_CASE("flags of the command line") {
  using core::Flags;
  SUBCASE("take their value after a space or an equals sign") {
    const auto flags = Flags::parse({"--data", "/x", "--listen=127.0.0.1:0"}, {"--data", "--listen"});
    REQUIRE(flags);
    CHECK(flags->get("--data") == "/x");
    CHECK(flags->get("--listen") == "127.0.0.1:0");
    CHECK(flags->get("--http", "none") == "none");
  }
  SUBCASE("that are unknown, repeated or without a value are refused") {
    CHECK(!Flags::parse({"--nonsense", "x"}, {"--data"}));
    CHECK(!Flags::parse({"--data", "x", "--data", "y"}, {"--data"}));
    CHECK(!Flags::parse({"--data"}, {"--data"}));
    CHECK(!Flags::parse({}, {"--data"}).value().required("--data"));
  }
  SUBCASE("that are numbers must be whole and in range") {
    const auto flags = Flags::parse({"--n", "12", "--bad", "1x"}, {"--n", "--bad"});
    REQUIRE(flags);
    CHECK(flags->integer("--n", 1, 1, 64).value() == 12);
    CHECK(flags->integer("--absent", 3, 1, 64).value() == 3);
    CHECK(!flags->integer("--n", 1, 1, 8));
    CHECK(!flags->integer("--bad", 1, 1, 8));
  }
}
