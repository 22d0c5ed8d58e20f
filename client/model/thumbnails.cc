#include "client/model/thumbnails.h"

#include <utility>

namespace hada::model {

void Thumbnails::want(std::vector<std::string> images) {
  wanted_ = std::move(images);
  // The most wanted comes first in the list, so touch it last.
  for (auto it = wanted_.rbegin(); it != wanted_.rend(); ++it) touch(*it);
}

std::string Thumbnails::take_next() {
  if (in_flight_ >= kMaxInFlight) return {};
  for (const std::string& image : wanted_) {
    if (entries_.contains(image)) continue;
    uses_.push_front(image);
    entries_.emplace(image, Entry{State::Asked, uses_.begin()});
    ++in_flight_;
    trim();
    return image;
  }
  return {};
}

void Thumbnails::arrived(const std::string& image) {
  const auto it = entries_.find(image);
  if (it == entries_.end() || it->second.state != State::Asked) return;
  it->second.state = State::Ready;
  --in_flight_;
}

void Thumbnails::failed(const std::string& image, bool retry) {
  const auto it = entries_.find(image);
  if (it == entries_.end() || it->second.state != State::Asked) return;
  --in_flight_;
  if (retry) {
    uses_.erase(it->second.use);
    entries_.erase(it);
  } else {
    it->second.state = State::Failed;
  }
}

void Thumbnails::forget_unfinished() {
  for (auto it = entries_.begin(); it != entries_.end();) {
    if (it->second.state == State::Ready) {
      ++it;
      continue;
    }
    uses_.erase(it->second.use);
    it = entries_.erase(it);
  }
  in_flight_ = 0;
}

void Thumbnails::forget_ready() {
  std::erase_if(entries_, [this](const auto& entry) {
    if (entry.second.state != State::Ready) return false;
    uses_.erase(entry.second.use);
    return true;
  });
}

bool Thumbnails::contains(const std::string& image) const {
  const auto it = entries_.find(image);
  return it != entries_.end() && it->second.state == State::Ready;
}

bool Thumbnails::has_failed(const std::string& image) const {
  const auto it = entries_.find(image);
  return it != entries_.end() && it->second.state == State::Failed;
}

void Thumbnails::touch(const std::string& image) {
  if (const auto it = entries_.find(image); it != entries_.end())
    uses_.splice(uses_.begin(), uses_, it->second.use);
}

void Thumbnails::trim() {
  // A request in flight keeps its place: its answer must find it.
  auto it = uses_.end();
  while (entries_.size() > kMaxKept && it != uses_.begin()) {
    --it;
    const auto entry = entries_.find(*it);
    if (entry->second.state == State::Asked) continue;
    entries_.erase(entry);
    it = uses_.erase(it);
  }
}

}  // namespace hada::model
