#include "client/ingest/ingest_run.h"

#include <doctest/doctest.h>

#include "contract/names.h"
#include "tests/unit/client/ingest/fake_transport.h"
#include "tests/unit/client/ingest/pictures.h"
#include "tests/unit/client/ingest/temp_folder.h"

namespace hada::ingest {
namespace {

// A hospital with a folder of pictures and a manifest, and a server in memory.
struct World {
  TempFolder folder;
  FakeTransport server;
  std::string manifest = "file,patient_id,case_id,lesion_id,kind,licence,age\n";
  std::atomic<bool> stop{false};
  IngestOptions options;

  World() {
    options.folder = folder.path();
    options.site = "a";
    options.key.bytes = std::string(32, 'k');
    options.jobs = 3;
    options.deidentify.tool = "test";
    options.retry.sleep = [](std::chrono::milliseconds) {};
    options.poll = std::chrono::milliseconds(1);
  }

  void picture(const std::string& name, uint8_t blue) {
    folder.write(name, encode_jpeg(gradient(16, 16, blue)));
  }
  void row(const std::string& line) { manifest += line + "\n"; }

  IngestReport run(bool dry = false) {
    const auto rows = contract::read_manifest(manifest);
    REQUIRE(rows);
    Progress progress;
    IngestReport report = run_ingest(*rows, options, dry ? nullptr : &server, progress, stop);
    last_done = progress.rows_done;
    last_total = progress.rows_total;
    return report;
  }
  int64_t last_done = 0, last_total = 0;
};

}  // namespace

TEST_CASE("right rows go in, wrong ones are reported, and a second run sends nothing") {
  World world;
  for (int i = 0; i < 6; ++i) world.picture("p" + std::to_string(i) + ".jpg", static_cast<uint8_t>(i * 40));
  for (int i = 0; i < 6; ++i)
    world.row("p" + std::to_string(i) + ".jpg,P1,C" + std::to_string(i / 2) + ",L1,dermoscopic,CC-0,40");
  world.row("p0.jpg,P1,C9,L1,dermoscopic,CC-0,400");
  world.row("none.jpg,P1,C9,L1,dermoscopic,CC-0,40");
  const IngestReport first = world.run();
  CHECK(first.count(Outcome::Ingested) == 6);
  CHECK(first.count(Outcome::Refused) == 2);
  CHECK(first.rows[6].errors[0].field == "age");
  CHECK(first.rows[7].reason == "NO_SUCH_FILE");
  CHECK(first.rows[7].line == 9);
  CHECK(first.batch == "batches/1");
  CHECK(world.server.images.size() == 6);
  CHECK(world.last_done == 6);
  CHECK(world.last_total == 6);

  const int chunks = world.server.chunks;
  const IngestReport second = world.run();
  CHECK(second.count(Outcome::AlreadyThere) == 6);
  CHECK(second.count(Outcome::Ingested) == 0);
  CHECK(second.count(Outcome::Refused) == 2);
  CHECK(second.bytes_sent == 0);
  CHECK(world.server.chunks == chunks);
  CHECK(world.server.images.size() == 6);
  CHECK(world.server.request_ids.size() == 6);  // the second run asked with the same ids
}

TEST_CASE("nothing that leaves the hospital holds its ids or its file names") {
  World world;
  world.picture("Yamada.jpg", 1);
  world.row("Yamada.jpg,PATIENT-7,CASE-7,LESION-7,dermoscopic,CC-0,40");
  REQUIRE(world.run().count(Outcome::Ingested) == 1);
  const Commit& commit = world.server.images[0].commit;
  std::string everything = commit.patient_key + commit.case_key + commit.lesion_key + commit.request_id;
  for (const auto& [name, value] : commit.fields) everything += name + value;
  for (const CommitFile& file : commit.files) everything += file.path;
  for (const char* secret : {"Yamada", "PATIENT", "CASE-7", "LESION"})
    CHECK(everything.find(secret) == std::string::npos);
  CHECK(commit.patient_key == pseudonym(world.options.key, KeyUse::Patient, "PATIENT-7"));
  CHECK(commit.case_key == pseudonym(world.options.key, KeyUse::Case, "CASE-7"));
  CHECK(commit.fields.at("age") == "40");
  CHECK(commit.fields.at("deidentification").starts_with("113100"));
  CHECK(contract::check_fields(commit.kind, commit.fields).empty());
}

TEST_CASE("the same file in two cases is one upload and two images") {
  World world;
  world.picture("p.jpg", 1);
  world.row("p.jpg,P1,C1,,dermoscopic,CC-0,");
  world.row("p.jpg,P2,C2,,dermoscopic,CC-0,");
  CHECK(world.run().count(Outcome::Ingested) == 2);
  CHECK(world.server.chunks == 1);
  CHECK(world.server.images.size() == 2);
  CHECK(world.server.request_ids.size() == 2);
}

TEST_CASE("an image that the server's check refuses is reported with its reason") {
  World world;
  world.picture("good.jpg", 1);
  world.picture("bad.jpg", 2);
  world.row("good.jpg,P1,C1,,dermoscopic,CC-0,");
  world.row("bad.jpg,P1,C1,,dermoscopic,CC-0,");
  world.server.polls_until_checked = 3;
  world.server.verdicts[contract::sha256_hex(read_bytes(world.folder.path() / "bad.jpg"))] = {
      "", ImageState::Corrupt, "TRUNCATED", "the file ends early"};
  const IngestReport report = world.run();
  CHECK(report.count(Outcome::Ingested) == 1);
  REQUIRE(report.rows[1].outcome == Outcome::Refused);
  CHECK(report.rows[1].reason == "TRUNCATED");
  CHECK(report.rows[1].errors[0].expected.find("the file ends early") != std::string::npos);
  // A second run says so again.
  CHECK(world.run().rows[1].reason == "TRUNCATED");
}

TEST_CASE("a field that the server refuses is reported by its name") {
  World world;
  world.picture("p.jpg", 1);
  world.row("p.jpg,P1,C1,L1,dermoscopic,CC-0,");
  world.server.before = [](const std::string& verb) -> Status {
    if (verb != "commit") return {};
    Error error{ErrorCode::InvalidArgument,
                "BAD_FIELD",
                "field lesion_id",
                {{"field", "lesion_id"}, {"expected", "one patient"}}};
    return Unexpected(error);
  };
  const IngestReport report = world.run();
  REQUIRE(report.rows[0].outcome == Outcome::Refused);
  CHECK(report.rows[0].errors[0] == contract::FieldError{"lesion_id", "", "one patient"});
  CHECK_FALSE(report.fatal);
}

TEST_CASE("a lost server or login ends the run and leaves the rest untried") {
  World world;
  for (int i = 0; i < 20; ++i) {
    world.picture("p" + std::to_string(i) + ".jpg", static_cast<uint8_t>(i * 10));
    world.row("p" + std::to_string(i) + ".jpg,P1,C1,,dermoscopic,CC-0,");
  }
  world.options.jobs = 1;
  world.server.before = [&](const std::string& verb) -> Status {
    if (verb == "commit" && world.server.images.size() == 5)
      return Unexpected(ErrorCode::Unauthenticated, "NO_SESSION", "the session ended");
    return {};
  };
  const IngestReport report = world.run();
  REQUIRE(report.fatal);
  CHECK(report.fatal->reason == "NO_SESSION");
  CHECK(report.count(Outcome::NotTried) == 15);
  world.server.before = [](const std::string&) { return Status(); };
  const IngestReport again = world.run();
  CHECK(again.count(Outcome::AlreadyThere) == 5);
  CHECK(again.count(Outcome::Ingested) == 15);
}

TEST_CASE("a stop leaves rows for the next run, which brings only those") {
  World world;
  for (int i = 0; i < 10; ++i) {
    world.picture("p" + std::to_string(i) + ".jpg", static_cast<uint8_t>(i * 20));
    world.row("p" + std::to_string(i) + ".jpg,P1,C1,,dermoscopic,CC-0,");
  }
  world.options.jobs = 1;
  world.server.before = [&](const std::string& verb) -> Status {
    if (verb == "commit" && world.server.images.size() == 3) world.stop = true;
    return {};
  };
  const IngestReport report = world.run();
  CHECK(report.stopped);
  CHECK_FALSE(report.fatal);
  CHECK(report.count(Outcome::NotTried) == 6);
  CHECK(report.count(Outcome::Pending) == 4);  // in, but nobody waited for their checks
  world.stop = false;
  world.server.before = [](const std::string&) { return Status(); };
  const int chunks = world.server.chunks;
  const IngestReport again = world.run();
  CHECK(again.count(Outcome::AlreadyThere) == 4);
  CHECK(again.count(Outcome::Ingested) == 6);
  CHECK(world.server.chunks == chunks + 6);
}

TEST_CASE("a second run waits for the checks that the first one did not") {
  World world;
  world.picture("p.jpg", 1);
  world.row("p.jpg,P1,C1,,dermoscopic,CC-0,");
  world.server.polls_until_checked = 4;
  world.options.wait_for_checks = false;
  CHECK(world.run().count(Outcome::Pending) == 1);
  world.options.wait_for_checks = true;
  CHECK(world.run().count(Outcome::AlreadyThere) == 1);
}

TEST_CASE("a corrected row is a new request over the same file") {
  World world;
  world.picture("p.jpg", 1);
  world.row("p.jpg,P1,C1,,dermoscopic,CC-0,40");
  world.run();
  world.manifest.replace(world.manifest.find(",40"), 3, ",41");
  world.run();
  CHECK(world.server.request_ids.size() == 2);
  CHECK(world.server.chunks == 1);
}

TEST_CASE("a dry run looks at everything and sends nothing") {
  World world;
  world.picture("p.jpg", 1);
  world.folder.write("broken.jpg", "\xFF\xD8\xFF broken");
  world.row("p.jpg,P1,C1,,dermoscopic,CC-0,");
  world.row("broken.jpg,P1,C1,,dermoscopic,CC-0,");
  const IngestReport report = world.run(true);
  CHECK(report.count(Outcome::Acceptable) == 1);
  CHECK(report.rows[1].reason == "BAD_JPEG");
  CHECK(world.server.batches == 0);
}

TEST_CASE("a manifest without a right row makes no batch") {
  World world;
  world.row("none.jpg,P1,C1,,dermoscopic,CC-0,");
  CHECK(world.run().batch == "");
  CHECK(world.server.batches == 0);
}

TEST_CASE("a derived UUID has the shape of one and follows its text") {
  const std::string one = derived_uuid("a");
  CHECK(one.size() == 36);
  CHECK(one[14] == '5');
  CHECK(std::string("89ab").find(one[19]) != std::string::npos);
  CHECK(one == derived_uuid("a"));
  CHECK(one != derived_uuid("b"));
}

}  // namespace hada::ingest
