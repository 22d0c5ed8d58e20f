#pragma once

// Words of the unified format (docs/format.md) as they are shown: sex, laterality, body sites ... Any thread.

#include <functional>
#include <string_view>

#include "contract/enums.h"

namespace hada::i18n {

// "female" -> "Female" / "女性". A word that is not known is given back as it is (then it lives as long as
// `value`).
std::string_view word(std::string_view value, Language language);

// The last part of a path of the ISIC tree: "Head and neck:Head:Face" -> "Face" / "顔面". Likewise.
std::string_view body_site(std::string_view path, Language language);

// Every Japanese word above, for the glyph set.
void for_each_japanese_word(const std::function<void(std::string_view)>& take);

}  // namespace hada::i18n
