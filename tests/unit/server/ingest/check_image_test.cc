#include "server/ingest/check_image.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "server/blobs/file_blobs.h"
#include "server/store/batches.h"
#include "server/store/cases.h"
#include "server/store/sites.h"
#include "tests/support/fake_clock.h"
#include "tests/support/slide_factory/slide_factory.h"
#include "tests/unit/server/ingest/decode_files.h"
#include "tests/unit/server/store/temp_store.h"

namespace hada::ingest {
namespace {

namespace fs = std::filesystem;

// A server's data without a server: one site, one batch, images committed into cases.
struct World {
  test::TempStore store{true};
  Job folder;
  std::unique_ptr<blobs::FileBlobs> blobs;
  support::FakeClock clock;
  std::string program = server_program();
  int images = 0;

  World() {
    blobs = std::move(*blobs::FileBlobs::create(folder.path / "blobs"));
    REQUIRE(store->write([](store::Tx& tx) -> Status {
      RETURN_IF_ERROR(store::insert_site(tx, {"a", "Site A", 1, 1}));
      return store::insert_batch(tx, {"batch", "a", "carol", "test", 0, 0, 0, 1});
    }));
  }

  ImageChecker checker(const std::string& other_program = {}) {
    CheckOptions options;
    options.program = other_program.empty() ? program : other_program;
    options.tmp_dir = folder.path / "tmp";
    return ImageChecker(*store, *blobs, clock, options);
  }

  // What CommitImage does, in short.
  std::string commit(const std::string& case_id, const std::vector<store::ImageFile>& files,
                     const std::string& fields = "{}") {
    store::ImageRow row;
    row.image_id = "image" + std::to_string(++images);
    row.case_id = case_id;
    row.batch_id = "batch";
    row.kind = ImageKind::Dermoscopic;
    row.bundle_hash = files.front().sha256;
    row.fields = fields;
    REQUIRE(store->write([&](store::Tx& tx) -> Status {
      store::cases::Arrival arrival;
      arrival.new_case_id = case_id;
      arrival.site_id = "a";
      arrival.patient_key = "patient";
      arrival.case_key = case_id;
      RETURN_IF_ERROR(store::cases::create_or_get(tx, arrival, {"carol", 1}));
      RETURN_IF_ERROR(store::insert_image(tx, row, files));
      RETURN_IF_ERROR(store::cases::image_added(tx, case_id, {"carol", 1}));
      return store::batch_image_received(tx, "batch");
    }));
    return row.image_id;
  }
  std::string commit_bytes(const std::string& case_id, const std::string& bytes,
                           const std::string& fields = "{}") {
    const auto hash = blobs->put(bytes);
    REQUIRE(hash);
    return commit(case_id, {{"image.jpg", *hash, static_cast<int64_t>(bytes.size())}}, fields);
  }

