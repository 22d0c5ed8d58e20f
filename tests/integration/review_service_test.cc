// The review, over a real socket: what two dermatologists and a QA reviewer can do and see with any gRPC
// client.

#include <doctest/doctest.h>

#include "contract/sha256.h"
#include "hada/v1/case.pb.h"
#include "hada/v1/decision.pb.h"
#include "hada/v1/ingest.pb.h"
#include "hada/v1/read.pb.h"
#include "hada/v1/session.pb.h"
#include "hada/v1/statistics.pb.h"
#include "tests/integration/database.h"
#include "tests/support/slide_factory/slide_factory.h"
#include "tests/support/world.h"

namespace {

using namespace hada;
using namespace hada::support;
using namespace std::chrono_literals;

struct Clinic {
  Clinic() {
    make_people(server);
    coordinator.as("coordinator-a");
    derm_b.as("derm-b");
    derm_c.as("derm-c");
    derm_e.as("derm-e");
    qa.as("qa-d");
  }

  // A case with one photograph, checked and ready; its name.
  std::string new_case(const std::string& site_diagnosis) {
    return add_photograph(++cases_, site_diagnosis, 0, 1);
  }
  // The site sends one more photograph of the newest case, which then has `images` of them.
  std::string one_more(const std::string& site_diagnosis, int images) {
    return add_photograph(cases_, site_diagnosis, images, images);
  }
  std::string add_photograph(int number, const std::string& site_diagnosis, int variant, int images) {
    Raster raster{64, 48, std::vector<uint8_t>(64 * 48 * 3)};
    for (size_t i = 0; i < raster.rgb.size(); ++i)
      raster.rgb[i] = static_cast<uint8_t>(
          (i * static_cast<size_t>(13 + 2 * variant) + static_cast<size_t>(number) * 101) >> 2);
    const TempDir dir;
    REQUIRE(write_png(dir / "p.png", raster));
    const std::string bytes = read_file(dir / "p.png");

    v1::CreateBatchRequest create;
    create.set_site("sites/a");
    create.set_tool_version("review_service_test");
    create.set_request_id(ApiClient::request_id());
    const auto batch = coordinator.call<v1::Batch>("IngestService/CreateBatch", create);
    REQUIRE(batch);
    v1::StartUploadRequest start;
    start.set_batch(batch->name());
    start.set_sha256(contract::sha256_hex(bytes));
    start.set_size(static_cast<int64_t>(bytes.size()));
    REQUIRE(coordinator.call<v1::Upload>("IngestService/StartUpload", start));
    v1::WriteChunkRequest chunk;
    chunk.set_batch(batch->name());
    chunk.set_sha256(start.sha256());
    chunk.set_data(bytes);
    const auto written = coordinator.call<v1::Upload>("IngestService/WriteChunk", chunk);
    REQUIRE(written);
    REQUIRE(written->complete());

    v1::CommitImageRequest commit;
    commit.set_batch(batch->name());
    commit.set_request_id(ApiClient::request_id());
    v1::ImageRow* row = commit.mutable_row();
    row->set_patient_key(contract::sha256_hex("patient" + std::to_string(number)));
    row->set_case_key(contract::sha256_hex("case" + std::to_string(number)));
    row->set_kind(v1::IMAGE_KIND_CLINICAL_CLOSEUP);
    (*row->mutable_fields())["licence"] = "CC-0";
    (*row->mutable_fields())["site_diagnosis"] = site_diagnosis;
    v1::BundleFile* file = commit.add_files();
    file->set_path("image.png");
    file->set_sha256(start.sha256());
    file->set_size(start.size());
    const auto committed = coordinator.call<v1::CommitImageResponse>("IngestService/CommitImage", commit);
    REQUIRE(committed);
    const std::string name = committed->case_();
    REQUIRE(eventually([&] { return get(coordinator, name)->images_size() == images; }, 60s));
    return name;
  }

