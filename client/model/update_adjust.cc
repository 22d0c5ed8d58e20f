// How the images look to the reader.

#include "client/model/update_internal.h"

namespace hada::model::detail {

void adopt_adjustments(OpenCase& open) {
  const ReadContent before = open.reading.content;
  for (const auto& [image, adjustments] : open.panes.adjustments)
    open.reading.content = with_adjustments(std::move(open.reading.content), image, adjustments);
  open.panes.adjustments.clear();
  if (open.reading.phase == ReadPhase::Editing && !(open.reading.content == before))
    open.reading.unsaved = true;
}

void apply(Turn& turn, const intent::SetAdjustments& wish) {
  if (!turn.model.open_case || !turn.model.open_case->find_image(wish.image)) return;
  OpenCase& open = *turn.model.open_case;
  const ReadContent& content = open.reading.content;
  if (open.reading.can_edit())
    return edit_read(turn, {content, with_adjustments(content, wish.image, wish.adjustments),
                            EditKind::Adjust, turn.model.now_us, wish.gesture});
  // What has been sent is not changed by looking at it.
  const ReadPhase phase = open.reading.phase;
  if (phase == ReadPhase::Submitting || phase == ReadPhase::SendingAmend) return;
  open.panes.adjustments[wish.image] = clamped(wish.adjustments);
}

void apply(Turn& turn, const intent::AdjustmentsNotShown&) {
  Toast toast;
  toast.kind = ToastKind::AdjustmentsNotShown;
  toast.level = ToastLevel::Warning;
  turn.toast(std::move(toast));
}

void apply(Turn& turn, const intent::PickWhite& wish) {
  if (!turn.model.open_case || wish.pane >= turn.model.open_case->panes.panes.size()) return;
  turn.effects.push_back(
      effect::SampleImage{wish.pane, turn.model.open_case->panes.panes[wish.pane].image, wish.at});
}

void apply(Turn& turn, const intent::SetWhite& wish) {
  if (!turn.model.open_case) return;
  const ImageAdjustments now = adjustments_of(*turn.model.open_case, wish.image);
  apply(turn, intent::SetAdjustments{wish.image, with_white(now, wish.red, wish.green, wish.blue)});
}

void apply(Turn& turn, const intent::ShowAdjustmentsOf& wish) {
  if (!turn.model.open_case || turn.model.open_case->reading.can_edit()) return;
  OpenCase& open = *turn.model.open_case;
  for (const Read& read : open.reads) {
    if (read.name != wish.read || read.revisions.empty()) continue;
    open.panes.adjustments.clear();
    const auto& theirs = read.revisions.back().content.adjustments;
    for (const Image& image : open.value ? open.value->images : std::vector<Image>{}) {
      const auto it = theirs.find(image.name);
      open.panes.adjustments[image.name] = it == theirs.end() ? ImageAdjustments{} : it->second;
    }
  }
}

}  // namespace hada::model::detail
