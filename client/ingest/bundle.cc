#include "client/ingest/bundle.h"

#include <algorithm>

#include "contract/text.h"

namespace hada::ingest {
namespace {

namespace fs = std::filesystem;
using contract::ContentType;

constexpr uint64_t kMaxIndex = 1 << 20;  // bytes of an ini file
constexpr int kMaxFiles = 4096;          // of one slide

Unexpected bad_bundle(std::string message) {
  return Unexpected(ErrorCode::InvalidArgument, "BAD_BUNDLE", std::move(message));
}

// Opens files below one folder and nowhere else.
class Folder {
 public:
  explicit Folder(const fs::path& path) : root_(fs::weakly_canonical(path.empty() ? "." : path, failed_)) {}

  Result<std::shared_ptr<const Source>> open(const std::string& relative) const {
    if (!contract::is_safe_relative_path(relative)) return outside();
    std::error_code failed;
    const fs::path path = fs::canonical(root_ / relative, failed);
    if (failed == std::errc::permission_denied)
      return Unexpected(ErrorCode::PermissionDenied, "UNREADABLE", "a file that can be read");
    if (failed || failed_) return Unexpected(ErrorCode::NotFound, "NO_SUCH_FILE", "a file that exists");
    const auto [end, rest] = std::mismatch(root_.begin(), root_.end(), path.begin(), path.end());
    if (end != root_.end()) return outside();
    return file_source(path);
  }

  bool is_directory(const std::string& relative) const {
    std::error_code failed;
    return contract::is_safe_relative_path(relative) && fs::is_directory(root_ / relative, failed);
  }

 private:
  static Unexpected outside() {
    return Unexpected(ErrorCode::PermissionDenied, "OUTSIDE_FOLDER",
                      "a file in the manifest's folder (it leads outside, perhaps by a link)");
  }

