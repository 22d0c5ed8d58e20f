#include "contract/tiff_layout.h"

#include <set>

#include "contract/byte_reader.h"

namespace hada::contract {
namespace {

constexpr size_t kMaxDirectories = 1024;
constexpr uint64_t kMaxEntries = 4096;
constexpr uint16_t kTagSubIfds = 330;

Unexpected bad_tiff(const char* what) {
  return Unexpected(ErrorCode::DataLoss, "BAD_TIFF",
                    std::string("a TIFF that can be read (this one has ") + what + ")");
}

uint64_t type_size(uint16_t type) {
  constexpr uint8_t kSizes[] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};
  return type < std::size(kSizes) ? kSizes[type] : 0;
}

class LayoutReader {
 public:
  LayoutReader(const ReadAt& read, uint64_t file_size, const TiffLayout& format)
      : read_(read), file_size_(file_size), layout_(format) {}

  Result<TiffDirectory> directory(uint64_t offset) {
    TiffDirectory directory;
    directory.offset = offset;
    ASSIGN_OR_RETURN(const uint64_t count, integer(offset, layout_.count_bytes()));
    if (count > kMaxEntries) return bad_tiff("a directory with too many entries");
    const auto entry_bytes = static_cast<uint64_t>(layout_.entry_bytes());
    const uint64_t entries_at = offset + static_cast<uint64_t>(layout_.count_bytes());
    const uint64_t next_at = entries_at + count * entry_bytes;
    const auto pointer = static_cast<uint64_t>(layout_.pointer_bytes());
    const uint64_t high_words = layout_.big_ndpi ? 4 * count : 0;
    directory.size = next_at + pointer + high_words - offset;
    ASSIGN_OR_RETURN(const std::string bytes, at(offset, directory.size));
    ByteReader reader(bytes, layout_.big_endian);
    directory.next = reader.uint(next_at - offset, static_cast<int>(pointer));
    for (uint64_t i = 0; i < count; ++i) {
      const uint64_t start = entries_at - offset + i * entry_bytes;
      const uint64_t high = layout_.big_ndpi ? reader.uint(next_at - offset + pointer + 4 * i, 4) << 32 : 0;
      ASSIGN_OR_RETURN(TiffEntry one, entry(reader, offset, start, high));
      directory.entries.push_back(std::move(one));
    }
    return directory;
  }

  Result<TiffLayout> chain(uint64_t offset) {
    while (offset != 0) {
      ASSIGN_OR_RETURN(TiffDirectory one, visited(offset));
      offset = one.next;
      RETURN_IF_ERROR(add_children(one));
      layout_.directories.push_back(std::move(one));
    }
    if (layout_.directories.empty()) return bad_tiff("no directory");
    return std::move(layout_);
  }

 private:
  Result<std::string> at(uint64_t offset, uint64_t size) {
    if (offset > file_size_ || size > file_size_ - offset) return bad_tiff("a pointer that leaves the file");
    return read_(offset, size);
  }

  Result<uint64_t> integer(uint64_t offset, int bytes) {
    ASSIGN_OR_RETURN(const std::string text, at(offset, static_cast<uint64_t>(bytes)));
    return ByteReader(text, layout_.big_endian).uint(0, bytes);
  }

  // `start` is the entry's place in `reader`, which begins at `base` of the file.
  Result<TiffEntry> entry(ByteReader& reader, uint64_t base, uint64_t start, uint64_t high) {
    TiffEntry entry;
    const int word = layout_.big_tiff ? 8 : 4;
    entry.raw = std::string(reader.span().substr(start, static_cast<uint64_t>(layout_.entry_bytes())));
    entry.tag = static_cast<uint16_t>(reader.uint(start, 2));
    entry.type = static_cast<uint16_t>(reader.uint(start + 2, 2));
    entry.count = reader.uint(start + 4, word);
    const uint64_t value_at = start + 4 + static_cast<uint64_t>(word);
    const uint64_t unit = type_size(entry.type);
    if (unit != 0 && entry.count > file_size_ / unit + 8) return bad_tiff("a value larger than the file");
    entry.size = entry.count * unit;
    entry.in_entry = entry.size <= static_cast<uint64_t>(word);
    entry.high = high;
    entry.value_offset = entry.in_entry ? base + value_at : reader.uint(value_at, word) | high;
    if (entry.value_offset > file_size_ || entry.size > file_size_ - entry.value_offset)
      return bad_tiff("a value that leaves the file");
    return entry;
  }

