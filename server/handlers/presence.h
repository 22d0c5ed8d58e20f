#pragma once

#include "contract/result.h"
#include "hada/v1/event.pb.h"
#include "server/core/context.h"

namespace hada::handlers {

Result<v1::NotePresenceResponse> note_presence(core::Context& context,
                                               const v1::NotePresenceRequest& request);

}  // namespace hada::handlers
