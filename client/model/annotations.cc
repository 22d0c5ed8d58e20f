#include "client/model/annotations.h"

#include <algorithm>

namespace hada::model {

bool Annotations::operator==(const Annotations& other) const {
  return std::equal(list.begin(), list.end(), other.list.begin(), other.list.end(),
                    [](const SharedAnnotation& a, const SharedAnnotation& b) { return a == b || *a == *b; });
}

}  // namespace hada::model