  Result<TiffDirectory> visited(uint64_t offset) {
    if (!seen_.insert(offset).second) return bad_tiff("directories in a loop");
    if (seen_.size() > kMaxDirectories) return bad_tiff("too many directories");
    return directory(offset);
  }

  Status add_children(TiffDirectory& parent) {
    const TiffEntry* pointers = parent.find(kTagSubIfds);
    if (!pointers) return {};
    ASSIGN_OR_RETURN(const auto offsets, tiff_integers(read_, layout_, *pointers, kMaxDirectories));
    for (const uint64_t offset : offsets) {
      ASSIGN_OR_RETURN(TiffDirectory child, visited(offset));
      // A chain below a SubIFD, or a deeper tree, is allowed by the book and made by nobody.
      if (child.next != 0 || child.find(kTagSubIfds)) return bad_tiff("directories nested too deeply");
      parent.children.push_back(std::move(child));
    }
    return {};
  }

  const ReadAt& read_;
  uint64_t file_size_;
  TiffLayout layout_;
  std::set<uint64_t> seen_;
};

}  // namespace

const TiffEntry* TiffDirectory::find(uint16_t tag) const {
  for (const TiffEntry& entry : entries)
    if (entry.tag == tag) return &entry;
  return nullptr;
}

Result<TiffLayout> read_tiff_layout(const ReadAt& read, uint64_t file_size) {
  if (file_size < 16) return bad_tiff("too few bytes");
  ASSIGN_OR_RETURN(const std::string head, read(0, 16));
  TiffLayout format;
  format.big_endian = head.starts_with("MM");
  if (!format.big_endian && !head.starts_with("II")) return bad_tiff("no byte order");
  ByteReader reader(head, format.big_endian);
  const uint64_t version = reader.uint(2, 2);
  format.big_tiff = version == 43;
  if (version == 43 && (reader.uint(4, 2) != 8 || reader.uint(6, 2) != 0))
    return bad_tiff("an odd BigTIFF header");
  if (version != 42 && version != 43) return bad_tiff("an unknown version");
  // Only NDPI keeps a classic header beyond what its pointers reach.
  format.big_ndpi = version == 42 && file_size > UINT32_MAX;
  const uint64_t first = version == 43 ? reader.uint(8, 8) : reader.uint(4, format.big_ndpi ? 8 : 4);
  return LayoutReader(read, file_size, format).chain(first);
}

Result<TiffDirectory> read_tiff_directory(const ReadAt& read, uint64_t file_size, const TiffLayout& layout,
                                          uint64_t offset) {
  TiffLayout format;
  format.big_endian = layout.big_endian;
  format.big_tiff = layout.big_tiff;
  format.big_ndpi = layout.big_ndpi;
  return LayoutReader(read, file_size, format).directory(offset);
}

Result<std::vector<uint64_t>> tiff_integers(const ReadAt& read, const TiffLayout& layout,
                                            const TiffEntry& entry, uint64_t max_count) {
  const bool integral = entry.type == 1 || entry.type == 3 || entry.type == 4 || entry.type == 13 ||
                        entry.type == 16 || entry.type == 18;
  if (!integral || entry.count > max_count) return bad_tiff("a value that is no list of offsets");
  const uint64_t unit = type_size(entry.type);
  ASSIGN_OR_RETURN(const std::string bytes, read(entry.value_offset, entry.size));
  ByteReader reader(bytes, layout.big_endian);
  std::vector<uint64_t> values(entry.count);
  for (uint64_t i = 0; i < entry.count; ++i) values[i] = reader.uint(i * unit, static_cast<int>(unit));
  if (entry.in_entry && values.size() == 1) values[0] |= entry.high;
  return values;
}

Result<std::string> tiff_bytes(const ReadAt& read, const TiffEntry& entry, uint64_t max_size) {
  if (entry.size > max_size) return bad_tiff("a text that is too long");
  return read(entry.value_offset, entry.size);
}

std::string tiff_uint(const TiffLayout& layout, uint64_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) {
    const int shift = 8 * (layout.big_endian ? bytes - 1 - i : i);
    out += static_cast<char>(value >> shift & 0xFF);
  }
  return out;
}

}  // namespace hada::contract
