#include <algorithm>
#include <iostream>

#include "client/ctl/command.h"
#include "client/ctl/session.h"
#include "client/ctl/table.h"
#include "contract/metadata_schema.h"
#include "contract/names.h"
#include "contract/text.h"
#include "hada/v1/case.pb.h"

namespace hada::ctl {
namespace {

// "needs_read" for CASE_STATE_NEEDS_READ.
std::string word(const std::string& name, std::string_view prefix) {
  return contract::ascii_lower(name.starts_with(prefix) ? name.substr(prefix.size()) : name);
}
std::string state_word(v1::CaseState state) { return word(v1::CaseState_Name(state), "CASE_STATE_"); }
std::string state_word(v1::ImageState state) { return word(v1::ImageState_Name(state), "IMAGE_STATE_"); }
std::string kind_word(v1::ImageKind kind) {
  return std::string(contract::kind_word(static_cast<ImageKind>(kind)));
}

// How many images of which kind: "2 dermoscopic, 1 histopathology_wsi".
std::string kinds_text(const v1::Case& of_case) {
  std::map<int, int> counts;
  for (const v1::Image& image : of_case.images()) ++counts[image.kind()];
  std::string text;
  for (const auto& [kind, count] : counts)
    text += (text.empty() ? "" : ", ") + std::to_string(count) + ' ' +
            kind_word(static_cast<v1::ImageKind>(kind));
  return text;
}

Result<int> list_cases(const Args& args) {
  v1::ListCasesRequest request;
  if (args.has("site")) request.set_site(contract::site_name(args.get("site")));
  for (const std::string& text : args.all("state")) {
    for (int number = v1::CaseState_MIN + 1; number <= v1::CaseState_MAX; ++number)
      if (state_word(static_cast<v1::CaseState>(number)) == contract::ascii_lower(text))
        request.add_states(static_cast<v1::CaseState>(number));
    if (request.states().empty()) return usage("there is no state " + text);
  }
  for (const std::string& text : args.all("kind")) {
    const ImageKind kind = contract::kind_from_word(text);
    if (kind == ImageKind::Unspecified) return usage("there is no kind " + text);
    request.add_kinds(static_cast<v1::ImageKind>(kind));
  }
  ASSIGN_OR_RETURN(const int limit, args.get_int("limit", 100, 0, 1'000'000'000));
  ASSIGN_OR_RETURN(const auto client, connect(args));
  Table table = {{"CASE", "STATE", "SITE", "VOTES", "IMAGES"}};
  int left = limit == 0 ? INT32_MAX : limit;
  do {
    request.set_page_size(std::min(left, 500));
    ASSIGN_OR_RETURN(const auto page, client->call<v1::ListCasesResponse>("CaseService/ListCases", request));
    for (const v1::Case& one : page.cases()) {
      std::string images = kinds_text(one);
      if (one.pending_images() > 0) images += ", " + std::to_string(one.pending_images()) + " being checked";
      if (one.refused_images() > 0) images += ", " + std::to_string(one.refused_images()) + " refused";
      if (images.starts_with(", ")) images.erase(0, 2);
      table.push_back({one.name(), state_word(one.state()), one.site(),
                       std::to_string(one.votes_in()) + "/" + std::to_string(one.votes_wanted()), images});
    }
    left -= page.cases_size();
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty() && left > 0);
  std::cout << format_table(table);
  if (!request.page_token().empty()) std::cout << "There are more; --limit 0 shows all.\n";
  return kOk;
}

Result<int> show_case(const Args& args, const std::string& id) {
  ASSIGN_OR_RETURN(const auto client, connect(args));
  v1::GetCaseRequest request;
  request.set_name(id.starts_with("cases/") ? id : contract::case_name(id));
  ASSIGN_OR_RETURN(const auto one, client->call<v1::Case>("CaseService/GetCase", request));
  Table table = {{"name", one.name()}, {"state", state_word(one.state())}};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) table.push_back({name, contract::printable(value, 400)});
  };
  add("site", one.site());
  add("votes", std::to_string(one.votes_in()) + " of " + std::to_string(one.votes_wanted()));
  if (one.tier() != v1::CASE_TIER_UNSPECIFIED) add("tier", word(v1::CaseTier_Name(one.tier()), "CASE_TIER_"));
  add("decided term", one.decided_term());
  add("decision code", one.decision_code());
  const v1::ClinicalContext& context = one.context();
  if (context.age() >= 0) add("age", std::to_string(context.age()));
  add("sex", context.sex());
  add("anatom_site", context.anatom_site());
  add("laterality", context.laterality());
  add("fitzpatrick", context.fitzpatrick());
  add("duration", context.duration());
  add("symptoms", context.symptoms());
  add("distribution", context.distribution());
  if (one.has_site_opinion()) {
    add("site_diagnosis", one.site_opinion().site_diagnosis());
    add("site_diagnosis_ja", one.site_opinion().site_diagnosis_ja());
    add("pathology_diagnosis", one.site_opinion().pathology_diagnosis());
    add("dx_confirm_type", one.site_opinion().dx_confirm_type());
  }
  std::cout << format_table(table);
  Table images = {{"IMAGE", "KIND", "STATE", "PIXELS", ""}};
  for (const v1::Image& image : one.images()) {
    std::string pixels;
    if (!image.levels().empty())
      pixels = std::to_string(image.levels(0).width()) + " x " + std::to_string(image.levels(0).height());
    images.push_back(
        {image.name(), kind_word(image.kind()), state_word(image.state()), pixels, image.state_reason()});
  }
  std::cout << '\n' << format_table(images);
  if (one.pending_images() > 0) std::cout << counted(one.pending_images(), "image") << " being checked\n";
  if (one.refused_images() > 0) std::cout << counted(one.refused_images(), "image") << " refused\n";
  return kOk;
}

// Opens each case: a tier is set by somebody who has seen what it is set for.
Result<int> set_tiers(const Args& args) {
  const auto& words = args.positional();
  v1::SetCaseTierRequest request;
  for (int number = v1::CaseTier_MIN + 1; number <= v1::CaseTier_MAX; ++number)
    if (word(v1::CaseTier_Name(static_cast<v1::CaseTier>(number)), "CASE_TIER_") == words[1])
      request.set_tier(static_cast<v1::CaseTier>(number));
  if (request.tier() == v1::CASE_TIER_UNSPECIFIED) return usage("a tier is standard, test or gold");
  ASSIGN_OR_RETURN(const auto client, connect(args));
  for (size_t i = 2; i < words.size(); ++i) {
    v1::GetCaseRequest get;
    get.set_name(words[i].starts_with("cases/") ? words[i] : contract::case_name(words[i]));
    ASSIGN_OR_RETURN(const auto before, client->call<v1::Case>("CaseService/GetCase", get));
    request.set_name(get.name());
    request.set_etag(before.etag());
    request.set_request_id(new_request_id());
    ASSIGN_OR_RETURN(const auto after, client->call<v1::Case>("CaseService/SetCaseTier", request));
    std::cout << after.name() << " is of tier " << words[1] << "; votes " << after.votes_in() << " of "
              << after.votes_wanted() << ".\n";
  }
  return kOk;
}

}  // namespace

Result<int> case_command(const Words& words) {
  ASSIGN_OR_RETURN(const Args args,
                   Args::parse(words, with_connection({{"site", "state", "kind", "limit"}, {}})));
  const auto& positional = args.positional();
  const std::string verb = positional.empty() ? "" : positional[0];
  if (verb == "list" && positional.size() == 1) return list_cases(args);
  if (verb == "show" && positional.size() == 2) return show_case(args, positional[1]);
  if (verb == "tier" && positional.size() >= 3) return set_tiers(args);
  return usage("hadactl case list, hadactl case show CASE, or hadactl case tier TIER CASE ...");
}

}  // namespace hada::ctl
