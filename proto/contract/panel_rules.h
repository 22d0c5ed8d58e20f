#pragma once

// What the answers of a panel amount to. Pure; any thread.

#include <string>
#include <vector>

#include "contract/enums.h"

namespace hada::contract {

// Members of a panel, its convener among them.
inline constexpr int kMinPanel = 2, kMaxPanel = 3;

// The term a panel came to, of its members' answers (term ids or names; empty: not answered): by vote the one
// that more than half of them name, by consensus the one that all name. Empty while an answer is missing and
// where there is no such term: a tie is never broken by the machine.
std::string panel_term(PanelMode mode, const std::vector<std::string>& answers);

}  // namespace hada::contract
