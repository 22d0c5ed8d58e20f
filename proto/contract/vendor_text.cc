#include "contract/vendor_text.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <functional>
#include <optional>

#include "contract/text.h"

namespace hada::contract {
namespace {

void blank(std::string& text, size_t begin, size_t end) {
  std::fill(text.begin() + static_cast<std::ptrdiff_t>(begin),
            text.begin() + static_cast<std::ptrdiff_t>(end), ' ');
}

// Where the C string in `text` ends; what stands behind its NUL is no text and becomes NULs.
size_t end_of_text(std::string& text) {
  const size_t end = strnlen(text.c_str(), text.size());
  std::fill(text.begin() + static_cast<std::ptrdiff_t>(end), text.end(), '\0');
  return end;
}

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Items of key=value from `start` on; values whose key is not in `kept` become spaces. The '=' stays: some
// readers stumble over an item without one.
std::string clean_items(std::string text, size_t start, char separator,
                        const std::function<bool(std::string_view)>& kept,
                        std::vector<std::string>& blanked) {
  const size_t end = end_of_text(text);
  while (start < end) {
    const size_t stop = std::min(text.find(separator, start), end);
    const std::string_view item = std::string_view(text).substr(start, stop - start);
    const size_t equals = item.find('=');
    const std::string_view key = trim(item.substr(0, equals));
    const bool keyed = equals != std::string_view::npos;
    if (!keyed || !kept(key)) {
      const size_t from = start + (keyed ? equals + 1 : 0);
      if (!trim(std::string_view(text).substr(from, stop - from)).empty())
        blanked.push_back(keyed ? printable(key, 40) : "unnamed text");
      blank(text, from, stop);
    }
    start = stop + 1;
  }
  return text;
}

// ---- XML, as far as it takes to find values: no entities, no namespaces, no validation ----

struct XmlAttribute {
  std::string_view name;
  size_t begin = 0, end = 0;  // of the value, without its quotes
};

struct XmlPart {
  enum Kind { kOpen, kClose, kText, kComment } kind = kText;
  std::string_view element;  // of kOpen and kClose: its name; of kText: the element it stands in
  std::vector<XmlAttribute> attributes;
  size_t begin = 0, end = 0;
};

class XmlScanner {
 public:
  explicit XmlScanner(std::string_view text) : text_(text) {}

  std::vector<XmlPart> scan() {
    while (at_ < text_.size()) {
      const size_t open = std::min(text_.find('<', at_), text_.size());
      if (open > at_)
        parts_.push_back({XmlPart::kText, inside_.empty() ? "" : inside_.back(), {}, at_, open});
      at_ = open;
      if (at_ >= text_.size()) break;
      if (skip("<!--", "-->") || skip("<?", "?>") || skip("<![CDATA[", "]]>")) continue;
      tag();
    }
    return std::move(parts_);
  }

 private:
  // Comments and unparsed data are kept as comments: nobody needs them, whatever they hold.
  bool skip(std::string_view open, std::string_view close) {
    if (!text_.substr(at_).starts_with(open)) return false;
    const size_t stop = text_.find(close, at_ + open.size());
    const size_t end = stop == std::string_view::npos ? text_.size() : stop;
    if (open != "<?") parts_.push_back({XmlPart::kComment, "", {}, at_ + open.size(), end});
    at_ = std::min(text_.size(), end + close.size());
    return true;
  }

  static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

  void tag() {
    XmlPart part;
    part.begin = at_++;
    const bool closes = at_ < text_.size() && text_[at_] == '/';
    if (closes) ++at_;
    const size_t name = at_;
    while (at_ < text_.size() && !is_space(text_[at_]) && text_[at_] != '>' && text_[at_] != '/') ++at_;
    part.element = text_.substr(name, at_ - name);
    bool empty = false;
    while (at_ < text_.size() && text_[at_] != '>') {
      empty = text_[at_] == '/';
      if (is_space(text_[at_]) || empty) {
        ++at_;
      } else {
        attribute(part);
      }
    }
    at_ = std::min(at_ + 1, text_.size());
    part.end = at_;
    part.kind = closes ? XmlPart::kClose : XmlPart::kOpen;
    const std::string_view element = part.element;
    parts_.push_back(std::move(part));
    if (closes) {
      if (!inside_.empty()) inside_.pop_back();
    } else if (empty) {
      parts_.push_back({XmlPart::kClose, element, {}, at_, at_});
    } else {
      inside_.push_back(element);
    }
  }

