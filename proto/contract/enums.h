#pragma once

// The words both sides use, as plain enums with the numbers of proto/hada/v1 (net/convert and rpc check that
// they are equal), so that the model, the rules and the store need no protobuf.

#include <cstdint>

namespace hada {

// A language of the interface and of a term's name. English is the record's language.
enum class Language : int32_t { English, Japanese };

enum class Role : int32_t { Unspecified, Dermatologist, QaReviewer, SiteCoordinator, Researcher, Admin };

enum class ImageKind : int32_t {
  Unspecified,
  ClinicalOverview,
  ClinicalCloseup,
  Dermoscopic,
  HistopathologyWsi,
  HistopathologyField,
};
inline constexpr int kImageKindCount = 6;

enum class ImageState : int32_t { Unspecified, Received, Checked, Ready, Quarantined, Corrupt, DeidCheck };

enum class CaseState : int32_t {
  Unspecified,
  Open,
  Reading,
  NeedsRead,
  Agreed,
  Majority,
  ToPanel,
  PanelDecided,
  NoConsensus,
  Ungradable,
  Pathology,
  Approved,
  Rejected,
  Returned,
  Reopened,
  Withdrawn,
};
inline constexpr int kCaseStateCount = 16;

// How many votes a case takes and what it is for: see Policy. Readers never learn it.
enum class CaseTier : int32_t { Unspecified, Standard, Test, Gold };

// How a reader stands by the hidden gold cases.
enum class ReadingStanding : int32_t { Unspecified, NotJudged, Good, Warned, Paused };

// By age where it is not said.
enum class WorklistOrder : int32_t { Unspecified, Age, Doubt };

enum class WorklistView : int32_t { All, ToRead, MyReads, ToAdjudicate, ToApprove, Returned, Panels };

enum class UngradableReason : int32_t {
  Unspecified,
  NoPathology,
  InsufficientInformation,
  MultipleConditions,
  ImageQuality,
};

enum class AnnotationKind : int32_t {
  Unspecified,
  Point,
  Rectangle,
  Ellipse,
  Polygon,
  Freehand,
  Brush,
  Length,
  Angle,
  Area,
};
inline constexpr int kAnnotationKindCount = 10;

enum class ImageFlag : int32_t {
  Unspecified,
  Blur,
  Exposure,
  Identifiable,
  WrongKind,
  Duplicate,
  MarkerInk,
  Ruler,
  Hair,
};

enum class DermoscopyFeature : int32_t {
  Unspecified,
  Dots,
  Globules,
  Lines,
  Network,
  Regression,
  Vessels,
};
inline constexpr int kDermoscopyFeatureCount = 7;

enum class Finding : int32_t { Unspecified, Present, Absent, NotAssessable };

enum class DecisionKind : int32_t {
  Unspecified,
  Adjudicate,
  NoConsensus,
  MoreReads,
  Approve,
  Reject,
  Return,
  Reopen,
};

// Why a case is rejected or returned, or an image left out; which fits where is reason_codes.h.
enum class RejectCode : int32_t {
  Unspecified,
  ImageQuality,
  NotSkin,
  Identifiable,
  Duplicate,
  WrongPatientOrLesion,
  InsufficientInformation,
  Consent,
  Other,
  ReadIncomplete,
  ReadInconsistent,
  FactsInconsistent,
  ImageMissing,
};
inline constexpr int kRejectCodeCount = 13;

// How a panel comes to its decision.
enum class PanelMode : int32_t { Unspecified, Vote, Consensus };

// Whom a returned case is with.
enum class ReturnTo : int32_t { Unspecified, Reader, Site };

}  // namespace hada
