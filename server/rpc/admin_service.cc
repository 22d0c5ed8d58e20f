#include "hada/v1/admin.grpc.pb.h"
#include "server/handlers/admin.h"
#include "server/handlers/policy.h"
#include "server/rpc/services.h"

namespace hada::rpc {
namespace {

class AdminService final : public v1::AdminService::CallbackService {
 public:
  explicit AdminService(Dispatch& dispatch) : dispatch_(dispatch) {}
  HADA_VERB(AdminService, CreateSite, Site, create_site)
  HADA_VERB(AdminService, ListSites, ListSitesResponse, list_sites)
  HADA_VERB(AdminService, CreateUser, User, create_user)
  HADA_VERB(AdminService, SetUserRoles, User, set_user_roles)
  HADA_VERB(AdminService, SetUserPassword, User, set_user_password)
  HADA_VERB(AdminService, DisableUser, User, disable_user)
  HADA_VERB(AdminService, ListUsers, ListUsersResponse, list_users)
  HADA_VERB(AdminService, GetPolicy, Policy, get_policy)
  HADA_VERB(AdminService, ListPolicies, ListPoliciesResponse, list_policies)
  HADA_VERB(AdminService, SetPolicy, Policy, set_policy)

 private:
  Dispatch& dispatch_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_admin_service(Dispatch& dispatch) {
  return std::make_unique<AdminService>(dispatch);
}

}  // namespace hada::rpc
