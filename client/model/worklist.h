#pragma once

// The worklist as far as it is known: pages in the server's order. 100,000 rows are about 30 MB, so rows are
// small. The server pages by key, so the pages after a changed one stay right where they are; when a page's
// end moves, the page after it is marked stale and fetched again when it comes into view.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "client/model/effect.h"
#include "client/model/types.h"

namespace hada::model {

struct RowImage {
  std::string name;
  ImageKind kind = ImageKind::Unspecified;
};

struct CaseRow {
  std::string name;
  CaseState state = CaseState::Unspecified;
  std::vector<RowImage> images;
  int age = -1;
  std::string sex, anatom_site;
  std::string decided_term;
  int votes_in = 0, votes_wanted = 0;
  int64_t update_time_us = 0;
  bool read_by_caller = false, leased_by_caller = false;
  int pending_images = 0, refused_images = 0;
  ReturnTo returned_to = ReturnTo::Unspecified;
  RejectCode returned_code = RejectCode::Unspecified;
};
CaseRow row_of(const Case& value);

struct WorklistPage {
  std::string token;  // asks for this page
  std::vector<CaseRow> rows;
  size_t first_row = 0;
  bool stale = false;  // its token changed since it was fetched
  Ticket ticket = 0;   // of the request in flight
};

struct Worklist {
  static constexpr int kPageSize = 100;
  static constexpr size_t kNearEnd = 60;  // rows
  static constexpr int64_t kRefreshPeriodUs = 15'000'000;

  WorklistFilter filter;
  std::vector<WorklistPage> pages;
  std::string next_token;  // of the page after the last; empty and !pages.empty(): that was all
  bool first_page_loading = false;
  Ticket next_ticket = 0;         // of the request for the page after the last
  std::optional<ApiError> error;  // of the last request; the rows stay
  int64_t refreshed_us = 0;       // when the rows in view were last asked for
  size_t first_visible = 0, last_visible = 0;
  size_t selected = 0;
  std::string selected_name;

  size_t row_count() const;
  bool complete() const { return !pages.empty() && next_token.empty(); }
  const CaseRow& row(size_t index) const;  // index < row_count()
  // Pages that hold the rows first to last (inclusive): [begin, end).
  struct PageRange {
    size_t begin = 0, end = 0;
  };
  PageRange pages_of(size_t first, size_t last) const;

  // Takes in page `index` (pages.size() appends) and keeps first_row and the selection right.
  void put_page(size_t index, std::string token, std::vector<CaseRow> rows, std::string next_page_token);
};

}  // namespace hada::model