  Result<v1::Case> get(ApiClient& who, const std::string& name) {
    v1::GetCaseRequest request;
    request.set_name(name);
    return who.call<v1::Case>("CaseService/GetCase", request);
  }
  Result<v1::ListReadsResponse> reads(ApiClient& who, const std::string& name) {
    v1::ListReadsRequest request;
    request.set_parent(name);
    return who.call<v1::ListReadsResponse>("ReadService/ListReads", request);
  }
  bool lists(ApiClient& who, v1::WorklistView view, const std::string& name) {
    v1::ListCasesRequest request;
    request.set_view(view);
    const auto page = who.call<v1::ListCasesResponse>("CaseService/ListCases", request);
    REQUIRE(page);
    return std::any_of(page->cases().begin(), page->cases().end(),
                       [&](const v1::Case& c) { return c.name() == name; });
  }
  Result<v1::Read> read(ApiClient& who, const std::string& name, const std::string& term) {
    v1::ClaimCaseRequest claim;
    claim.set_case_(name);
    claim.set_request_id(ApiClient::request_id());
    const auto lease = who.call<v1::ReadLease>("ReadService/ClaimCase", claim);
    if (!lease) return Unexpected(lease.error());
    v1::SubmitReadRequest submit;
    submit.set_case_(name);
    submit.set_request_id(ApiClient::request_id());
    submit.mutable_content()->set_gradable(true);
    v1::Diagnosis* diagnosis = submit.mutable_content()->add_differential();
    diagnosis->set_term("terms/" + term);
    diagnosis->set_rank(1);
    diagnosis->set_confidence(4);
    return who.call<v1::Read>("ReadService/SubmitRead", submit);
  }
  template <class Request>
  Request decision(const std::string& name) {
    Request request;
    request.set_name(name);
    request.set_etag(get(qa, name)->etag());
    request.set_request_id(ApiClient::request_id());
    return request;
  }

  ServerProcess server;
  ApiClient coordinator{server.address()}, derm_b{server.address()}, derm_c{server.address()},
      derm_e{server.address()}, qa{server.address()};

 private:
  int cases_ = 0;
};

void agreement_then_approval(Clinic& clinic) {
  const std::string name = clinic.new_case("psoriasis");
  CHECK(clinic.lists(clinic.derm_b, v1::WORKLIST_VIEW_TO_READ, name));
  REQUIRE(clinic.read(clinic.derm_b, name, "psoriasis"));
  CHECK_FALSE(clinic.lists(clinic.derm_b, v1::WORKLIST_VIEW_TO_READ, name));
  CHECK(reason(clinic.read(clinic.derm_b, name, "psoriasis")) == "ALREADY_READ");
  REQUIRE(clinic.read(clinic.derm_c, name, "psoriasis"));
  CHECK(reason(clinic.read(clinic.derm_e, name, "psoriasis")) == "WRONG_STATE");

  CHECK(clinic.get(clinic.qa, name)->state() == v1::CASE_STATE_AGREED);
  CHECK(clinic.lists(clinic.qa, v1::WORKLIST_VIEW_TO_APPROVE, name));
  const auto request = clinic.decision<v1::ApproveCaseRequest>(name);
  CHECK(reason(clinic.derm_b.call<v1::Case>("DecisionService/ApproveCase", request)) == "ROLE_REQUIRED");
  const auto approved = clinic.qa.call<v1::Case>("DecisionService/ApproveCase", request);
  REQUIRE(approved);
  CHECK(approved->state() == v1::CASE_STATE_APPROVED);
  CHECK(approved->decided_term() == "terms/psoriasis");
  CHECK_FALSE(clinic.lists(clinic.qa, v1::WORKLIST_VIEW_TO_APPROVE, name));

  // A stale etag is told the current one.
  auto stale = clinic.decision<v1::ReopenCaseRequest>(name);
  const std::string current = stale.etag();
  stale.set_etag("r0");
  const auto refused = clinic.qa.call<v1::Case>("DecisionService/ReopenCase", stale);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::Aborted);
  CHECK(refused.error().reason == "ETAG_MISMATCH");
  CHECK(refused.error().metadata.at("current_etag") == current);

