// The real hadactl against a real server: the whole way of images from a hospital's folder into cases.

#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "hada/v1/case.pb.h"
#include "hada/v1/ingest.pb.h"
#include "tests/support/world.h"

namespace hada::support {
namespace {

namespace fs = std::filesystem;

// A JPEG that decodes: one grey pixel block; `number` makes its bytes, and so its image, one of its own.
std::string tiny_jpeg(int number) {
  // Baseline, 8x8, one component; quantisation table of ones, DC table with one code, AC table with one code.
  std::string bytes("\xFF\xD8\xFF\xDB\x00\x43\x00", 7);
  bytes += std::string(64, '\x01');
  bytes += std::string("\xFF\xC0\x00\x0B\x08\x00\x08\x00\x08\x01\x01\x11\x00", 13);
  bytes += std::string("\xFF\xC4\x00\x14\x00\x01", 6) + std::string(15, '\0') + std::string(1, '\x0B');
  bytes += std::string("\xFF\xC4\x00\x14\x10\x01", 6) + std::string(15, '\0') + std::string(1, '\0');
  bytes += std::string("\xFF\xDA\x00\x08\x01\x01\x00\x00\x3F\x00", 10);
  // DC: code 0 then eleven bits of difference; AC: code 0 is the end of the block; ones fill the byte up.
  const int bits = (number & 0x7FF) << 4 | 0x7;
  bytes += static_cast<char>(bits >> 8);
  bytes += static_cast<char>(bits & 0xFF);
  if (bytes.back() == '\xFF') bytes += '\0';
  return bytes + "\xFF\xD9";
}

// A hospital: a folder, a manifest, hadactl and what it reported.
struct Hospital {
  ServerProcess server;
  TempDir folder, keys;
  std::string manifest = "file,patient_id,case_id,lesion_id,kind,licence,age\n";

  Hospital() { make_people(server); }

  void picture(const std::string& name, const std::string& bytes) {
    fs::create_directories((folder / name).parent_path());
    write_file(folder / name, bytes);
  }
  void row(const std::string& line) { manifest += line + "\n"; }

  nlohmann::json report;
  Finished run(std::vector<std::string> extra = {}) {
    write_file(folder / "manifest.csv", manifest);
    return run_on(folder / "manifest.csv", std::move(extra));
  }
  Finished run_on(const fs::path& path, std::vector<std::string> extra = {}) {
    extra.insert(extra.end(), {"--json", (keys / "report.json").string()});
    const Finished finished = ingest(server, path, keys.path(), extra);
    report = nlohmann::json::parse(read_file(keys / "report.json"), nullptr, false);
    return finished;
  }
  int count(const char* outcome) const { return report["counts"][outcome].get<int>(); }

