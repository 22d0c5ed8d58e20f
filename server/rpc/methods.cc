#include "server/rpc/methods.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <set>

#include "hada/v1/admin.pb.h"
#include "hada/v1/case.pb.h"
#include "hada/v1/decision.pb.h"
#include "hada/v1/event.pb.h"
#include "hada/v1/ingest.pb.h"
#include "hada/v1/read.pb.h"
#include "hada/v1/session.pb.h"
#include "hada/v1/statistics.pb.h"
#include "hada/v1/term.pb.h"
#include "hada/v1/tile.pb.h"

namespace hada::rpc {
namespace {

std::vector<Method> make_methods() {
  const std::vector<Role> admin = {Role::Admin};
  const std::vector<Role> reader = {Role::Dermatologist};
  const std::vector<Role> qa = {Role::QaReviewer};
  const std::vector<Role> coordinator = {Role::SiteCoordinator};
  const std::vector<Role> sees_cases = {Role::Dermatologist, Role::QaReviewer, Role::SiteCoordinator};
  const std::vector<Role> sees_reads = {Role::Dermatologist, Role::QaReviewer};
  const std::vector<Role> anyone = {};

  std::vector<Method> all;
  const auto add = [&](const char* service, const char* verb, Lane lane, const std::vector<Role>& any_of,
                       bool needs_login = true) {
    all.push_back({std::string("/hada.v1.") + service + "/" + verb, lane, needs_login, any_of});
  };

  add("SessionService", "Login", Lane::Password, anyone, false);
  add("SessionService", "Logout", Lane::Db, anyone, false);
  add("SessionService", "GetSession", Lane::Db, anyone);

  add("AdminService", "CreateSite", Lane::Db, admin);
  add("AdminService", "ListSites", Lane::Db, admin);
  add("AdminService", "CreateUser", Lane::Password, admin);
  add("AdminService", "SetUserRoles", Lane::Db, admin);
  add("AdminService", "SetUserPassword", Lane::Password, admin);
  add("AdminService", "DisableUser", Lane::Db, admin);
  add("AdminService", "ListUsers", Lane::Db, admin);
  add("AdminService", "GetPolicy", Lane::Db, admin);
  add("AdminService", "ListPolicies", Lane::Db, admin);
  add("AdminService", "SetPolicy", Lane::Db, admin);

  add("CaseService", "ListCases", Lane::Db, sees_cases);
  add("CaseService", "GetCase", Lane::Db, sees_cases);
  add("CaseService", "GetImage", Lane::Db, sees_cases);
  add("CaseService", "SetCaseTier", Lane::Db, qa);

  add("TileService", "GetTile", Lane::Tiles, sees_cases);
  add("TileService", "GetThumbnail", Lane::Tiles, sees_cases);

  for (const char* verb : {"ClaimCase", "ClaimNext", "RenewLease", "ReleaseLease", "SaveDraft", "GetDraft",
                           "SubmitRead", "AmendRead"})
    add("ReadService", verb, Lane::Db, reader);
  add("ReadService", "ListReads", Lane::Db, sees_reads);
  for (const char* verb : {"ListComments", "CreateComment", "EditComment", "ResolveComment", "ReopenComment"})
    add("ReadService", verb, Lane::Db, qa);

  for (const char* verb :
       {"AdjudicateCase", "RequestRead", "DeclareNoConsensus", "ApproveCase", "RejectCase", "ReturnCase",
        "SetImageInclusion", "ReopenCase", "GetPanel", "ConvenePanel", "AnswerPanel", "WithdrawPanelAnswer",
        "DissolvePanel", "DrawSample", "GetSample", "ListSampledCases", "ApproveRest", "CloseSample"})
    add("DecisionService", verb, Lane::Db, qa);
  add("DecisionService", "ListDecisions", Lane::Db, sees_cases);

  add("IngestService", "CreateBatch", Lane::Db, coordinator);
  add("IngestService", "GetBatch", Lane::Db, coordinator);
  add("IngestService", "StartUpload", Lane::Upload, coordinator);
  add("IngestService", "WriteChunk", Lane::Upload, coordinator);
  add("IngestService", "CommitImage", Lane::Db, coordinator);
  add("IngestService", "ListBatchImages", Lane::Db, coordinator);

  add("StatisticsService", "GetReaderStatistics", Lane::Statistics, sees_reads);
  add("StatisticsService", "GetAgreement", Lane::Statistics, qa);
  add("StatisticsService", "ResumeReading", Lane::Db, qa);

  add("EventService", "WatchEvents", Lane::Db, sees_cases);
  add("EventService", "NotePresence", Lane::Db, qa);

  add("TermService", "ListTerms", Lane::Db, anyone);
  add("TermService", "SearchTerms", Lane::Db, anyone);
  return all;
}

}  // namespace

const std::vector<Method>& methods() {
  static const std::vector<Method> all = make_methods();
  return all;
}

size_t method_index(std::string_view service, std::string_view verb) {
  const std::string name = "/hada.v1." + std::string(service) + "/" + std::string(verb);
  const auto& all = methods();
  return static_cast<size_t>(
      std::find_if(all.begin(), all.end(), [&](const Method& m) { return m.name == name; }) - all.begin());
}

Status check_methods() {
  std::set<std::string> in_table, in_protos;
  for (const Method& method : methods()) in_table.insert(method.name);
  for (const google::protobuf::FileDescriptor* file :
       {v1::Site::descriptor()->file(), v1::Case::descriptor()->file(), v1::Decision::descriptor()->file(),
        v1::Batch::descriptor()->file(), v1::Read::descriptor()->file(), v1::User::descriptor()->file(),
        v1::Term::descriptor()->file(), v1::GetTileRequest::descriptor()->file(),
        v1::Agreement::descriptor()->file(), v1::Hint::descriptor()->file()})
    for (int s = 0; s < file->service_count(); ++s)
      for (int m = 0; m < file->service(s)->method_count(); ++m)
        in_protos.insert("/" + file->service(s)->full_name() + "/" + file->service(s)->method(m)->name());
  if (in_table != in_protos)
    return Unexpected(ErrorCode::Internal, "METHOD_TABLE", "the table of methods and the protocol differ");
  return {};
}

}  // namespace hada::rpc
