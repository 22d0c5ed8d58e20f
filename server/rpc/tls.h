#pragma once

#include <grpcpp/security/server_credentials.h>

#include <memory>
#include <string>

#include "contract/result.h"

namespace hada::rpc {

// Server credentials from a PEM certificate chain and its PEM key. INVALID_ARGUMENT / BAD_TLS when a file
// cannot be read or the key is not the certificate's: gRPC itself would start and then refuse every
// connection.
Result<std::shared_ptr<grpc::ServerCredentials>> tls_credentials(const std::string& cert_path,
                                                                 const std::string& key_path);

}  // namespace hada::rpc
