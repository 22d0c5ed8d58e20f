#include "client/ui/soft_wrap.h"

#include <algorithm>

namespace hada::ui {

std::string without_soft_breaks(std::string_view shown) {
  std::string kept;
  kept.reserve(shown.size());
  for (size_t i = 0; i < shown.size();) {
    if (shown.substr(i, kSoftBreak.size()) == kSoftBreak) {
      i += kSoftBreak.size();
    } else if (shown.substr(i, 3) == kSoftBreak.substr(0, 3)) {
      i += 3;  // half of a break: its line feed was deleted
    } else {
      kept += shown[i++];
    }
  }
  return kept;
}

size_t kept_position(std::string_view shown, size_t position) {
  return without_soft_breaks(shown.substr(0, std::min(position, shown.size()))).size();
}

size_t shown_position(std::string_view shown, size_t kept) {
  size_t at = 0;
  for (size_t i = 0; i < shown.size();) {
    // At a break the place after it is meant: that is where the next letter goes.
    if (shown.substr(i, kSoftBreak.size()) == kSoftBreak) {
      i += kSoftBreak.size();
      continue;
    }
    if (at == kept) return i;
    ++at;
    ++i;
  }
  return shown.size();
}

std::string with_soft_breaks(std::string_view kept, const WrapParagraph& wrap) {
  std::string shown;
  size_t start = 0;
  for (;;) {
    const size_t end = std::min(kept.find('\n', start), kept.size());
    const std::string_view paragraph = kept.substr(start, end - start);
    const auto lines = wrap(paragraph);
    for (size_t i = 0; i < lines.size(); ++i) {
      const auto from = static_cast<size_t>(lines[i].data() - paragraph.data());
      // Spaces that wrapping leaves out at a break stay in the text.
      const size_t to = i + 1 < lines.size() ? static_cast<size_t>(lines[i + 1].data() - paragraph.data())
                                             : paragraph.size();
      if (i > 0) shown += kSoftBreak;
      shown += paragraph.substr(from, to - from);
    }
    if (end == kept.size()) return shown;
    shown += '\n';
    start = end + 1;
  }
}

}  // namespace hada::ui
