#include "server/core/mutation.h"

#include <doctest/doctest.h>

#include <string>

#include "contract/vocabulary.h"
#include "hada/v1/admin.pb.h"
#include "server/core/access.h"
#include "server/core/jobs.h"
#include "server/core/presence.h"
#include "server/core/sessions.h"
#include "server/images/tile_source.h"
#include "server/store/sites.h"
#include "tests/support/fake_clock.h"
#include "tests/unit/server/store/temp_store.h"

using namespace hada;
using store::Tx;

namespace {

struct NoBlobs final : blobs::BlobStore {
  static Unexpected none() { return Unexpected(ErrorCode::NotFound, "NO_SUCH_BLOB", "no blobs here"); }
  Result<bool> contains(const blobs::Hash&) override { return false; }
  Result<std::shared_ptr<const blobs::BlobReader>> open(const blobs::Hash&) override { return none(); }
  Result<blobs::Hash> put(std::string_view) override { return none(); }
  Result<blobs::Hash> adopt(const std::string&) override { return none(); }
  Result<uint64_t> begin_upload(const blobs::Hash&, uint64_t) override { return none(); }
  Result<blobs::UploadState> upload_state(const blobs::Hash&) override { return none(); }
  Result<uint64_t> append(const blobs::Hash&, uint64_t, std::string_view) override { return none(); }
  Status finish(const blobs::Hash&) override { return none(); }
  Result<std::string> local_path(const blobs::Hash&) override { return none(); }
};

struct World {
  test::TempStore store{true};
  support::FakeClock clock;
  NoBlobs blobs;
  images::TileSource tiles{blobs,
                           [](const std::string&) -> Result<images::ImageRecord> { return NoBlobs::none(); }};
  contract::Vocabulary vocabulary;
  core::JobQueue jobs{*store, clock};
  core::Sessions sessions{*store, clock};
  core::Presence presence{clock};
  core::Services services{*store, blobs, tiles, vocabulary, clock, jobs, sessions, presence, "test"};
  core::Context context{
      services, {"admin", "", "", {{Role::Admin, ""}}, 0, ""}, "/hada.v1.AdminService/CreateSite"};
  int runs = 0;

  Result<v1::Site> create(const std::string& site_id, const std::string& request_id, bool fail = false) {
    v1::CreateSiteRequest request;
    request.set_site_id(site_id);
    request.set_request_id(request_id);
    return core::mutate<v1::Site>(context, request, request_id, [&](Tx& tx) -> Result<v1::Site> {
      ++runs;
      RETURN_IF_ERROR(store::insert_site(tx, {site_id, "name", 1, clock.now_us()}));
      if (fail) return Unexpected(ErrorCode::FailedPrecondition, "NOT_NOW", "not now");
      v1::Site site;
      site.set_name("sites/" + site_id);
      return site;
    });
  }
};

std::string reason(const auto& result) { return result ? "" : result.error().reason; }

}  // namespace

TEST_CASE("a repeated request_id") {
  World world;
  REQUIRE(world.create("a", "id-1"));

  SUBCASE("gives the stored response and changes nothing twice") {
    const auto again = world.create("a", "id-1");
    REQUIRE(again);
    CHECK(again->name() == "sites/a");
    CHECK(world.runs == 1);
  }
  SUBCASE("gives it after a restart too") {
    world.store.reopen();
    core::Services services{*world.store,     world.blobs,    world.tiles,
                            world.vocabulary, world.clock,    world.jobs,
                            world.sessions,   world.presence, "test"};
    core::Context context{services, world.context.caller, world.context.method};
    v1::CreateSiteRequest request;
    request.set_site_id("a");
    request.set_request_id("id-1");
    const auto again = core::mutate<v1::Site>(context, request, "id-1", [&](Tx&) -> Result<v1::Site> {
      FAIL("must not run");
      return v1::Site();
    });
    REQUIRE(again);
    CHECK(again->name() == "sites/a");
  }
  SUBCASE("with other content is refused") {
    CHECK(reason(world.create("b", "id-1")) == "REQUEST_ID_REUSED");
  }
  SUBCASE("with another method is refused") {
    world.context.method = "/hada.v1.AdminService/DisableUser";
    CHECK(reason(world.create("a", "id-1")) == "REQUEST_ID_REUSED");
  }
  SUBCASE("of another caller is another request") {
    world.context.caller.user_id = "other";
    CHECK(reason(world.create("a", "id-1")) == "CONSTRAINT");
  }
}

TEST_CASE("a mutation that failed may be tried again under the same request_id") {
  World world;
  CHECK(reason(world.create("a", "id-1", true)) == "NOT_NOW");
  CHECK(world.create("a", "id-1"));
  CHECK(world.runs == 2);
}

TEST_CASE("a request_id must be there and be an id") {
  World world;
  CHECK(reason(world.create("a", "")) == "BAD_FIELD");
  CHECK(reason(world.create("a", "no spaces")) == "BAD_FIELD");
  CHECK(reason(world.create("a", std::string(65, 'x'))) == "BAD_FIELD");
  CHECK(world.create("a", "8c7a1c1e-2f3b-4d5e-9f60-7a8b9c0d1e2f"));
  CHECK(world.runs == 1);
}

TEST_CASE("a role is held for a site or for all") {
  World world;
  world.context.caller.grants = {{Role::SiteCoordinator, "a"}, {Role::QaReviewer, ""}};
  CHECK(core::require_role(world.context, Role::SiteCoordinator, "a"));
  CHECK(reason(core::require_role(world.context, Role::SiteCoordinator, "b")) == "ROLE_REQUIRED");
  CHECK(reason(core::require_role(world.context, Role::SiteCoordinator, "")) == "ROLE_REQUIRED");
  CHECK(core::require_role(world.context, Role::QaReviewer, "b"));
  CHECK(core::require_role(world.context, Role::QaReviewer, ""));
  CHECK(reason(core::require_role(world.context, Role::Admin, "a")) == "ROLE_REQUIRED");
}
