#include <iostream>

#include "client/ctl/command.h"
#include "client/ctl/session.h"
#include "client/ctl/table.h"
#include "contract/text.h"
#include "hada/v1/admin.pb.h"

namespace hada::ctl {
namespace {

Result<int> add_site(const Args& args) {
  if (args.positional().size() != 2) return usage("which site? hadactl site add ID");
  ASSIGN_OR_RETURN(const auto client, connect(args));
  v1::CreateSiteRequest request;
  request.set_site_id(args.positional()[1]);
  request.set_display_name(args.get("display-name", args.positional()[1]));
  request.set_request_id(new_request_id());
  ASSIGN_OR_RETURN(const auto site, client->call<v1::Site>("AdminService/CreateSite", request));
  std::cout << "Added " << site.name() << " (" << contract::printable(site.display_name()) << ").\n";
  return kOk;
}

Result<int> list_sites(const Args& args) {
  ASSIGN_OR_RETURN(const auto client, connect(args));
  Table table = {{"SITE", "NAME"}};
  v1::ListSitesRequest request;
  request.set_page_size(1000);
  do {
    ASSIGN_OR_RETURN(const auto page, client->call<v1::ListSitesResponse>("AdminService/ListSites", request));
    for (const v1::Site& site : page.sites())
      table.push_back({site.name(), contract::printable(site.display_name())});
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  std::cout << format_table(table);
  return kOk;
}

}  // namespace

Result<int> site_command(const Words& words) {
  ASSIGN_OR_RETURN(const Args args, Args::parse(words, with_connection({{"display-name"}, {}})));
  const std::string verb = args.positional().empty() ? "" : args.positional()[0];
  if (verb == "add") return add_site(args);
  if (verb == "list") return list_sites(args);
  return usage("hadactl site add or hadactl site list");
}

}  // namespace hada::ctl
