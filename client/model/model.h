#pragma once

// The whole state of the workstation: plain values, owned by the main thread, changed only by `update`
// (update.h), read by the panels.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "client/model/ahead.h"
#include "client/model/effect.h"
#include "client/model/history.h"
#include "client/model/intent.h"
#include "client/model/panes.h"
#include "client/model/read_draft.h"
#include "client/model/sample_desk.h"
#include "client/model/statistics.h"
#include "client/model/thumbnails.h"
#include "client/model/toasts.h"
#include "client/model/types.h"
#include "client/model/worklist.h"
#include "contract/vocabulary.h"

namespace hada::model {

// The size of the interface, on top of the screen's own scale.
inline constexpr double kMinUiScale = 0.75, kMaxUiScale = 2.5, kUiScaleStep = 0.125;

// Kept between runs; the app reads it before the first frame and writes it on effect::SaveSettings.
struct Settings {
  Language language = Language::English;
  Theme theme = Theme::Dark;
  double ui_scale = 1.0;                  // kMinUiScale to kMaxUiScale
  bool reduced_motion = false;            // no gliding: what is let go stands still
  std::string last_user;                  // user id, to fill in the login panel
  std::vector<std::string> recent_terms;  // ids ("psoriasis"), newest first, at most 20
  // The user's own keys: a command's id (client/ui/commands.inc) and its chord (chord.h), "viewer.fit": "K".
  // What this version does not know or cannot read is kept for the one that does, and has no effect.
  std::map<std::string, std::string> keys;
  bool operator==(const Settings&) const = default;
};

enum class Link : int32_t { Unknown, Connected, Lost };

struct ConnectionState {
  Link link = Link::Unknown;
  int64_t since_us = 0;
  int waiting_changes = 0;  // mutations not yet acknowledged by the server
};

enum class SessionPhase : int32_t { LoggedOut, LoggingIn, LoggedIn };

struct SessionState {
  SessionPhase phase = SessionPhase::LoggedOut;
  // Set while logged in, and after an expiry, so that the same person finds the work where it was.
  std::optional<User> user;
  bool expired = false;
  std::string server_version;
  std::optional<ApiError> error;           // of the last login
  Ticket login_ticket = 0;                 // what has a later one was asked in this session
  int64_t asked_us = 0;                    // when the server was last asked about the session
  std::optional<ReaderStanding> standing;  // of a dermatologist
  bool paused() const { return standing && standing->standing == ReadingStanding::Paused; }
  bool has(Role role) const { return user && user->has(role); }
};

enum class ReadPhase : int32_t {
  None,         // looking only
  Claiming,     // asked for a slot
  ClaimFailed,  // `error` says why
  Editing,      // a read is being written
  Submitting,   // sent; not yet acknowledged (may wait for the connection)
  Submitted,    // the caller's own read is on the server
  Amending,     // a new revision of it is being written
  SendingAmend,
};

// The caller's own read of the open case.
struct ReadTask {
  ReadPhase phase = ReadPhase::None;
  ReadContent content;
  ReadHistory history;
  std::optional<Lease> lease;
  bool lease_lost = false;
  int64_t renew_at_us = 0;
  Ticket renew_ticket = 0;
  Ticket draft_ticket = 0;        // writing begins once the stored draft is here
  std::optional<ApiError> error;  // of the claim, submit or amendment

  int64_t edited_us = 0;   // last edit; 0 none
  bool unsaved = false;    // edits not yet sent as a draft
  Ticket save_ticket = 0;  // newest SaveDraft in flight
  int64_t saved_us = 0;    // newest SaveDraft acknowledged

  std::string amend_reason;
  int64_t amended_us = 0;  // last edit of an amendment that is not on this computer's disk; 0 none
  // The revision the amendment was begun from; 0: none, the read was sent elsewhere; -1: not known.
  int amend_from = 0;
  ReadTelemetry telemetry;

  bool can_edit() const { return phase == ReadPhase::Editing || phase == ReadPhase::Amending; }
};

// QA's decision on the open case.
struct DecisionTask {
  bool sending = false;
  DecisionKind kind = DecisionKind::Unspecified;
  std::optional<ApiError> error;
  std::vector<std::string> images;  // whose inclusion is being sent
};

// What reviewers say about the open case (comments.h).
struct CommentDesk {
  std::vector<Comment> list;  // oldest first
  bool known = false;
  bool sending = false;  // one is on its way
  bool refused = false;  // the last one was
};

// QA's panel on the open case.
struct PanelTask {
  PanelState state;
  bool known = false;
  bool sending = false;
};

// What a decision rests on changed while this reviewer looked at the case: others decided, or a read or an
// image is not as it was.
struct DecisionConflict {
  size_t first_theirs = 0;             // where in OpenCase::decisions what they did begins
  std::optional<intent::Decide> mine;  // what was refused because of it
};

struct OpenCase {
  std::string name;
  WorklistView opened_from = WorklistView::All;
  bool loading = true;            // nothing to show yet
  std::optional<ApiError> error;  // why there is nothing to show
  std::optional<Case> value;
  Panes panes;
  ReadTask reading;
  DecisionTask decision;
  PanelTask panel;
  CommentDesk comments;
  bool reads_known = false;
  std::vector<Read> reads;
  std::vector<Decision> decisions;
  bool held_ready = false;                 // it was held ahead, and can be read without a network
  std::optional<std::string> undo_wanted;  // with its reason: once the caller's read is here
  bool changed_elsewhere = false;          // loaded again after a conflict; until the next wish
  bool decisions_known = false;
  std::optional<intent::Decide> decision_sent;  // until it is answered
  std::optional<DecisionConflict> conflict;     // until it is settled
  std::vector<std::string> present;             // who else has it open to decide it: display names
  int64_t presence_at_us = 0;                   // when to say again that this one has

