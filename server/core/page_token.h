#pragma once

// AIP-158 paging. A token is opaque to clients: the cursor (last key of the page) and a fingerprint of the
// filters, so that a token cannot be carried over to another list.

#include <cstdint>
#include <string>
#include <string_view>

#include "contract/result.h"

namespace hada::core {

// An empty cursor (no further page) gives an empty token.
std::string encode_page_token(std::string_view cursor, std::string_view filter_fingerprint);

// The cursor; empty for an empty token (first page). INVALID_ARGUMENT / BAD_PAGE_TOKEN when it is not one of
// ours or the filters differ.
Result<std::string> decode_page_token(std::string_view token, std::string_view filter_fingerprint);

// 0 means `fallback`, more than `maximum` means `maximum`, negative is INVALID_ARGUMENT / BAD_FIELD.
Result<int32_t> page_size(int32_t asked, int32_t fallback, int32_t maximum);

}  // namespace hada::core
