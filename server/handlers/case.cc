#include "server/handlers/case.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "contract/names.h"
#include "contract/review_rules.h"
#include "server/blobs/blob_store.h"
#include "server/core/access.h"
#include "server/core/clock.h"
#include "server/core/errors.h"
#include "server/core/page_token.h"
#include "server/handlers/case_proto.h"
#include "server/handlers/case_sight.h"
#include "server/images/stored_image.h"
#include "server/store/policies.h"
#include "server/store/worklist.h"

namespace hada::handlers {
namespace {

using Source = store::WorklistSource;

// A page is cut short rather than look at more cases than this: filters act on what is shown, and a blind
// reader's filter by site, say, matches nothing.
constexpr int kMaxLooked = 2000;

// ListCasesRequest, checked.
struct Filter {
  WorklistView view = WorklistView::All;
  std::vector<CaseState> states;
  std::vector<ImageKind> kinds;
  std::string site;
  WorklistOrder order = WorklistOrder::Age;
  std::string fingerprint;

  bool by_doubt() const { return order == WorklistOrder::Doubt; }

  bool wants(CaseState state) const {
    return states.empty() || std::find(states.begin(), states.end(), state) != states.end();
  }
};

Result<Filter> parse_filter(const v1::ListCasesRequest& request) {
  Filter filter;
  if (!v1::WorklistView_IsValid(request.view())) return core::bad_field("view", "a view of the protocol");
  filter.view = static_cast<WorklistView>(request.view());
  for (const int state : request.states()) {
    if (state == v1::CASE_STATE_UNSPECIFIED || !v1::CaseState_IsValid(state))
      return core::bad_field("states", "states of the protocol");
    filter.states.push_back(static_cast<CaseState>(state));
  }
  for (const int kind : request.kinds()) {
    if (kind == v1::IMAGE_KIND_UNSPECIFIED || !v1::ImageKind_IsValid(kind))
      return core::bad_field("kinds", "kinds of the protocol");
    filter.kinds.push_back(static_cast<ImageKind>(kind));
  }
  if (!request.site().empty()) {
    ASSIGN_OR_RETURN(filter.site, contract::parse_site_name(request.site()));
  }
  if (!v1::WorklistOrder_IsValid(request.order()))
    return core::bad_field("order", "an order of the protocol");
  if (request.order() == v1::WORKLIST_ORDER_DOUBT) filter.order = WorklistOrder::Doubt;
  // What a model makes of the votes is QA's alone, and of cases whose votes are in.
  if (filter.by_doubt() && filter.view != WorklistView::ToAdjudicate &&
      filter.view != WorklistView::ToApprove)
    return core::bad_field("order", "by doubt only what is to be adjudicated or approved");
  const auto tidy = [](auto& values) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
  };
  tidy(filter.states);
  tidy(filter.kinds);
  filter.fingerprint = "cases " + std::to_string(request.view()) + " " + filter.site;
  if (filter.by_doubt()) filter.fingerprint += " by doubt";
  for (const CaseState s : filter.states) filter.fingerprint += " s" + std::to_string(static_cast<int>(s));
  for (const ImageKind k : filter.kinds) filter.fingerprint += " k" + std::to_string(static_cast<int>(k));
  return filter;
}

// Sites, narrowed to one where the filter names one.
std::optional<std::vector<std::string>> narrowed(std::optional<std::vector<std::string>> sites,
                                                 const std::string& site) {
  if (!sites || site.empty()) return sites;
  if (!sites->empty() && std::find(sites->begin(), sites->end(), site) == sites->end()) return std::nullopt;
  return std::vector<std::string>{site};
}

// `states` without what the filter does not want; nothing where that leaves none.
std::optional<std::vector<CaseState>> wanted_of(std::vector<CaseState> states, const Filter& filter) {
  std::erase_if(states, [&](CaseState s) { return !filter.wants(s); });
  if (states.empty()) return std::nullopt;
  return states;
}

Result<std::vector<Source>> sources_of(const core::Context& context, store::Tx& tx, const Filter& filter) {
  const core::Caller& caller = context.caller;
  const auto reader_sites = core::sites_of(caller, {Role::Dermatologist});
  const auto qa_sites = core::sites_of(caller, {Role::QaReviewer});
  const auto staff_sites = core::sites_of(caller, {Role::QaReviewer, Role::SiteCoordinator});

  // A blind reader sees READING where a third read is wanted.
  std::vector<CaseState> true_states = filter.states;
  if (reader_sites && !filter.states.empty() && filter.wants(CaseState::Reading) &&
      !filter.wants(CaseState::NeedsRead))
    true_states.push_back(CaseState::NeedsRead);
  Filter widened = filter;
  widened.states = true_states;

  Source reads{
      .of = Source::Of::Reads, .states = filter.states, .kinds = filter.kinds, .user = caller.user_id};
  std::vector<Source> sources;
  switch (filter.view) {
    case WorklistView::All: {
      if (!reader_sites && !staff_sites) return core::role_required();
      if (const auto sites = narrowed(staff_sites, filter.site))
        sources.push_back({.of = Source::Of::Cases,
                           .sites = *sites,
                           .states = true_states,
                           .kinds = filter.kinds,
                           .user = caller.user_id});
      // Staff for all sites have every case already.
      if (reader_sites && !(staff_sites && staff_sites->empty())) {
        const auto open =
            wanted_of(contract::states_allowing(contract::Verb::Claim, Role::Dermatologist), widened);
        // The site of a case that is still being read is hidden from its readers: no such filter finds it.
        if (open && filter.site.empty())
          sources.push_back({.of = Source::Of::Cases,
                             .sites = *reader_sites,
                             .states = *open,
                             .kinds = filter.kinds,
                             .user = caller.user_id});
        sources.push_back(reads);
      }
      break;
    }
    case WorklistView::ToRead: {
      if (!reader_sites) return core::role_required();
      if (!filter.site.empty()) break;
      ASSIGN_OR_RETURN(const contract::Policy policy, store::policies::current(tx));
      sources.push_back({.of = Source::Of::Offers,
                         .sites = *reader_sites,
                         .states = true_states,
                         .kinds = filter.kinds,
                         .user = caller.user_id,
                         .now_us = context.services.clock.now_us(),
                         .not_of_site = policy.own_site_reading ? "" : caller.home_site});
      break;
    }
    case WorklistView::Panels:
      if (!qa_sites) return core::role_required();
      sources.push_back({.of = Source::Of::Panels, .kinds = filter.kinds, .user = caller.user_id});
      break;
    case WorklistView::MyReads:
      if (!reader_sites) return core::role_required();
      sources.push_back(reads);
      break;
    case WorklistView::Returned: {
      if (!reader_sites && !staff_sites) return core::role_required();
      reads.returned = true;
      if (reader_sites) sources.push_back(reads);
      const auto states = wanted_of({CaseState::Returned}, filter);
      const auto sites = narrowed(staff_sites, filter.site);
      if (states && sites)
        sources.push_back({.of = Source::Of::Cases,
                           .sites = *sites,
                           .states = *states,
                           .kinds = filter.kinds,
                           .user = caller.user_id});
      break;
    }
    case WorklistView::ToAdjudicate:
    case WorklistView::ToApprove: {
      if (!qa_sites) return core::role_required();
      const contract::Verb verb =
          filter.view == WorklistView::ToApprove ? contract::Verb::Approve : contract::Verb::Adjudicate;
      const auto states = wanted_of(contract::states_allowing(verb, Role::QaReviewer), filter);
      const auto sites = narrowed(qa_sites, filter.site);
      if (states && sites)
        sources.push_back({.of = Source::Of::Cases,
                           .sites = *sites,
                           .states = *states,
                           // By doubt there is no index for each kind: the pictures listed are looked at.
                           .kinds = filter.by_doubt() ? std::vector<ImageKind>() : filter.kinds,
                           .user = caller.user_id,
                           .not_of_site = caller.home_site,
                           .not_read_by = caller.user_id,
                           .by_doubt = filter.by_doubt()});
      break;
    }
  }
  return sources;
}

bool is_shown(const core::Context& context, const CaseView& view, const Filter& filter) {
  if (view.sight == Sight::None) return false;
  // A coordinator is shown what waits for the site, QA all but what waits for the readers of a case that they
  // may still read: that it is returned says that its votes are in.
  if (filter.view == WorklistView::Returned && !view.caller.returned &&
      !(view.told_of_return() &&
        (view.row.returned_to == ReturnTo::Site || context.caller.has(Role::QaReviewer, view.row.site_id))))
    return false;
  if (!filter.site.empty() && !(view.lists_site() && view.row.site_id == filter.site)) return false;
  return filter.wants(view.listed_state());
}

std::string text_of(const store::Place& place) {
  return std::to_string(place.certainty) + " " + std::to_string(place.seq);
}

Result<store::Place> parse_place(const std::string& text) {
  store::Place place;
  if (text.empty()) return place;
  const char* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, place.certainty);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != ' ' ||
      std::from_chars(first.ptr + 1, end, place.seq).ptr != end)
    return core::bad_page_token();
  return place;
}