  // What was acknowledged outlives the server.
  clinic.server.kill9();
  clinic.server.start();
  REQUIRE(eventually([&] { return clinic.get(clinic.qa, name).has_value(); }, 20s));
  CHECK(clinic.get(clinic.qa, name)->state() == v1::CASE_STATE_APPROVED);
}

void disagreement_then_adjudication(Clinic& clinic) {
  const std::string name = clinic.new_case("eczema");
  REQUIRE(clinic.read(clinic.derm_b, name, "psoriasis"));
  REQUIRE(clinic.read(clinic.derm_c, name, "lichen_planus"));
  CHECK(clinic.get(clinic.qa, name)->state() == v1::CASE_STATE_NEEDS_READ);
  REQUIRE(clinic.read(clinic.derm_e, name, "tinea_corporis"));
  CHECK(clinic.lists(clinic.qa, v1::WORKLIST_VIEW_TO_ADJUDICATE, name));
  CHECK(clinic.reads(clinic.qa, name)->reads_size() == 3);
  auto request = clinic.decision<v1::AdjudicateCaseRequest>(name);
  request.set_term("terms/psoriasis");
  CHECK(reason(clinic.qa.call<v1::Case>("DecisionService/AdjudicateCase", request)) == "BAD_FIELD");
  request.set_rationale("sharply bordered, silvery scale");
  const auto decided = clinic.qa.call<v1::Case>("DecisionService/AdjudicateCase", request);
  REQUIRE(decided);
  CHECK(decided->state() == v1::CASE_STATE_PANEL_DECIDED);
  v1::ListDecisionsRequest list;
  list.set_parent(name);
  const auto decisions = clinic.qa.call<v1::ListDecisionsResponse>("DecisionService/ListDecisions", list);
  REQUIRE(decisions);
  REQUIRE(decisions->decisions_size() == 1);
  CHECK(decisions->decisions(0).basis_size() == 3);
  CHECK(decisions->decisions(0).decider_display_name() == "Dr. Doi");
}

// The caller's own read, with its etag of now.
v1::Read own_read(Clinic& clinic, ApiClient& who, const std::string& name, const std::string& user) {
  const auto reads = clinic.reads(who, name);
  REQUIRE(reads);
  for (const v1::Read& read : reads->reads())
    if (read.reader() == "users/" + user) return read;
  FAIL("no read of " << user);
  return {};
}

Result<v1::Read> look_again(ApiClient& who, const v1::Read& read, const std::string& term) {
  v1::AmendReadRequest request;
  request.set_name(read.name());
  request.set_etag(read.etag());
  request.set_reason("looked again");
  request.set_request_id(ApiClient::request_id());
  *request.mutable_content() = read.revisions(read.revisions_size() - 1).content();
  request.mutable_content()->mutable_differential(0)->set_term("terms/" + term);
  return who.call<v1::Read>("ReadService/AmendRead", request);
}

