#pragma once

// Which coded reason fits which act of QA. Pure; any thread.

#include <vector>

#include "contract/enums.h"

namespace hada::contract {

enum class CodeUse : int32_t { Reject, ReturnToReader, ReturnToSite, ExcludeImage };

// In the order they are offered. Where Other is one of them it is the last, and asks for a comment.
const std::vector<RejectCode>& codes_for(CodeUse use);
bool code_fits(RejectCode code, CodeUse use);

}  // namespace hada::contract
