#pragma once

// What the server has answered to readers, held against what it answers later: nothing they wrote changes or
// goes away.

#include <map>
#include <string>
#include <utility>

#include "contract/names.h"
#include "server/handlers/read_content.h"
#include "server/store/reads.h"
#include "tests/unit/server/handlers/review_world.h"

namespace hada::review_test {

class Answered {
 public:
  struct Known {
    Person reader;
    v1::Read latest;
    std::map<int, std::string> revisions;  // number to content, as it was answered
  };

  explicit Answered(World& world) : world_(world) {}

  // By name.
  const std::map<std::string, Known>& reads() const { return reads_; }

  void remember(const v1::Read& read, const Person& reader) {
    Known& known = reads_[read.name()];
    known.reader = reader;
    known.latest = read;
    for (const v1::ReadRevision& r : read.revisions()) {
      const std::string content = r.content().SerializeAsString();
      const auto [at, is_new] = known.revisions.emplace(r.revision(), content);
      if (!is_new) CHECK(at->second == content);
    }
  }
  void remember_draft(const Person& reader, const std::string& case_name, const v1::ReadContent& content) {
    drafts_[{reader.id, case_name}] = {reader, content.SerializeAsString()};
  }
  void forget_draft(const Person& reader, const std::string& case_name) {
    drafts_.erase({reader.id, case_name});
  }

  // All of it is still there, word for word.
  void check() {
    for (const auto& each : reads_)
      for (const auto& revision : each.second.revisions) CHECK(is_kept(each.first, revision));
    for (const auto& kept : drafts_) {
      v1::GetDraftRequest request;
      request.set_case_(kept.first.second);
      const auto draft = world_.call(get_draft, kept.second.first, request);
      REQUIRE(draft);
      CHECK(draft->content().SerializeAsString() == kept.second.second);
    }
  }

 private:
  bool is_kept(const std::string& name, const std::pair<const int, std::string>& revision) {
    const auto parsed = contract::parse_read_name(name);
    bool same = false;
    REQUIRE(world_.store().read([&](store::Tx& tx) -> Status {
      ASSIGN_OR_RETURN(const auto rows, store::reads::revisions(tx, parsed->read_id));
      for (const auto& row : rows) {
        ASSIGN_OR_RETURN(const v1::ReadContent stored, from_stored(row.content));
        same = same || (row.revision == revision.first && stored.SerializeAsString() == revision.second);
      }
      return {};
    }));
    return same;
  }

  World& world_;
  std::map<std::string, Known> reads_;
  std::map<std::pair<std::string, std::string>, std::pair<Person, std::string>> drafts_;  // by reader, case
};

}  // namespace hada::review_test