void return_to_reader_then_to_site(Clinic& clinic) {
  const std::string name = clinic.new_case("psoriasis");
  REQUIRE(clinic.read(clinic.derm_b, name, "psoriasis"));
  REQUIRE(clinic.read(clinic.derm_c, name, "psoriasis"));
  auto to_reader = clinic.decision<v1::ReturnCaseRequest>(name);
  to_reader.set_to(v1::RETURN_TO_READER);
  to_reader.add_readers("users/derm-b");
  to_reader.set_code(v1::REJECT_CODE_READ_INCOMPLETE);
  to_reader.set_rationale("the second lesion");
  CHECK(reason(clinic.derm_b.call<v1::Case>("DecisionService/ReturnCase", to_reader)) == "ROLE_REQUIRED");
  const auto returned = clinic.qa.call<v1::Case>("DecisionService/ReturnCase", to_reader);
  REQUIRE(returned);
  CHECK(returned->state() == v1::CASE_STATE_RETURNED);
  CHECK(clinic.lists(clinic.derm_b, v1::WORKLIST_VIEW_RETURNED, name));
  CHECK_FALSE(clinic.lists(clinic.derm_c, v1::WORKLIST_VIEW_RETURNED, name));
  const auto seen = clinic.get(clinic.derm_b, name);
  CHECK(seen->returned().comment() == "the second lesion");
  CHECK(seen->SerializeAsString().find("psoriasis") == std::string::npos);
  // What an acknowledged return asks for outlives the server.
  clinic.server.kill9();
  clinic.server.start();
  REQUIRE(eventually([&] { return clinic.get(clinic.derm_b, name).has_value(); }, 20s));
  REQUIRE(look_again(clinic.derm_b, own_read(clinic, clinic.derm_b, name, "derm-b"), "psoriasis"));
  CHECK(clinic.get(clinic.qa, name)->state() == v1::CASE_STATE_AGREED);

  auto to_site = clinic.decision<v1::ReturnCaseRequest>(name);
  to_site.set_to(v1::RETURN_TO_SITE);
  to_site.set_code(v1::REJECT_CODE_IMAGE_MISSING);
  REQUIRE(clinic.qa.call<v1::Case>("DecisionService/ReturnCase", to_site));
  CHECK(clinic.lists(clinic.coordinator, v1::WORKLIST_VIEW_RETURNED, name));
  CHECK(clinic.get(clinic.coordinator, name)->returned().code() == "IMAGE_MISSING");
  REQUIRE(clinic.one_more("psoriasis", 2) == name);
  CHECK(clinic.get(clinic.qa, name)->state() == v1::CASE_STATE_OPEN);
  CHECK_FALSE(clinic.lists(clinic.coordinator, v1::WORKLIST_VIEW_RETURNED, name));
  REQUIRE(look_again(clinic.derm_b, own_read(clinic, clinic.derm_b, name, "derm-b"), "lichen_planus"));
  REQUIRE(clinic.read(clinic.derm_e, name, "lichen_planus"));
  CHECK(clinic.get(clinic.qa, name)->state() == v1::CASE_STATE_AGREED);
  CHECK(clinic.get(clinic.qa, name)->decided_term() == "terms/lichen_planus");
}

void approval_without_one_image(Clinic& clinic) {
  const std::string name = clinic.new_case("psoriasis");
  REQUIRE(clinic.one_more("psoriasis", 2) == name);
  REQUIRE(clinic.read(clinic.derm_b, name, "psoriasis"));
  REQUIRE(clinic.read(clinic.derm_c, name, "psoriasis"));
  const auto set = [&](int image, bool included) {
    const auto seen = clinic.get(clinic.qa, name);
    v1::SetImageInclusionRequest request;
    request.set_name(seen->images(image).name());
    request.set_etag(seen->images(image).etag());
    request.set_included(included);
    if (!included) request.set_code(v1::REJECT_CODE_IDENTIFIABLE);
    request.set_request_id(ApiClient::request_id());
    return clinic.qa.call<v1::Case>("DecisionService/SetImageInclusion", request);
  };
  const auto left_out = set(1, false);
  REQUIRE(left_out);
  CHECK(left_out->images(1).exclusion_code() == "IDENTIFIABLE");
  REQUIRE(
      clinic.qa.call<v1::Case>("DecisionService/ApproveCase", clinic.decision<v1::ApproveCaseRequest>(name)));
  v1::ListDecisionsRequest list;
  list.set_parent(name);
  const auto decisions = clinic.qa.call<v1::ListDecisionsResponse>("DecisionService/ListDecisions", list);
  REQUIRE(decisions->decisions(0).images_size() == 1);
  CHECK(decisions->decisions(0).images(0) == left_out->images(0).name());
  // Another choice of images is not what was approved.
  REQUIRE(set(1, true));
  CHECK(clinic.get(clinic.qa, name)->state() == v1::CASE_STATE_AGREED);
  REQUIRE(set(0, false));
  REQUIRE(set(1, false));
  CHECK(reason(clinic.qa.call<v1::Case>("DecisionService/ApproveCase",
                                        clinic.decision<v1::ApproveCaseRequest>(name))) ==
        "NO_IMAGES_INCLUDED");
}

