#include "client/model/ahead.h"

#include <algorithm>
#include <utility>

namespace hada::model {

size_t Ahead::ready() const {
  return static_cast<size_t>(
      std::count_if(cases.begin(), cases.end(), [](const HeldCase& held) { return held.ready; }));
}

const HeldCase* Ahead::find(const std::string& case_name) const {
  const auto held = std::find_if(cases.begin(), cases.end(),
                                 [&](const HeldCase& h) { return h.lease.case_name == case_name; });
  return held == cases.end() ? nullptr : &*held;
}

HeldCase* Ahead::find(const std::string& case_name) {
  return const_cast<HeldCase*>(std::as_const(*this).find(case_name));
}

}  // namespace hada::model