bool has_kind(const v1::Case& listed, const std::vector<ImageKind>& kinds) {
  return kinds.empty() || std::any_of(listed.images().begin(), listed.images().end(), [&](const auto& image) {
           return std::find(kinds.begin(), kinds.end(), static_cast<ImageKind>(image.kind())) != kinds.end();
         });
}

Result<v1::Case> get_revealed(core::Context& context, const std::string& case_id) {
  v1::Case answer;
  RETURN_IF_ERROR(context.services.store.write([&](store::Tx& tx) -> Status {
    ASSIGN_OR_RETURN(CaseView view, find_case(context, tx, case_id));
    RETURN_IF_ERROR(reveal(context, tx, view));
    ASSIGN_OR_RETURN(answer, opened_case(context, tx, view));
    return {};
  }));
  return answer;
}

}  // namespace

Result<v1::ListCasesResponse> list_cases(core::Context& context, const v1::ListCasesRequest& request) {
  ASSIGN_OR_RETURN(const Filter filter, parse_filter(request));
  ASSIGN_OR_RETURN(const int32_t page_size, core::page_size(request.page_size(), 50, 500));
  ASSIGN_OR_RETURN(const std::string cursor,
                   core::decode_page_token(request.page_token(), filter.fingerprint));
  ASSIGN_OR_RETURN(const store::Place after, parse_place(cursor));

  v1::ListCasesResponse response;
  RETURN_IF_ERROR(context.services.store.read([&](store::Tx& tx) -> Status {
    response.Clear();
    ASSIGN_OR_RETURN(const std::vector<Source> sources, sources_of(context, tx, filter));
    store::Worklist worklist(tx, sources, after, page_size + 1);
    store::Place last = after;
    for (int looked = 0;; ++looked) {
      ASSIGN_OR_RETURN(const std::optional<store::Place> place, worklist.next());
      if (!place) return {};
      if (response.cases_size() == page_size || looked == kMaxLooked) break;
      last = *place;
      ASSIGN_OR_RETURN(auto row, store::cases::find_by_seq(tx, place->seq));
      if (!row) continue;
      ASSIGN_OR_RETURN(const CaseView view, view_case(context, tx, std::move(*row)));
      if (!is_shown(context, view, filter)) continue;
      ASSIGN_OR_RETURN(v1::Case listed, listed_case(tx, view));
      if (filter.by_doubt() && !has_kind(listed, filter.kinds)) continue;
      *response.add_cases() = std::move(listed);
    }
    response.set_next_page_token(core::encode_page_token(text_of(last), filter.fingerprint));
    return {};
  }));
  return response;
}

