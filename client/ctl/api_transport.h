#pragma once

// ingest::Transport over the server's IngestService.

#include <string>

#include "client/ingest/transport.h"
#include "client/net/ctl_client.h"

namespace hada::ctl {

class ApiTransport : public ingest::Transport {
 public:
  // `site` is the site's id. `client` outlives this.
  ApiTransport(net::CtlClient& client, std::string site) : client_(client), site_(std::move(site)) {}

  Result<std::string> create_batch(const std::string& request_id) override;
  Result<ingest::UploadState> start_upload(const std::string& batch, const std::string& sha256,
                                           uint64_t size) override;
  Result<ingest::UploadState> write_chunk(const std::string& batch, const std::string& sha256,
                                          uint64_t offset, const std::string& bytes) override;
  Result<ingest::Committed> commit(const std::string& batch, const ingest::Commit& commit) override;
  Result<std::vector<ingest::ImageStatus>> list_images(const std::string& batch) override;

 private:
  net::CtlClient& client_;
  std::string site_;
};

}  // namespace hada::ctl
