#include "client/model/worklist.h"

#include <algorithm>
#include <utility>

namespace hada::model {

CaseRow row_of(const Case& value) {
  CaseRow row;
  row.name = value.name;
  row.state = value.state;
  row.images.reserve(value.images.size());
  for (const Image& image : value.images) row.images.push_back({image.name, image.kind});
  row.age = value.context.age;
  row.sex = value.context.sex;
  row.anatom_site = value.context.anatom_site;
  row.decided_term = value.decided_term;
  row.votes_in = value.votes_in;
  row.votes_wanted = value.votes_wanted;
  row.update_time_us = value.update_time_us;
  row.read_by_caller = value.read_by_caller;
  row.leased_by_caller = value.leased_by_caller;
  row.pending_images = value.pending_images;
  row.refused_images = value.refused_images;
  if (value.returned) {
    row.returned_to = value.returned->to;
    row.returned_code = value.returned->code;
  }
  return row;
}

size_t Worklist::row_count() const {
  return pages.empty() ? 0 : pages.back().first_row + pages.back().rows.size();
}

const CaseRow& Worklist::row(size_t index) const {
  const size_t page = pages_of(index, index).begin;
  return pages[page].rows[index - pages[page].first_row];
}

Worklist::PageRange Worklist::pages_of(size_t first, size_t last) const {
  const size_t count = row_count();
  if (count == 0 || first >= count || last < first) return {};
  // The last page that starts at or before the row; an empty page never holds one.
  const auto page_of = [&](size_t row) {
    const auto it = std::upper_bound(pages.begin(), pages.end(), row,
                                     [](size_t r, const WorklistPage& page) { return r < page.first_row; });
    return static_cast<size_t>(it - pages.begin()) - 1;
  };
  return {page_of(first), page_of(std::min(last, count - 1)) + 1};
}

void Worklist::put_page(size_t index, std::string token, std::vector<CaseRow> rows,
                        std::string next_page_token) {
  if (index > pages.size()) return;
  if (index == pages.size()) pages.emplace_back();
  WorklistPage& page = pages[index];
  page.token = std::move(token);
  page.rows = std::move(rows);
  page.stale = false;
  page.ticket = 0;

  if (next_page_token.empty()) {
    pages.resize(index + 1);
    next_token.clear();
  } else if (index + 1 == pages.size()) {
    next_token = std::move(next_page_token);
  } else if (pages[index + 1].token != next_page_token) {
    pages[index + 1].token = std::move(next_page_token);
    pages[index + 1].stale = true;
  }

  size_t first = 0;
  for (WorklistPage& each : pages) {
    each.first_row = first;
    first += each.rows.size();
  }

  // The selection follows its case as far as the changed page goes, and otherwise stays where it was.
  const size_t count = row_count();
  if (count == 0) {
    selected = 0;
    selected_name.clear();
    return;
  }
  if (!selected_name.empty() && !(selected < count && row(selected).name == selected_name)) {
    const WorklistPage& changed = pages[std::min(index, pages.size() - 1)];
    for (size_t i = 0; i < changed.rows.size(); ++i)
      if (changed.rows[i].name == selected_name) selected = changed.first_row + i;
  }
  selected = std::min(selected, count - 1);
  selected_name = row(selected).name;
}

}  // namespace hada::model
