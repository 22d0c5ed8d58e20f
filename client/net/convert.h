#pragma once

// Between proto/hada/v1 and client/model/types.h, both ways. Pure.

#include <google/protobuf/message.h>

#include <optional>
#include <string>

#include "client/model/reply.h"
#include "client/model/types.h"
#include "contract/vocabulary.h"
#include "hada/v1/case.pb.h"
#include "hada/v1/decision.pb.h"
#include "hada/v1/event.pb.h"
#include "hada/v1/read.pb.h"
#include "hada/v1/session.pb.h"
#include "hada/v1/term.pb.h"

namespace hada::net {

int64_t micros(const google::protobuf::Timestamp& t);

model::User to_model(const v1::User& user);
model::Image to_model(const v1::Image& image);
model::Case to_model(const v1::Case& value);
model::ReadContent to_model(const v1::ReadContent& content);
model::ReadTelemetry to_model(const v1::ReadTelemetry& telemetry);
model::Read to_model(const v1::Read& read);
model::Lease to_model(const v1::ReadLease& lease);
model::Decision to_model(const v1::Decision& decision);
model::Comment to_model(const v1::Comment& comment);
model::Panel to_model(const v1::Panel& panel);
model::PanelState to_model(const v1::PanelState& state);
model::Sample to_model(const v1::Sample& sample);
// Nothing for a hint that only says where the stream stands, or that this client does not know.
std::optional<model::reply::Changed> to_model(const v1::Hint& hint);
contract::Term to_model(const v1::Term& term);
contract::ReleaseClass to_model(const v1::ReleaseClass& value);

v1::ReadContent to_proto(const model::ReadContent& content);
v1::ReadTelemetry to_proto(const model::ReadTelemetry& telemetry, const std::string& client_version);
v1::ListCasesRequest to_proto(const model::WorklistFilter& filter);

}  // namespace hada::net