  std::error_code failed_;
  fs::path root_;
};

// Companions lie beside their index: their names may not hold a folder.
bool is_plain_name(const std::string& name) {
  return contract::is_safe_relative_path(name) && name.find('/') == std::string::npos;
}

Result<IniFile> read_index(const Source& source) {
  ASSIGN_OR_RETURN(const std::string text, read_all(source, kMaxIndex));
  return parse_ini(text);
}

Result<BundleFile> companion(const Folder& folder, const std::string& real_path, std::string path) {
  auto source = folder.open(real_path);
  if (!source && source.error().reason == "NO_SUCH_FILE")
    return bad_bundle("a slide with all its files (one that its index names is missing)");
  if (!source) return Unexpected(std::move(source).error());
  return BundleFile{std::move(path), *std::move(source)};
}

Result<Bundle> mirax(const Folder& folder, const std::string& stem, std::shared_ptr<const Source> main) {
  Bundle bundle;
  bundle.kind = BundleKind::Mirax;
  bundle.files.push_back({"image.mrxs", std::move(main)});
  ASSIGN_OR_RETURN(BundleFile slidedat, companion(folder, stem + "/Slidedat.ini", "image/Slidedat.ini"));
  ASSIGN_OR_RETURN(bundle.index, read_index(*slidedat.source));
  bundle.files.push_back(std::move(slidedat));

  std::vector<std::string> names;
  names.push_back(bundle.index.get("HIERARCHICAL", "INDEXFILE").value_or(""));
  const auto count = bundle.index.get_int("DATAFILE", "FILE_COUNT", kMaxFiles);
  if (!count || *count == 0) return bad_bundle("a MIRAX slide whose Slidedat.ini names its data files");
  for (int i = 0; i < *count; ++i)
    names.push_back(bundle.index.get("DATAFILE", "FILE_" + std::to_string(i)).value_or(""));
  for (const std::string& name : names) {
    if (!is_plain_name(name)) return bad_bundle("a MIRAX slide whose Slidedat.ini names files beside it");
    ASSIGN_OR_RETURN(BundleFile file, companion(folder, stem + "/" + name, "image/" + name));
    bundle.files.push_back(std::move(file));
  }
  return bundle;
}

// Hamamatsu's keys that name a file with pixels: ImageFile, ImageFile(1,0), ImageFile(0,1,2), MapFile ...
bool names_pixels(std::string_view key) {
  return key == "MapFile" || key == "ImageFile" || (key.starts_with("ImageFile(") && key.ends_with(")"));
}

Result<Bundle> hamamatsu(const Folder& folder, const std::string& parent, ContentType type,
                         const std::shared_ptr<const Source>& main) {
  Bundle bundle;
  const bool vms = type == ContentType::VmsIndex;
  bundle.kind = vms ? BundleKind::Vms : BundleKind::Vmu;
  bundle.files.push_back({vms ? "image.vms" : "image.vmu", main});
  ASSIGN_OR_RETURN(IniFile ini, read_index(*main));
  auto* section = ini.find(vms ? "Virtual Microscope Specimen" : "Uncompressed Virtual Microscope Specimen");
  if (!section) return bad_bundle("a slide index with its section");
  IniFile::Section cleaned{section->name, {}};
  std::vector<std::pair<std::string, std::string>> renamed;  // the same file may be named twice
  for (const IniFile::Entry& entry : section->entries) {
    const bool optimisation = entry.key == "OptimisationFile";
    if (!names_pixels(entry.key) && !optimisation) {
      cleaned.entries.push_back(entry);
      continue;
    }
    if (entry.value.empty()) continue;
    if (!is_plain_name(entry.value)) return bad_bundle("a slide whose index names files beside it");
    const auto known = std::find_if(renamed.begin(), renamed.end(),
                                    [&](const auto& pair) { return pair.first == entry.value; });
    std::string name;
    if (known != renamed.end()) {
      name = known->second;
    } else {
      if (renamed.size() >= kMaxFiles) return bad_bundle("a slide of at most 4,096 files");
      name = optimisation ? "image.opt" : "image-" + std::to_string(renamed.size()) + (vms ? ".jpg" : ".ngr");
      auto file = companion(folder, parent + entry.value, name);
      // The optimisation file only speeds reading up.
      if (!file && optimisation) continue;
      if (!file) return Unexpected(std::move(file).error());
      bundle.files.push_back(*std::move(file));
      renamed.emplace_back(entry.value, name);
    }
    cleaned.entries.push_back({entry.key, name});
  }
  if (renamed.empty()) return bad_bundle("a slide whose index names its images");
  bundle.index.sections.push_back(std::move(cleaned));
  return bundle;
}

bool has_suffix(const std::string& name, std::string_view suffix) {
  return name.size() > suffix.size() && contract::ascii_lower(name).ends_with(suffix);
}

// Content decides the suffix, but the ones that scanners give their TIFFs are kept: some readers look at
// them.
std::string known_suffix(ContentType type, const std::string& file, std::string_view by_content) {
  if (type == ContentType::Tiff || type == ContentType::BigTiff)
    for (const char* suffix : {".svs", ".ndpi", ".scn", ".bif"})
      if (has_suffix(file, suffix)) return suffix;
  return std::string(by_content);
}

}  // namespace

uint64_t Bundle::size() const {
  uint64_t sum = 0;
  for (const BundleFile& file : files) sum += file.source->size();
  return sum;
}

Result<Bundle> find_bundle(const fs::path& folder_path, const std::string& file) {
  const Folder folder(folder_path);
  ASSIGN_OR_RETURN(auto source, folder.open(file));
  ASSIGN_OR_RETURN(const std::string head,
                   source->read(0, std::min<uint64_t>(source->size(), contract::kSniffBytes)));
  const ContentType type = contract::sniff(head);
  const auto made = [&]() -> Result<Bundle> {
    const std::string stem = file.substr(0, file.rfind('.'));
    if (has_suffix(file, ".mrxs")) {
      // Of the main file of a MIRAX slide only the name counts, so the folder is what tells.
      if (!folder.is_directory(stem))
        return bad_bundle("a MIRAX slide with its folder of the same name beside it");
      return mirax(folder, stem, source);
    }
    if (type == ContentType::Empty)
      return Unexpected(ErrorCode::InvalidArgument, "EMPTY_FILE", "a file that is not empty");
    const size_t slash = file.rfind('/');
    const std::string parent = slash == std::string::npos ? std::string() : file.substr(0, slash + 1);
    if (type == ContentType::VmsIndex || type == ContentType::VmuIndex)
      return hamamatsu(folder, parent, type, source);
    const std::string_view suffix = contract::content_suffix(type);
    if (suffix.empty())
      return Unexpected(ErrorCode::InvalidArgument, "UNSUPPORTED_FORMAT",
                        "JPEG, PNG, TIFF or a slide format; by its content this is " +
                            std::string(contract::content_word(type)));
    Bundle bundle;
    bundle.files.push_back({"image" + known_suffix(type, file, suffix), source});
    return bundle;
  };
  ASSIGN_OR_RETURN(Bundle bundle, made());
  bundle.type = type;
  return bundle;
}

}  // namespace hada::ingest