  const Image* find_image(const std::string& image) const;
  // The caller's own submitted read.
  const Read* own_read(const SessionState& session) const;
};

// What the server said has changed and has not been asked for again yet; and what came while nobody looked.
struct LiveState {
  bool worklist_due = false, sample_due = false, case_due = false;
  int64_t reloaded_us = 0;
  std::map<WorklistView, std::set<std::string>> arrived;  // cases that came to a list since it was last shown
};

enum class PendingKind : int32_t {
  Login,
  Logout,
  Session,
  Terms,
  Page,
  NextPage,
  Case,
  Image,
  Thumbnail,
  Claim,
  ClaimNext,
  ClaimAhead,
  RenewAhead,
  Prefetch,
  Renew,
  Release,
  SaveDraft,
  Draft,
  Submit,
  Amend,
  Reads,
  Decisions,
  Decide,
  ReaderStatistics,
  Agreement,
  ResumeReading,
  ImageInclusion,
  Panel,
  ChangePanel,
  Comments,
  ChangeComment,
  DrawSample,
  Sample,
  SampledCases,
  ApproveRest,
  CloseSample,
  Presence,
};
// A request that has not been answered.
struct Pending {
  PendingKind kind;
  std::string subject;  // a resource name
  size_t page = 0;      // Page
  DecisionKind decision = DecisionKind::Unspecified;
  std::string image = {};  // ImageInclusion
};

// Request ids (AIP-155) are version-4 UUIDs drawn from a seed the app fills with randomness.
struct RequestIds {
  uint64_t seed_high = 0, seed_low = 0, count = 0;
  std::string next();
};

struct Model {
  int64_t now_us = 0;         // of the last Tick
  int64_t last_input_us = 0;  // of the last wish that was not a Tick
  Settings settings;
  ConnectionState connection;
  SessionState session;
  std::shared_ptr<const contract::Vocabulary> vocabulary;  // null until loaded
  int64_t vocabulary_asked_us = 0;
  int64_t profiles_asked_us = 0;  // when missing ICC profiles were last looked for
  Worklist worklist;
  Thumbnails thumbnails;
  std::optional<StatisticsPage> statistics;  // while it is open; an open case lies over it
  std::optional<OpenCase> open_case;
  std::map<std::string, KeptAmendment> kept_amendments;  // by case, of cases that were closed meanwhile
  std::map<std::string, ReadContent> submitted;          // by case, not yet acknowledged by the server
  std::string last_submitted;                            // the case of the read that was counted last
  std::vector<Unsettled> unsettled;                      // oldest first
  Ahead ahead;
  int earlier_sent = 0;  // reads of an earlier run of the program that were counted since the login
  std::optional<SampleDesk> sample;  // shown instead of the worklist
  bool claiming_next = false;
  bool queue_empty = false;  // the last ClaimNext found nothing
  Toasts toasts;
  LiveState live;

  RequestIds request_ids;
  Ticket last_ticket = 0;
  std::map<Ticket, Pending> pending;

  // Also for the app's own requests (tiles), so that tickets are unique in the process.
  Ticket next_ticket() { return ++last_ticket; }
};

// Tabs the user's roles give, in order; the first is shown after login.
std::vector<WorklistView> views_for(const User& user);
// The caller may take a read slot of this case, as far as the client can tell.
bool may_read(const SessionState& session, const Case& value);
// Whether the case's state lets QA do this now (contract::allows); the server decides again.
bool may_decide(const SessionState& session, const OpenCase& open, DecisionKind kind);
// Whether QA may include images of the open case or leave them out now.
bool may_review_images(const SessionState& session, const OpenCase& open);
// Why a QA reviewer must leave this case to others.
enum class DecisionBarrier : int32_t { None, NotQa, OwnRead, OwnSite };
DecisionBarrier decision_barrier(const SessionState& session, const OpenCase& open);
// Whether the user sees and makes comments on the open case.
bool may_discuss(const SessionState& session, const OpenCase& open);
// The user is one of the open panel's members.
bool on_panel(const SessionState& session, const OpenCase& open);
// Whether the user may answer now, or take an answer back: votes are final once all are in.
bool may_answer_panel(const SessionState& session, const OpenCase& open);
// What a decision lacks before it can be sent.
enum class DecisionProblem : int32_t { NoTerm, NoRationale, NoCode, NoComment };
std::optional<DecisionProblem> problem_of(const intent::Decide& decision);
// Whether one can be sent now: no image's inclusion is on its way, and what others changed has been looked
// at.
bool decision_ready(const OpenCase& open);
// The decisions of the open conflict that other people made; empty where only reads or images changed.
std::vector<const Decision*> decided_by_others(const SessionState& session, const OpenCase& open);
// While an amendment is written here: the revision that the caller has sent from elsewhere meanwhile; else
// null.
const ReadRevision* amended_elsewhere(const SessionState& session, const OpenCase& open);
// How the image is shown now: as the read being written says, as it was set while only looking, or as the
// submitted read says.
const ImageAdjustments& adjustments_of(const OpenCase& open, const std::string& image);
// Why the read or amendment cannot be submitted now.
std::optional<ReadProblem> submit_problem(const Model& model);
// "c1" of "cases/c1".
std::string id_of(const std::string& name);
// "cases/c1" of "cases/c1/reads/r1".
std::string case_of(const std::string& name);
// The vocabulary's entry for "terms/psoriasis"; null when it is not known (yet).
const contract::Term* find_term(const Model& model, const std::string& name);

}  // namespace hada::model
