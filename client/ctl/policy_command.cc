#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "client/ctl/command.h"
#include "client/ctl/session.h"
#include "client/ctl/table.h"
#include "contract/names.h"
#include "contract/policy.h"
#include "contract/text.h"
#include "hada/v1/admin.pb.h"

namespace hada::ctl {
namespace {

constexpr const char* kCurrent = "current";

// "-": standard input.
Result<std::string> read_policy_file(const std::string& path) {
  std::ostringstream text;
  if (path == "-") {
    text << std::cin.rdbuf();
  } else {
    std::ifstream in(path);
    if (!in) return Unexpected(ErrorCode::NotFound, "UNREADABLE", "cannot read " + path);
    text << in.rdbuf();
  }
  return text.str();
}

Result<v1::Policy> get_policy(net::CtlClient& client, const std::string& version) {
  v1::GetPolicyRequest request;
  request.set_name(contract::policy_name(version));
  return client.call<v1::Policy>("AdminService/GetPolicy", request);
}

// A file where there is one of this name, else a version the server has.
Result<contract::Policy> policy_of(net::CtlClient& client, const std::string& file_or_version) {
  if (file_or_version == "-" || std::filesystem::exists(file_or_version)) {
    ASSIGN_OR_RETURN(const std::string text, read_policy_file(file_or_version));
    return contract::policy_from_json(text);
  }
  ASSIGN_OR_RETURN(const auto policy, get_policy(client, file_or_version));
  return contract::stored_policy_from_json(policy.json());
}

void print_changes(const contract::Policy& before, const contract::Policy& after) {
  const auto changes = contract::policy_changes(before, after);
  if (changes.empty()) {
    std::cout << "Versions " << before.version << " and " << after.version << " say the same.\n";
    return;
  }
  Table table = {{"MEMBER", before.version, after.version}};
  for (const contract::PolicyChange& change : changes)
    table.push_back({change.member, change.before, change.after});
  std::cout << format_table(table);
}

Result<int> show_policy(const Args& args) {
  ASSIGN_OR_RETURN(const auto client, connect(args));
  const auto& words = args.positional();
  ASSIGN_OR_RETURN(const auto policy, get_policy(*client, words.size() > 1 ? words[1] : kCurrent));
  ASSIGN_OR_RETURN(const auto content, contract::stored_policy_from_json(policy.json()));
  std::cout << contract::to_json(content, 2) << '\n';
  return kOk;
}

Result<int> list_policies(const Args& args) {
  ASSIGN_OR_RETURN(const auto client, connect(args));
  Table table = {{"VERSION", "SET BY", "SINCE", ""}};
  v1::ListPoliciesRequest request;
  request.set_page_size(100);
  do {
    ASSIGN_OR_RETURN(const auto page,
                     client->call<v1::ListPoliciesResponse>("AdminService/ListPolicies", request));
    for (const v1::Policy& policy : page.policies()) {
      ASSIGN_OR_RETURN(const std::string version, contract::parse_policy_name(policy.name()));
      table.push_back({version, policy.creator(),
                       policy.has_create_time() ? utc_text(policy.create_time().seconds()) : "",
                       policy.in_force() ? "in force" : ""});
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  std::cout << format_table(table);
  return kOk;
}

Result<int> diff_policies(const Args& args) {
  const auto& words = args.positional();
  ASSIGN_OR_RETURN(const auto client, connect(args));
  ASSIGN_OR_RETURN(const auto first, policy_of(*client, words.size() > 2 ? words[1] : kCurrent));
  ASSIGN_OR_RETURN(const auto second, policy_of(*client, words.back()));
  print_changes(first, second);
  return kOk;
}

Result<int> set_policy(const Args& args) {
  v1::SetPolicyRequest request;
  ASSIGN_OR_RETURN(*request.mutable_json(), read_policy_file(args.positional()[1]));
  ASSIGN_OR_RETURN(const auto wanted, contract::policy_from_json(request.json()));
  if (!args.has("replaces"))
    return usage("which version was the file made from? --replaces VERSION (hadactl policy list)");
  ASSIGN_OR_RETURN(const auto client, connect(args));
  ASSIGN_OR_RETURN(const auto before, get_policy(*client, kCurrent));
  ASSIGN_OR_RETURN(const auto in_force, contract::stored_policy_from_json(before.json()));
  // The file was made from another version: what has changed since would be undone unseen.
  if (in_force.version != args.get("replaces"))
    return Unexpected(ErrorCode::Aborted, "ETAG_MISMATCH",
                      "version " + contract::printable(in_force.version) + " is in force, not " +
                          args.get("replaces") + "; look at what differs: hadactl policy diff");
  request.set_etag(before.etag());
  request.set_validate_only(args.has("dry-run"));
  request.set_request_id(new_request_id());
  ASSIGN_OR_RETURN(const auto set, client->call<v1::Policy>("AdminService/SetPolicy", request));
  print_changes(in_force, wanted);
  std::cout << (args.has("dry-run") ? "Nothing was changed (--dry-run).\n"
                                    : "In force: " + set.name() + ".\n");
  return kOk;
}

}  // namespace

Result<int> policy_command(const Words& words) {
  ASSIGN_OR_RETURN(const Args args, Args::parse(words, with_connection({{"replaces"}, {"dry-run"}})));
  const size_t count = args.positional().size();
  const std::string verb = count == 0 ? "" : args.positional()[0];
  if (verb == "show" && count <= 2) return show_policy(args);
  if (verb == "list" && count == 1) return list_policies(args);
  if (verb == "diff" && (count == 2 || count == 3)) return diff_policies(args);
  if (verb == "set" && count == 2) return set_policy(args);
  return usage("hadactl policy show, list, diff or set FILE");
}

}  // namespace hada::ctl
