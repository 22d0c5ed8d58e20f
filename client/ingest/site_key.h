#pragma once

// The site's key: 32 random bytes that stay at the hospital. Patient, case and lesion ids leave it only as
// HMACs with this key, so nobody outside can tell whose images they are, and the same patient has the same
// key next year.

#include <filesystem>
#include <string>
#include <string_view>

#include "contract/result.h"

namespace hada::ingest {

struct SiteKey {
  std::string bytes;     // 32
  bool created = false;  // just now: the coordinator must be told to keep a copy

  // First 8 hexadecimal digits of a hash: tells two keys apart without telling anything about them.
  std::string fingerprint() const;
};

enum class KeyUse { Patient, Case, Lesion };

// Reads the key, or makes it (with its folder, readable by its owner only). FAILED_PRECONDITION / KEY_UNSAFE
// where others can read the file; DATA_LOSS / KEY_DAMAGED where it is not 32 bytes; PERMISSION_DENIED /
// KEY_UNREADABLE.
Result<SiteKey> load_or_create_site_key(const std::filesystem::path& path);

// 64 hexadecimal digits. The use is part of what is hashed: a patient and a case with the same id differ.
std::string pseudonym(const SiteKey& key, KeyUse use, std::string_view id);

}  // namespace hada::ingest
