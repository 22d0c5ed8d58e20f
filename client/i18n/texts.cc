#include "client/i18n/texts.h"

#include <array>
#include <utility>

namespace hada::i18n {
namespace {

struct Entry {
  std::string_view key;
  const char* english;
  const char* japanese;
};

constexpr std::array<Entry, kTextCount> kTexts = {{
#define HADA_TEXT(key, english, japanese) {#key, english, japanese},
#include "client/i18n/texts.inc"
#undef HADA_TEXT
}};

constexpr bool all_filled() {
  for (const Entry& entry : kTexts)
    if (entry.english[0] == '\0' || entry.japanese[0] == '\0') return false;
  return true;
}
static_assert(all_filled(), "a text lacks one of its languages");

const Entry& entry(Text text) { return kTexts[static_cast<size_t>(text)]; }

struct ErrorText {
  std::string_view reason;
  Text text;
};

constexpr ErrorText kByReason[] = {
    {"BAD_CREDENTIALS", Text::ErrorBadCredentials},
    {"NO_SESSION", Text::ErrorNoSession},
    {"TOO_MANY_ATTEMPTS", Text::ErrorTooManyAttempts},
    {"ROLE_REQUIRED", Text::ErrorRoleRequired},
    {"OWN_READ", Text::ErrorOwnRead},
    {"OWN_SITE", Text::ErrorOwnSite},
    {"WRONG_STATE", Text::ErrorWrongState},
    {"NO_FREE_SLOT", Text::ErrorNoFreeSlot},
    {"TOO_MANY_LEASES", Text::ErrorTooManyLeases},
    {"READING_PAUSED", Text::ErrorReadingPaused},
    {"ALREADY_READ", Text::ErrorAlreadyRead},
    {"QUEUE_EMPTY", Text::ErrorQueueEmpty},
    {"LEASE_LOST", Text::ErrorLeaseLost},
    {"DECISION_RESTS_ON_READ", Text::ErrorDecisionRests},
    {"READ_TOO_LARGE", Text::ErrorReadTooLarge},
    {"ETAG_MISMATCH", Text::ErrorEtagMismatch},
    {"BAD_FIELD", Text::ErrorBadField},
    {"NO_SUCH_RESOURCE", Text::ErrorNotFound},
    {"IMAGE_NOT_READY", Text::ErrorImageNotReady},
    {"NOTHING_TO_SAMPLE", Text::ErrorNothingToSample},
    {"SAMPLE_UNDECIDED", Text::ErrorSampleUndecided},
    {"SAMPLE_CLOSED", Text::ErrorSampleClosed},
    {"NO_IMAGES_INCLUDED", Text::ErrorNoImagesIncluded},
    {"NOT_AUTHOR", Text::ErrorNotAuthor},
    {"PANEL_OPEN", Text::ErrorPanelOpen},
    {"PANEL_COMPLETE", Text::ErrorPanelComplete},
    {"PANEL_SPLIT", Text::ErrorPanelSplit},
    {"PANEL_ENDED", Text::ErrorPanelEnded},
    {"NOT_ON_PANEL", Text::ErrorNotOnPanel},
    {"QUEUE_FULL", Text::ErrorQueueFull},
    {"DEADLINE_EXCEEDED", Text::ErrorDeadline},
    {"OUTBOX_FAILED", Text::ErrorOutbox},
    {"DISK_FULL", Text::ErrorDiskFull},
    {"BAD_RESPONSE", Text::ErrorVersion},
};

}  // namespace

const char* tr(Text text, Language language) {
  return language == Language::Japanese ? entry(text).japanese : entry(text).english;
}

std::string format(Text text, Language language, std::initializer_list<std::string_view> arguments) {
  const std::string_view pattern = tr(text, language);
  std::string out;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '{' && i + 2 < pattern.size()) {
      const auto index = static_cast<size_t>(pattern[i + 1] - '0');
      const bool plural = pattern.substr(i + 2, 2) == "s}";
      if (index < arguments.size() && (plural || pattern[i + 2] == '}')) {
        const std::string_view argument = arguments.begin()[index];
        if (!plural) out += argument;
        if (plural && argument != "1") out += 's';
        i += plural ? 3 : 2;
        continue;
      }
    }
    out += pattern[i];
  }
  return out;
}

std::string_view key_of(Text text) { return entry(text).key; }

