// kill -9 at any moment loses nothing that was acknowledged, and leaves nothing half done.

#include <doctest/doctest.h>

#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "contract/sha256.h"
#include "hada/v1/case.pb.h"
#include "hada/v1/ingest.pb.h"
#include "hada/v1/read.pb.h"
#include "tests/integration/database.h"
#include "tests/support/slide_factory/slide_factory.h"
#include "tests/support/world.h"

namespace {

using namespace hada;
using namespace hada::support;
using namespace std::chrono_literals;

constexpr int kKills = 50;

// What the server has acknowledged, from all threads.
struct Ledger {
  std::mutex mutex;
  std::map<std::string, std::string> images;  // image name -> sha256 of its file
  std::set<std::string> cases;                // case names
  std::map<std::string, std::string> reads;   // case + reader -> note of the submitted read
};

std::string picture(int number) {
  Raster raster{48, 48, std::vector<uint8_t>(48 * 48 * 3)};
  for (size_t i = 0; i < raster.rgb.size(); ++i)
    raster.rgb[i] = static_cast<uint8_t>((i * 31 + static_cast<size_t>(number) * 7919) >> 3);
  const TempDir dir;
  REQUIRE(write_png(dir / "p.png", raster));
  return read_file(dir / "p.png");
}

template <typename Response>
std::optional<Response> attempt(ApiClient& client, const std::string& method,
                                const google::protobuf::Message& request) {
  auto response = client.call<Response>(method, request, 3s);
  if (!response) return std::nullopt;
  return std::move(*response);
}

// Uploads and commits pictures one after the other until told to stop; each step may fail when the server
// dies, and is then tried again with the same ids, as hadactl does.
void ingest_pictures(const std::string& address, const std::string& token, const std::string& batch,
                     std::atomic<bool>& stop, std::atomic<int>& next, Ledger& ledger) {
  ApiClient client(address);
  client.set_token(token);
  while (!stop) {
    const int number = next++;
    const std::string bytes = picture(number);
    const std::string hash = contract::sha256_hex(bytes);
    const std::string request_id = ApiClient::request_id();
    while (!stop) {
      v1::StartUploadRequest start;
      start.set_batch(batch);
      start.set_sha256(hash);
      start.set_size(static_cast<int64_t>(bytes.size()));
      auto upload = attempt<v1::Upload>(client, "IngestService/StartUpload", start);
      bool failed = !upload;
      while (!failed && !upload->complete()) {
        v1::WriteChunkRequest chunk;
        chunk.set_batch(batch);
        chunk.set_sha256(hash);
        chunk.set_offset(upload->committed_size());
        chunk.set_data(bytes.substr(static_cast<size_t>(upload->committed_size()), 2000));
        upload = attempt<v1::Upload>(client, "IngestService/WriteChunk", chunk);
        failed = !upload;
      }
      if (!failed) {
        v1::CommitImageRequest commit;
        commit.set_batch(batch);
        commit.set_request_id(request_id);
        v1::ImageRow* row = commit.mutable_row();
        row->set_patient_key(contract::sha256_hex("patient" + std::to_string(number / 2)));
        row->set_case_key(contract::sha256_hex("case" + std::to_string(number / 2)));
        row->set_kind(v1::IMAGE_KIND_CLINICAL_CLOSEUP);
        (*row->mutable_fields())["licence"] = "CC-0";
        v1::BundleFile* file = commit.add_files();
        file->set_path("image.png");
        file->set_sha256(hash);
        file->set_size(static_cast<int64_t>(bytes.size()));
        if (auto done = attempt<v1::CommitImageResponse>(client, "IngestService/CommitImage", commit)) {
          const std::lock_guard lock(ledger.mutex);
          ledger.images[done->image()] = hash;
          ledger.cases.insert(done->case_());
          break;
        }
      }
      std::this_thread::sleep_for(10ms);
    }
    // The checks, a child process each, must be able to keep up on two cores.
    std::this_thread::sleep_for(250ms);
  }
}

void read_cases(const std::string& address, const std::string& user, const std::string& token,
                std::atomic<bool>& stop, Ledger& ledger) {
  ApiClient client(address);
  client.set_token(token);
  int number = 0;
  while (!stop) {
    v1::ClaimNextRequest claim;
    claim.set_request_id(ApiClient::request_id());
    const auto lease = attempt<v1::ReadLease>(client, "ReadService/ClaimNext", claim);
    if (!lease) {
      std::this_thread::sleep_for(10ms);
      continue;
    }
    v1::SubmitReadRequest submit;
    submit.set_case_(lease->case_());
    submit.set_request_id(ApiClient::request_id());
    v1::ReadContent* content = submit.mutable_content();
    content->set_gradable(true);
    v1::Diagnosis* diagnosis = content->add_differential();
    diagnosis->set_term("terms/psoriasis");
    diagnosis->set_rank(1);
    diagnosis->set_confidence(4);
    content->set_note(user + " " + std::to_string(number++));
    while (!stop) {
      if (attempt<v1::Read>(client, "ReadService/SubmitRead", submit)) {
        const std::lock_guard lock(ledger.mutex);
        ledger.reads[lease->case_() + " " + user] = content->note();
        break;
      }
      std::this_thread::sleep_for(10ms);
    }
  }
}

TEST_CASE("fifty kill -9 during ingest and reads lose nothing acknowledged and leave nothing half done") {
  ServerProcess server;
  make_people(server);
  ApiClient coordinator(server.address()), derm_b(server.address()), derm_c(server.address());
  coordinator.as("coordinator-a");
  derm_b.as("derm-b");
  derm_c.as("derm-c");
  v1::CreateBatchRequest create;
  create.set_site("sites/a");
  create.set_tool_version("crash_test");
  create.set_request_id(ApiClient::request_id());
  const auto batch = coordinator.call<v1::Batch>("IngestService/CreateBatch", create);
  REQUIRE(batch);

  Ledger ledger;
  std::atomic<bool> stop = false;
  std::atomic<int> next = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i)
    threads.emplace_back(
        [&] { ingest_pictures(server.address(), coordinator.token(), batch->name(), stop, next, ledger); });
  threads.emplace_back([&] { read_cases(server.address(), "derm-b", derm_b.token(), stop, ledger); });
  threads.emplace_back([&] { read_cases(server.address(), "derm-c", derm_c.token(), stop, ledger); });

