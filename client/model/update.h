#pragma once

// The one place where the model changes. Pure: no IO, no clock (intent::Tick brings the time), no randomness
// (ids come from the model's own seed), so that every decision of the client is a unit test.

#include "client/model/effect.h"
#include "client/model/intent.h"
#include "client/model/model.h"
#include "client/model/reply.h"

namespace hada::model {

// Carries out a wish. Wishes that cannot be carried out now (a case that is not open, an index out of range,
// a submit that is not valid) change nothing.
[[nodiscard]] Effects update(Model& model, const Intent& intent);

// Takes in an answer. One whose ticket is unknown or whose subject is no longer open is dropped; reply::Tile
// is ignored (the app hands it to client/tiles).
[[nodiscard]] Effects update(Model& model, const Reply& reply);

}  // namespace hada::model