  bool answers() {
    ApiClient client(server.address());
    return client.login("coordinator-a", kPassword).empty();
  }
};

int all_cases(const ServerProcess& server) {
  ApiClient client(server.address());
  client.as("coordinator-a");
  v1::ListCasesRequest request;
  request.set_page_size(500);
  const auto page = client.call<v1::ListCasesResponse>("CaseService/ListCases", request);
  REQUIRE(page);
  return page->cases_size();
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("the demonstration manifest goes in whole, and a second run sends nothing") {
  if (!fs::exists(test_data() / "demo.csv")) {
    MESSAGE("SKIPPED: demo.csv");
    return;
  }
  Hospital hospital;
  const Finished first = hospital.run_on(test_data() / "demo.csv");
  INFO(first.output);
  CHECK(first.status == 0);
  CHECK(hospital.count("ingested") == 130);
  CHECK(hospital.count("refused") == 0);
  CHECK(all_cases(hospital.server) == 72);
  CHECK(holds(first.output, "In: 130 images"));
  CHECK(holds(first.output, "130 rows read: 130 right in 72 cases, 0 wrong"));
  CHECK(holds(first.output, "A NEW SITE KEY"));

  const Finished second = hospital.run_on(test_data() / "demo.csv");
  CHECK(second.status == 0);
  CHECK(holds(second.output, "already there: 130"));
  CHECK_FALSE(holds(second.output, "A NEW SITE KEY"));
  CHECK(hospital.report["bytes_sent"] == 0);
  CHECK(all_cases(hospital.server) == 72);
}

TEST_CASE("wrong rows are reported with line, field, value and what was expected, and right rows go in") {
  Hospital hospital;
  for (int i = 0; i < 4; ++i) hospital.picture("p" + std::to_string(i) + ".jpg", tiny_jpeg(i));
  hospital.picture("notes.jpg", "no picture at all");
  hospital.row("p0.jpg,P1,C1,L1,dermoscopic,CC-0,40");             // line 2
  hospital.row("p1.jpg,P1,C1,L1,dermoscopic,CC-0,400");            // 3: age
  hospital.row("p1.jpg,P1,C1,L1,photo,CC-0,40");                   // 4: kind
  hospital.row("notes.jpg,P1,C1,L1,dermoscopic,CC-0,40");          // 5: no image
  hospital.row("gone.jpg,P1,C1,L1,dermoscopic,CC-0,40");           // 6: no file
  hospital.row("../p2.jpg,P1,C1,L1,dermoscopic,CC-0,40");          // 7: outside
  hospital.row("p2.jpg,Yamada Hanako,C2,L1,dermoscopic,CC-0,40");  // 8: the lesion has two patients, as in no
                                                                   // other row
  hospital.row("p3.jpg,P3,C3,L3,clinical_overview,CC-BY,33");      // 9
  const Finished finished = hospital.run();
  INFO(finished.output);
  CHECK(finished.status == 1);
  // L1 is named by two patients, so every row of it is refused; only the last is right.
  CHECK(hospital.count("ingested") == 1);
  CHECK(hospital.count("refused") == 7);
  CHECK(holds(finished.output, "line 3  p1.jpg  age: 400; expected a whole number, 0 to 120"));
  CHECK(holds(finished.output, "line 4  p1.jpg  kind: photo; expected one of clinical_overview"));
  CHECK(holds(finished.output, "lesion_id: expected one patient"));
  CHECK_FALSE(holds(finished.output, "Yamada"));
  CHECK(all_cases(hospital.server) == 1);

  hospital.manifest.replace(hospital.manifest.find("Yamada Hanako"), 13, "P1");
  const Finished corrected = hospital.run();
  INFO(corrected.output);
  CHECK(corrected.status == 1);
  CHECK(hospital.count("ingested") == 2);
  CHECK(hospital.count("already_there") == 1);
  CHECK(holds(corrected.output, "line 5  notes.jpg  file: expected JPEG, PNG, TIFF or a slide format"));
  CHECK(holds(corrected.output, "line 6  gone.jpg  file: expected a file that exists [NO_SUCH_FILE]"));
  CHECK(holds(corrected.output, "line 7  file: ../p2.jpg; expected a path relative to the manifest"));
}

TEST_CASE("a lesion that the server knows as another patient's is refused by the server") {
  Hospital hospital;
  hospital.picture("a.jpg", tiny_jpeg(1));
  hospital.picture("b.jpg", tiny_jpeg(2));
  hospital.row("a.jpg,P1,C1,L1,dermoscopic,CC-0,");
  CHECK(hospital.run().status == 0);
  hospital.manifest = "file,patient_id,case_id,lesion_id,kind,licence,age\n";
  hospital.row("b.jpg,P2,C2,L1,dermoscopic,CC-0,");
  const Finished finished = hospital.run();
  INFO(finished.output);
  CHECK(finished.status == 1);
  CHECK(hospital.count("refused") == 1);
}

TEST_CASE("JSON Lines goes in as CSV does") {
  Hospital hospital;
  hospital.picture("p.jpg", tiny_jpeg(5));
  hospital.manifest =
      R"({"file":"p.jpg","patient_id":"P1","case_id":"C1","kind":"clinical_closeup","licence":"CC-BY","age":50})"
      "\n"
      R"({"file":"p.jpg","patient_id":"P1","case_id":"C2","kind":"clinical_closeup","licence":"MIT"})"
      "\n";
  const Finished finished = hospital.run();
  INFO(finished.output);
  CHECK(finished.status == 1);
  CHECK(hospital.count("ingested") == 1);
  CHECK(holds(finished.output, "line 2  p.jpg  licence: MIT; expected one of CC-0, CC-BY, CC-BY-NC"));
}

TEST_CASE("an upload that Ctrl-C stopped, or a killed server cut, is continued by the next run") {
  Hospital hospital;
  // A big TIFF that is one of its own: 64 MiB of strips.
  std::string tiff("II*\0", 4);
  const uint32_t pixels = 64 << 20;
  const auto u16 = [&](uint32_t v) {
    tiff += {static_cast<char>(v & 0xFF), static_cast<char>(v >> 8 & 0xFF)};
  };
  const auto u32 = [&](uint32_t v) {
    u16(v & 0xFFFF);
    u16(v >> 16);
  };
  u32(8);
  u16(9);
  const auto entry = [&](uint32_t tag, uint32_t type, uint32_t value) {
    u16(tag);
    u16(type);
    u32(1);
    u32(value);
  };
  entry(256, 4, 8192);
  entry(257, 4, 8192);
  entry(258, 3, 8);
  entry(259, 3, 1);
  entry(262, 3, 1);
  entry(273, 4, 256);
  entry(277, 3, 1);
  entry(278, 4, 8192);
  entry(279, 4, pixels);
  u32(0);
  tiff.resize(256, '\0');
  for (uint32_t i = 0; i < pixels; ++i) tiff += static_cast<char>(i * 2654435761u >> 24);
  hospital.picture("big.tif", tiff);
  hospital.row("big.tif,P1,C1,,clinical_overview,CC-0,");
  write_file(hospital.folder / "manifest.csv", hospital.manifest);
  write_file(hospital.keys / "coordinator.password", std::string(kPassword) + "\n");
  const ProcessOptions options{
      .arguments = {program("hadactl"), "ingest", (hospital.folder / "manifest.csv").string(), "--server",
                    hospital.server.address(), "--user", "coordinator-a", "--password-file",
                    (hospital.keys / "coordinator.password").string(), "--site", "a", "--key",
                    (hospital.keys / "site-a.key").string(), "--no-progress"},
      .environment = {},
      .standard_input = {},
      .log = hospital.keys / "hadactl.log"};
  // Bytes of unfinished uploads on the server's disk.
  const auto arrived = [&] {
    uintmax_t most = 0;
    std::error_code gone;
    for (fs::recursive_directory_iterator at(hospital.server.data_dir(), gone), end; !gone && at != end;
         at.increment(gone))
      if (at->is_regular_file(gone))
        most = std::max(most, at->file_size(gone) == static_cast<uintmax_t>(-1) ? 0 : at->file_size(gone));
    return most;
  };
  SUBCASE("Ctrl-C") {
    Process hadactl(options);
    REQUIRE(eventually([&] { return arrived() > (4 << 20); }, std::chrono::seconds(60)));
    hadactl.signal(SIGINT);
    CHECK(hadactl.wait(std::chrono::seconds(30)) == 130);
    CHECK(holds(read_file(hospital.keys / "hadactl.log"), "Run the same again to continue"));
  }
  SUBCASE("hadactl killed") {
    Process hadactl(options);
    REQUIRE(eventually([&] { return arrived() > (4 << 20); }, std::chrono::seconds(60)));
    hadactl.signal(SIGKILL);
    CHECK(hadactl.wait(std::chrono::seconds(30)) == 128 + SIGKILL);
  }
  SUBCASE("the server killed and started again, while hadactl waits for it") {
    Process hadactl(options);
    REQUIRE(eventually([&] { return arrived() > (4 << 20); }, std::chrono::seconds(60)));
    hospital.server.kill9();
    hospital.server.start();
    CHECK(hadactl.wait(std::chrono::seconds(120)) == 0);
    CHECK(holds(read_file(hospital.keys / "hadactl.log"), "In: 1 image"));
  }
  const Finished again = hospital.run();
  INFO(again.output);
  CHECK(again.status == 0);
  CHECK(hospital.count("ingested") + hospital.count("already_there") == 1);
  CHECK(hospital.report["bytes_sent"].get<int64_t>() < static_cast<int64_t>(tiff.size()) - (2 << 20));
  CHECK(all_cases(hospital.server) == 1);
}

TEST_CASE("every malformed file is named or taken, and the server still answers") {
  const fs::path data = test_data() / "malformed";
  if (!fs::exists(data)) {
    MESSAGE("SKIPPED: malformed");
    return;
  }
  Hospital hospital;
  fs::copy(data, hospital.folder / "malformed", fs::copy_options::recursive);
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(hospital.folder / "malformed")) {
    if (!entry.is_regular_file()) continue;
    const std::string file = fs::relative(entry.path(), hospital.folder.path());
    hospital.row("\"" + file + "\",P,C" + std::to_string(files.size()) + ",,clinical_closeup,CC-0,");
    files.push_back(file);
  }
  REQUIRE(files.size() > 400);
  const Finished finished = hospital.run();
  CHECK(finished.status == 1);
  CHECK(hospital.server.running());
  CHECK(hospital.answers());
  REQUIRE(hospital.report["rows"].size() == files.size());
  CHECK(hospital.count("pending") == 0);
  CHECK(hospital.count("not_tried") == 0);
  CHECK(hospital.count("ingested") + hospital.count("already_there") + hospital.count("refused") ==
        static_cast<int>(files.size()));
  CHECK(hospital.count("refused") > 200);
  CHECK(hospital.count("ingested") > 100);
  for (size_t i = 0; i < files.size(); ++i) {
    CAPTURE(files[i]);
    const auto& row = hospital.report["rows"][i];
    CHECK(row["file"] == files[i]);
    if (row["outcome"] != "refused") continue;
    CHECK_FALSE(row["reason"].get<std::string>().empty());
    CHECK(holds(finished.output, files[i]));
  }
  // The server's log names no file of the hospital.
  CHECK_FALSE(holds(hospital.server.log(), "malformed"));
}

TEST_CASE("hadactl says what is wrong with a command and exits with 2, or 1 when the server says no") {
  ServerProcess server;
  make_people(server);
  const TempDir dir;
  write_file(dir / "password", std::string(kPassword) + "\n");
  const std::map<std::string, std::string> home = {{"HADA_CONFIG_DIR", (dir / "config").string()},
                                                   {"HADA_SERVER", server.address()}};
  const auto hadactl = [&](std::vector<std::string> arguments, bool as_admin = false) {
    arguments.insert(arguments.begin(), program("hadactl"));
    if (as_admin)
      arguments.insert(arguments.end(),
                       {"--user", kAdminUser, "--password-file", (dir / "password").string()});
    return run(arguments, {}, std::chrono::minutes(1), home);
  };
  SUBCASE("usage") {
    CHECK(hadactl({}).status == 2);
    CHECK(hadactl({"--help"}).status == 0);
    CHECK(hadactl({"fly"}).status == 2);
    CHECK(hadactl({"ingest"}).status == 2);
    CHECK(hadactl({"ingest", "x.csv", "--jobs", "many"}).status == 2);
    CHECK(hadactl({"ingest", "none.csv"}).status == 2);
    for (const char* command : {"login", "ingest", "site", "user", "case", "batch"}) {
      CAPTURE(command);
      const Finished help = hadactl({command, "--help"});
      CHECK(help.status == 0);
      CHECK(holds(help.output, "--server HOST:PORT"));
    }
  }
  SUBCASE("no server, no login, a wrong password") {
    CHECK(hadactl({"site", "list"}).status == 2);
    CHECK(holds(hadactl({"site", "list"}).output, "NO_SESSION"));
    CHECK(hadactl({"site", "list", "--server", "127.0.0.1:1"}, true).status == 2);
    write_file(dir / "wrong", "not the password\n");
    const Finished wrong =
        hadactl({"site", "list", "--user", kAdminUser, "--password-file", (dir / "wrong").string()});
    CHECK(wrong.status == 2);
    CHECK(holds(wrong.output, "BAD_CREDENTIALS"));
    CHECK(holds(hadactl({"site", "list", "--server", "registry.example:443"}, true).output, "TLS_REQUIRED"));
  }
  SUBCASE("a login is stored for its owner only and used from then on") {
    CHECK(hadactl({"login", kAdminUser, "--password-file", (dir / "password").string()}).status == 0);
    const fs::path stored = dir / "config/credentials.json";
    CHECK((fs::status(stored).permissions() & fs::perms(0077)) == fs::perms::none);
    CHECK_FALSE(holds(read_file(stored), kPassword));
    const Finished sites = hadactl({"site", "list"});
    CHECK(sites.status == 0);
    CHECK(holds(sites.output, "sites/a"));
  }
  SUBCASE("sites and users") {
    CHECK(hadactl({"site", "add", "z", "--display-name", "Site Z"}, true).status == 0);
    CHECK(hadactl({"site", "add", "z"}, true).status == 1);
    const std::string password = (dir / "password").string();
    CHECK(hadactl({"user", "add", "new.person", "--display-name", "New", "--home-site", "z", "--role",
                   "dermatologist", "--role", "site_coordinator@z", "--new-password-file", password},
                  true)
              .status == 0);
    CHECK(holds(hadactl({"user", "list"}, true).output, "dermatologist, site_coordinator@z"));
    CHECK(hadactl({"user", "roles", "new.person", "--role", "qa_reviewer"}, true).status == 0);
    CHECK(holds(hadactl({"user", "list"}, true).output, "qa_reviewer"));
    write_file(dir / "second", "another good password\n");
    CHECK(hadactl({"user", "password", "new.person", "--new-password-file", (dir / "second").string()}, true)
              .status == 0);
    CHECK(ApiClient(server.address()).login("new.person", "another good password").empty());
    CHECK(hadactl({"user", "disable", "new.person"}, true).status == 0);
    CHECK_FALSE(ApiClient(server.address()).login("new.person", "another good password").empty());
    CHECK(hadactl({"user", "disable", "nobody"}, true).status == 1);
    CHECK(hadactl({"user", "add", "x", "--role", "king", "--new-password-file", password}, true).status == 2);
  }
}

}  // namespace hada::support
