#include "hada/v1/term.grpc.pb.h"
#include "server/handlers/term.h"
#include "server/rpc/services.h"

namespace hada::rpc {
namespace {

class TermService final : public v1::TermService::CallbackService {
 public:
  explicit TermService(Dispatch& dispatch) : dispatch_(dispatch) {}
  HADA_VERB(TermService, ListTerms, ListTermsResponse, list_terms)
  HADA_VERB(TermService, SearchTerms, SearchTermsResponse, search_terms)

 private:
  Dispatch& dispatch_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_term_service(Dispatch& dispatch) {
  return std::make_unique<TermService>(dispatch);
}

}  // namespace hada::rpc
