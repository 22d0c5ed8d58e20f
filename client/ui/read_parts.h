#pragma once

// Parts of the read panel, and what the review shows of a read.

#include <array>

#include "client/ui/frame.h"

namespace hada::ui {

// The editable list of diagnoses with its search.
void edit_differential(Ui& ui, const model::ReadTask& reading);

// Five small blocks, `confidence` of them filled; drawn at a place. Returns the width.
float draw_confidence(Ui& ui, ImDrawList* list, ImVec2 at, int confidence);

// A read as it was submitted: gradability, differential, flags, note.
void show_content(Ui& ui, const model::ReadContent& content);

// "Blur, Hair": the flags given to one image.
std::string flags_line(const Ui& ui, const std::vector<ImageFlag>& flags);
// "Image 2: Blur, Hair" for every image that has flags.
std::vector<std::string> flag_lines(const Ui& ui, const model::ReadContent& content);

// In the order in which they are shown.
inline constexpr std::array<DermoscopyFeature, 6> kDermoscopyFeatures = {
    DermoscopyFeature::Network, DermoscopyFeature::Dots,       DermoscopyFeature::Globules,
    DermoscopyFeature::Lines,   DermoscopyFeature::Regression, DermoscopyFeature::Vessels};

// Whether features of dermoscopy can be recorded: a dermoscopic image is among the case's.
bool has_dermoscopy(const model::Case& value);
void edit_dermoscopy(Ui& ui, const model::ReadContent& content);
// "Present: network, dots", a line for each finding that was recorded.
std::vector<std::string> finding_lines(const Ui& ui, const model::ReadContent& content);
// What is recorded of a reading without asking.
std::vector<std::string> recorded_lines(const Ui& ui, const model::ReadTelemetry& telemetry);
void show_recorded(Ui& ui, const model::ReadTelemetry& telemetry);

// The revisions of a read, newest first, with what changed; `may_restore` offers to bring one back.
void show_revisions(Ui& ui, const model::Read& read, bool may_restore);
// What one revision changed against the one before, as lines.
std::vector<std::string> change_lines(const Ui& ui, const model::ReadContent& before,
                                      const model::ReadContent& after);

// The site's own diagnosis and pathology, marked as what they are.
void show_site_opinion(Ui& ui, const model::SiteOpinion& opinion);

}  // namespace hada::ui
