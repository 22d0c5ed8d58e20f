// Who may include what (docs/architecture.md). The compiler does not object, since everything lies in
// /usr/include and in one tree; this test reads the #include lines and does.

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tests/support/paths.h"

namespace {

namespace fs = std::filesystem;

struct Include {
  std::string file;  // relative to the root
  std::string folder;
  std::string target;
};

// "client/ui/tools/pan.cc" belongs to client/ui, "proto/contract/x.h" to proto/contract, "client/main.cc" to
// client.
std::string folder_of(const std::string& file) {
  const size_t first = file.find('/');
  const size_t second = file.find('/', first + 1);
  return second == std::string::npos ? file.substr(0, first) : file.substr(0, second);
}

std::vector<Include> includes_below(const std::string& top) {
  const fs::path root = hada::support::source_dir();
  static const std::regex kInclude(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])");
  std::vector<Include> found;
  for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
    const std::string extension = entry.path().extension();
    if (extension != ".h" && extension != ".cc") continue;
    const std::string file = fs::relative(entry.path(), root);
    std::ifstream in(entry.path());
    for (std::string line; std::getline(in, line);) {
      std::smatch match;
      if (std::regex_search(line, match, kInclude)) found.push_back({file, folder_of(file), match[1]});
    }
  }
  return found;
}

std::vector<Include> all_includes() {
  std::vector<Include> all;
  for (const char* top : {"client", "server", "proto"})
    for (Include& include : includes_below(top)) all.push_back(std::move(include));
  return all;
}

// Our own folders by include path; empty for outside headers.
std::string own_folder(const std::string& target) {
  if (target.starts_with("contract/")) return "proto/contract";
  if (target.starts_with("hada/v1/") || target.starts_with("google/rpc/")) return "protos";
  if (target.starts_with("embedded/")) return "embedded";
  if (target.starts_with("client/") || target.starts_with("server/") || target.starts_with("tests/"))
    return folder_of(target);
  return {};
}

// Each folder and what of ours it may include, itself aside. Everyone may include the contract.
const std::map<std::string, std::set<std::string>> kAllowed = {
    {"proto/contract", {}},
    {"client/i18n", {}},
    {"client/model", {}},
    {"client/tiles", {}},
    {"client/ingest", {}},
    {"client/net", {"client/model", "protos"}},
    {"client/render", {"client/tiles", "client/model", "embedded"}},
    {"client/ui", {"client/model", "client/i18n"}},
    {"client/app",
     {"client/ui", "client/model", "client/i18n", "client/net", "client/render", "client/tiles"}},
    {"client/ctl", {"client/net", "client/ingest", "protos"}},
    {"client", {"client/app"}},
    {"server/store", {"embedded"}},
    {"server/agreement", {}},
    {"server/blobs", {}},
    {"server/images", {"server/blobs"}},
    {"server/ingest", {"server/images", "server/blobs", "server/store", "server/core"}},
    {"server/core", {"server/store", "server/blobs", "server/images", "protos"}},
    {"server/handlers",
     {"server/core", "server/store", "server/blobs", "server/images", "server/ingest", "server/agreement",
      "protos"}},
    {"server/rpc", {"server/handlers", "server/core", "server/images", "protos"}},
    // main.cc names the concrete parts.
    {"server",
     {"server/rpc", "server/handlers", "server/core", "server/store", "server/blobs", "server/images",
      "server/ingest", "embedded"}},
};

// Outside headers and the folders where they are at home.
struct OutsideRule {
  std::string pattern;
  std::set<std::string> homes;
};
const std::vector<OutsideRule> kOutside = {
    {"imgui", {"client/ui", "client/app"}},
    {"GLFW/", {"client/app"}},
    {"GL/", {"client/render", "client/app"}},
    {"png.h", {"client/app"}},
    {"xcb/", {"client/app"}},
    {"X11/", {}},
    {"grpc", {"client/net", "server/rpc"}},
    {"absl/", {"client/net", "server/rpc"}},
    {"google/protobuf", {"client/net", "client/ctl", "server/rpc", "server/handlers", "server/core"}},
    {"openslide", {"server/images", "server/ingest"}},
    {"vips", {"server/images", "server/ingest"}},
    {"tiffio.h", {"server/images", "server/ingest", "client/ingest"}},
    {"opencv2", {"server/images", "server/ingest"}},
    {"turbojpeg.h", {"client/tiles", "server/images", "server/ingest"}},
    {"jpeglib.h", {"server/images", "server/ingest"}},
    {"clipper.hpp", {"client/model"}},
    {"lcms2.h", {"client/render", "server/images"}},
    {"sqlite3.h", {"server/store", "client/net"}},
    {"libpq-fe.h", {"server/store"}},
    {"curl/", {"server/blobs"}},
    {"sodium", {"server", "server/rpc", "server/core", "proto/contract", "client/ingest", "client/net"}},
    {"openssl", {"proto/contract", "server/rpc"}},
    {"exiv2", {}},
};

TEST_CASE("every folder includes only the folders below it") {
  for (const Include& include : all_includes()) {
    const std::string target = own_folder(include.target);
    if (target.empty() || target == include.folder || target == "proto/contract") continue;
    CAPTURE(include.file);
    CAPTURE(include.target);
    const auto allowed = kAllowed.find(include.folder);
    REQUIRE_MESSAGE(allowed != kAllowed.end(), "the folder has no place in the layering");
    CHECK(allowed->second.contains(target));
  }
}

TEST_CASE("client and server never include each other and nothing includes tests") {
  for (const Include& include : all_includes()) {
    CAPTURE(include.file);
    CAPTURE(include.target);
    const std::string target = own_folder(include.target);
    if (include.file.starts_with("client/")) CHECK_FALSE(target.starts_with("server"));
    if (include.file.starts_with("server/")) CHECK_FALSE(target.starts_with("client"));
    CHECK_FALSE(target.starts_with("tests"));
  }
}

TEST_CASE("outside headers stay at home") {
  for (const Include& include : all_includes()) {
    if (!own_folder(include.target).empty()) continue;
    for (const OutsideRule& rule : kOutside) {
      if (!include.target.starts_with(rule.pattern)) continue;
      CAPTURE(include.file);
      CAPTURE(include.target);
      // A Timestamp in a generated header is the protocol's, not the includer's; generated files are not in
      // the tree.
      CHECK(rule.homes.contains(include.folder));
    }
  }
}

TEST_CASE("concrete drivers are named only by main and by their own folder") {
  const std::set<std::string> drivers = {"server/store/sqlite_store.h", "server/blobs/file_blobs.h"};
  for (const Include& include : all_includes()) {
    if (!drivers.contains(include.target)) continue;
    CAPTURE(include.file);
    CHECK((include.file == "server/main.cc" || include.folder == folder_of(include.target)));
  }
}

TEST_CASE("every library folder has a place in the layering") {
  std::set<std::string> folders;
  for (const Include& include : all_includes()) folders.insert(include.folder);
  for (const std::string& folder : folders) {
    CAPTURE(folder);
    CHECK(kAllowed.contains(folder));
  }
  CHECK(folders.size() > 10);
}

}  // namespace
