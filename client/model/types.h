#pragma once

// The client's own view of the server's resources: plain values, no protobuf (client/net/convert translates).
// Names are full resource names ("cases/c1", "images/i9", "terms/psoriasis"). Times are microseconds since
// the epoch.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "client/model/adjustments.h"
#include "client/model/annotations.h"
#include "contract/enums.h"
#include "contract/geometry.h"
#include "contract/pyramid.h"

namespace hada::model {

// An error from the server or the network; `reason` decides, `message` is shown when no translation exists.
struct ApiError {
  int code = 0;  // ErrorCode's numbers
  std::string reason;
  std::string message;
  std::map<std::string, std::string> metadata;
  bool unavailable() const { return code == 14 || code == 4; }
};

struct RoleGrant {
  Role role = Role::Unspecified;
  std::string site;  // empty: all sites
};

struct User {
  std::string name;
  std::string display_name;
  std::string home_site;
  std::vector<RoleGrant> grants;
  bool has(Role role) const {
    for (const RoleGrant& grant : grants)
      if (grant.role == role) return true;
    return false;
  }
};

struct Image {
  std::string name;
  ImageKind kind = ImageKind::Unspecified;
  ImageState state = ImageState::Unspecified;
  std::string state_reason;
  contract::Pyramid levels;     // empty in lists
  double mpp_x = 0, mpp_y = 0;  // um per level-0 pixel, 0 unknown
  double objective = 0;
  std::string stain;
  std::string icc_profile;
  bool has_icc_profile = false;
  std::string vendor;
  std::string dermoscopic_type;
  std::string image_manipulation;
  uint32_t background_rgb = 0xFFFFFF;
  std::string etag;
  RejectCode exclusion = RejectCode::Unspecified;  // why QA leaves it out; Unspecified: included
};

struct ClinicalContext {
  int age = -1;
  std::string sex, anatom_site, laterality, fitzpatrick, duration, symptoms, distribution;
  double clin_size_long_diam_mm = 0;
};

struct SiteOpinion {
  std::string site_diagnosis, site_diagnosis_ja, pathology_diagnosis, dx_confirm_type;
  std::string site_diagnosis_term, pathology_diagnosis_term;
};

// What a returned case waits for.
struct CaseReturn {
  ReturnTo to = ReturnTo::Unspecified;
  RejectCode code = RejectCode::Unspecified;  // Unspecified: the site has sent something since the read
  std::string comment;                        // empty in lists
  int64_t time_us = 0;
};

struct Case {
  std::string name;
  std::string site;
  CaseState state = CaseState::Unspecified;
  std::vector<Image> images;
  ClinicalContext context;
  std::optional<SiteOpinion> site_opinion;
  std::string decided_term;
  std::string decision_code;
  int votes_in = 0, votes_wanted = 0;
  int64_t create_time_us = 0, update_time_us = 0;
  std::string etag;
  bool read_by_caller = false;
  bool leased_by_caller = false;
  int pending_images = 0, refused_images = 0;
  std::optional<CaseReturn> returned;
};

struct Diagnosis {
  std::string term;
  int rank = 1;
  int confidence = 3;
  bool operator==(const Diagnosis&) const = default;
};

struct ReadContent {
  bool gradable = true;
  UngradableReason ungradable_reason = UngradableReason::Unspecified;
  std::vector<Diagnosis> differential;                        // at most 5
  std::map<std::string, std::vector<ImageFlag>> image_flags;  // by image name
  std::map<std::string, ImageAdjustments> adjustments;        // by image name; neutral ones are absent
  Annotations annotations;
  std::map<DermoscopyFeature, Finding> dermoscopy;  // those recorded
  std::string note;
  bool operator==(const ReadContent&) const = default;
};

struct ReadTelemetry {
  int64_t open_time_us = 0;
  double active_seconds = 0;
  double deepest_zoom = 0;
  std::map<std::string, double> seen;  // by image: the part that was in view large enough to be judged
};

struct ReadRevision {
  int revision = 1;
  ReadContent content;
  int64_t create_time_us = 0;
  std::string reason;
  bool after_reveal = false;
  std::optional<ReadTelemetry> telemetry;  // of the first revision, for its author and QA
};

struct Read {
  std::string name;
  std::string reader, reader_display_name;
  std::vector<ReadRevision> revisions;
  bool late = false;
  std::string etag;
  bool returned = false;  // its reader is asked to look again
};

// An amendment that has not been sent.
struct KeptAmendment {
  ReadContent content;
  std::string reason;
  int from = -1;  // the revision it was begun from; -1: not known (it comes from this computer's disk)
};

// A read or an amendment that the server refused for good: kept on this computer until its author has settled
// it.
struct Unsettled {
  int64_t id = 0;
  std::string case_name;
  bool amendment = false;
  KeptAmendment work;  // the reason is an amendment's
  ApiError error;
};

struct Lease {
  std::string name;
  std::string case_name;
  int64_t expire_time_us = 0;
};

// What a reviewer says about the case or a place in one of its images.
struct Comment {
  std::string name;
  std::string author, author_display_name;
  std::vector<std::string> texts;  // every version, the one in force last
  std::string image;               // empty: the whole case
  contract::PointD at;             // level-0 pixels
  std::string reply_to;            // the comment it answers; empty: begins a thread
  bool resolved = false;
  std::string settled_by;  // display name of who resolved it or opened it again
  int64_t settle_time_us = 0, create_time_us = 0;
  std::string etag;
  const std::string& text() const { return texts.back(); }
};

struct PanelMember {
  std::string user, display_name;
  bool answered = false;
  std::string term, rationale;  // empty where they are not (yet) shown to the caller
};

// Reviewers who settle a case together.
struct Panel {
  std::string name;
  PanelMode mode = PanelMode::Unspecified;
  std::string convener;
  std::string rationale;
  std::vector<PanelMember> members;
  int64_t create_time_us = 0;
  bool complete = false;  // every member has answered
  std::string term;       // what it came to; empty: nothing yet
  const PanelMember* find_member(const std::string& user) const {
    for (const PanelMember& member : members)
      if (member.user == user) return &member;
    return nullptr;
  }
};

struct PanelState {
  std::optional<Panel> panel;
  std::vector<PanelMember> candidates;  // without a panel: who may be on one besides the caller
};

struct Decision {
  std::string name;
  DecisionKind kind = DecisionKind::Unspecified;
  std::string decider, decider_display_name;
  std::string term;
  RejectCode code = RejectCode::Unspecified;
  std::string rationale;
  int64_t create_time_us = 0;
  std::vector<std::string> images;  // an approval: those it includes
  ReturnTo returned_to = ReturnTo::Unspecified;
  std::vector<std::string> returned_readers;  // "users/u1"
  std::optional<Panel> panel;                 // that decided it
};

// Cases that are not among those sampled or approved, by the server's reason.
struct LeftOut {
  std::string reason;
  int cases = 0;
};

// Agreed cases that QA approves together after a look at a part of them.
struct Sample {
  std::string name;
  double percent = 0;
  int waiting = 0, approved = 0, not_approved = 0;  // of those to be looked at
  int rest_waiting = 0, rest_approved = 0;
  std::vector<LeftOut> left_out;
  bool closed = false;
  int looked_at() const { return waiting + approved + not_approved; }
};

struct SampledCase {
  Case value;
  int votes = 0, agreeing = 0;  // votes, and those for what the case is settled as
  int lowest_confidence = 0;    // of these; 0: none
};

struct WorklistFilter {
  WorklistView view = WorklistView::All;
  std::vector<CaseState> states;
  std::vector<ImageKind> kinds;
  std::string site;
  WorklistOrder order = WorklistOrder::Age;  // Doubt: of QA's two views of what is to be done
  bool operator==(const WorklistFilter&) const = default;
};

}  // namespace hada::model
