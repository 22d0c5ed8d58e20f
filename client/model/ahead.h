#pragma once

// Cases whose read slots this reader holds ahead, with their images on this computer, so that "Next case"
// opens at once and reading goes on without a network. Plain values; `update` changes them.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "client/model/effect.h"
#include "client/model/types.h"

namespace hada::model {

struct HeldCase {
  Lease lease;
  Ticket fetch_ticket = 0;  // its images are on their way
  bool ready = false;       // it can be read without a network
  Ticket renew_ticket = 0;
  int64_t renew_at_us = 0;
  int64_t fetch_at_us = 0;  // a fetch that failed is tried again then
};

struct Ahead {
  // Until the policy says otherwise; the policy's limit counts the open case too.
  static constexpr size_t kWanted = 10;

  bool on = false;              // from the first "Next case" on: who picks from the list needs none
  std::vector<HeldCase> cases;  // in the order in which they will be read
  bool claiming = false;
  int64_t claim_at_us = 0;  // the queue was empty, or the server refused: asked again then

  size_t ready() const;
  const HeldCase* find(const std::string& case_name) const;
  HeldCase* find(const std::string& case_name);
};

}  // namespace hada::model
