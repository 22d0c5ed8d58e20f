#include "contract/reason_codes.h"

#include <doctest/doctest.h>

#include <set>

using namespace hada;
using namespace hada::contract;

TEST_CASE("every code fits somewhere, and none stands for nothing") {
  std::set<RejectCode> used;
  for (const CodeUse use :
       {CodeUse::Reject, CodeUse::ReturnToReader, CodeUse::ReturnToSite, CodeUse::ExcludeImage}) {
    CHECK_FALSE(code_fits(RejectCode::Unspecified, use));
    CHECK_FALSE(code_fits(static_cast<RejectCode>(99), use));
    used.insert(codes_for(use).begin(), codes_for(use).end());
  }
  CHECK(static_cast<int>(used.size()) == kRejectCodeCount - 1);
}

TEST_CASE("a reader is asked about the read, the site about what it sent") {
  CHECK(code_fits(RejectCode::ReadIncomplete, CodeUse::ReturnToReader));
  CHECK_FALSE(code_fits(RejectCode::ReadIncomplete, CodeUse::ReturnToSite));
  CHECK_FALSE(code_fits(RejectCode::ImageMissing, CodeUse::ReturnToReader));
  CHECK_FALSE(code_fits(RejectCode::Consent, CodeUse::ExcludeImage));
}
