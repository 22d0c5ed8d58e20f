#include "contract/text.h"

#include <doctest/doctest.h>

namespace hada::contract {

TEST_CASE("only well-formed UTF-8 passes") {
  CHECK(is_utf8("plain \xE7\x99\x8C \xF0\x9F\x98\x80"));
  CHECK_FALSE(is_utf8("\x8E\xCA"));          // Shift JIS
  CHECK_FALSE(is_utf8("\xC0\xAF"));          // overlong
  CHECK_FALSE(is_utf8("\xE0\x80\xAF"));      // overlong
  CHECK_FALSE(is_utf8("\xED\xA0\x80"));      // surrogate
  CHECK_FALSE(is_utf8("\xF4\x90\x80\x80"));  // beyond U+10FFFF
  CHECK_FALSE(is_utf8("\xE7\x99"));          // cut short
}

TEST_CASE("what is printed holds nothing that a terminal obeys") {
  CHECK(printable("a\x1b[31mb\xC2\x9B"
                  "c\xFF\nd") == "a?[31mb?c? d");
  CHECK(printable("\xE7\x99\x8C\xE7\x99\x8C\xE7\x99\x8C", 2) == "\xE7\x99\x8C\xE7\x99\x8C...");
  CHECK(printable("ab", 2) == "ab");
}

TEST_CASE("length is counted in characters and ideographic spaces are trimmed") {
  CHECK(utf8_length("\xE7\x99\x8C"
                    "a") == 2);
  CHECK(trim("\t \xE3\x80\x80x y\xE3\x80\x80\r\n") == "x y");
  CHECK(trim(" \xE3\x80\x80 ") == "");
}

}  // namespace hada::contract
