#include <iostream>

#include "client/ctl/command.h"
#include "client/ctl/session.h"
#include "client/ctl/table.h"
#include "contract/names.h"
#include "contract/text.h"
#include "hada/v1/ingest.pb.h"

namespace hada::ctl {

Result<int> batch_command(const Words& words) {
  ASSIGN_OR_RETURN(const Args args, Args::parse(words, with_connection({})));
  const auto& positional = args.positional();
  if (positional.size() != 2 || positional[0] != "show") return usage("hadactl batch show BATCH");
  const std::string& id = positional[1];
  const std::string name = id.starts_with("batches/") ? id : contract::batch_name(id);
  ASSIGN_OR_RETURN(const auto client, connect(args));
  v1::GetBatchRequest get;
  get.set_name(name);
  ASSIGN_OR_RETURN(const auto batch, client->call<v1::Batch>("IngestService/GetBatch", get));
  std::cout << format_table({{"batch", batch.name()},
                             {"site", batch.site()},
                             {"being checked", std::to_string(batch.received())},
                             {"ready", std::to_string(batch.ready())},
                             {"refused", std::to_string(batch.refused())}});
  Table refused = {{"IMAGE", "REASON", "WHY"}};
  v1::ListBatchImagesRequest list;
  list.set_parent(name);
  list.set_page_size(1000);
  do {
    ASSIGN_OR_RETURN(const auto page,
                     client->call<v1::ListBatchImagesResponse>("IngestService/ListBatchImages", list));
    for (const auto& entry : page.images())
      if (!entry.state_reason().empty())
        refused.push_back({entry.image(), entry.state_reason(), contract::printable(entry.detail(), 300)});
    list.set_page_token(page.next_page_token());
  } while (!list.page_token().empty());
  if (refused.size() > 1) std::cout << '\n' << format_table(refused);
  return kOk;
}

}  // namespace hada::ctl
