#pragma once

// What the model asks the outside world to do. `update` returns effects; the app hands them to the backend
// (client/net) and never waits. Every server effect is answered by exactly one reply of the matching kind
// (reply.h), carrying the same ticket; a cancelled tile is answered by none.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "client/model/types.h"
#include "client/model/viewer_intent.h"

namespace hada::model {

using Ticket = uint64_t;  // unique in this process; 0 is none

namespace effect {
struct Login {
  Ticket ticket;
  std::string user_id, password;
};
struct Logout {
  Ticket ticket;
};
// Who am I; sent after the connection came back.
struct GetSession {
  Ticket ticket;
};
// Every page, one reply.
struct ListTerms {
  Ticket ticket;
};
struct ListCases {
  Ticket ticket;
  WorklistFilter filter;
  int page_size = 100;
  std::string page_token;
};
struct GetCase {
  Ticket ticket;
  std::string name;
};
struct GetImage {
  Ticket ticket;
  std::string name;
};
struct GetThumbnail {
  Ticket ticket;
  std::string image;
};
struct ClaimCase {
  Ticket ticket;
  std::string case_name, request_id;
};
struct ClaimNext {
  Ticket ticket;
  std::string request_id;
  std::vector<std::string> holding = {};  // cases whose slots the caller holds and that are not meant
};
struct RenewLease {
  Ticket ticket;
  std::string lease;
};
struct ReleaseLease {
  Ticket ticket;
  std::string lease, request_id;
};
struct SaveDraft {
  Ticket ticket;
  std::string case_name;
  ReadContent content;
  std::string request_id;
};
struct GetDraft {
  Ticket ticket;
  std::string case_name;
};
struct SubmitRead {
  Ticket ticket;
  std::string case_name;
  ReadContent content;
  ReadTelemetry telemetry;
  std::string request_id;
};
struct AmendRead {
  Ticket ticket;
  std::string read;
  ReadContent content;
  std::string reason, etag, request_id;
};
struct ListReads {
  Ticket ticket;
  std::string case_name;
};
struct ListDecisions {
  Ticket ticket;
  std::string case_name;
};
struct GetReaderStatistics {
  Ticket ticket;
  std::string reader;
};
struct GetAgreement {
  Ticket ticket;
};
struct ResumeReading {
  Ticket ticket;
  std::string reader, etag, request_id;
};
// AdjudicateCase, RequestRead, DeclareNoConsensus, ApproveCase, RejectCase, ReturnCase, ReopenCase, by kind.
struct Decide {
  Ticket ticket;
  DecisionKind kind;
  std::string case_name;
  std::string term;                           // Adjudicate
  RejectCode code = RejectCode::Unspecified;  // Reject, Return
  std::string rationale, etag, request_id;
  ReturnTo returned_to = ReturnTo::Unspecified;  // Return
  std::vector<std::string> readers = {};         // Return to readers: user names; empty: all who vote
};
// Answered by reply::Decided.
struct SetImageInclusion {
  Ticket ticket;
  std::string case_name, image;
  RejectCode exclusion;  // Unspecified: include it
  std::string etag, request_id;
};
// Every page, one reply.
struct ListComments {
  Ticket ticket;
  std::string case_name;
};
// Answered by reply::CommentReply, as the two below are.
struct CreateComment {
  Ticket ticket;
  std::string case_name, image;
  PointD at;
  std::string reply_to, text, request_id;
};
struct EditComment {
  Ticket ticket;
  std::string case_name, name, text, etag, request_id;
};
struct SettleComment {
  Ticket ticket;
  std::string case_name, name;
  bool resolved;
  std::string etag, request_id;
};
// Answered by reply::PanelReply, as the four below are.
struct GetPanel {
  Ticket ticket;
  std::string case_name;
};
struct ConvenePanel {
  Ticket ticket;
  std::string case_name;
  PanelMode mode;
  std::vector<std::string> members;
  std::string rationale, etag, request_id;
};
struct AnswerPanel {
  Ticket ticket;
  std::string case_name, panel, term, rationale, request_id;
};
struct WithdrawPanelAnswer {
  Ticket ticket;
  std::string case_name, panel, request_id;
};
struct DissolvePanel {
  Ticket ticket;
  std::string case_name, panel, etag, request_id;
};
// Everything that reading a case takes, kept on this computer until it is forgotten.
struct Prefetch {
  Ticket ticket;
  std::string case_name;
};
struct Forget {
  std::string case_name;  // empty: all
};
// What is being written as an amendment, kept on this computer; nothing: no longer.
struct KeepAmendment {
  std::string case_name;
  std::optional<KeptAmendment> work;
};
// Removes one of model::Unsettled.
struct Settle {
  int64_t id;
};
// Answered by reply::SampleReply, as GetSample, ApproveRest and CloseSample are.
struct DrawSample {
  Ticket ticket;
  std::string request_id;
};
struct GetSample {
  Ticket ticket;
  std::string name;
};
// Every page, one reply.
struct ListSampledCases {
  Ticket ticket;
  std::string name;
};
// A part of the rest; sent again until none waits.
struct ApproveRest {
  Ticket ticket;
  std::string name;
  int approved, not_approved;
  std::string rationale, request_id;
};
struct CloseSample {
  Ticket ticket;
  std::string name, request_id;
};
// The caller has this case open to decide it, or has left it.
struct NotePresence {
  Ticket ticket;
  std::string case_name;
  bool leaving = false;
};
// Ends the network call with this ticket, if it still runs. Used for tiles after a jump.
struct Cancel {
  Ticket ticket;
};
struct GetTile {
  Ticket ticket;
  std::string image;
  contract::TileKey key;
};
// Answered by the app at once with intent::SetWhite, if the image is there.
struct SampleImage {
  size_t pane;
  std::string image;
  PointD at;  // display pixels of the pane
};
// Written to the settings file by the app.
struct SaveSettings {};
// Puts the text on the clipboard.
struct CopyText {
  std::string text;
};
// Takes the pane's picture from the next frame; answered by intent::ViewExported.
struct ExportView {
  size_t pane;
  ExportTarget target;
};
struct ToggleFullScreen {};
}  // namespace effect

using Effect =
    std::variant<effect::Login, effect::Logout, effect::GetSession, effect::ListTerms, effect::ListCases,
                 effect::GetCase, effect::GetImage, effect::GetThumbnail, effect::ClaimCase,
                 effect::ClaimNext, effect::RenewLease, effect::ReleaseLease, effect::SaveDraft,
                 effect::GetDraft, effect::SubmitRead, effect::AmendRead, effect::ListReads,
                 effect::ListDecisions, effect::GetReaderStatistics, effect::GetAgreement,
                 effect::ResumeReading, effect::Decide, effect::Cancel, effect::GetTile, effect::SaveSettings,
                 effect::CopyText, effect::ExportView, effect::ToggleFullScreen, effect::SampleImage,
                 effect::Prefetch, effect::Forget, effect::KeepAmendment, effect::Settle,
                 effect::SetImageInclusion, effect::ListComments, effect::CreateComment, effect::EditComment,
                 effect::SettleComment, effect::GetPanel, effect::ConvenePanel, effect::AnswerPanel,
                 effect::WithdrawPanelAnswer, effect::DissolvePanel, effect::DrawSample, effect::GetSample,
                 effect::ListSampledCases, effect::ApproveRest, effect::CloseSample, effect::NotePresence>;
using Effects = std::vector<Effect>;

}  // namespace hada::model
