#pragma once

// Every text of the interface in English and Japanese; see texts.inc. Pure; any thread. All returned texts
// are UTF-8 and live as long as the program.

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "contract/enums.h"

namespace hada::i18n {

enum class Text : int32_t {
#define HADA_TEXT(key, english, japanese) key,
#include "client/i18n/texts.inc"
#undef HADA_TEXT
};

#define HADA_TEXT(key, english, japanese) +1
inline constexpr size_t kTextCount = 0
#include "client/i18n/texts.inc"
    ;
#undef HADA_TEXT

const char* tr(Text text, Language language);

// The text with {0}, {1} ... replaced, and {0s} by the "s" of a plural unless argument 0 is "1". A
// placeholder without an argument stays as it is.
std::string format(Text text, Language language, std::initializer_list<std::string_view> arguments);

// The key's own name, for tests.
std::string_view key_of(Text text);

// Names of the contract's words.
Text text_of(Role role);
Text text_of(ImageKind kind);
// Clinical, dermoscopy or pathology.
Text group_text_of(ImageKind kind);
Text text_of(CaseState state);
Text text_of(WorklistView view);
Text text_of(UngradableReason reason);
Text text_of(ImageFlag flag);
Text text_of(DermoscopyFeature feature);
Text text_of(Finding finding);
Text text_of(DecisionKind kind);
Text text_of(RejectCode code);
// Why a case is not among those that are approved together, by the server's reason.
Text left_out_text(std::string_view reason);

// What a person is told about an error: by its reason, else by its gRPC code. Some hold {0} (a field's name).
Text text_of_error(int code, std::string_view reason);

}  // namespace hada::i18n
