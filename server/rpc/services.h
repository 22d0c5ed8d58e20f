#pragma once

// The gRPC services, each verb handed to dispatch.

#include <grpcpp/impl/service_type.h>

#include <memory>

#include "server/rpc/dispatch.h"

namespace hada::handlers {
class EventFeed;
}

namespace hada::rpc {

std::unique_ptr<grpc::Service> make_session_service(Dispatch& dispatch);
std::unique_ptr<grpc::Service> make_admin_service(Dispatch& dispatch);
std::unique_ptr<grpc::Service> make_case_service(Dispatch& dispatch);
std::unique_ptr<grpc::Service> make_tile_service(Dispatch& dispatch);
std::unique_ptr<grpc::Service> make_read_service(Dispatch& dispatch);
std::unique_ptr<grpc::Service> make_decision_service(Dispatch& dispatch);
std::unique_ptr<grpc::Service> make_ingest_service(Dispatch& dispatch);
std::unique_ptr<grpc::Service> make_term_service(Dispatch& dispatch);
std::unique_ptr<grpc::Service> make_statistics_service(Dispatch& dispatch);
std::unique_ptr<grpc::Service> make_event_service(Dispatch& dispatch, handlers::EventFeed& feed);

}  // namespace hada::rpc

// One verb of a callback service: HADA_VERB(CaseService, GetCase, Case, get_case).
#define HADA_VERB(Service, Verb, Response, handler)                                                      \
  grpc::ServerUnaryReactor* Verb(grpc::CallbackServerContext* context, const v1::Verb##Request* request, \
                                 v1::Response* response) override {                                      \
    static const size_t method = method_index(#Service, #Verb);                                          \
    return dispatch_.serve(method, context, request, response, &handlers::handler);                      \
  }