  void attribute(XmlPart& part) {
    const size_t name = at_;
    while (at_ < text_.size() && !is_space(text_[at_]) && text_[at_] != '=' && text_[at_] != '>') ++at_;
    XmlAttribute attribute{text_.substr(name, at_ - name), at_, at_};
    while (at_ < text_.size() && (is_space(text_[at_]) || text_[at_] == '=')) ++at_;
    if (at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\'')) {
      attribute.begin = at_ + 1;
      attribute.end = std::min(text_.find(text_[at_], at_ + 1), text_.size());
      at_ = std::min(attribute.end + 1, text_.size());
      part.attributes.push_back(attribute);
    } else if (at_ == name) {
      ++at_;  // nothing that could begin an attribute
    }
  }

  std::string_view text_;
  size_t at_ = 0;
  std::vector<std::string_view> inside_;
  std::vector<XmlPart> parts_;
};

// Blanks what the two judges do not keep: a text by the element it stands in, an attribute by element and
// name.
std::string clean_xml(
    std::string text, const std::function<bool(std::string_view element)>& keeps_text,
    const std::function<bool(std::string_view element, std::string_view attribute)>& keeps_attribute) {
  const size_t end = end_of_text(text);
  const std::string copy = text.substr(0, end);
  for (const XmlPart& part : XmlScanner(copy).scan()) {
    if (part.kind == XmlPart::kComment || (part.kind == XmlPart::kText && !keeps_text(part.element)))
      blank(text, part.begin, part.end);
    for (const XmlAttribute& attribute : part.attributes)
      if (!keeps_attribute(part.element, attribute.name)) blank(text, attribute.begin, attribute.end);
  }
  return text;
}

bool philips_value(std::string_view name) {
  return name.starts_with("PIIM_PIXEL_DATA_REPRESENTATION_") || name.starts_with("UFS_IMAGE_") ||
         one_of(name, {"PIM_DP_IMAGE_TYPE", "PIM_DP_UFS_INTERFACE_VERSION", "DICOM_MANUFACTURER",
                       "DICOM_PIXEL_SPACING", "DICOM_BITS_ALLOCATED", "DICOM_BITS_STORED", "DICOM_HIGH_BIT",
                       "DICOM_PIXEL_REPRESENTATION", "DICOM_PLANAR_CONFIGURATION", "DICOM_SAMPLES_PER_PIXEL",
                       "DICOM_PHOTOMETRIC_INTERPRETATION", "DICOM_LOSSY_IMAGE_COMPRESSION",
                       "DICOM_LOSSY_IMAGE_COMPRESSION_METHOD", "DICOM_LOSSY_IMAGE_COMPRESSION_RATIO",
                       "DICOM_SOFTWARE_VERSIONS", "DICOM_ICCPROFILE"});
}

std::optional<uint64_t> number(std::string_view text) {
  uint64_t value = 0;
  text = trim(text);
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::string clean_aperio_description(std::string text, std::vector<std::string>& blanked) {
  const auto kept = [](std::string_view key) {
    return one_of(key,
                  {"AppMag", "StripeWidth", "MPP", "Left", "Top", "LineCameraSkew", "LineAreaXOffset",
                   "LineAreaYOffset", "Focus Offset", "OriginalWidth", "OriginalHeight", "Originalheight",
                   "Filtered", "ICC Profile", "DisplayColor", "Gamma", "Exposure Time", "Exposure Scale"});
  };
  // What stands before the first '|' is the library's own: version, size, coding.
  const size_t first = text.find('|');
  return clean_items(std::move(text), first == std::string::npos ? first : first + 1, '|', kept, blanked);
}

std::string clean_trestle_description(std::string text, std::vector<std::string>& blanked) {
  const auto kept = [](std::string_view key) {
    return one_of(key, {"OverlapsXY", "Background Color", "Objective Power", "Objective Magnification",
                        "Color Model", "JPEG Quality", "White Balance", "Gamma"});
  };
  return clean_items(std::move(text), 0, ';', kept, blanked);
}

std::string clean_ventana_description(std::string text, std::vector<std::string>& blanked) {
  const auto kept = [](std::string_view key) { return one_of(key, {"level", "mag", "quality"}); };
  return clean_items(std::move(text), 0, ' ', kept, blanked);
}

std::string clean_philips_xml(std::string text) {
  const size_t end = end_of_text(text);
  const std::string copy = text.substr(0, end);
  std::string_view name;  // of the <Attribute> that was opened last and not closed
  for (const XmlPart& part : XmlScanner(copy).scan()) {
    if (part.kind == XmlPart::kOpen) {
      name = {};
      for (const XmlAttribute& attribute : part.attributes)
        if (part.element == "Attribute" && attribute.name == "Name")
          name = std::string_view(copy).substr(attribute.begin, attribute.end - attribute.begin);
    } else if (part.kind == XmlPart::kClose) {
      name = {};
    } else if (part.kind == XmlPart::kComment || !philips_value(name)) {
      blank(text, part.begin, part.end);
    }
  }
  return text;
}

std::string clean_leica_xml(std::string text) {
  const auto keeps_text = [](std::string_view element) {
    return one_of(element, {"objective", "illuminationSource", "numericalAperture"});
  };
  const auto keeps_attribute = [](std::string_view element, std::string_view attribute) {
    return attribute.starts_with("xmlns") ||
           (element == "device" && one_of(attribute, {"model", "version"})) ||
           one_of(attribute, {"sizeX", "sizeY", "sizeZ", "offsetX", "offsetY", "offsetZ", "spacingX",
                              "spacingY", "spacingZ", "ifd", "firstIFD", "z", "c", "r", "t", "type"});
  };
  return clean_xml(std::move(text), keeps_text, keeps_attribute);
}

std::set<uint64_t> leica_specimen_directories(std::string_view text) {
  text = text.substr(0, text.find('\0'));
  struct Rectangle {
    uint64_t x = 0, y = 0, width = 0, height = 0;
    bool operator==(const Rectangle&) const = default;
  };
  std::set<uint64_t> specimen;
  std::optional<Rectangle> collection, view;
  std::vector<uint64_t> directories;  // of the image that is open
  for (const XmlPart& part : XmlScanner(text).scan()) {
    const auto get = [&](std::string_view name) -> std::optional<uint64_t> {
      for (const XmlAttribute& attribute : part.attributes)
        if (attribute.name == name)
          return number(text.substr(attribute.begin, attribute.end - attribute.begin));
      return std::nullopt;
    };
    const auto width = get("sizeX"), height = get("sizeY");
    if (part.kind == XmlPart::kOpen && part.element == "collection") {
      if (!width || !height) return {};
      collection = Rectangle{0, 0, *width, *height};
    } else if (part.kind == XmlPart::kOpen && part.element == "image") {
      view.reset();
      directories.clear();
    } else if (part.kind == XmlPart::kOpen && part.element == "view") {
      const auto x = get("offsetX"), y = get("offsetY");
      if (!x || !y || !width || !height) return {};
      view = Rectangle{*x, *y, *width, *height};
    } else if (part.kind == XmlPart::kOpen && part.element == "dimension") {
      const auto ifd = get("ifd");
      if (!ifd) return {};
      directories.push_back(*ifd);
    } else if (part.kind == XmlPart::kClose && part.element == "image") {
      if (!collection || !view) return {};
      // An image of everything shows the label's end of the slide too.
      if (*view != *collection) specimen.insert(directories.begin(), directories.end());
    }
  }
  return specimen;
}

std::string clean_ventana_xml(std::string text) {
  const auto keeps_text = [](std::string_view) { return false; };
  const auto keeps_attribute = [](std::string_view element, std::string_view attribute) {
    if (element == "iScan")
      return one_of(attribute,
                    {"Magnification", "ScanRes", "Z-layers", "Z-spacing", "ScanWhitePoint", "Mode", "Gamma"});
    // Geometry of tiles: numbers and directions.
    return element.starts_with("AOI") ||
           one_of(element, {"EncodeInfo", "SlideStitchInfo", "ImageInfo", "TileJointInfo", "AoiOrigin",
                            "AoiInfo", "FrameInfo", "Frame"});
  };
  return clean_xml(std::move(text), keeps_text, keeps_attribute);
}

}  // namespace hada::contract
