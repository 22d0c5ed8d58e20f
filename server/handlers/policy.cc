#include "server/handlers/policy.h"

#include <charconv>

#include "contract/names.h"
#include "contract/policy.h"
#include "server/core/access.h"
#include "server/core/clock.h"
#include "server/core/errors.h"
#include "server/core/etag.h"
#include "server/core/mutation.h"
#include "server/core/page_token.h"
#include "server/handlers/case_proto.h"
#include "server/handlers/case_sight.h"
#include "server/store/policies.h"

namespace hada::handlers {
namespace {

// The name of whichever policy is in force; no version may be called so.
constexpr const char* kCurrent = "current";

v1::Policy policy_message(const store::PolicyRow& row, int64_t newest_seq) {
  v1::Policy out;
  out.set_name(contract::policy_name(row.policy.version));
  out.set_json(contract::to_json(row.policy));
  if (row.created_us > 0) set_time(out.mutable_create_time(), row.created_us);
  if (!row.created_by.empty() && row.created_by != "system")
    out.set_creator(contract::user_name(row.created_by));
  out.set_in_force(row.seq == newest_seq);
  if (out.in_force()) out.set_etag(core::make_etag(row.seq));
  return out;
}

// What `request` wants in force instead of `newest`, or why it cannot be.
Status check_new_policy(const core::Context& context, store::Tx& tx, const v1::SetPolicyRequest& request,
                        const contract::Policy& wanted, const store::PolicyRow& newest) {
  RETURN_IF_ERROR(core::check_etag(request.etag(), newest.seq));
  RETURN_IF_ERROR(contract::check_policy(wanted, context.services.vocabulary));
  ASSIGN_OR_RETURN(const auto taken, store::policies::find(tx, wanted.version));
  if (taken || wanted.version == newest.policy.version || wanted.version == kCurrent)
    return core::already_exists("POLICY_EXISTS", "there was a policy of this version: give this one its own");
  return {};
}

}  // namespace

Result<v1::Policy> get_policy(core::Context& context, const v1::GetPolicyRequest& request) {
  RETURN_IF_ERROR(core::require_role(context, Role::Admin, ""));
  ASSIGN_OR_RETURN(const std::string version, contract::parse_policy_name(request.name()));
  v1::Policy policy;
  RETURN_IF_ERROR(context.services.store.read([&](store::Tx& tx) -> Status {
    ASSIGN_OR_RETURN(const store::PolicyRow newest, store::policies::newest(tx));
    if (version == kCurrent || version == newest.policy.version) {
      policy = policy_message(newest, newest.seq);
      return {};
    }
    ASSIGN_OR_RETURN(const auto row, store::policies::find(tx, version));
    if (!row) return core::not_found(request.name());
    policy = policy_message(*row, newest.seq);
    return {};
  }));
  return policy;
}

Result<v1::ListPoliciesResponse> list_policies(core::Context& context,
                                               const v1::ListPoliciesRequest& request) {
  RETURN_IF_ERROR(core::require_role(context, Role::Admin, ""));
  ASSIGN_OR_RETURN(const int32_t size, core::page_size(request.page_size(), 20, 100));
  ASSIGN_OR_RETURN(const std::string cursor, core::decode_page_token(request.page_token(), "policies"));
  int64_t before = 0;
  if (std::from_chars(cursor.data(), cursor.data() + cursor.size(), before).ptr !=
      cursor.data() + cursor.size())
    return core::bad_page_token();
  v1::ListPoliciesResponse response;
  RETURN_IF_ERROR(context.services.store.read([&](store::Tx& tx) -> Status {
    ASSIGN_OR_RETURN(const store::PolicyRow newest, store::policies::newest(tx));
    ASSIGN_OR_RETURN(auto rows, store::policies::list(tx, before, size + 1));
    if (newest.seq == 0) rows = {newest};
    if (rows.size() > static_cast<size_t>(size)) {
      rows.pop_back();
      response.set_next_page_token(core::encode_page_token(std::to_string(rows.back().seq), "policies"));
    }
    for (const store::PolicyRow& row : rows) *response.add_policies() = policy_message(row, newest.seq);
    return {};
  }));
  return response;
}

Result<v1::Policy> set_policy(core::Context& context, const v1::SetPolicyRequest& request) {
  RETURN_IF_ERROR(core::require_role(context, Role::Admin, ""));
  ASSIGN_OR_RETURN(const contract::Policy wanted, contract::policy_from_json(request.json()));
  if (request.validate_only()) {
    v1::Policy checked;
    RETURN_IF_ERROR(context.services.store.read([&](store::Tx& tx) -> Status {
      ASSIGN_OR_RETURN(const store::PolicyRow newest, store::policies::newest(tx));
      RETURN_IF_ERROR(check_new_policy(context, tx, request, wanted, newest));
      checked = policy_message({wanted, newest.seq + 1, context.caller.user_id, 0}, newest.seq);
      return {};
    }));
    return checked;
  }
  return core::mutate<v1::Policy>(
      context, request, request.request_id(), [&](store::Tx& tx) -> Result<v1::Policy> {
        ASSIGN_OR_RETURN(const store::PolicyRow newest, store::policies::newest(tx));
        RETURN_IF_ERROR(check_new_policy(context, tx, request, wanted, newest));
        const int64_t now = context.services.clock.now_us();
        // The program's own is stored before it is replaced, so that every version there was can be seen.
        RETURN_IF_ERROR(store::policies::keep(tx, newest.policy, "system", now));
        RETURN_IF_ERROR(store::policies::keep(tx, wanted, context.caller.user_id, now));
        RETURN_IF_ERROR(record(context, tx, "set_policy", contract::policy_name(wanted.version), ""));
        ASSIGN_OR_RETURN(const store::PolicyRow stored, store::policies::newest(tx));
        return policy_message(stored, stored.seq);
      });
}

}  // namespace hada::handlers