Text text_of(Role role) {
  switch (role) {
    case Role::Unspecified:
      return Text::RoleNone;
    case Role::Dermatologist:
      return Text::RoleDermatologist;
    case Role::QaReviewer:
      return Text::RoleQaReviewer;
    case Role::SiteCoordinator:
      return Text::RoleSiteCoordinator;
    case Role::Researcher:
      return Text::RoleResearcher;
    case Role::Admin:
      return Text::RoleAdmin;
  }
  return Text::RoleNone;
}

Text text_of(ImageKind kind) {
  switch (kind) {
    case ImageKind::Unspecified:
      return Text::KindUnspecified;
    case ImageKind::ClinicalOverview:
      return Text::KindClinicalOverview;
    case ImageKind::ClinicalCloseup:
      return Text::KindClinicalCloseup;
    case ImageKind::Dermoscopic:
      return Text::KindDermoscopic;
    case ImageKind::HistopathologyWsi:
      return Text::KindHistopathologyWsi;
    case ImageKind::HistopathologyField:
      return Text::KindHistopathologyField;
  }
  return Text::KindUnspecified;
}

Text group_text_of(ImageKind kind) {
  switch (kind) {
    case ImageKind::Unspecified:
      return Text::KindGroupOther;
    case ImageKind::ClinicalOverview:
    case ImageKind::ClinicalCloseup:
      return Text::KindGroupClinical;
    case ImageKind::Dermoscopic:
      return Text::KindGroupDermoscopy;
    case ImageKind::HistopathologyWsi:
    case ImageKind::HistopathologyField:
      return Text::KindGroupPathology;
  }
  return Text::KindGroupOther;
}

Text text_of(CaseState state) {
  switch (state) {
    case CaseState::Unspecified:
      return Text::StateUnspecified;
    case CaseState::Open:
      return Text::StateOpen;
    case CaseState::Reading:
      return Text::StateReading;
    case CaseState::NeedsRead:
      return Text::StateNeedsRead;
    case CaseState::Agreed:
      return Text::StateAgreed;
    case CaseState::Majority:
      return Text::StateMajority;
    case CaseState::ToPanel:
      return Text::StateToPanel;
    case CaseState::PanelDecided:
      return Text::StatePanelDecided;
    case CaseState::NoConsensus:
      return Text::StateNoConsensus;
    case CaseState::Ungradable:
      return Text::StateUngradable;
    case CaseState::Pathology:
      return Text::StatePathology;
    case CaseState::Approved:
      return Text::StateApproved;
    case CaseState::Rejected:
      return Text::StateRejected;
    case CaseState::Returned:
      return Text::StateReturned;
    case CaseState::Reopened:
      return Text::StateReopened;
    case CaseState::Withdrawn:
      return Text::StateWithdrawn;
  }
  return Text::StateUnspecified;
}

Text text_of(WorklistView view) {
  switch (view) {
    case WorklistView::All:
      return Text::ViewAll;
    case WorklistView::ToRead:
      return Text::ViewToRead;
    case WorklistView::MyReads:
      return Text::ViewMyReads;
    case WorklistView::ToAdjudicate:
      return Text::ViewToAdjudicate;
    case WorklistView::ToApprove:
      return Text::ViewToApprove;
    case WorklistView::Returned:
      return Text::ViewReturned;
    case WorklistView::Panels:
      return Text::ViewPanels;
  }
  return Text::ViewAll;
}

Text text_of(UngradableReason reason) {
  switch (reason) {
    case UngradableReason::Unspecified:
      return Text::UngradableUnspecified;
    case UngradableReason::NoPathology:
      return Text::UngradableNoPathology;
    case UngradableReason::InsufficientInformation:
      return Text::UngradableInsufficientInformation;
    case UngradableReason::MultipleConditions:
      return Text::UngradableMultipleConditions;
    case UngradableReason::ImageQuality:
      return Text::UngradableImageQuality;
  }
  return Text::UngradableUnspecified;
}

Text text_of(ImageFlag flag) {
  switch (flag) {
    case ImageFlag::Unspecified:
      return Text::FlagUnspecified;
    case ImageFlag::Blur:
      return Text::FlagBlur;
    case ImageFlag::Exposure:
      return Text::FlagExposure;
    case ImageFlag::Identifiable:
      return Text::FlagIdentifiable;
    case ImageFlag::WrongKind:
      return Text::FlagWrongKind;
    case ImageFlag::Duplicate:
      return Text::FlagDuplicate;
    case ImageFlag::MarkerInk:
      return Text::FlagMarkerInk;
    case ImageFlag::Ruler:
      return Text::FlagRuler;
    case ImageFlag::Hair:
      return Text::FlagHair;
  }
  return Text::FlagUnspecified;
}

