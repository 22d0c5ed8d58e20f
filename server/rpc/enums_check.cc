// The plain enums of proto/contract/enums.h have the numbers of the protocol: handlers and the store cast
// between them.

#include "contract/enums.h"
#include "hada/v1/case.pb.h"
#include "hada/v1/decision.pb.h"
#include "hada/v1/image.pb.h"
#include "hada/v1/read.pb.h"
#include "hada/v1/session.pb.h"
#include "hada/v1/statistics.pb.h"

namespace hada {
namespace {

template <class Plain, class Proto>
constexpr bool same(Plain plain, Proto proto) {
  return static_cast<int>(plain) == static_cast<int>(proto);
}

static_assert(same(Role::Unspecified, v1::ROLE_UNSPECIFIED));
static_assert(same(Role::Dermatologist, v1::ROLE_DERMATOLOGIST));
static_assert(same(Role::QaReviewer, v1::ROLE_QA_REVIEWER));
static_assert(same(Role::SiteCoordinator, v1::ROLE_SITE_COORDINATOR));
static_assert(same(Role::Researcher, v1::ROLE_RESEARCHER));
static_assert(same(Role::Admin, v1::ROLE_ADMIN));
static_assert(v1::Role_ARRAYSIZE == 6);

static_assert(same(CaseTier::Unspecified, v1::CASE_TIER_UNSPECIFIED));
static_assert(same(CaseTier::Standard, v1::CASE_TIER_STANDARD));
static_assert(same(CaseTier::Test, v1::CASE_TIER_TEST));
static_assert(same(CaseTier::Gold, v1::CASE_TIER_GOLD));
static_assert(v1::CaseTier_ARRAYSIZE == 4);

static_assert(same(ReadingStanding::Unspecified, v1::READING_STANDING_UNSPECIFIED));
static_assert(same(ReadingStanding::NotJudged, v1::READING_STANDING_NOT_JUDGED));
static_assert(same(ReadingStanding::Good, v1::READING_STANDING_GOOD));
static_assert(same(ReadingStanding::Warned, v1::READING_STANDING_WARNED));
static_assert(same(ReadingStanding::Paused, v1::READING_STANDING_PAUSED));
static_assert(v1::ReadingStanding_ARRAYSIZE == 5);

static_assert(same(WorklistOrder::Unspecified, v1::WORKLIST_ORDER_UNSPECIFIED));
static_assert(same(WorklistOrder::Age, v1::WORKLIST_ORDER_AGE));
static_assert(same(WorklistOrder::Doubt, v1::WORKLIST_ORDER_DOUBT));
static_assert(v1::WorklistOrder_ARRAYSIZE == 3);

static_assert(same(ImageKind::Unspecified, v1::IMAGE_KIND_UNSPECIFIED));
static_assert(same(ImageKind::ClinicalOverview, v1::IMAGE_KIND_CLINICAL_OVERVIEW));
static_assert(same(ImageKind::ClinicalCloseup, v1::IMAGE_KIND_CLINICAL_CLOSEUP));
static_assert(same(ImageKind::Dermoscopic, v1::IMAGE_KIND_DERMOSCOPIC));
static_assert(same(ImageKind::HistopathologyWsi, v1::IMAGE_KIND_HISTOPATHOLOGY_WSI));
static_assert(same(ImageKind::HistopathologyField, v1::IMAGE_KIND_HISTOPATHOLOGY_FIELD));
static_assert(v1::ImageKind_ARRAYSIZE == kImageKindCount);

static_assert(same(ImageState::Unspecified, v1::IMAGE_STATE_UNSPECIFIED));
static_assert(same(ImageState::Received, v1::IMAGE_STATE_RECEIVED));
static_assert(same(ImageState::Checked, v1::IMAGE_STATE_CHECKED));
static_assert(same(ImageState::Ready, v1::IMAGE_STATE_READY));
static_assert(same(ImageState::Quarantined, v1::IMAGE_STATE_QUARANTINED));
static_assert(same(ImageState::Corrupt, v1::IMAGE_STATE_CORRUPT));
static_assert(same(ImageState::DeidCheck, v1::IMAGE_STATE_DEID_CHECK));
static_assert(v1::ImageState_ARRAYSIZE == 7);

static_assert(same(CaseState::Unspecified, v1::CASE_STATE_UNSPECIFIED));
static_assert(same(CaseState::Open, v1::CASE_STATE_OPEN));
static_assert(same(CaseState::Reading, v1::CASE_STATE_READING));
static_assert(same(CaseState::NeedsRead, v1::CASE_STATE_NEEDS_READ));
static_assert(same(CaseState::Agreed, v1::CASE_STATE_AGREED));
static_assert(same(CaseState::Majority, v1::CASE_STATE_MAJORITY));
static_assert(same(CaseState::ToPanel, v1::CASE_STATE_TO_PANEL));
static_assert(same(CaseState::PanelDecided, v1::CASE_STATE_PANEL_DECIDED));
static_assert(same(CaseState::NoConsensus, v1::CASE_STATE_NO_CONSENSUS));
static_assert(same(CaseState::Ungradable, v1::CASE_STATE_UNGRADABLE));
static_assert(same(CaseState::Pathology, v1::CASE_STATE_PATHOLOGY));
static_assert(same(CaseState::Approved, v1::CASE_STATE_APPROVED));
static_assert(same(CaseState::Rejected, v1::CASE_STATE_REJECTED));
static_assert(same(CaseState::Returned, v1::CASE_STATE_RETURNED));
static_assert(same(CaseState::Reopened, v1::CASE_STATE_REOPENED));
static_assert(same(CaseState::Withdrawn, v1::CASE_STATE_WITHDRAWN));
static_assert(v1::CaseState_ARRAYSIZE == kCaseStateCount);

static_assert(same(WorklistView::All, v1::WORKLIST_VIEW_UNSPECIFIED));
static_assert(same(WorklistView::ToRead, v1::WORKLIST_VIEW_TO_READ));
static_assert(same(WorklistView::MyReads, v1::WORKLIST_VIEW_MY_READS));
static_assert(same(WorklistView::ToAdjudicate, v1::WORKLIST_VIEW_TO_ADJUDICATE));
static_assert(same(WorklistView::ToApprove, v1::WORKLIST_VIEW_TO_APPROVE));
static_assert(same(WorklistView::Returned, v1::WORKLIST_VIEW_RETURNED));
static_assert(same(WorklistView::Panels, v1::WORKLIST_VIEW_PANELS));
static_assert(v1::WorklistView_ARRAYSIZE == 7);

static_assert(same(UngradableReason::Unspecified, v1::UNGRADABLE_REASON_UNSPECIFIED));
static_assert(same(UngradableReason::NoPathology, v1::UNGRADABLE_REASON_NO_PATHOLOGY));
static_assert(same(UngradableReason::InsufficientInformation,
                   v1::UNGRADABLE_REASON_INSUFFICIENT_INFORMATION));
static_assert(same(UngradableReason::MultipleConditions, v1::UNGRADABLE_REASON_MULTIPLE_CONDITIONS));
static_assert(same(UngradableReason::ImageQuality, v1::UNGRADABLE_REASON_IMAGE_QUALITY));
static_assert(v1::UngradableReason_ARRAYSIZE == 5);

static_assert(same(ImageFlag::Unspecified, v1::IMAGE_FLAG_UNSPECIFIED));
static_assert(same(ImageFlag::Blur, v1::IMAGE_FLAG_BLUR));
static_assert(same(ImageFlag::Exposure, v1::IMAGE_FLAG_EXPOSURE));
static_assert(same(ImageFlag::Identifiable, v1::IMAGE_FLAG_IDENTIFIABLE));
static_assert(same(ImageFlag::WrongKind, v1::IMAGE_FLAG_WRONG_KIND));
static_assert(same(ImageFlag::Duplicate, v1::IMAGE_FLAG_DUPLICATE));
static_assert(same(ImageFlag::MarkerInk, v1::IMAGE_FLAG_MARKER_INK));
static_assert(same(ImageFlag::Ruler, v1::IMAGE_FLAG_RULER));
static_assert(same(ImageFlag::Hair, v1::IMAGE_FLAG_HAIR));
static_assert(v1::ImageFlag_ARRAYSIZE == 9);

static_assert(same(DermoscopyFeature::Unspecified, v1::DERMOSCOPY_FEATURE_UNSPECIFIED));
static_assert(same(DermoscopyFeature::Dots, v1::DERMOSCOPY_FEATURE_DOTS));
static_assert(same(DermoscopyFeature::Globules, v1::DERMOSCOPY_FEATURE_GLOBULES));
static_assert(same(DermoscopyFeature::Lines, v1::DERMOSCOPY_FEATURE_LINES));
static_assert(same(DermoscopyFeature::Network, v1::DERMOSCOPY_FEATURE_NETWORK));
static_assert(same(DermoscopyFeature::Regression, v1::DERMOSCOPY_FEATURE_REGRESSION));
static_assert(same(DermoscopyFeature::Vessels, v1::DERMOSCOPY_FEATURE_VESSELS));
static_assert(v1::DermoscopyFeature_ARRAYSIZE == kDermoscopyFeatureCount);

static_assert(same(Finding::Unspecified, v1::FINDING_UNSPECIFIED));
static_assert(same(Finding::Present, v1::FINDING_PRESENT));
static_assert(same(Finding::Absent, v1::FINDING_ABSENT));
static_assert(same(Finding::NotAssessable, v1::FINDING_NOT_ASSESSABLE));
static_assert(v1::Finding_ARRAYSIZE == 4);

static_assert(same(AnnotationKind::Unspecified, v1::ANNOTATION_KIND_UNSPECIFIED));
static_assert(same(AnnotationKind::Point, v1::ANNOTATION_KIND_POINT));
static_assert(same(AnnotationKind::Rectangle, v1::ANNOTATION_KIND_RECTANGLE));
static_assert(same(AnnotationKind::Ellipse, v1::ANNOTATION_KIND_ELLIPSE));
static_assert(same(AnnotationKind::Polygon, v1::ANNOTATION_KIND_POLYGON));
static_assert(same(AnnotationKind::Freehand, v1::ANNOTATION_KIND_FREEHAND));
static_assert(same(AnnotationKind::Brush, v1::ANNOTATION_KIND_BRUSH));
static_assert(same(AnnotationKind::Length, v1::ANNOTATION_KIND_LENGTH));
static_assert(same(AnnotationKind::Angle, v1::ANNOTATION_KIND_ANGLE));
static_assert(same(AnnotationKind::Area, v1::ANNOTATION_KIND_AREA));
static_assert(v1::AnnotationKind_ARRAYSIZE == kAnnotationKindCount);

static_assert(same(DecisionKind::Unspecified, v1::DECISION_KIND_UNSPECIFIED));
static_assert(same(DecisionKind::Adjudicate, v1::DECISION_KIND_ADJUDICATE));
static_assert(same(DecisionKind::NoConsensus, v1::DECISION_KIND_NO_CONSENSUS));
static_assert(same(DecisionKind::MoreReads, v1::DECISION_KIND_MORE_READS));
static_assert(same(DecisionKind::Approve, v1::DECISION_KIND_APPROVE));
static_assert(same(DecisionKind::Reject, v1::DECISION_KIND_REJECT));
static_assert(same(DecisionKind::Return, v1::DECISION_KIND_RETURN));
static_assert(same(DecisionKind::Reopen, v1::DECISION_KIND_REOPEN));
static_assert(v1::DecisionKind_ARRAYSIZE == 8);

static_assert(same(RejectCode::Unspecified, v1::REJECT_CODE_UNSPECIFIED));
static_assert(same(RejectCode::ImageQuality, v1::REJECT_CODE_IMAGE_QUALITY));
static_assert(same(RejectCode::NotSkin, v1::REJECT_CODE_NOT_SKIN));
static_assert(same(RejectCode::Identifiable, v1::REJECT_CODE_IDENTIFIABLE));
static_assert(same(RejectCode::Duplicate, v1::REJECT_CODE_DUPLICATE));
static_assert(same(RejectCode::WrongPatientOrLesion, v1::REJECT_CODE_WRONG_PATIENT_OR_LESION));
static_assert(same(RejectCode::InsufficientInformation, v1::REJECT_CODE_INSUFFICIENT_INFORMATION));
static_assert(same(RejectCode::Consent, v1::REJECT_CODE_CONSENT));
static_assert(same(RejectCode::Other, v1::REJECT_CODE_OTHER));
static_assert(same(RejectCode::ReadIncomplete, v1::REJECT_CODE_READ_INCOMPLETE));
static_assert(same(RejectCode::ReadInconsistent, v1::REJECT_CODE_READ_INCONSISTENT));
static_assert(same(RejectCode::FactsInconsistent, v1::REJECT_CODE_FACTS_INCONSISTENT));
static_assert(same(RejectCode::ImageMissing, v1::REJECT_CODE_IMAGE_MISSING));
static_assert(v1::RejectCode_ARRAYSIZE == kRejectCodeCount);

static_assert(same(ReturnTo::Unspecified, v1::RETURN_TO_UNSPECIFIED));
static_assert(same(ReturnTo::Reader, v1::RETURN_TO_READER));
static_assert(same(ReturnTo::Site, v1::RETURN_TO_SITE));
static_assert(v1::ReturnTo_ARRAYSIZE == 3);

static_assert(same(PanelMode::Unspecified, v1::PANEL_MODE_UNSPECIFIED));
static_assert(same(PanelMode::Vote, v1::PANEL_MODE_VOTE));
static_assert(same(PanelMode::Consensus, v1::PANEL_MODE_CONSENSUS));
static_assert(v1::PanelMode_ARRAYSIZE == 3);

}  // namespace
}  // namespace hada
