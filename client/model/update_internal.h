#pragma once

// One run of `update`: the model, and the effects gathered so far. Private to client/model.

#include <string>
#include <utility>

#include "client/model/update.h"

namespace hada::model::detail {

// The reason given to requests that an expired session cut off.
inline constexpr const char* kSessionGone = "SESSION_GONE";

struct Turn {
  Model& model;
  Effects effects = {};

  // Sends a request and remembers what its answer is for.
  template <typename E>
  Ticket ask(E effect, Pending pending) {
    const Ticket ticket = model.next_ticket();
    effect.ticket = ticket;
    model.pending.emplace(ticket, std::move(pending));
    effects.push_back(std::move(effect));
    return ticket;
  }
  void toast(Toast toast) { model.toasts.add(std::move(toast), model.now_us); }
  void toast_error(const ApiError& error, std::string case_name = {});
};

// --- shared steps, by the file that has them ---

// update_session.cc
void session_expired(Turn& turn);
void ask_session(Turn& turn);
// Whether the reader is given cases may have changed: a claim was refused for it, or was granted after all.
void claim_answered(Turn& turn, const std::optional<ApiError>& error);
void save_settings(Turn& turn);

// update_connection.cc
// Everything on the screen is asked for again; what was typed stays.
void refetch(Turn& turn);

// update_worklist.cc
void reset_worklist(Turn& turn, const WorklistFilter& filter);
void refresh_visible(Turn& turn);
void pump_thumbnails(Turn& turn);

// update_case.cc
void open_case(Turn& turn, const std::string& name, const std::optional<Lease>& lease);
void close_case(Turn& turn);
void fetch_open_case(Turn& turn);
void fetch_opinions(Turn& turn);  // reads and decisions, as far as the caller may see them
void fetch_profiles(Turn& turn);  // of the images in the panes, where not known yet
void put_case(Turn& turn, Case value);
// The open case once its images are known, else null.
OpenCase* open_with_images(Turn& turn);
// The open case when it is the one that is meant, else null.
OpenCase* open_as(Model& model, const std::string& name);

// update_read.cc
void begin_claim(Turn& turn);
void ask_draft(Turn& turn);
// One edit of the read being written; nothing where none is.
void edit_read(Turn& turn, ReadEdit edit);
void take_lease(Turn& turn, const Lease& lease);
void reads_arrived(Turn& turn);
void save_draft(Turn& turn);  // when there is something unsaved
void give_lease_back(Turn& turn);
// What an earlier run of the program sent has been answered.
void earlier_read_answered(Turn& turn, const reply::ReadReply& reply);
void tick_read(Turn& turn, int64_t elapsed_us);
void show_submitted(ReadTask& reading, const Read& own);

// update_amend.cc
// `from`: the number of the revision that is amended; 0 for a draft of which the writer did not know that one
// exists.
void start_amending(ReadTask& reading, ReadContent content, int from);
// What was wished while the read was on its way here.
void undo_when_here(Turn& turn);
// What is written of an amendment, in case the program or the computer stops.
void keep_on_disk(Turn& turn);
// The server keeps no draft of an amendment; the model and this computer's disk do, until it is sent or given
// up.
void keep_amendment(Turn& turn);
void apply_unsettled(Turn& turn, const reply::UnsettledWork& reply);
void apply_kept(Turn& turn, const reply::KeptAmendments& reply);
// True when there was an amendment conflict, which is settled now.
bool settle_amendment(Turn& turn, bool keep_mine);

// update_ahead.cc
// Opens the next case that is held; false when there is none.
bool open_held(Turn& turn);
void tick_ahead(Turn& turn);
void refresh_ahead(Turn& turn);  // the connection or the session is back
void release_ahead(Turn& turn);
void claimed_ahead(Turn& turn, const reply::LeaseReply& reply);
void renewed_ahead(Turn& turn, const reply::LeaseReply& reply, const Pending& asked);

// update_comments.cc
void fetch_comments(Turn& turn);

// update_sample.cc
// The sample and its cases are asked for again, where one is shown.
void refresh_sample(Turn& turn);

// update_live.cc
// Asks again for what has changed, one reload at a time.
void pump_live(Turn& turn);
// The list on the screen has been looked at.
void look_at_list(Turn& turn);
void tick_presence(Turn& turn);
void leave_presence(Turn& turn);

// update_adjust.cc
// Adjustments made while only looking become part of the read that begins now.
void adopt_adjustments(OpenCase& open);

// --- intents ---

void apply(Turn&, const intent::Tick&);
void apply(Turn&, const intent::Login&);
void apply(Turn&, const intent::Logout&);
void apply(Turn&, const intent::Quit&);
void apply(Turn&, const intent::SetLanguage&);
void apply(Turn&, const intent::SetTheme&);
void apply(Turn&, const intent::SetKey&);
void apply(Turn&, const intent::ResetKeys&);
void apply(Turn&, const intent::SetUiScale&);
void apply(Turn&, const intent::DismissToast&);
void apply(Turn&, const intent::TakeToastAction&);
void apply(Turn&, const intent::CopyText&);
void apply(Turn&, const intent::SetFilter&);
void apply(Turn&, const intent::ShowRows&);
void apply(Turn&, const intent::SelectRow&);
void apply(Turn&, const intent::RefreshWorklist&);
void apply(Turn&, const intent::WantThumbnails&);
void apply(Turn&, const intent::ThumbnailsLost&);
void apply(Turn&, const intent::AdjustmentsNotShown&);
void apply(Turn&, const intent::ShowStatistics&);
void apply(Turn&, const intent::CloseStatistics&);
void apply(Turn&, const intent::ResumeReading&);
void apply(Turn&, const intent::OpenCase&);
void apply(Turn&, const intent::CloseCase&);
void apply(Turn&, const intent::ReloadCase&);
void apply(Turn&, const intent::OpenNeighbour&);
void apply(Turn&, const intent::StartReading&);
void apply(Turn&, const intent::ClaimNext&);
void apply(Turn&, const intent::TakeUpUnsettled&);
void apply(Turn&, const intent::DiscardUnsettled&);
void apply(Turn&, const intent::SetGradable&);
void apply(Turn&, const intent::SetUngradableReason&);
void apply(Turn&, const intent::AddDiagnosis&);
void apply(Turn&, const intent::RemoveDiagnosis&);
void apply(Turn&, const intent::MoveDiagnosis&);
void apply(Turn&, const intent::TieDiagnosis&);
void apply(Turn&, const intent::SetTied&);
void apply(Turn&, const intent::SetConfidence&);
void apply(Turn&, const intent::SetImageFlag&);
void apply(Turn&, const intent::SetFinding&);
void apply(Turn&, const intent::SetNote&);
void apply(Turn&, const intent::Undo&);
void apply(Turn&, const intent::Redo&);
void apply(Turn&, const intent::SubmitRead&);
void apply(Turn&, const intent::StartAmend&);
void apply(Turn&, const intent::UndoSubmit&);
void apply(Turn&, const intent::RedoSubmit&);
void apply(Turn&, const intent::CancelAmend&);
void apply(Turn&, const intent::SetAmendReason&);
void apply(Turn&, const intent::RestoreRevision&);
void apply(Turn&, const intent::SubmitAmend&);
void apply(Turn&, const intent::SettleConflict&);
void apply(Turn&, const intent::Decide&);
void apply(Turn&, const intent::SetImageInclusion&);
void apply(Turn&, const intent::AddComment&);
void apply(Turn&, const intent::EditComment&);
void apply(Turn&, const intent::SettleComment&);
void apply(Turn&, const intent::GoToComment&);
void apply(Turn&, const intent::ConvenePanel&);
void apply(Turn&, const intent::AnswerPanel&);
void apply(Turn&, const intent::WithdrawPanelAnswer&);
void apply(Turn&, const intent::DissolvePanel&);
void apply(Turn&, const intent::OpenSample&);
void apply(Turn&, const intent::LeaveSample&);
void apply(Turn&, const intent::CloseSample&);
void apply(Turn&, const intent::ApproveSampled&);
void apply(Turn&, const intent::ApproveRest&);
void apply(Turn&, const intent::ResizePane&);
void apply(Turn&, const intent::Pan&);
void apply(Turn&, const intent::ZoomAt&);
void apply(Turn&, const intent::CentreOn&);
void apply(Turn&, const intent::Fit&);
void apply(Turn&, const intent::OneToOne&);
void apply(Turn&, const intent::FocusPane&);
void apply(Turn&, const intent::SetLayout&);
void apply(Turn&, const intent::ShowImage&);
void apply(Turn&, const intent::TurnBy&);
void apply(Turn&, const intent::Mirror&);
void apply(Turn&, const intent::Upright&);
void apply(Turn&, const intent::ZoomTo&);
void apply(Turn&, const intent::SetLinked&);
void apply(Turn&, const intent::LinkAll&);
void apply(Turn&, const intent::ToggleRegistration&);
void apply(Turn&, const intent::MarkPoint&);
void apply(Turn&, const intent::UndoPoint&);
void apply(Turn&, const intent::ForgetRegistration&);
void apply(Turn&, const intent::Compare&);
void apply(Turn&, const intent::CompareWith&);
void apply(Turn&, const intent::SetSplit&);
void apply(Turn&, const intent::ExportView&);
void apply(Turn&, const intent::ViewExported&);
void apply(Turn&, const intent::ToggleFullScreen&);
void apply(Turn&, const intent::SetReducedMotion&);
void apply(Turn&, const intent::SetAdjustments&);
void apply(Turn&, const intent::PickWhite&);
void apply(Turn&, const intent::SetWhite&);
void apply(Turn&, const intent::ShowAdjustmentsOf&);
void apply(Turn&, const intent::PutAnnotations&);
void apply(Turn&, const intent::SelectAnnotations&);
void apply(Turn&, const intent::RemoveSelected&);
void apply(Turn&, const intent::MergeSelected&);
void apply(Turn&, const intent::SplitSelected&);
void apply(Turn&, const intent::SimplifySelected&);
void apply(Turn&, const intent::Paint&);
void apply(Turn&, const intent::SetAnnotationTerm&);
void apply(Turn&, const intent::SetAnnotationNote&);
void apply(Turn&, const intent::ShowAnnotations&);
void apply(Turn&, const intent::ShowReader&);
void apply(Turn&, const intent::ShowTerm&);

// --- replies; `asked` is what the ticket was for ---

void apply(Turn&, const reply::LoggedIn&, const Pending& asked);
void apply(Turn&, const reply::LoggedOut&, const Pending& asked);
void apply(Turn&, const reply::Session&, const Pending& asked);
void apply(Turn&, const reply::Terms&, const Pending& asked);
void apply(Turn&, const reply::Cases&, const Pending& asked);
void apply(Turn&, const reply::CaseReply&, const Pending& asked);
void apply(Turn&, const reply::ImageReply&, const Pending& asked);
void apply(Turn&, const reply::Thumbnail&, const Pending& asked);
void apply(Turn&, const reply::LeaseReply&, const Pending& asked);
void apply(Turn&, const reply::LeaseReleased&, const Pending& asked);
void apply(Turn&, const reply::DraftSaved&, const Pending& asked);
void apply(Turn&, const reply::Draft&, const Pending& asked);
void apply(Turn&, const reply::ReadReply&, const Pending& asked);
void apply(Turn&, const reply::Reads&, const Pending& asked);
void apply(Turn&, const reply::Decisions&, const Pending& asked);
void apply(Turn&, const reply::ReaderStatistics&, const Pending& asked);
void apply(Turn&, const reply::Agreement&, const Pending& asked);
void apply(Turn&, const reply::Standing&, const Pending& asked);
void apply(Turn&, const reply::Decided&, const Pending& asked);
void apply(Turn&, const reply::PanelReply&, const Pending& asked);
void apply(Turn&, const reply::Comments&, const Pending& asked);
void apply(Turn&, const reply::CommentReply&, const Pending& asked);
void apply(Turn&, const reply::Prefetched&, const Pending& asked);
void apply(Turn&, const reply::SampleReply&, const Pending& asked);
void apply(Turn&, const reply::SampledCases&, const Pending& asked);
void apply(Turn&, const reply::Presence&, const Pending& asked);
void apply_changed(Turn&, const reply::Changed&);
void apply_connection(Turn&, const reply::Connection&);

}  // namespace hada::model::detail
