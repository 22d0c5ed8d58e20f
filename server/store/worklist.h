#pragma once

// The worklist: cases in order of arrival, by keyset. Every combination of filters is a merge of index seeks
// (one for each site, state and kind asked for), so a page costs the same at any depth and no filter makes
// SQLite walk or sort the table.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "contract/enums.h"
#include "contract/result.h"
#include "server/store/store.h"

namespace hada::store {

// One way into the list; a Worklist is the union of several.
struct WorklistSource {
  enum class Of {
    Cases,   // by the cases' own states
    Offers,  // cases with a slot that `user` could take at `now_us` or holds; not those `user` has read or
             // seen the outcome of
    Reads,   // cases `user` has read, by the state shown to them
  };
  Of of = Of::Cases;
  std::vector<std::string> sites = {};  // empty: all. Not for Reads.
  std::vector<CaseState> states = {};   // empty: all
  std::vector<ImageKind> kinds = {};    // cases with a READY image of one of them; empty: all
  std::string user = {};                // who looks; Reads: whose
  bool returned = false;                // Reads: only those that `user` is asked to look at again
  int64_t now_us = 0;                   // Offers
  // Offers only: those of this tier. Unspecified: of all.
  CaseTier tier = CaseTier::Unspecified;
  // Cases only: leaves out the cases of this site, and those this user has read. Empty: leaves out none.
  std::string not_of_site = {};
  std::string not_read_by = {};
};

class Worklist {
 public:
  // Cases that arrived after `after_seq`. `tx` must outlive it. `page` is about how many the caller will
  // take.
  Worklist(Tx& tx, const std::vector<WorklistSource>& sources, int64_t after_seq, int32_t page);

  // The next case's arrival number; nothing at the end. Each case once, oldest first.
  Result<std::optional<int64_t>> next();

 private:
  // The cases of one index seek, fetched in pieces.
  struct Stream {
    std::string sql;
    Params params;  // `after` and `limit` are added for each piece
    int32_t limit = 0;
    int64_t after = 0;
    bool ended = false;
    std::vector<int64_t> piece;
    size_t at = 0;
  };
  void add(const WorklistSource& source, const std::string* site, const CaseState* state,
           const ImageKind* kind, int64_t after_seq);
  Status fill(Stream& stream);

  Tx& tx_;
  std::vector<Stream> streams_;
};

struct ListedImage {
  std::string image_id;
  ImageKind kind = ImageKind::Unspecified;
};
// READY images of a case in display order, without their pyramids.
Result<std::vector<ListedImage>> listed_images(Tx& tx, const std::string& case_id);

}  // namespace hada::store
