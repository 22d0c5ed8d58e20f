#include "client/net/calls.h"

#include <type_traits>

#include "client/net/convert.h"
#include "client/net/convert_statistics.h"
#include "hada/v1/case.pb.h"
#include "hada/v1/decision.pb.h"
#include "hada/v1/event.pb.h"
#include "hada/v1/read.pb.h"
#include "hada/v1/session.pb.h"
#include "hada/v1/statistics.pb.h"
#include "hada/v1/tile.pb.h"

namespace hada::net {
namespace {

using namespace std::chrono_literals;
namespace effect = model::effect;
namespace reply = model::reply;

constexpr const char* kLogin = "/hada.v1.SessionService/Login";
constexpr const char* kLogout = "/hada.v1.SessionService/Logout";
constexpr const char* kGetSession = "/hada.v1.SessionService/GetSession";
constexpr const char* kListCases = "/hada.v1.CaseService/ListCases";
constexpr const char* kGetCase = "/hada.v1.CaseService/GetCase";
constexpr const char* kGetImage = "/hada.v1.CaseService/GetImage";
constexpr const char* kGetThumbnail = "/hada.v1.TileService/GetThumbnail";
constexpr const char* kGetTile = "/hada.v1.TileService/GetTile";
constexpr const char* kClaimCase = "/hada.v1.ReadService/ClaimCase";
constexpr const char* kClaimNext = "/hada.v1.ReadService/ClaimNext";
constexpr const char* kRenewLease = "/hada.v1.ReadService/RenewLease";
constexpr const char* kReleaseLease = "/hada.v1.ReadService/ReleaseLease";
constexpr const char* kSaveDraft = "/hada.v1.ReadService/SaveDraft";
constexpr const char* kGetDraft = "/hada.v1.ReadService/GetDraft";
constexpr const char* kSubmitRead = "/hada.v1.ReadService/SubmitRead";
constexpr const char* kAmendRead = "/hada.v1.ReadService/AmendRead";
constexpr const char* kListReads = "/hada.v1.ReadService/ListReads";
constexpr const char* kListDecisions = "/hada.v1.DecisionService/ListDecisions";
constexpr const char* kGetReaderStatistics = "/hada.v1.StatisticsService/GetReaderStatistics";
constexpr const char* kGetAgreement = "/hada.v1.StatisticsService/GetAgreement";
constexpr const char* kResumeReading = "/hada.v1.StatisticsService/ResumeReading";
constexpr const char* kDrawSample = "/hada.v1.DecisionService/DrawSample";
constexpr const char* kGetSample = "/hada.v1.DecisionService/GetSample";
constexpr const char* kListSampledCases = "/hada.v1.DecisionService/ListSampledCases";
constexpr const char* kApproveRest = "/hada.v1.DecisionService/ApproveRest";
constexpr const char* kCloseSample = "/hada.v1.DecisionService/CloseSample";
constexpr const char* kListComments = "/hada.v1.ReadService/ListComments";
constexpr const char* kCreateComment = "/hada.v1.ReadService/CreateComment";
constexpr const char* kEditComment = "/hada.v1.ReadService/EditComment";
constexpr const char* kResolveComment = "/hada.v1.ReadService/ResolveComment";
constexpr const char* kReopenComment = "/hada.v1.ReadService/ReopenComment";
constexpr const char* kGetPanel = "/hada.v1.DecisionService/GetPanel";
constexpr const char* kConvenePanel = "/hada.v1.DecisionService/ConvenePanel";
constexpr const char* kAnswerPanel = "/hada.v1.DecisionService/AnswerPanel";
constexpr const char* kWithdrawPanelAnswer = "/hada.v1.DecisionService/WithdrawPanelAnswer";
constexpr const char* kDissolvePanel = "/hada.v1.DecisionService/DissolvePanel";
constexpr const char* kNotePresence = "/hada.v1.EventService/NotePresence";
const std::string kDecisionService = "/hada.v1.DecisionService/";

Call query(model::Ticket ticket, const char* method, const google::protobuf::Message& request,
           std::chrono::milliseconds deadline = 15s) {
  return {ticket, method, request.SerializeAsString(), deadline, false, {}};
}

Call mutation(model::Ticket ticket, const std::string& method, const google::protobuf::Message& request,
              const std::string& subject) {
  return {ticket, method, request.SerializeAsString(), 15s, true, subject};
}

// The fields all decisions share.
template <typename Request>
Request decision(const effect::Decide& e) {
  Request request;
  request.set_name(e.case_name);
  request.set_etag(e.etag);
  request.set_request_id(e.request_id);
  return request;
}

Call decide(const effect::Decide& e) {
  const auto send = [&](const char* verb, const google::protobuf::Message& request) {
    return mutation(e.ticket, kDecisionService + verb, request, e.case_name);
  };
  switch (e.kind) {
    case DecisionKind::Adjudicate: {
      auto request = decision<v1::AdjudicateCaseRequest>(e);
      request.set_term(e.term);
      request.set_rationale(e.rationale);
      return send("AdjudicateCase", request);
    }
    case DecisionKind::MoreReads: {
      auto request = decision<v1::RequestReadRequest>(e);
      request.set_rationale(e.rationale);
      return send("RequestRead", request);
    }
    case DecisionKind::NoConsensus: {
      auto request = decision<v1::DeclareNoConsensusRequest>(e);
      request.set_rationale(e.rationale);
      return send("DeclareNoConsensus", request);
    }
    case DecisionKind::Reject: {
      auto request = decision<v1::RejectCaseRequest>(e);
      request.set_code(static_cast<v1::RejectCode>(e.code));
      request.set_rationale(e.rationale);
      return send("RejectCase", request);
    }
    case DecisionKind::Return: {
      auto request = decision<v1::ReturnCaseRequest>(e);
      request.set_to(static_cast<v1::ReturnTo>(e.returned_to));
      for (const std::string& reader : e.readers) request.add_readers(reader);
      request.set_code(static_cast<v1::RejectCode>(e.code));
      request.set_rationale(e.rationale);
      return send("ReturnCase", request);
    }
    case DecisionKind::Reopen: {
      auto request = decision<v1::ReopenCaseRequest>(e);
      request.set_rationale(e.rationale);
      return send("ReopenCase", request);
    }
    default:
      return send("ApproveCase", decision<v1::ApproveCaseRequest>(e));
  }
}

template <typename Response, typename R, typename Fill>
model::Reply build(model::Ticket ticket, Outcome& outcome, R reply, Fill fill) {
  reply.ticket = ticket;
  if (outcome.error) {
    reply.error = std::move(outcome.error);
    return reply;
  }
  Response response;
  if (!response.ParseFromString(outcome.bytes)) {
    reply.error = model::ApiError{
        static_cast<int>(ErrorCode::Internal), "BAD_RESPONSE", "the server's answer cannot be read", {}};
    return reply;
  }
  fill(response, reply);
  return reply;
}

template <typename Request, typename Response>
std::optional<Call> following(Call call, const std::string& bytes) {
  Request request;
  Response page;
  if (!request.ParseFromString(call.request) || !page.ParseFromString(bytes) ||
      page.next_page_token().empty())
    return std::nullopt;
  request.set_page_token(page.next_page_token());
  call.request = request.SerializeAsString();
  return call;
}

}  // namespace

std::optional<Call> next_page(const Call& call, const std::string& bytes) {
  if (call.method == kListReads) return following<v1::ListReadsRequest, v1::ListReadsResponse>(call, bytes);
  if (call.method == kListDecisions)
    return following<v1::ListDecisionsRequest, v1::ListDecisionsResponse>(call, bytes);
  if (call.method == kListComments)
    return following<v1::ListCommentsRequest, v1::ListCommentsResponse>(call, bytes);
  if (call.method == kListSampledCases)
    return following<v1::ListSampledCasesRequest, v1::ListSampledCasesResponse>(call, bytes);
  return std::nullopt;
}

Call make_call(const model::Effect& any, const std::string& client_version) {
  return std::visit(
      [&](const auto& e) -> Call {
        using E = std::decay_t<decltype(e)>;
        if constexpr (std::is_same_v<E, effect::Login>) {
          v1::LoginRequest request;
          request.set_user_id(e.user_id);
          request.set_password(e.password);
          return query(e.ticket, kLogin, request);
        } else if constexpr (std::is_same_v<E, effect::Logout>) {
          return query(e.ticket, kLogout, v1::LogoutRequest());
        } else if constexpr (std::is_same_v<E, effect::GetSession>) {
          return query(e.ticket, kGetSession, v1::GetSessionRequest());
        } else if constexpr (std::is_same_v<E, effect::ListCases>) {
          v1::ListCasesRequest request = to_proto(e.filter);
          request.set_page_size(e.page_size);
          request.set_page_token(e.page_token);
          return query(e.ticket, kListCases, request);
        } else if constexpr (std::is_same_v<E, effect::GetCase>) {
          v1::GetCaseRequest request;
          request.set_name(e.name);
          return query(e.ticket, kGetCase, request);
        } else if constexpr (std::is_same_v<E, effect::GetImage>) {
          v1::GetImageRequest request;
          request.set_name(e.name);
          return query(e.ticket, kGetImage, request);
        } else if constexpr (std::is_same_v<E, effect::GetThumbnail>) {
          v1::GetThumbnailRequest request;
          request.set_image(e.image);
          return query(e.ticket, kGetThumbnail, request, 10s);
        } else if constexpr (std::is_same_v<E, effect::GetTile>) {
          v1::GetTileRequest request;
          request.set_image(e.image);
          request.set_level(e.key.level);
          request.set_column(e.key.column);
          request.set_row(e.key.row);
          return query(e.ticket, kGetTile, request, 10s);
        } else if constexpr (std::is_same_v<E, effect::ClaimCase>) {
          v1::ClaimCaseRequest request;
          request.set_case_(e.case_name);
          request.set_request_id(e.request_id);
          return query(e.ticket, kClaimCase, request);
        } else if constexpr (std::is_same_v<E, effect::ClaimNext>) {
          v1::ClaimNextRequest request;
          request.set_request_id(e.request_id);
          for (const std::string& name : e.holding) request.add_holding(name);
          return query(e.ticket, kClaimNext, request);
        } else if constexpr (std::is_same_v<E, effect::RenewLease>) {
          v1::RenewLeaseRequest request;
          request.set_name(e.lease);
          return query(e.ticket, kRenewLease, request);
        } else if constexpr (std::is_same_v<E, effect::ReleaseLease>) {
          v1::ReleaseLeaseRequest request;
          request.set_name(e.lease);
          request.set_request_id(e.request_id);
          return query(e.ticket, kReleaseLease, request);
        } else if constexpr (std::is_same_v<E, effect::SaveDraft>) {
          v1::SaveDraftRequest request;
          request.set_case_(e.case_name);
          *request.mutable_content() = to_proto(e.content);
          request.set_request_id(e.request_id);
          return mutation(e.ticket, kSaveDraft, request, e.case_name);
        } else if constexpr (std::is_same_v<E, effect::GetDraft>) {
          v1::GetDraftRequest request;
          request.set_case_(e.case_name);
          return query(e.ticket, kGetDraft, request);
        } else if constexpr (std::is_same_v<E, effect::SubmitRead>) {
          v1::SubmitReadRequest request;
          request.set_case_(e.case_name);
          *request.mutable_content() = to_proto(e.content);
          *request.mutable_telemetry() = to_proto(e.telemetry, client_version);
          request.set_request_id(e.request_id);
          return mutation(e.ticket, kSubmitRead, request, e.case_name);
        } else if constexpr (std::is_same_v<E, effect::AmendRead>) {
          v1::AmendReadRequest request;
          request.set_name(e.read);
          *request.mutable_content() = to_proto(e.content);
          request.set_reason(e.reason);
          request.set_etag(e.etag);
          request.set_request_id(e.request_id);
          return mutation(e.ticket, kAmendRead, request, e.read);
        } else if constexpr (std::is_same_v<E, effect::ListReads>) {
          v1::ListReadsRequest request;
          request.set_parent(e.case_name);
          request.set_page_size(100);
          return query(e.ticket, kListReads, request);
        } else if constexpr (std::is_same_v<E, effect::ListDecisions>) {
          v1::ListDecisionsRequest request;
          request.set_parent(e.case_name);
          request.set_page_size(100);
          return query(e.ticket, kListDecisions, request);
        } else if constexpr (std::is_same_v<E, effect::GetReaderStatistics>) {
          v1::GetReaderStatisticsRequest request;
          request.set_reader(e.reader);
          return query(e.ticket, kGetReaderStatistics, request, 60s);
        } else if constexpr (std::is_same_v<E, effect::GetAgreement>) {
          return query(e.ticket, kGetAgreement, v1::GetAgreementRequest(), 60s);
        } else if constexpr (std::is_same_v<E, effect::ResumeReading>) {
          v1::ResumeReadingRequest request;
          request.set_reader(e.reader);
          request.set_etag(e.etag);
          request.set_request_id(e.request_id);
          return query(e.ticket, kResumeReading, request);
        } else if constexpr (std::is_same_v<E, effect::NotePresence>) {
          v1::NotePresenceRequest request;
          request.set_name(e.case_name);
          request.set_leaving(e.leaving);
          return query(e.ticket, kNotePresence, request);
        } else if constexpr (std::is_same_v<E, effect::Decide>) {
          return decide(e);
        } else if constexpr (std::is_same_v<E, effect::DrawSample>) {
          v1::DrawSampleRequest request;
          request.set_request_id(e.request_id);
          return query(e.ticket, kDrawSample, request, 30s);
        } else if constexpr (std::is_same_v<E, effect::GetSample>) {
          v1::GetSampleRequest request;
          request.set_name(e.name);
          return query(e.ticket, kGetSample, request);
        } else if constexpr (std::is_same_v<E, effect::ListSampledCases>) {
          v1::ListSampledCasesRequest request;
          request.set_parent(e.name);
          request.set_page_size(100);
          return query(e.ticket, kListSampledCases, request);
        } else if constexpr (std::is_same_v<E, effect::ApproveRest>) {
          v1::ApproveRestRequest request;
          request.set_name(e.name);
          request.set_approved(e.approved);
          request.set_not_approved(e.not_approved);
          request.set_rationale(e.rationale);
          request.set_request_id(e.request_id);
          return query(e.ticket, kApproveRest, request, 30s);
        } else if constexpr (std::is_same_v<E, effect::CloseSample>) {
          v1::CloseSampleRequest request;
          request.set_name(e.name);
          request.set_request_id(e.request_id);
          return query(e.ticket, kCloseSample, request);
        } else if constexpr (std::is_same_v<E, effect::ListComments>) {
          v1::ListCommentsRequest request;
          request.set_parent(e.case_name);
          request.set_page_size(100);
          return query(e.ticket, kListComments, request);
        } else if constexpr (std::is_same_v<E, effect::CreateComment>) {
          v1::CreateCommentRequest request;
          request.set_parent(e.case_name);
          request.set_text(e.text);
          request.set_image(e.image);
          request.set_x(e.at.x);
          request.set_y(e.at.y);
          request.set_reply_to(e.reply_to);
          request.set_request_id(e.request_id);
          return mutation(e.ticket, kCreateComment, request, e.case_name);
        } else if constexpr (std::is_same_v<E, effect::EditComment>) {
          v1::EditCommentRequest request;
          request.set_name(e.name);
          request.set_text(e.text);
          request.set_etag(e.etag);
          request.set_request_id(e.request_id);
          return mutation(e.ticket, kEditComment, request, e.case_name);
        } else if constexpr (std::is_same_v<E, effect::SettleComment>) {
          v1::ResolveCommentRequest request;
          request.set_name(e.name);
          request.set_etag(e.etag);
          request.set_request_id(e.request_id);
          // The two requests are alike.
          return mutation(e.ticket, e.resolved ? kResolveComment : kReopenComment, request, e.case_name);
        } else if constexpr (std::is_same_v<E, effect::GetPanel>) {
          v1::GetPanelRequest request;
          request.set_name(e.case_name);
          return query(e.ticket, kGetPanel, request);
        } else if constexpr (std::is_same_v<E, effect::ConvenePanel>) {
          v1::ConvenePanelRequest request;
          request.set_name(e.case_name);
          request.set_mode(static_cast<v1::PanelMode>(e.mode));
          for (const std::string& member : e.members) request.add_members(member);
          request.set_rationale(e.rationale);
          request.set_etag(e.etag);
          request.set_request_id(e.request_id);
          return mutation(e.ticket, kConvenePanel, request, e.case_name);
        } else if constexpr (std::is_same_v<E, effect::AnswerPanel>) {
          v1::AnswerPanelRequest request;
          request.set_name(e.panel);
          request.set_term(e.term);
          request.set_rationale(e.rationale);
          request.set_request_id(e.request_id);
          return mutation(e.ticket, kAnswerPanel, request, e.case_name);
        } else if constexpr (std::is_same_v<E, effect::WithdrawPanelAnswer>) {
          v1::WithdrawPanelAnswerRequest request;
          request.set_name(e.panel);
          request.set_request_id(e.request_id);
          return mutation(e.ticket, kWithdrawPanelAnswer, request, e.case_name);
        } else if constexpr (std::is_same_v<E, effect::DissolvePanel>) {
          v1::DissolvePanelRequest request;
          request.set_name(e.panel);
          request.set_etag(e.etag);
          request.set_request_id(e.request_id);
          return mutation(e.ticket, kDissolvePanel, request, e.case_name);
        } else if constexpr (std::is_same_v<E, effect::SetImageInclusion>) {
          v1::SetImageInclusionRequest request;
          request.set_name(e.image);
          request.set_included(e.exclusion == RejectCode::Unspecified);
          request.set_code(static_cast<v1::RejectCode>(e.exclusion));
          request.set_etag(e.etag);
          request.set_request_id(e.request_id);
          return mutation(e.ticket, kDecisionService + "SetImageInclusion", request, e.case_name);
        } else {
          return {};
        }
      },
      any);
}

model::Reply make_reply(const std::string& method, model::Ticket ticket, const std::string& request,
                        Outcome outcome) {
  if (method == kLogin)
    return build<v1::LoginResponse>(ticket, outcome, reply::LoggedIn{},
                                    [](auto& in, auto& out) { out.user = to_model(in.user()); });
  if (method == kLogout)
    return build<v1::LogoutResponse>(ticket, outcome, reply::LoggedOut{}, [](auto&, auto&) {});
  if (method == kGetSession)
    return build<v1::GetSessionResponse>(ticket, outcome, reply::Session{}, [](auto& in, auto& out) {
      out.user = to_model(in.user());
      out.server_version = in.server_version();
      if (in.has_standing()) out.standing = to_model(in.standing());
    });
  if (method == kListCases)
    return build<v1::ListCasesResponse>(ticket, outcome, reply::Cases{}, [](auto& in, auto& out) {
      for (const v1::Case& value : in.cases()) out.cases.push_back(to_model(value));
      out.next_page_token = in.next_page_token();
    });
  if (method == kGetCase)
    return build<v1::Case>(ticket, outcome, reply::CaseReply{},
                           [](auto& in, auto& out) { out.value = to_model(in); });
  if (method == kGetImage)
    return build<v1::Image>(ticket, outcome, reply::ImageReply{},
                            [](auto& in, auto& out) { out.value = to_model(in); });
  if (method == kGetThumbnail) {
    v1::GetThumbnailRequest asked;
    asked.ParseFromString(request);
    reply::Thumbnail out;
    out.image = asked.image();
    return build<v1::GetThumbnailResponse>(ticket, outcome, std::move(out),
                                           [](auto& in, auto& r) { r.jpeg = std::move(*in.mutable_jpeg()); });
  }
  if (method == kGetTile) {
    v1::GetTileRequest asked;
    asked.ParseFromString(request);
    reply::Tile out;
    out.image = asked.image();
    out.key = {asked.level(), asked.column(), asked.row()};
    return build<v1::GetTileResponse>(ticket, outcome, std::move(out),
                                      [](auto& in, auto& r) { r.jpeg = std::move(*in.mutable_jpeg()); });
  }
  if (method == kClaimCase || method == kClaimNext || method == kRenewLease)
    return build<v1::ReadLease>(ticket, outcome, reply::LeaseReply{},
                                [](auto& in, auto& out) { out.value = to_model(in); });
  if (method == kReleaseLease)
    return build<v1::ReleaseLeaseResponse>(ticket, outcome, reply::LeaseReleased{}, [](auto&, auto&) {});
  if (method == kSaveDraft)
    return build<v1::SaveDraftResponse>(ticket, outcome, reply::DraftSaved{}, [](auto&, auto&) {});
  if (method == kGetDraft)
    return build<v1::GetDraftResponse>(ticket, outcome, reply::Draft{}, [](auto& in, auto& out) {
      if (in.has_content()) out.content = to_model(in.content());
    });
  if (method == kSubmitRead || method == kAmendRead)
    return build<v1::Read>(ticket, outcome, reply::ReadReply{},
                           [](auto& in, auto& out) { out.value = to_model(in); });
  if (method == kListReads)
    return build<v1::ListReadsResponse>(ticket, outcome, reply::Reads{}, [](auto& in, auto& out) {
      for (const v1::Read& read : in.reads()) out.reads.push_back(to_model(read));
    });
  if (method == kListDecisions)
    return build<v1::ListDecisionsResponse>(ticket, outcome, reply::Decisions{}, [](auto& in, auto& out) {
      for (const v1::Decision& d : in.decisions()) out.decisions.push_back(to_model(d));
    });
  if (method == kGetReaderStatistics)
    return build<v1::ReaderStatistics>(ticket, outcome, reply::ReaderStatistics{},
                                       [](auto& in, auto& out) { out.value = to_model(in); });
  if (method == kGetAgreement)
    return build<v1::Agreement>(ticket, outcome, reply::Agreement{},
                                [](auto& in, auto& out) { out.value = to_model(in); });
  if (method == kResumeReading)
    return build<v1::ReaderStanding>(ticket, outcome, reply::Standing{},
                                     [](auto& in, auto& out) { out.value = to_model(in); });
  if (method == kDrawSample || method == kGetSample || method == kApproveRest || method == kCloseSample)
    return build<v1::Sample>(ticket, outcome, reply::SampleReply{},
                             [](auto& in, auto& out) { out.value = to_model(in); });
  if (method == kListComments)
    return build<v1::ListCommentsResponse>(ticket, outcome, reply::Comments{}, [](auto& in, auto& out) {
      for (const v1::Comment& comment : in.comments()) out.comments.push_back(to_model(comment));
    });
  if (method == kCreateComment || method == kEditComment || method == kResolveComment ||
      method == kReopenComment)
    return build<v1::Comment>(ticket, outcome, reply::CommentReply{},
                              [](auto& in, auto& out) { out.value = to_model(in); });
  if (method == kGetPanel || method == kConvenePanel || method == kAnswerPanel ||
      method == kWithdrawPanelAnswer || method == kDissolvePanel)
    return build<v1::PanelState>(ticket, outcome, reply::PanelReply{},
                                 [](auto& in, auto& out) { out.value = to_model(in); });
  if (method == kListSampledCases)
    return build<v1::ListSampledCasesResponse>(
        ticket, outcome, reply::SampledCases{}, [](auto& in, auto& out) {
          for (const v1::SampledCase& c : in.cases())
            out.cases.push_back({to_model(c.case_()), c.votes(), c.agreeing(), c.lowest_confidence()});
        });
  if (method == kNotePresence)
    return build<v1::NotePresenceResponse>(ticket, outcome, reply::Presence{}, [](auto& in, auto& out) {
      out.others = {in.others().begin(), in.others().end()};
    });
  return build<v1::Case>(ticket, outcome, reply::Decided{},
                         [](auto& in, auto& out) { out.value = to_model(in); });
}

}  // namespace hada::net
