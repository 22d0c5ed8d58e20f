#include <algorithm>

#include "client/ui/decision_parts.h"
#include "client/ui/format.h"

namespace hada::ui {
namespace {

// Readers whose reads vote, all of them chosen to begin with.
void readers(Ui& ui, const model::OpenCase& open) {
  std::vector<std::string>& asked = ui.state.approval.asked;
  label(ui, ui.t(Text::ReviewReturnWhom), {ui.small(), ui.palette.text_soft});
  Flow flow(ui.px(6));
  int number = 0;
  for (const model::Read& read : open.reads) {
    if (read.late) continue;
    const std::string_view name = reader_name(ui, read);
    flow.next(chip_size(ui, name).x);
    const bool on = asked.empty() || std::find(asked.begin(), asked.end(), read.reader) != asked.end();
    if (!chip(ui, "approve.return.reader." + std::to_string(number++), name, on)) continue;
    if (asked.empty())
      for (const model::Read& each : open.reads)
        if (!each.late) asked.push_back(each.reader);
    // Nobody would mean all: the last one stays.
    if (!on)
      asked.push_back(read.reader);
    else if (asked.size() > 1)
      std::erase(asked, read.reader);
  }
}

}  // namespace

void return_form(Ui& ui, const model::OpenCase& open, bool may_cancel) {
  ApprovalState& state = ui.state.approval;
  const bool has_votes =
      std::any_of(open.reads.begin(), open.reads.end(), [](const model::Read& read) { return !read.late; });
  const int picked =
      segmented(ui, "approve.return.to", {ui.t(Text::ReviewReturnToReader), ui.t(Text::ReviewReturnToSite)},
                state.return_to == ReturnTo::Site ? 1 : 0, {.width = -1});
  if (picked >= 0) state.return_to = picked == 1 ? ReturnTo::Site : ReturnTo::Reader;
  const bool to_reader = state.return_to != ReturnTo::Site;
  paragraph(ui, ui.t(to_reader ? Text::ReviewReturnReaderHint : Text::ReviewReturnSiteHint),
            {ui.small(), ui.palette.text_soft});
  if (to_reader && has_votes) readers(ui, open);
  const auto use = to_reader ? contract::CodeUse::ReturnToReader : contract::CodeUse::ReturnToSite;
  if (!contract::code_fits(state.code, use)) state.code = RejectCode::Unspecified;
  code_chips(ui, "approve.return.code.", Text::ReviewReturnCode, use);
  comment_field(ui, Text::ReviewReturnComment);
  model::intent::Decide decision{DecisionKind::Return, {}, state.code, state.comment};
  decision.returned_to = to_reader ? ReturnTo::Reader : ReturnTo::Site;
  if (to_reader) decision.readers = state.asked;
  send_row(ui, "approve.return.confirm", Text::ReviewReturn, decision, ButtonKind::Primary, may_cancel);
}

}  // namespace hada::ui
