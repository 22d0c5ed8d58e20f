#pragma once

// What the user wishes. Panels produce intents and never change the model; `update` carries them out
// (update.h). Indices count from 0. Display pixels are framebuffer pixels inside a pane, origin top left.

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "client/model/annotation_intent.h"
#include "client/model/types.h"
#include "client/model/viewer_intent.h"
#include "client/model/viewport.h"

namespace hada::model {

enum class Theme : int32_t { Dark, Light };

namespace intent {

// --- time and the session ---

// The app's clock, at least once a second while the program runs. Not a user's wish, but as pure as one.
struct Tick {
  int64_t now_us;
};
struct Login {
  std::string user_id, password;
};
struct Logout {};
// The window is about to close: saves the draft and gives the lease back.
struct Quit {};
struct SetLanguage {
  Language language;
};
struct SetTheme {
  Theme theme;
};
struct SetUiScale {
  double scale;  // kMinUiScale to kMaxUiScale
};
// A command's own chord (chord.h); empty: its default.
struct SetKey {
  std::string command, chord;
};
struct ResetKeys {};
struct DismissToast {
  uint64_t id;
};
// Presses the toast's button (undo, reload ...).
struct TakeToastAction {
  uint64_t id;
};
struct CopyText {
  std::string text;
};

// --- worklist ---

// Replaces view, states, kinds and site; starts again at the first page.
struct SetFilter {
  WorklistFilter filter;
};
// Rows now in view; the next page is requested when `last` comes near the end of the known ones.
struct ShowRows {
  size_t first, last;
};
struct SelectRow {
  size_t row;
};
struct RefreshWorklist {};
// Images whose thumbnails are in view, most wanted first; replaces the earlier wish.
struct WantThumbnails {
  std::vector<std::string> images;
};

// The pictures of those that have come are gone: they are asked for again.
struct ThumbnailsLost {};
// This computer's graphics driver cannot show an adjustment; the image is shown without.
struct AdjustmentsNotShown {};

// --- statistics ---

// Opens the page, or asks for all of it again; with a name ("users/abe"), for that reader's record.
struct ShowStatistics {
  std::string reader = {};
};
struct CloseStatistics {};
// The reader whose record is shown reads on, and is judged anew.
struct ResumeReading {};

// --- the open case ---

struct OpenCase {
  std::string name;
};
// Saves the draft, gives the lease back, returns to the worklist.
struct CloseCase {};
struct ReloadCase {};
// Opens the worklist's row `step` after (or before) the open case. A case that a decision took off the list
// counts as standing just before the row that took its place.
struct OpenNeighbour {
  int step;
};

// --- reading ---

// Takes a read slot of the open case.
struct StartReading {};
// Takes the server's choice of the next case and opens it.
struct ClaimNext {};
struct SetGradable {
  bool gradable;
};
struct SetUngradableReason {
  UngradableReason reason;
};
// Appends after the last diagnosis; ignored when the term is there already or five are.
struct AddDiagnosis {
  std::string term;
};
struct RemoveDiagnosis {
  size_t index;
};
// Moves one diagnosis to another place in the list; ties are kept where they still stand together.
struct MoveDiagnosis {
  size_t from, to;
};
// Same rank as the diagnosis above; index > 0.
// Puts a diagnosis just below another, at its rank.
struct TieDiagnosis {
  size_t index, with;
};
struct SetTied {
  size_t index;
  bool tied;
};
struct SetConfidence {
  size_t index;
  int confidence;  // 1 to 5
};
struct SetImageFlag {
  std::string image;
  ImageFlag flag;
  bool on;
};
// Unspecified: not recorded.
struct SetFinding {
  DermoscopyFeature feature;
  Finding finding;
};
struct SetNote {
  std::string note;
};
struct Undo {};
struct Redo {};
struct SubmitRead {};
// Opens the case with the work that the server refused, to be sent again or changed.
struct TakeUpUnsettled {
  int64_t id;
};
struct DiscardUnsettled {
  int64_t id;
};
// Begins to relabel the caller's own submitted read, from its last revision.
struct StartAmend {};
struct CancelAmend {};
// Undo and redo of what was submitted: a new revision begins with the version before or after the one that
// stands, and waits to be sent. Where there is no version before, it begins with what was submitted. `reason`
// is what the revision then says unless the reader says more. Without an open case: of the read submitted
// last.
struct UndoSubmit {
  std::string reason;
};
struct RedoSubmit {
  std::string reason;
};
struct SetAmendReason {
  std::string reason;
};
// Brings the content of an earlier revision (its number, from 1) into the amendment.
struct RestoreRevision {
  int revision;
};
struct SubmitAmend {};

// --- QA's decisions ---

struct Decide {
  DecisionKind kind;
  std::string term;                           // Adjudicate
  RejectCode code = RejectCode::Unspecified;  // Reject, Return
  std::string rationale;
  ReturnTo returned_to = ReturnTo::Unspecified;  // Return
  std::vector<std::string> readers = {};         // Return to readers: user names; empty: all who vote
};
// --- what reviewers say about the open case ---

struct AddComment {
  std::string image;     // empty: about the whole case, or an answer
  PointD at;             // level-0 pixels
  std::string reply_to;  // the comment that is answered
  std::string text;
};
struct EditComment {
  std::string name, text;
};
struct SettleComment {
  std::string name;
  bool resolved;
};
// Shows the place it is pinned to.
struct GoToComment {
  std::string name;
};

// Up to three reviewers settle the open case together (model::Panel); the user is one of them.
struct ConvenePanel {
  PanelMode mode;
  std::vector<std::string> members;  // user names, without the user's own
  std::string rationale;
};
// What the user says on the open case's panel, also instead of what they said before.
struct AnswerPanel {
  std::string term, rationale;
};
struct WithdrawPanelAnswer {};
struct DissolvePanel {};
// Includes an image of the open case in what is approved (Unspecified), or leaves it out.
struct SetImageInclusion {
  std::string image;
  RejectCode exclusion = RejectCode::Unspecified;
};

// --- many agreed cases after a look at a sample (sample_desk.h) ---

// Draws a sample, or goes on with the open one.
struct OpenSample {};
// Back to the worklist; the sample stays open.
struct LeaveSample {};
// Gives the sample up.
struct CloseSample {};
// Approves a case of the sample without opening it.
struct ApproveSampled {
  std::string case_name;
};
struct ApproveRest {
  std::string rationale;
};

// Two edits met: keeps what was sent elsewhere or by others, or goes on with one's own. Of an amendment: it
// stays open, now on top of the other revision. Of a decision: it is sent again, if the case's state still
// allows it.
struct SettleConflict {
  bool keep_mine;
};

// --- the viewer; `pane` is an index into Panes::panes ---

struct ResizePane {
  size_t pane;
  double width, height;  // display pixels
};
struct Pan {
  size_t pane;
  double dx, dy;  // display pixels; positive drags the image right and down
};
struct ZoomAt {
  size_t pane;
  PointD cursor;  // display pixels
  double factor;  // > 1 zooms in
};
struct CentreOn {
  size_t pane;
  PointD image;  // level-0 pixels
};
struct Fit {
  size_t pane;
};
struct OneToOne {
  size_t pane;
};
struct FocusPane {
  size_t pane;
};
// How many images are shown side by side: 1 to 6.
struct SetLayout {
  int count;
};
// Shows an image in a pane; if another pane shows it already, the two change places.
struct ShowImage {
  size_t pane;
  std::string image;
};

// --- how an image looks to the reader (adjustments.h) ---

// Part of the read while one is written, else of the pane only. `gesture`: changes of one drag carry the same
// number and are undone together; 0 stands alone.
struct SetAdjustments {
  std::string image;
  ImageAdjustments adjustments;
  uint64_t gesture = 0;
};
// Takes the colour at a point of the pane (display pixels) as white or grey.
struct PickWhite {
  size_t pane;
  PointD at;
};
// What was found there without adjustments, 0 to 1 a channel; the app's answer to effect::SampleImage.
struct SetWhite {
  std::string image;
  double red, green, blue;
};
// Looks at all images the way the author of a read did; changes no read.
struct ShowAdjustmentsOf {
  std::string read;
};

}  // namespace intent

using Intent = std::variant<
    intent::Tick, intent::Login, intent::Logout, intent::Quit, intent::SetLanguage, intent::SetTheme,
    intent::SetUiScale, intent::SetKey, intent::ResetKeys, intent::DismissToast, intent::TakeToastAction,
    intent::CopyText, intent::SetFilter, intent::ShowRows, intent::SelectRow, intent::RefreshWorklist,
    intent::WantThumbnails, intent::ShowStatistics, intent::CloseStatistics, intent::ResumeReading,
    intent::OpenCase, intent::CloseCase, intent::ReloadCase, intent::OpenNeighbour, intent::StartReading,
    intent::ClaimNext, intent::SetGradable, intent::SetUngradableReason, intent::AddDiagnosis,
    intent::RemoveDiagnosis, intent::MoveDiagnosis, intent::TieDiagnosis, intent::SetTied,
    intent::SetConfidence, intent::SetImageFlag, intent::SetFinding, intent::SetNote, intent::Undo,
    intent::Redo, intent::SubmitRead, intent::TakeUpUnsettled, intent::DiscardUnsettled, intent::StartAmend,
    intent::UndoSubmit, intent::RedoSubmit, intent::CancelAmend, intent::SetAmendReason,
    intent::RestoreRevision, intent::SubmitAmend, intent::Decide, intent::ResizePane, intent::Pan,
    intent::ZoomAt, intent::CentreOn, intent::Fit, intent::OneToOne, intent::FocusPane, intent::SetLayout,
    intent::ShowImage, intent::TurnBy, intent::Mirror, intent::Upright, intent::ZoomTo, intent::SetLinked,
    intent::LinkAll, intent::ToggleRegistration, intent::MarkPoint, intent::UndoPoint,
    intent::ForgetRegistration, intent::Compare, intent::CompareWith, intent::SetSplit, intent::ExportView,
    intent::ViewExported, intent::ToggleFullScreen, intent::SetReducedMotion, intent::SetAdjustments,
    intent::PickWhite, intent::SetWhite, intent::ShowAdjustmentsOf, intent::PutAnnotations,
    intent::SelectAnnotations, intent::RemoveSelected, intent::MergeSelected, intent::SplitSelected,
    intent::SimplifySelected, intent::Paint, intent::SetAnnotationTerm, intent::SetAnnotationNote,
    intent::ShowAnnotations, intent::ShowReader, intent::ShowTerm, intent::ThumbnailsLost,
    intent::AdjustmentsNotShown, intent::SetImageInclusion, intent::AddComment, intent::EditComment,
    intent::SettleComment, intent::GoToComment, intent::ConvenePanel, intent::AnswerPanel,
    intent::WithdrawPanelAnswer, intent::DissolvePanel, intent::OpenSample, intent::LeaveSample,
    intent::CloseSample, intent::ApproveSampled, intent::ApproveRest, intent::SettleConflict>;

}  // namespace hada::model
