#include "hada/v1/session.grpc.pb.h"
#include "server/handlers/session.h"
#include "server/rpc/services.h"

namespace hada::rpc {
namespace {

class SessionService final : public v1::SessionService::CallbackService {
 public:
  explicit SessionService(Dispatch& dispatch) : dispatch_(dispatch) {}
  HADA_VERB(SessionService, Login, LoginResponse, login)
  HADA_VERB(SessionService, Logout, LogoutResponse, logout)
  HADA_VERB(SessionService, GetSession, GetSessionResponse, get_session)

 private:
  Dispatch& dispatch_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_session_service(Dispatch& dispatch) {
  return std::make_unique<SessionService>(dispatch);
}

}  // namespace hada::rpc