  std::mt19937 random(20261122);
  for (int kill = 0; kill < kKills; ++kill) {
    // Long enough to reconnect and work, and never the same moment twice.
    std::this_thread::sleep_for(std::chrono::milliseconds(400 + random() % 500));
    server.kill9();
    server.start();
  }
  std::this_thread::sleep_for(500ms);
  stop = true;
  for (std::thread& thread : threads) thread.join();

  REQUIRE(ledger.images.size() > 50);
  REQUIRE(ledger.reads.size() > 10);
  MESSAGE("acknowledged: " << ledger.images.size() << " images, " << ledger.reads.size() << " reads");

  // Every check that was queued ends, although its worker died many times.
  const auto settled = [&] {
    v1::GetBatchRequest get;
    get.set_name(batch->name());
    const auto now = coordinator.call<v1::Batch>("IngestService/GetBatch", get);
    return now && now->received() == 0;
  };
  CHECK(eventually(settled, 120s));

  for (const auto& [name, hash] : ledger.images) {
    v1::GetImageRequest get;
    get.set_name(name);
    const auto image = coordinator.call<v1::Image>("CaseService/GetImage", get);
    REQUIRE_MESSAGE(image, "lost " << name);
    CHECK(image->state() == v1::IMAGE_STATE_READY);
  }
  for (const auto& [key, note] : ledger.reads) {
    const size_t space = key.find(' ');
    ApiClient& reader = key.substr(space + 1) == "derm-b" ? derm_b : derm_c;
    v1::ListReadsRequest list;
    list.set_parent(key.substr(0, space));
    const auto reads = reader.call<v1::ListReadsResponse>("ReadService/ListReads", list);
    REQUIRE_MESSAGE(reads, "no reads of " << key);
    const bool found = std::any_of(reads->reads().begin(), reads->reads().end(), [&](const v1::Read& read) {
      return read.revisions(0).content().note() == note;
    });
    CHECK_MESSAGE(found, "lost the read " << key);
  }

  server.stop();
  const auto db = server.data_dir() / "hada.db";
  CHECK(number(db, "SELECT count(*) FROM pragma_integrity_check() WHERE integrity_check <> 'ok'") == 0);
  CHECK(number(db, "SELECT count(*) FROM pragma_foreign_key_check()") == 0);
  // Event numbers have no gap.
  CHECK(number(db, "SELECT max(seq) - count(*) FROM events") == 0);
  // Counters equal what they count, slots and reads belong together, no case has too many votes.
  CHECK(number(db,
               "SELECT count(*) FROM cases c WHERE ready_images + pending_images + refused_images <>"
               " (SELECT count(*) FROM images i WHERE i.case_id = c.case_id)") == 0);
  CHECK(number(db,
               "SELECT count(*) FROM cases c WHERE votes <> (SELECT count(*) FROM reads r WHERE"
               " r.case_id = c.case_id AND r.late = 0 AND r.purpose = 1)") == 0);
  CHECK(number(db, "SELECT count(*) FROM cases WHERE votes > read_limit") == 0);
  CHECK(number(db,
               "SELECT count(*) FROM read_slots s WHERE read_id <> '' AND NOT EXISTS"
               " (SELECT 1 FROM reads r WHERE r.read_id = s.read_id)") == 0);
  CHECK(number(db,
               "SELECT count(*) FROM reads r WHERE NOT EXISTS"
               " (SELECT 1 FROM read_revisions v WHERE v.read_id = r.read_id AND v.revision = r.revision)") ==
        0);
  // Every acknowledged blob is whole.
  int blobs = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(server.data_dir() / "blobs")) {
    if (!entry.is_regular_file() || !contract::is_sha256_hex(entry.path().filename().string())) continue;
    CHECK(contract::sha256_hex(read_file(entry.path())) == entry.path().filename().string());
    ++blobs;
  }
  CHECK(blobs >= static_cast<int>(ledger.images.size()));
}

}  // namespace
