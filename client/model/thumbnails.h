#pragma once

// Which thumbnails the client has and wants. The pixels are the app's: it decodes reply::Thumbnail, keeps a
// texture for each name that `contains` says yes to, and drops the others.

#include <cstdint>
#include <list>
#include <string>
#include <unordered_map>
#include <vector>

namespace hada::model {

class Thumbnails {
 public:
  Thumbnails() = default;
  // Entries point into the list of uses.
  Thumbnails(const Thumbnails&) = delete;
  Thumbnails& operator=(const Thumbnails&) = delete;
  Thumbnails(Thumbnails&&) = default;
  Thumbnails& operator=(Thumbnails&&) = default;

  static constexpr size_t kMaxKept = 600;  // about 150 KB each as pixels
  static constexpr size_t kMaxInFlight = 12;

  // Images in view, most wanted first; those become the most recently used.
  void want(std::vector<std::string> images);
  // The next image to ask for, marked as asked; empty when there is none or enough are in flight.
  std::string take_next();
  void arrived(const std::string& image);
  // `retry`: the failure was the connection's, ask again later. Otherwise the image has no thumbnail.
  void failed(const std::string& image, bool retry);
  // Forgets failures and requests, keeps what is ready. After a reconnect.
  void forget_unfinished();
  // The pixels of those that are ready are gone.
  void forget_ready();

  bool contains(const std::string& image) const;  // arrived and still kept
  bool has_failed(const std::string& image) const;
  size_t in_flight() const { return in_flight_; }

 private:
  enum class State { Asked, Ready, Failed };
  struct Entry {
    State state;
    std::list<std::string>::iterator use;
  };
  void touch(const std::string& image);
  void trim();

  std::vector<std::string> wanted_;
  std::list<std::string> uses_;  // newest first
  std::unordered_map<std::string, Entry> entries_;
  size_t in_flight_ = 0;
};

}  // namespace hada::model
