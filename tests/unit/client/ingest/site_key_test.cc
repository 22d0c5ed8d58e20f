#include "client/ingest/site_key.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <set>

#include "contract/sha256.h"
#include "tests/unit/client/ingest/temp_folder.h"

namespace hada::ingest {

TEST_CASE("the site's key is made once, for its owner only, and read from then on") {
  const TempFolder folder;
  const auto path = folder.path() / "deep" / "site-a.key";
  const auto first = load_or_create_site_key(path);
  REQUIRE(first);
  CHECK(first->created);
  CHECK(first->bytes.size() == 32);
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
  CHECK(read_bytes(path) == first->bytes);
  const auto second = load_or_create_site_key(path);
  REQUIRE(second);
  CHECK_FALSE(second->created);
  CHECK(second->bytes == first->bytes);
  CHECK(second->fingerprint() == first->fingerprint());
  CHECK(first->fingerprint().size() == 8);
  // Nothing else is left in the folder.
  CHECK(std::distance(std::filesystem::directory_iterator(path.parent_path()), {}) == 1);
}

TEST_CASE("two keys differ") {
  const TempFolder folder;
  CHECK(load_or_create_site_key(folder.path() / "a")->bytes !=
        load_or_create_site_key(folder.path() / "b")->bytes);
}

TEST_CASE("a key that others can read, or that is damaged, is not used") {
  const TempFolder folder;
  const auto path = folder.write("open.key", std::string(32, 'k'));
  std::filesystem::permissions(path, std::filesystem::perms(0644));
  CHECK(load_or_create_site_key(path).error().reason == "KEY_UNSAFE");
  std::filesystem::permissions(path, std::filesystem::perms(0600));
  CHECK(load_or_create_site_key(path));
  for (const size_t size : {size_t{0}, size_t{31}, size_t{33}}) {
    const auto damaged = folder.write("damaged.key", std::string(size, 'k'));
    std::filesystem::permissions(damaged, std::filesystem::perms(0600));
    CHECK(load_or_create_site_key(damaged).error().reason == "KEY_DAMAGED");
  }
  CHECK(load_or_create_site_key(folder.path()).error().reason == "KEY_UNREADABLE");
}

TEST_CASE("a pseudonym depends on the key, on the id and on what it is the id of") {
  const SiteKey key{std::string(32, 'a'), false}, other{std::string(32, 'b'), false};
  const std::set<std::string> all = {pseudonym(key, KeyUse::Patient, "1"), pseudonym(key, KeyUse::Case, "1"),
                                     pseudonym(key, KeyUse::Lesion, "1"),
                                     pseudonym(key, KeyUse::Patient, "2"),
                                     pseudonym(other, KeyUse::Patient, "1")};
  CHECK(all.size() == 5);
  for (const std::string& one : all) CHECK(contract::is_sha256_hex(one));
  CHECK(pseudonym(key, KeyUse::Patient, "1") == pseudonym(key, KeyUse::Patient, "1"));
}

}  // namespace hada::ingest
