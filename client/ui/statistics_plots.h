#pragma once

// The drawings of the page of statistics.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "client/model/statistics.h"
#include "client/ui/frame.h"

namespace hada::ui {

// One line of a dot plot: a figure, its interval as a bar, and both in words at the right.
struct DotRow {
  std::string_view name;  // in the widget log
  std::string label;
  std::optional<double> value;  // nothing: drawn as "–"
  std::optional<double> low, high;
  std::string words;
};
// From `least` (0 or below) to 1; at ImGui's cursor, as wide as the line.
void dot_row(Ui& ui, const DotRow& row, double least);
// The axis below such rows.
void dot_axis(Ui& ui, double least);

// Reader by reader: Cohen's kappa as a number and a colour, names at the left; scrolls where it is too wide.
// Names are buttons, "statistics.reader.0" ...; the clicked reader, or nothing.
std::optional<size_t> kappa_matrix(Ui& ui, const model::ReaderAgreement& agreement,
                                   const model::LevelAgreement& level);

std::string two_digits(double value);  // "0.62", "−0.10"

}  // namespace hada::ui
