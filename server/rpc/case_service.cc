#include "hada/v1/case.grpc.pb.h"
#include "server/handlers/case.h"
#include "server/rpc/services.h"

namespace hada::rpc {
namespace {

class CaseService final : public v1::CaseService::CallbackService {
 public:
  explicit CaseService(Dispatch& dispatch) : dispatch_(dispatch) {}
  HADA_VERB(CaseService, ListCases, ListCasesResponse, list_cases)
  HADA_VERB(CaseService, GetCase, Case, get_case)
  HADA_VERB(CaseService, GetImage, Image, get_image)
  HADA_VERB(CaseService, SetCaseTier, Case, set_case_tier)

 private:
  Dispatch& dispatch_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_case_service(Dispatch& dispatch) {
  return std::make_unique<CaseService>(dispatch);
}

}  // namespace hada::rpc