// Runs after the others: what they have left agreed is among the cases.
void a_sample_then_the_rest(Clinic& clinic) {
  for (int i = 0; i < 2; ++i) {
    const std::string name = clinic.new_case("psoriasis");
    REQUIRE(clinic.read(clinic.derm_b, name, "psoriasis"));
    REQUIRE(clinic.read(clinic.derm_c, name, "psoriasis"));
  }
  v1::DrawSampleRequest draw;
  draw.set_request_id(ApiClient::request_id());
  CHECK(reason(clinic.derm_b.call<v1::Sample>("DecisionService/DrawSample", draw)) == "ROLE_REQUIRED");
  const auto sample = clinic.qa.call<v1::Sample>("DecisionService/DrawSample", draw);
  REQUIRE(sample);
  CHECK(sample->waiting() == 1);
  const int rest = sample->rest_waiting();
  CHECK(rest >= 2);
  v1::ListSampledCasesRequest list;
  list.set_parent(sample->name());
  const auto cases = clinic.qa.call<v1::ListSampledCasesResponse>("DecisionService/ListSampledCases", list);
  REQUIRE(cases);
  REQUIRE(cases->cases_size() == 1);
  CHECK(cases->cases(0).agreeing() == cases->cases(0).votes());

  v1::ApproveRestRequest approve;
  approve.set_name(sample->name());
  approve.set_not_approved(1);
  approve.set_rationale("a stray photograph; the others are well documented");
  approve.set_request_id(ApiClient::request_id());
  CHECK(reason(clinic.qa.call<v1::Sample>("DecisionService/ApproveRest", approve)) == "SAMPLE_UNDECIDED");
  auto reject = clinic.decision<v1::RejectCaseRequest>(cases->cases(0).case_().name());
  reject.set_code(v1::REJECT_CODE_NOT_SKIN);
  REQUIRE(clinic.qa.call<v1::Case>("DecisionService/RejectCase", reject));
  const auto done = clinic.qa.call<v1::Sample>("DecisionService/ApproveRest", approve);
  REQUIRE(done);
  CHECK(done->closed());
  int left_out = 0;
  for (const v1::LeftOut& each : done->left_out()) left_out += each.cases();
  CHECK(done->rest_approved() + left_out >= rest);
  CHECK(done->rest_approved() >= 1);
}

void blindness(Clinic& clinic) {
  const std::string name = clinic.new_case("psoriasis");
  REQUIRE(clinic.read(clinic.derm_b, name, "psoriasis"));
  // Nothing that goes over the wire to a blind reader names the site, its diagnosis or the other read.
  const auto blind = clinic.get(clinic.derm_c, name);
  REQUIRE(blind);
  const std::string wire = blind->SerializeAsString();
  CHECK(wire.find("psoriasis") == std::string::npos);
  CHECK(wire.find("sites/") == std::string::npos);
  CHECK(blind->state() == v1::CASE_STATE_READING);
  CHECK(blind->votes_in() == 0);
  CHECK(blind->votes_wanted() == 0);
  CHECK(blind->etag().empty());
  CHECK(clinic.reads(clinic.derm_c, name)->reads_size() == 0);
  REQUIRE(clinic.read(clinic.derm_c, name, "psoriasis"));
  CHECK(clinic.get(clinic.derm_c, name)->site_opinion().site_diagnosis() == "psoriasis");
  CHECK(clinic.reads(clinic.derm_c, name)->reads_size() == 2);
  CHECK(clinic.get(clinic.derm_e, name)->SerializeAsString().find("psoriasis") == std::string::npos);
}

