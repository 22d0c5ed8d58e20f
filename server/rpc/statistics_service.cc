#include "hada/v1/statistics.grpc.pb.h"
#include "server/handlers/reading_standing.h"
#include "server/handlers/statistics.h"
#include "server/rpc/services.h"

namespace hada::rpc {
namespace {

class StatisticsService final : public v1::StatisticsService::CallbackService {
 public:
  explicit StatisticsService(Dispatch& dispatch) : dispatch_(dispatch) {}
  HADA_VERB(StatisticsService, GetReaderStatistics, ReaderStatistics, get_reader_statistics)
  HADA_VERB(StatisticsService, GetAgreement, Agreement, get_agreement)
  HADA_VERB(StatisticsService, ResumeReading, ReaderStanding, resume_reading)

 private:
  Dispatch& dispatch_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_statistics_service(Dispatch& dispatch) {
  return std::make_unique<StatisticsService>(dispatch);
}

}  // namespace hada::rpc