Text text_of(DermoscopyFeature feature) {
  switch (feature) {
    case DermoscopyFeature::Unspecified:
      return Text::FeatureUnspecified;
    case DermoscopyFeature::Dots:
      return Text::FeatureDots;
    case DermoscopyFeature::Globules:
      return Text::FeatureGlobules;
    case DermoscopyFeature::Lines:
      return Text::FeatureLines;
    case DermoscopyFeature::Network:
      return Text::FeatureNetwork;
    case DermoscopyFeature::Regression:
      return Text::FeatureRegression;
    case DermoscopyFeature::Vessels:
      return Text::FeatureVessels;
  }
  return Text::FeatureUnspecified;
}

Text text_of(Finding finding) {
  switch (finding) {
    case Finding::Unspecified:
      return Text::FindingUnspecified;
    case Finding::Present:
      return Text::FindingPresent;
    case Finding::Absent:
      return Text::FindingAbsent;
    case Finding::NotAssessable:
      return Text::FindingNotAssessable;
  }
  return Text::FindingUnspecified;
}

Text text_of(DecisionKind kind) {
  switch (kind) {
    case DecisionKind::Unspecified:
      return Text::DecisionUnspecified;
    case DecisionKind::Adjudicate:
      return Text::DecisionAdjudicate;
    case DecisionKind::NoConsensus:
      return Text::DecisionNoConsensus;
    case DecisionKind::MoreReads:
      return Text::DecisionMoreReads;
    case DecisionKind::Approve:
      return Text::DecisionApprove;
    case DecisionKind::Reject:
      return Text::DecisionReject;
    case DecisionKind::Return:
      return Text::DecisionReturn;
    case DecisionKind::Reopen:
      return Text::DecisionReopen;
  }
  return Text::DecisionUnspecified;
}

Text text_of(RejectCode code) {
  switch (code) {
    case RejectCode::Unspecified:
      return Text::RejectUnspecified;
    case RejectCode::ImageQuality:
      return Text::RejectImageQuality;
    case RejectCode::NotSkin:
      return Text::RejectNotSkin;
    case RejectCode::Identifiable:
      return Text::RejectIdentifiable;
    case RejectCode::Duplicate:
      return Text::RejectDuplicate;
    case RejectCode::WrongPatientOrLesion:
      return Text::RejectWrongPatientOrLesion;
    case RejectCode::InsufficientInformation:
      return Text::RejectInsufficientInformation;
    case RejectCode::Consent:
      return Text::RejectConsent;
    case RejectCode::Other:
      return Text::RejectOther;
    case RejectCode::ReadIncomplete:
      return Text::RejectReadIncomplete;
    case RejectCode::ReadInconsistent:
      return Text::RejectReadInconsistent;
    case RejectCode::FactsInconsistent:
      return Text::RejectFactsInconsistent;
    case RejectCode::ImageMissing:
      return Text::RejectImageMissing;
  }
  return Text::RejectUnspecified;
}

Text left_out_text(std::string_view reason) {
  if (reason == "OWN_READ") return Text::LeftOutOwnRead;
  if (reason == "OWN_SITE") return Text::LeftOutOwnSite;
  if (reason == "IN_A_SAMPLE") return Text::LeftOutInASample;
  if (reason == "IMAGES_PENDING") return Text::LeftOutImagesPending;
  if (reason == "NO_IMAGES_INCLUDED") return Text::LeftOutNoImages;
  if (reason == "ROLE_REQUIRED") return Text::LeftOutNotYours;
  return Text::LeftOutMovedOn;
}

Text text_of_error(int code, std::string_view reason) {
  for (const ErrorText& entry : kByReason)
    if (entry.reason == reason) return entry.text;
  // gRPC's numbers, as in contract/result.h.
  switch (code) {
    case 3:
    case 11:
      return Text::ErrorInvalid;
    case 4:
      return Text::ErrorDeadline;
    case 5:
      return Text::ErrorNotFound;
    case 7:
      return Text::ErrorDenied;
    case 8:
      return Text::ErrorExhausted;
    case 6:
    case 9:
      return Text::ErrorPrecondition;
    case 10:
      return Text::ErrorEtagMismatch;
    case 12:
      return Text::ErrorVersion;
    case 14:
      return Text::ErrorUnavailable;
    case 16:
      return Text::ErrorNoSession;
    default:
      return Text::ErrorInternal;
  }
}

}  // namespace hada::i18n
