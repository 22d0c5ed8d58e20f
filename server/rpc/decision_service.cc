#include "hada/v1/decision.grpc.pb.h"
#include "server/handlers/decision.h"
#include "server/handlers/panel.h"
#include "server/handlers/sample.h"
#include "server/rpc/services.h"

namespace hada::rpc {
namespace {

class DecisionService final : public v1::DecisionService::CallbackService {
 public:
  explicit DecisionService(Dispatch& dispatch) : dispatch_(dispatch) {}
  HADA_VERB(DecisionService, AdjudicateCase, Case, adjudicate_case)
  HADA_VERB(DecisionService, RequestRead, Case, request_read)
  HADA_VERB(DecisionService, DeclareNoConsensus, Case, declare_no_consensus)
  HADA_VERB(DecisionService, ApproveCase, Case, approve_case)
  HADA_VERB(DecisionService, RejectCase, Case, reject_case)
  HADA_VERB(DecisionService, ReturnCase, Case, return_case)
  HADA_VERB(DecisionService, SetImageInclusion, Case, set_image_inclusion)
  HADA_VERB(DecisionService, ReopenCase, Case, reopen_case)
  HADA_VERB(DecisionService, GetPanel, PanelState, get_panel)
  HADA_VERB(DecisionService, ConvenePanel, PanelState, convene_panel)
  HADA_VERB(DecisionService, AnswerPanel, PanelState, answer_panel)
  HADA_VERB(DecisionService, WithdrawPanelAnswer, PanelState, withdraw_panel_answer)
  HADA_VERB(DecisionService, DissolvePanel, PanelState, dissolve_panel)
  HADA_VERB(DecisionService, DrawSample, Sample, draw_sample)
  HADA_VERB(DecisionService, GetSample, Sample, get_sample)
  HADA_VERB(DecisionService, ListSampledCases, ListSampledCasesResponse, list_sampled_cases)
  HADA_VERB(DecisionService, ApproveRest, Sample, approve_rest)
  HADA_VERB(DecisionService, CloseSample, Sample, close_sample)
  HADA_VERB(DecisionService, ListDecisions, ListDecisionsResponse, list_decisions)

 private:
  Dispatch& dispatch_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_decision_service(Dispatch& dispatch) {
  return std::make_unique<DecisionService>(dispatch);
}

}  // namespace hada::rpc