// One server for all: ten people log in, and hashing their passwords is what takes the time.
void statistics(Clinic& clinic) {
  // What the three above left behind: b and c agree on one case, and on the others they do not, or one has
  // read.
  const auto agreement =
      clinic.qa.call<v1::Agreement>("StatisticsService/GetAgreement", v1::GetAgreementRequest());
  REQUIRE(agreement);
  CHECK(agreement->readers_size() >= 2);
  REQUIRE(agreement->levels_size() == 4);
  const v1::LevelAgreement& term = agreement->levels(0);
  CHECK(term.cases() >= 2);
  CHECK(term.agreed().hits() >= 1);
  CHECK(term.agreed().hits() < term.cases());
  CHECK(term.has_alpha());
  CHECK(reason(clinic.derm_b.call<v1::Agreement>("StatisticsService/GetAgreement",
                                                 v1::GetAgreementRequest())) == "ROLE_REQUIRED");

  v1::GetReaderStatisticsRequest request;
  const auto own = clinic.derm_b.call<v1::ReaderStatistics>("StatisticsService/GetReaderStatistics", request);
  REQUIRE(own);
  CHECK(own->reader() == "users/derm-b");
  CHECK(own->reads() >= 2);
  CHECK(own->gold_size() == 3);
  request.set_reader("users/derm-b");
  const auto by_qa = clinic.qa.call<v1::ReaderStatistics>("StatisticsService/GetReaderStatistics", request);
  REQUIRE(by_qa);
  CHECK(by_qa->outcomes(0).proportion().total() >= own->outcomes(0).proportion().total());
  CHECK(reason(clinic.derm_c.call<v1::ReaderStatistics>("StatisticsService/GetReaderStatistics", request)) ==
        "ROLE_REQUIRED");
}

// What a model makes of the votes is worked out by the server itself, and sorts QA's list only.
void order_by_doubt(Clinic& clinic) {
  const auto db = clinic.server.data_dir() / "hada.db";
  // The job that the last votes asked for waits some minutes.
  (void)number(db, "UPDATE jobs SET lease_until_us = 0 WHERE kind = 'score_doubt' RETURNING 1");
  REQUIRE(eventually(
      [&] { return number(db, "SELECT COUNT(*) FROM jobs WHERE kind = 'score_doubt' AND state < 2") == 0; },
      60s));
  CHECK(number(db, "SELECT COUNT(*) FROM jobs WHERE kind = 'score_doubt' AND state = 3") == 0);
  CHECK(number(db, "SELECT COUNT(*) FROM cases WHERE certainty <= 1000") > 0);
  v1::ListCasesRequest list;
  list.set_view(v1::WORKLIST_VIEW_TO_APPROVE);
  list.set_order(v1::WORKLIST_ORDER_DOUBT);
  const auto by_doubt = clinic.qa.call<v1::ListCasesResponse>("CaseService/ListCases", list);
  list.set_order(v1::WORKLIST_ORDER_AGE);
  const auto by_age = clinic.qa.call<v1::ListCasesResponse>("CaseService/ListCases", list);
  REQUIRE(by_doubt);
  REQUIRE(by_age);
  CHECK(by_doubt->cases_size() == by_age->cases_size());
  list.set_view(v1::WORKLIST_VIEW_TO_READ);
  list.set_order(v1::WORKLIST_ORDER_DOUBT);
  CHECK(reason(clinic.derm_b.call<v1::ListCasesResponse>("CaseService/ListCases", list)) == "BAD_FIELD");
}

