#pragma once

// What the outside world answers. Each carries the ticket of its effect, and an error or the value.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "client/model/effect.h"
#include "client/model/statistics.h"
#include "client/model/types.h"
#include "contract/vocabulary.h"

namespace hada::model {

namespace reply {

// Common to all: `error` set means failed and the other members are empty.
struct Base {
  Ticket ticket = 0;
  std::optional<ApiError> error;
};

struct LoggedIn : Base {
  User user;
};
struct LoggedOut : Base {};
struct Session : Base {
  User user;
  std::string server_version;
  std::optional<ReaderStanding> standing;  // of dermatologists
};
struct Terms : Base {
  std::shared_ptr<const contract::Vocabulary> vocabulary;
};
struct Cases : Base {
  std::vector<Case> cases;
  std::string next_page_token;
};
struct CaseReply : Base {
  Case value;
};
struct ImageReply : Base {
  Image value;
};
// JPEG bytes; decoded off the main thread by client/tiles.
struct Thumbnail : Base {
  std::string image;
  std::string jpeg;
};
struct LeaseReply : Base {
  Lease value;
};
struct LeaseReleased : Base {};
struct DraftSaved : Base {};
struct Draft : Base {
  std::optional<ReadContent> content;
};
// Answers SubmitRead and AmendRead.
struct ReadReply : Base {
  Read value;
};
struct Reads : Base {
  std::vector<Read> reads;
};
struct Decisions : Base {
  std::vector<Decision> decisions;
};
struct ReaderStatistics : Base {
  ReaderRecord value;
};
struct Agreement : Base {
  ReaderAgreement value;
};
// Answers ResumeReading.
struct Standing : Base {
  ReaderStanding value;
};
// Answers Decide and SetImageInclusion.
struct Decided : Base {
  Case value;
};
struct Comments : Base {
  std::vector<Comment> comments;
};
struct CommentReply : Base {
  Comment value;
};
struct PanelReply : Base {
  PanelState value;
};
struct SampleReply : Base {
  Sample value;
};
struct SampledCases : Base {
  std::vector<SampledCase> cases;
};
struct Tile : Base {
  std::string image;
  contract::TileKey key;
  std::string jpeg;
};
// What of a case is on this computer now. An error: not enough to read it.
struct Prefetched : Base {
  std::string case_name;
};
// Sent by the backend on its own, after a login and whenever it changes: what this user has to settle.
struct UnsettledWork : Base {
  std::vector<Unsettled> list;
};
// Sent by the backend after a login: amendments that an earlier run of the program left unsent, by case.
struct KeptAmendments : Base {
  std::map<std::string, KeptAmendment> by_case;
};
// Sent by the backend on its own: the connection went away (with the reason) or came back. Mutations that
// were waiting are resent by the backend with their old request_id.
struct Connection : Base {
  bool connected = false;
  int waiting_changes = 0;  // mutations not yet acknowledged
};
// Sent by the backend on its own: the server says that something changed, not what it is now.
enum class ChangeKind : int32_t {
  Everything,  // it cannot say what
  Case,
  Read,      // of the case: submitted or amended
  Presence,  // who else has the case open to decide it
};
struct Changed : Base {
  ChangeKind kind = ChangeKind::Everything;
  std::string case_name;
  std::optional<WorklistView> arrived_in;  // the case has come to this list of the caller's
  bool by_caller = false;                  // done by the caller, perhaps at another workstation
};
// Answers NotePresence.
struct Presence : Base {
  std::vector<std::string> others;  // display names
};
}  // namespace reply

using Reply =
    std::variant<reply::LoggedIn, reply::LoggedOut, reply::Session, reply::Terms, reply::Cases,
                 reply::CaseReply, reply::ImageReply, reply::Thumbnail, reply::LeaseReply,
                 reply::LeaseReleased, reply::DraftSaved, reply::Draft, reply::ReadReply, reply::Reads,
                 reply::Decisions, reply::ReaderStatistics, reply::Agreement, reply::Standing, reply::Decided,
                 reply::PanelReply, reply::Comments, reply::CommentReply, reply::Tile, reply::SampleReply,
                 reply::SampledCases, reply::Connection, reply::Prefetched, reply::UnsettledWork,
                 reply::KeptAmendments, reply::Changed, reply::Presence>;

}  // namespace hada::model
