#pragma once

// Short messages over the panels. The model says what happened; client/ui finds the words.

#include <cstdint>
#include <string>
#include <vector>

#include "client/model/types.h"

namespace hada::model {

enum class ToastLevel : int32_t { Info, Success, Warning, Error };

enum class ToastKind : int32_t {
  Failed,         // `error` says why
  Reconnected,    // the server is back; what was waiting has been sent
  ReadSubmitted,  // counted
  EarlierSent,    // what an earlier run left unsent is counted; `text` is how many
  ReadLate,       // kept, does not count: the slot was gone
  ReadAmended,
  Decided,         // `decision` says what
  CaseChanged,     // someone else changed the case; it was loaded again
  LeaseLost,       // the read slot went to another reader; the draft is kept
  QueueEmpty,      // no case is left to read
  NoneHeld,        // no connection, and no case is held ahead
  SessionExpired,  // sign in again; what was typed is still here
  Copied,
  ViewSaved,  // `text` is the file
  ViewCopied,
  ExportFailed,  // neither file nor clipboard took the picture
  Registered,    // `text` is the residual
  TooManyAnnotations,
  RestApproved,         // `text` is how many cases
  AdjustmentsNotShown,  // the graphics driver refuses
  CaseArrived,          // `view` is the list it came to, `text` how many have
};

enum class ToastAction : int32_t { None, NextCase, UndoDecision, OpenCase };

struct Toast {
  uint64_t id = 0;
  ToastKind kind = ToastKind::Failed;
  ToastLevel level = ToastLevel::Info;
  ToastAction action = ToastAction::None;
  std::string case_name = {};                         // what it is about; may be empty
  DecisionKind decision = DecisionKind::Unspecified;  // for Decided
  WorklistView view = WorklistView::All;              // for CaseArrived
  ApiError error = {};                                // for Failed
  std::string text = {};                              // for ViewSaved, Registered, RestApproved
  int64_t shown_us = 0;
  int64_t expire_us = 0;  // 0: stays until dismissed
};

// The newest last. At most kMaxToasts; a repeated error about the same thing renews the toast instead of
// stacking.
class Toasts {
 public:
  static constexpr size_t kMaxToasts = 5;

  uint64_t add(Toast toast, int64_t now_us);  // gives it an id and its time to live, by level
  void dismiss(uint64_t id);
  void expire(int64_t now_us);
  const Toast* find(uint64_t id) const;
  const std::vector<Toast>& list() const { return list_; }

 private:
  std::vector<Toast> list_;
  uint64_t last_id_ = 0;
};

}  // namespace hada::model