// Nobody has been judged here; the way is open to QA, and to nobody for themselves.
void resuming(Clinic& clinic) {
  v1::GetReaderStatisticsRequest get;
  get.set_reader("users/derm-b");
  const auto record = clinic.qa.call<v1::ReaderStatistics>("StatisticsService/GetReaderStatistics", get);
  REQUIRE(record);
  CHECK(record->standing().standing() == v1::READING_STANDING_NOT_JUDGED);
  v1::ResumeReadingRequest resume;
  resume.set_reader("users/derm-b");
  resume.set_request_id(ApiClient::request_id());
  CHECK(reason(clinic.derm_b.call<v1::ReaderStanding>("StatisticsService/ResumeReading", resume)) ==
        "ROLE_REQUIRED");
  CHECK(reason(clinic.qa.call<v1::ReaderStanding>("StatisticsService/ResumeReading", resume)) ==
        "ETAG_MISSING");
  resume.set_etag(record->standing().etag());
  CHECK(reason(clinic.qa.call<v1::ReaderStanding>("StatisticsService/ResumeReading", resume)) ==
        "WRONG_STATE");
  const auto session =
      clinic.derm_b.call<v1::GetSessionResponse>("SessionService/GetSession", v1::GetSessionRequest());
  REQUIRE(session);
  CHECK(session->standing().judged_from() == 10);
}

v1::PanelState panel_of(ApiClient& who, const std::string& name) {
  v1::GetPanelRequest request;
  request.set_name(name);
  const auto state = who.call<v1::PanelState>("DecisionService/GetPanel", request);
  REQUIRE(state);
  return *state;
}

Result<v1::PanelState> answer_panel(ApiClient& who, const std::string& panel, const std::string& term) {
  v1::AnswerPanelRequest request;
  request.set_name(panel);
  request.set_term("terms/" + term);
  request.set_rationale("because");
  request.set_request_id(ApiClient::request_id());
  return who.call<v1::PanelState>("DecisionService/AnswerPanel", request);
}

// Three reviewers settle a risk split without seeing each other's votes.
void a_panel(Clinic& clinic) {
  make_reviewers(clinic.server);
  ApiClient second(clinic.server.address()), third(clinic.server.address());
  second.as("qa-b");
  third.as("qa-e");
  const std::string name = clinic.new_case("melanoma");
  REQUIRE(clinic.read(clinic.derm_b, name, "melanoma"));
  REQUIRE(clinic.read(clinic.derm_c, name, "psoriasis"));
  REQUIRE(clinic.get(clinic.qa, name)->state() == v1::CASE_STATE_TO_PANEL);
  CHECK(panel_of(clinic.qa, name).candidates_size() == 2);

  auto convene = clinic.decision<v1::ConvenePanelRequest>(name);
  convene.set_mode(v1::PANEL_MODE_VOTE);
  convene.add_members("users/qa-b");
  convene.add_members("users/qa-e");
  const auto made = clinic.qa.call<v1::PanelState>("DecisionService/ConvenePanel", convene);
  REQUIRE(made);
  // The same request again changes nothing.
  CHECK(clinic.qa.call<v1::PanelState>("DecisionService/ConvenePanel", convene)->panel().name() ==
        made->panel().name());
  const std::string panel = made->panel().name();
  for (ApiClient* each : {&clinic.qa, &second, &third}) {
    CHECK(clinic.lists(*each, v1::WORKLIST_VIEW_PANELS, name));
    REQUIRE(answer_panel(*each, panel, each == &second ? "psoriasis" : "melanoma"));
    if (each == &third) break;
    const v1::PanelState seen = panel_of(third, name);
    for (const v1::PanelMember& member : seen.panel().members()) CHECK(member.term().empty());
  }
  CHECK(panel_of(second, name).panel().term() == "terms/melanoma");
  CHECK(clinic.lists(clinic.qa, v1::WORKLIST_VIEW_PANELS, name));
  CHECK_FALSE(clinic.lists(second, v1::WORKLIST_VIEW_PANELS, name));

  auto decide = clinic.decision<v1::AdjudicateCaseRequest>(name);
  decide.set_term("terms/melanoma");
  decide.set_rationale("two of three");
  const auto decided = clinic.qa.call<v1::Case>("DecisionService/AdjudicateCase", decide);
  REQUIRE(decided);
  CHECK(decided->state() == v1::CASE_STATE_PANEL_DECIDED);
  v1::ListDecisionsRequest list;
  list.set_parent(name);
  const auto decisions = second.call<v1::ListDecisionsResponse>("DecisionService/ListDecisions", list);
  REQUIRE(decisions);
  CHECK(decisions->decisions(0).panel().members_size() == 3);
  CHECK_FALSE(decisions->decisions(0).policy_version().empty());
  CHECK_FALSE(decisions->decisions(0).vocabulary_version().empty());
  CHECK(reason(answer_panel(second, panel, "melanoma")) == "PANEL_ENDED");
  CHECK(reason(clinic.qa.call<v1::Case>("DecisionService/ApproveCase",
                                        clinic.decision<v1::ApproveCaseRequest>(name))) == "");
}