Result<v1::Case> get_case(core::Context& context, const v1::GetCaseRequest& request) {
  ASSIGN_OR_RETURN(const std::string case_id, contract::parse_case_name(request.name()));
  std::optional<v1::Case> answer;
  RETURN_IF_ERROR(context.services.store.read([&](store::Tx& tx) -> Status {
    ASSIGN_OR_RETURN(const CaseView view, find_case(context, tx, case_id));
    if (view.sight == Sight::Unopened) return {};
    ASSIGN_OR_RETURN(answer, opened_case(context, tx, view));
    return {};
  }));
  if (answer) return std::move(*answer);
  return get_revealed(context, case_id);
}

Result<v1::Image> get_image(core::Context& context, const v1::GetImageRequest& request) {
  ASSIGN_OR_RETURN(const std::string image_id, contract::parse_image_name(request.name()));
  v1::Image image;
  std::string icc_blob;
  RETURN_IF_ERROR(context.services.store.read([&](store::Tx& tx) -> Status {
    ASSIGN_OR_RETURN(const auto row, store::find_image(tx, image_id));
    if (!row) return core::not_found(contract::image_name(image_id));
    ASSIGN_OR_RETURN(store::CaseRow of_case, store::cases::get(tx, row->case_id));
    ASSIGN_OR_RETURN(const CaseView view, view_case(context, tx, std::move(of_case)));
    // What a check refused may show a face: readers never learn of it.
    if (view.sight == Sight::None || (row->state != ImageState::Ready && !view.staff))
      return core::not_found(contract::image_name(image_id));
    ASSIGN_OR_RETURN(image, image_message(view, *row));
    if (image.has_icc_profile()) {
      ASSIGN_OR_RETURN(const images::StoredImage stored, images::stored_image_from_json(row->pyramid));
      icc_blob = stored.icc_blob;
    }
    return {};
  }));
  if (!icc_blob.empty()) {
    ASSIGN_OR_RETURN(const auto reader, context.services.blobs.open(icc_blob));
    std::string& icc = *image.mutable_icc_profile();
    icc.resize(static_cast<size_t>(reader->size()));
    RETURN_IF_ERROR(reader->read_into(0, icc.size(), icc.data()));
  }
  return image;
}

}  // namespace hada::handlers
