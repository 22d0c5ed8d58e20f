#pragma once

// One row of the table that `./run bench` prints at its end. A benchmark prints its rows to stdout wherever
// it likes, among whatever else it says; ./run collects and aligns them.
//
//   bench::print_row({"GetTile, tiles/s (iipsrv 1.1)", ours, theirs, bench::ratio_at_least(12)});
//
// The name says what is measured, in which unit, and in brackets beside whom; one benchmark's rows begin
// alike.

#include <cmath>
#include <cstdio>
#include <optional>
#include <string>

namespace hada::bench {

struct Target {
  enum class Kind { None, OursAtMost, OursAtLeast, RatioAtMost, RatioAtLeast };
  Kind kind = Kind::None;
  double value = 0;  // in the unit of the row, or ours / theirs
};
inline Target no_target() { return {}; }  // a figure to watch, not to meet
inline Target at_most(double value) { return {Target::Kind::OursAtMost, value}; }
inline Target at_least(double value) { return {Target::Kind::OursAtLeast, value}; }
inline Target ratio_at_most(double value) { return {Target::Kind::RatioAtMost, value}; }
inline Target ratio_at_least(double value) { return {Target::Kind::RatioAtLeast, value}; }

struct Row {
  std::string name;  // no tab, no line break
  double ours = 0;
  std::optional<double> theirs;  // the peer or the limit measured in the same run; none: not there
  Target target;
};

// Three digits that count: 0.0123, 4.56, 78.9, 20437.
inline std::string number(double value) {
  char text[32];
  const double size = std::fabs(value);
  const int digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : 4;
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

// Nothing where the row has no target, or its target is a ratio to a peer that is not there.
inline std::optional<bool> met(const Row& row) {
  using Kind = Target::Kind;
  if (row.target.kind == Kind::OursAtMost) return row.ours <= row.target.value;
  if (row.target.kind == Kind::OursAtLeast) return row.ours >= row.target.value;
  if (row.target.kind == Kind::None || !row.theirs || *row.theirs == 0) return std::nullopt;
  const double ratio = row.ours / *row.theirs;
  return row.target.kind == Kind::RatioAtMost ? ratio <= row.target.value : ratio >= row.target.value;
}

inline std::string target_text(const Target& target) {
  using Kind = Target::Kind;
  switch (target.kind) {
    case Kind::None:
      return "-";
    case Kind::OursAtMost:
      return "<= " + number(target.value);
    case Kind::OursAtLeast:
      return ">= " + number(target.value);
    case Kind::RatioAtMost:
      return "<= " + number(target.value) + "x";
    case Kind::RatioAtLeast:
      return ">= " + number(target.value) + "x";
  }
  return "-";
}

// BENCH<TAB>name<TAB>ours<TAB>theirs<TAB>ratio<TAB>target<TAB>met, without the line break; "-" for what is
// not there, "yes" or "NO" for met.
inline std::string row_text(const Row& row) {
  const bool beside = row.theirs && *row.theirs != 0;
  const auto is_met = met(row);
  return "BENCH\t" + row.name + "\t" + number(row.ours) + "\t" + (row.theirs ? number(*row.theirs) : "-") +
         "\t" + (beside ? number(row.ours / *row.theirs) + "x" : "-") + "\t" + target_text(row.target) +
         "\t" + (is_met ? (*is_met ? "yes" : "NO") : "-");
}

inline void print_row(const Row& row) {
  std::printf("%s\n", row_text(row).c_str());
  std::fflush(stdout);  // what a benchmark has measured stays when it dies later
}

}  // namespace hada::bench
