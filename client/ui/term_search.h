#pragma once

// Type-ahead over the vocabulary in both languages; works by keyboard alone.

#include <string>
#include <string_view>
#include <vector>

#include "client/ui/frame.h"

namespace hada::ui {

// Draws the field `name`.search and, while it is in use, its results `name`.candidate.N. Returns the picked
// term
// ("terms/psoriasis") or an empty text. Terms of `exclude` are shown as taken.
std::string term_search(Ui& ui, std::string_view name, TermSearchState& state, Text hint,
                        const std::vector<std::string>& exclude);

// Two names of a term at a place: the interface's language first. Wraps at `width`; returns the height used.
float term_height(Ui& ui, const std::string& term, float width);
float draw_term(Ui& ui, ImDrawList* list, ImVec2 at, const std::string& term, float width);

}  // namespace hada::ui
