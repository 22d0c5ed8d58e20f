// The policy over a real socket, as an admin changes it: the real hadactl against a real server.

#include "contract/policy.h"

#include <doctest/doctest.h>

#include <functional>

#include "hada/v1/admin.pb.h"
#include "hada/v1/case.pb.h"
#include "tests/support/world.h"

namespace {

using namespace hada;
using namespace hada::support;

struct Admin {
  Admin() { write_file(dir / "password", std::string(kPassword) + "\n"); }

  Finished hadactl(std::vector<std::string> words, const std::string& user = kAdminUser) {
    words.insert(words.begin(), program("hadactl"));
    for (const std::string& word : {std::string("--server"), server.address(), std::string("--user"), user,
                                    std::string("--password-file"), (dir / "password").string()})
      words.push_back(word);
    return run(words);
  }
  // A file with the policy in force, changed.
  std::string file(const std::string& version, const std::function<void(contract::Policy&)>& change) {
    auto policy = contract::policy_from_json(hadactl({"policy", "show"}).output);
    REQUIRE(policy);
    policy->version = version;
    change(*policy);
    const std::string path = (dir / (version + ".json")).string();
    write_file(path, contract::to_json(*policy, 2));
    return path;
  }

  ServerProcess server;
  TempDir dir;
};

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST_CASE("an admin changes the policy with hadactl: seen, checked, refused when stale, listed") {
  Admin admin;
  const std::string careful = admin.file("2", [](contract::Policy& p) { p.votes_default = 3; });

  const Finished dry = admin.hadactl({"policy", "set", careful, "--replaces", "1", "--dry-run"});
  CHECK_MESSAGE(dry.status == 0, dry.output);
  CHECK(holds(dry.output, "votes_default  2  3"));
  CHECK(holds(dry.output, "Nothing was changed"));
  CHECK(holds(admin.hadactl({"policy", "show"}).output, "\"version\": \"1\""));

  CHECK(admin.hadactl({"policy", "set", careful}).status == 2);  // made from which version?
  CHECK(admin.hadactl({"policy", "set", careful, "--replaces", "1"}).status == 0);
  CHECK(holds(admin.hadactl({"policy", "show"}).output, "\"version\": \"2\""));

  // Somebody else's file, made from version 1.
  const std::string other = admin.file("3", [](contract::Policy& p) { p.gold_percent = 5; });
  const Finished stale = admin.hadactl({"policy", "set", other, "--replaces", "1"});
  CHECK(stale.status == 1);
  CHECK(holds(stale.output, "ETAG_MISMATCH"));
  CHECK(holds(admin.hadactl({"policy", "diff", other}).output, "gold_percent"));

  // What is wrong is said by member.
  const std::string wrong = admin.file("4", [](contract::Policy& p) { p.lease_minutes = 0; });
  const Finished refused = admin.hadactl({"policy", "set", wrong, "--replaces", "2"});
  CHECK(refused.status == 1);
  CHECK(holds(refused.output, "lease_minutes: expected a whole number from 1 to 1440"));
  const std::string unknown = admin.file("5", [](contract::Policy& p) {
    p.risk_of_term = {{"no_such_disease", 2}};
  });
  CHECK(holds(admin.hadactl({"policy", "set", unknown, "--replaces", "2"}).output,
              "risk_of_term.no_such_disease: expected a term of the vocabulary"));

  const Finished list = admin.hadactl({"policy", "list"});
  CHECK(list.status == 0);
  CHECK(list.output.find("\n2 ") < list.output.find("\n1 "));
  CHECK(holds(list.output, "in force"));

  // It outlives the server, and only an admin may see it.
  admin.server.kill9();
  admin.server.start();
  REQUIRE(eventually(
      [&] {
        return holds(admin.hadactl({"policy", "show"}).output, "\"version\": \"2\"");
      },
      std::chrono::seconds(20)));
  make_people(admin.server);
  CHECK(holds(admin.hadactl({"policy", "show"}, "qa-d").output, "ROLE_REQUIRED"));
}

}  // namespace
