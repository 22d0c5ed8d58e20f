#include "hada/v1/read.grpc.pb.h"
#include "server/handlers/comment.h"
#include "server/handlers/read.h"
#include "server/rpc/services.h"

namespace hada::rpc {
namespace {

class ReadService final : public v1::ReadService::CallbackService {
 public:
  explicit ReadService(Dispatch& dispatch) : dispatch_(dispatch) {}
  HADA_VERB(ReadService, ClaimCase, ReadLease, claim_case)
  HADA_VERB(ReadService, ClaimNext, ReadLease, claim_next)
  HADA_VERB(ReadService, RenewLease, ReadLease, renew_lease)
  HADA_VERB(ReadService, ReleaseLease, ReleaseLeaseResponse, release_lease)
  HADA_VERB(ReadService, SaveDraft, SaveDraftResponse, save_draft)
  HADA_VERB(ReadService, GetDraft, GetDraftResponse, get_draft)
  HADA_VERB(ReadService, SubmitRead, Read, submit_read)
  HADA_VERB(ReadService, AmendRead, Read, amend_read)
  HADA_VERB(ReadService, ListReads, ListReadsResponse, list_reads)
  HADA_VERB(ReadService, ListComments, ListCommentsResponse, list_comments)
  HADA_VERB(ReadService, CreateComment, Comment, create_comment)
  HADA_VERB(ReadService, EditComment, Comment, edit_comment)
  HADA_VERB(ReadService, ResolveComment, Comment, resolve_comment)
  HADA_VERB(ReadService, ReopenComment, Comment, reopen_comment)

 private:
  Dispatch& dispatch_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_read_service(Dispatch& dispatch) {
  return std::make_unique<ReadService>(dispatch);
}

}  // namespace hada::rpc
