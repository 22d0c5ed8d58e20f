#pragma once

// Which files a row's `file` stands for: one for most formats; for slides of several files the main file and
// the companions that its index names. Nothing outside the manifest's folder is ever opened, by path or by
// symlink.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "client/ingest/ini.h"
#include "client/ingest/source.h"
#include "contract/content_type.h"
#include "contract/result.h"

namespace hada::ingest {

struct BundleFile {
  // Its name as it will be known outside: "image.jpg"; for slides of several files their structure with
  // "image" in place of the slide's own name. Holds nothing of the hospital's names.
  std::string path;
  std::shared_ptr<const Source> source;
};

enum class BundleKind { Single, Mirax, Vms, Vmu };

struct Bundle {
  BundleKind kind = BundleKind::Single;
  contract::ContentType type = contract::ContentType::Unknown;  // of the main file
  std::vector<BundleFile>
      files;              // the main file first; for MIRAX then Slidedat.ini, the index, the data files
  IniFile index;          // VMS, VMU: already with the new names; MIRAX: Slidedat.ini as it was
  uint64_t size() const;  // bytes of all files
};

// `file` is a relative path below `folder`, as check_row accepts it. The error's message says what was
// expected of `file` and names no path: NO_SUCH_FILE, NOT_A_FILE, OUTSIDE_FOLDER, UNREADABLE, EMPTY_FILE,
// UNSUPPORTED_FORMAT, BAD_BUNDLE.
Result<Bundle> find_bundle(const std::filesystem::path& folder, const std::string& file);

}  // namespace hada::ingest