  template <typename T>
  T read(const std::function<Result<T>(store::Tx&)>& fn) {
    T value{};
    REQUIRE(store->read([&](store::Tx& tx) -> Status {
      ASSIGN_OR_RETURN(value, fn(tx));
      return {};
    }));
    return value;
  }
  store::ImageRow image(const std::string& id) {
    return *read<std::optional<store::ImageRow>>([&](store::Tx& tx) { return store::find_image(tx, id); });
  }
  store::BatchRow batch() {
    return *read<std::optional<store::BatchRow>>(
        [](store::Tx& tx) { return store::find_batch(tx, "batch"); });
  }
  store::CaseRow case_row(const std::string& id) {
    return read<store::CaseRow>([&](store::Tx& tx) { return store::cases::get(tx, id); });
  }
  int64_t events(const std::string& verb) {
    return read<int64_t>([&](store::Tx& tx) -> Result<int64_t> {
      ASSIGN_OR_RETURN(const store::Rows rows,
                       tx.query("SELECT COUNT(*) FROM events WHERE verb = :verb", {{"verb", verb}}));
      return rows.at(0).integer(0);
    });
  }
};

std::string png(int width, int height) {
  const Job job;
  support::Raster raster{width, height, {}};
  raster.rgb.assign(static_cast<size_t>(width) * static_cast<size_t>(height) * 3, 120);
  REQUIRE(support::write_png(job.path / "x.png", raster));
  std::ifstream in(job.path / "x.png", std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST_CASE("a good image becomes READY, in one transaction with its counters and its event") {
  World world;
  if (world.program.empty()) return;
  const std::string id = world.commit_bytes("case1", png(300, 200));
  CHECK(world.batch().received == 1);
  CHECK(world.case_row("case1").pending_images == 1);

  auto checker = world.checker();
  REQUIRE(checker.check(id));
  const store::ImageRow image = world.image(id);
  CHECK(image.state == ImageState::Ready);
  CHECK(image.state_reason.empty());
  CHECK(world.batch().received == 0);
  CHECK(world.batch().ready == 1);
  CHECK(world.case_row("case1").pending_images == 0);
  CHECK(world.case_row("case1").ready_images == 1);
  CHECK(world.events("image_ready") == 1);
  CHECK(fs::is_empty(world.folder.path / "tmp"));

  SUBCASE("and its tiles are served") {
    images::TileSource source(*world.blobs, store_loader(*world.store));
    CHECK(source.tile(id, {0, 0, 0}));
    CHECK(source.thumbnail(id));
    CHECK((*source.open(id))->record.site_id == "a");
    CHECK(source.tile("unknown", {0, 0, 0}).error().code == ErrorCode::NotFound);
  }
  SUBCASE("doing it again changes nothing") {
    REQUIRE(checker.check(id));
    CHECK(world.batch().ready == 1);
    CHECK(world.case_row("case1").ready_images == 1);
    CHECK(world.events("image_ready") == 1);
  }
  SUBCASE("the same file in another case is not decoded again") {
    const std::string other = world.commit_bytes("case2", png(300, 200), R"({"mpp":"12.5"})");
    REQUIRE(world.checker("/nonexistent").check(other));
    CHECK(world.image(other).state == ImageState::Ready);
    const auto stored = images::stored_image_from_json(world.image(other).pyramid);
    REQUIRE(stored);
    CHECK(stored->mpp_x == 12.5);

    // ... nor does the other case's scale follow it.
    const std::string third = world.commit_bytes("case3", png(300, 200));
    REQUIRE(world.checker("/nonexistent").check(third));
    CHECK(images::stored_image_from_json(world.image(third).pyramid)->mpp_x == 0);
  }
}

TEST_CASE("a bad image is refused with its reason") {
  World world;
  if (world.program.empty()) return;
  auto checker = world.checker();
  const std::string whole = png(300, 200);
  const std::string cut = world.commit_bytes("case1", whole.substr(0, whole.size() / 2));
  const std::string letter = world.commit_bytes("case1", "This is a letter.");
  REQUIRE(checker.check(cut));
  REQUIRE(checker.check(letter));
  CHECK(world.image(cut).state == ImageState::Corrupt);
  CHECK(world.image(cut).state_reason == "TRUNCATED");
  CHECK(world.image(letter).state == ImageState::Quarantined);
  CHECK(world.image(letter).state_reason == "NOT_AN_IMAGE");
  CHECK(world.batch().refused == 2);
  CHECK(world.case_row("case1").refused_images == 2);
  CHECK(world.events("image_refused") == 2);
}

TEST_CASE("a check that was killed half-way is done again") {
  World world;
  if (world.program.empty()) return;
  const std::string id = world.commit_bytes("case1", png(300, 200));
  const fs::path left_over = world.folder.path / "tmp" / ("check-" + id);
  fs::create_directories(left_over / "in");
  std::ofstream(left_over / "in" / "image.jpg") << "half";
  SUBCASE("over what it left behind") {
    REQUIRE(world.checker().check(id));
    CHECK(world.image(id).state == ImageState::Ready);
  }
  SUBCASE("after the start has cleaned up") {
    world.checker().clean_up();
    CHECK_FALSE(fs::exists(left_over));
  }
}

TEST_CASE("when no child can be run, the image waits, and in the end a person is told") {
  World world;
  const std::string id = world.commit_bytes("case1", png(30, 20));
  auto checker = world.checker("/nonexistent");
  CHECK_FALSE(checker.check(id));
  CHECK(world.image(id).state == ImageState::Received);
  CHECK(world.batch().received == 1);
  checker.gave_up(id, Error{});
  CHECK(world.image(id).state == ImageState::Quarantined);
  CHECK(world.image(id).state_reason == "CHECK_FAILED");
  CHECK(world.batch().refused == 1);
}

TEST_CASE("what a child answers is not believed without looking") {
  World world;
  const std::string script = world.folder.path / "impostor";
  const auto check_with = [&](const std::string& level) {
    {
      std::ofstream out(script);
      // $3 is the job folder.
      out << "#!/bin/sh\necho thumbnail > $3/out/thumbnail.jpg\ncat >&3 <<'END'\n"
          << R"({"ok":true,"image":"{\"levels\":[)" << level
          << R"(],\"mpp_x\":0,\"mpp_y\":0,\"file_mpp_x\":0,\"file_mpp_y\":0,\"objective\":0,\"vendor\":\"x\",)"
          << R"(\"background_rgb\":0,\"icc_blob\":\"\",\"thumbnail_blob\":\"thumbnail.jpg\"}"})"
          << "\nEND\n";
    }
    fs::permissions(script, fs::perms::owner_all);
    const std::string id = world.commit_bytes("case1", "no image at all" + level);
    REQUIRE(world.checker(script).check(id));
    return world.image(id).state_reason;
  };
  const std::string rest =
      R"(\"height\":16,\"tile_width\":16,\"tile_height\":16,\"downsample\":1,\"blob\":\"main\",)";
  CHECK(check_with(R"({\"width\":16,)" + rest + R"(\"directory\":0})") == "DECODE_FAILED");
  CHECK(check_with(R"({\"width\":16,)" + rest + R"(\"directory\":8})") == "DECODE_FAILED");
}

}  // namespace
}  // namespace hada::ingest