// Reviewers talk about a place in an image; nobody else hears it.
void comments(Clinic& clinic) {
  const std::string name = clinic.new_case("psoriasis");
  v1::CreateCommentRequest create;
  create.set_parent(name);
  create.set_text("a scale here?");
  create.set_image(clinic.get(clinic.qa, name)->images(0).name());
  create.set_x(31.25);
  create.set_y(7.5);
  create.set_request_id(ApiClient::request_id());
  const auto made = clinic.qa.call<v1::Comment>("ReadService/CreateComment", create);
  REQUIRE(made);
  CHECK(made->x() == 31.25);
  CHECK(made->author_display_name() == "Dr. Doi");
  // The same request again makes no second one.
  CHECK(clinic.qa.call<v1::Comment>("ReadService/CreateComment", create)->name() == made->name());
  create.set_request_id(ApiClient::request_id());
  CHECK(reason(clinic.derm_b.call<v1::Comment>("ReadService/CreateComment", create)) == "ROLE_REQUIRED");
  create.set_x(65);
  CHECK(reason(clinic.qa.call<v1::Comment>("ReadService/CreateComment", create)) == "BAD_FIELD");

  v1::EditCommentRequest edit;
  edit.set_name(made->name());
  edit.set_text("scale, or crust?");
  edit.set_etag(made->etag());
  edit.set_request_id(ApiClient::request_id());
  const auto edited = clinic.qa.call<v1::Comment>("ReadService/EditComment", edit);
  REQUIRE(edited);
  v1::ResolveCommentRequest resolve;
  resolve.set_name(made->name());
  resolve.set_etag(made->etag());
  resolve.set_request_id(ApiClient::request_id());
  CHECK(reason(clinic.qa.call<v1::Comment>("ReadService/ResolveComment", resolve)) == "ETAG_MISMATCH");
  resolve.set_etag(edited->etag());
  CHECK(clinic.qa.call<v1::Comment>("ReadService/ResolveComment", resolve)->resolved());

  v1::ListCommentsRequest list;
  list.set_parent(name);
  const auto seen = clinic.qa.call<v1::ListCommentsResponse>("ReadService/ListComments", list);
  REQUIRE(seen);
  REQUIRE(seen->comments_size() == 1);
  CHECK(seen->comments(0).texts_size() == 2);
  CHECK(reason(clinic.derm_b.call<v1::ListCommentsResponse>("ReadService/ListComments", list)) ==
        "ROLE_REQUIRED");
  v1::ReopenCommentRequest reopen;
  reopen.set_name(made->name());
  reopen.set_etag(seen->comments(0).etag());
  reopen.set_request_id(ApiClient::request_id());
  CHECK_FALSE(clinic.qa.call<v1::Comment>("ReadService/ReopenComment", reopen)->resolved());
}

TEST_CASE("two dermatologists and a QA reviewer work over the wire") {
  Clinic clinic;
  agreement_then_approval(clinic);
  disagreement_then_adjudication(clinic);
  blindness(clinic);
  statistics(clinic);
  resuming(clinic);
  order_by_doubt(clinic);
  return_to_reader_then_to_site(clinic);
  approval_without_one_image(clinic);
  a_sample_then_the_rest(clinic);
  a_panel(clinic);
  comments(clinic);
}

}  // namespace
