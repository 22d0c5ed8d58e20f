// docs/errors.md lists every reason that the sources can give: a client's author has nothing else to branch
// on.

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include "tests/support/paths.h"

namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST_CASE("docs/errors.md lists every error reason of the sources") {
  const fs::path root = hada::support::source_dir();
  const std::string listed = text_of(root / "docs/errors.md");
  REQUIRE_FALSE(listed.empty());
  // Where an Error is built: ErrorCode::X, "REASON" and the helpers of server/core/errors.h.
  static const std::regex kReason(
      R"#((?:ErrorCode::\w+,\s*|failed_precondition\(|denied\()"([A-Z][A-Z_]+)")#");
  std::set<std::string> reasons;
  for (const char* top : {"client", "server", "proto/contract"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
      if (entry.path().extension() != ".cc" && entry.path().extension() != ".h") continue;
      const std::string text = text_of(entry.path());
      for (std::sregex_iterator it(text.begin(), text.end(), kReason), end; it != end; ++it)
        reasons.insert((*it)[1]);
    }
  }
  CHECK(reasons.size() > 30);
  for (const std::string& reason : reasons) {
    CAPTURE(reason);
    CHECK(std::regex_search(listed, std::regex("\\b" + reason + "\\b")));
  }
}

}  // namespace
