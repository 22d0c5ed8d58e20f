#include "server/rpc/tls.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <fstream>
#include <iterator>
#include <utility>

namespace hada::rpc {
namespace {

Unexpected bad_tls(std::string message) {
  return Unexpected(ErrorCode::InvalidArgument, "BAD_TLS", std::move(message));
}

template <auto fn>
struct Free {
  template <class T>
  void operator()(T* p) const {
    fn(p);
  }
};
using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;

Bio bio_of(const std::string& pem) { return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))); }

Result<std::string> read_pem(const std::string& path, const char* flag) {
  std::ifstream file(path, std::ios::binary);
  std::string pem{std::istreambuf_iterator<char>(file), {}};
  if (!file || pem.empty()) return bad_tls(std::string(flag) + ": cannot read " + path);
  return pem;
}

// An encrypted key would make OpenSSL ask the terminal.
int no_passphrase(char*, int, int, void*) { return 0; }

}  // namespace

Result<std::shared_ptr<grpc::ServerCredentials>> tls_credentials(const std::string& cert_path,
                                                                 const std::string& key_path) {
  ASSIGN_OR_RETURN(std::string cert_pem, read_pem(cert_path, "--tls-cert"));
  ASSIGN_OR_RETURN(std::string key_pem, read_pem(key_path, "--tls-key"));
  const Certificate certificate(PEM_read_bio_X509(bio_of(cert_pem).get(), nullptr, no_passphrase, nullptr));
  if (!certificate) return bad_tls("--tls-cert: no PEM certificate in " + cert_path);
  const Key key(PEM_read_bio_PrivateKey(bio_of(key_pem).get(), nullptr, no_passphrase, nullptr));
  if (!key) return bad_tls("--tls-key: no unencrypted PEM key in " + key_path);
  if (X509_check_private_key(certificate.get(), key.get()) != 1)
    return bad_tls("--tls-key does not belong to the certificate of --tls-cert");
  grpc::SslServerCredentialsOptions ssl;
  ssl.pem_key_cert_pairs.push_back({std::move(key_pem), std::move(cert_pem)});
  return grpc::SslServerCredentials(ssl);
}

}  // namespace hada::rpc
