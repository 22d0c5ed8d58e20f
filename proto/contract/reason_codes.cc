#include "contract/reason_codes.h"

#include <algorithm>

namespace hada::contract {

const std::vector<RejectCode>& codes_for(CodeUse use) {
  using enum RejectCode;
  static const std::vector<RejectCode> reject = {
      ImageQuality, NotSkin, Identifiable, Duplicate, WrongPatientOrLesion, InsufficientInformation,
      Consent,      Other};
  static const std::vector<RejectCode> reader = {ReadIncomplete, ReadInconsistent, Other};
  static const std::vector<RejectCode> site = {ImageQuality,         ImageMissing, InsufficientInformation,
                                               FactsInconsistent,    Identifiable, Duplicate,
                                               WrongPatientOrLesion, Consent,      Other};
  static const std::vector<RejectCode> image = {
      ImageQuality, NotSkin, Identifiable, Duplicate, WrongPatientOrLesion, InsufficientInformation};
  switch (use) {
    case CodeUse::Reject:
      return reject;
    case CodeUse::ReturnToReader:
      return reader;
    case CodeUse::ReturnToSite:
      return site;
    case CodeUse::ExcludeImage:
      break;
  }
  return image;
}

bool code_fits(RejectCode code, CodeUse use) {
  const std::vector<RejectCode>& codes = codes_for(use);
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

}  // namespace hada::contract
