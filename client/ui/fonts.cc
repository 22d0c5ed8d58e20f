#include "client/ui/fonts.h"

#include <imgui_internal.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <utility>

#include "client/i18n/texts.h"
#include "client/i18n/words.h"
#include "client/ui/font_file.h"

namespace hada::ui {

// NotoSansCJK-*.ttc holds JP, KR, SC, TC, HK; the Japanese forms come first.
constexpr int kJapaneseFace = 0;
// A line is this many ems high; the middle of a character (0.38 em above the baseline, for kanji and capitals
// alike) stands in the middle of the line.
constexpr float kLineEms = 1.45f, kMiddleEms = 0.38f;
// Latin letters have fractional widths; kanji stand on whole pixels anyway.
constexpr unsigned kFirstSquareCharacter = 0x2E80;

struct Fonts::Face {
  ImFont* Fonts::*font;
  float em;
  bool bold;
  bool latin_only;
};

const std::vector<Fonts::Face>& Fonts::faces() {
  static const std::vector<Face> kFaces = {{&Fonts::body, 15, false, false},
                                           {&Fonts::small, 13, false, false},
                                           {&Fonts::strong, 15, true, false},
                                           {&Fonts::heading, 18, true, false},
                                           {&Fonts::title, 34, true, true}};
  return kFaces;
}

int Fonts::em_pixels(const Face& face, float scale) {
  return std::max(8, static_cast<int>(std::lround(face.em * scale)));
}

Fonts::GlyphKey Fonts::key_of(const Face& face, int em, unsigned code) {
  return (static_cast<GlyphKey>(face.bold) << 48) | (static_cast<GlyphKey>(em) << 32) | code;
}

Fonts::Fonts()
    : regular_(FontFile::open(kRegularFile, kJapaneseFace)), bold_(FontFile::open(kBoldFile, kJapaneseFace)) {
  for (size_t c = 0x20; c < 0x180; ++c) wanted_.set(c);     // Latin with accents
  for (size_t c = 0x3041; c < 0x3100; ++c) wanted_.set(c);  // kana
  note("–—‘’“”…•‰′″™→←↑↓−×÷≤≥≈±µμΑΒΓΔαβγδ　、。・「」（）～〜〇々");
  for (size_t i = 0; i < i18n::kTextCount; ++i) {
    note(i18n::tr(static_cast<i18n::Text>(i), Language::English));
    note(i18n::tr(static_cast<i18n::Text>(i), Language::Japanese));
  }
  i18n::for_each_japanese_word([this](std::string_view word) { note(word); });
  for (size_t c = 0x20; c < 0x100; ++c) latin_.set(c);
  latin_.set(0x808C);  // 肌, the mark
}

Fonts::~Fonts() = default;

void Fonts::note(std::string_view utf8) {
  const char* at = utf8.data();
  const char* const end = at + utf8.size();
  while (at < end) {
    if (static_cast<unsigned char>(*at) < 0x80) {
      ++at;
      continue;
    }
    unsigned code = 0;
    at += std::max(1, ImTextCharFromUtf8(&code, at, end));
    if (code == 0 || code > 0xFFFF || wanted_[code]) continue;
    wanted_.set(code);
    changed_ = true;
  }
}

Fonts::Glyph Fonts::draw(const FontFile& file, int em, unsigned code) {
  const int oversample = code < kFirstSquareCharacter ? 2 : 1;
  FontFile::Bitmap bitmap = file.draw(code, static_cast<float>(em), oversample);
  return {bitmap.width,   bitmap.height,           oversample, bitmap.x, bitmap.y,
          bitmap.advance, std::move(bitmap.pixels)};
}

std::vector<std::pair<Fonts::GlyphKey, const FontFile*>> Fonts::missing(float scale) const {
  std::vector<std::pair<GlyphKey, const FontFile*>> list;
  for (const Face& face : faces()) {
    const FontFile* file = face.bold ? bold_.get() : regular_.get();
    if (!file) continue;
    const std::bitset<65536>& set = face.latin_only ? latin_ : wanted_;
    const int em = em_pixels(face, scale);
    for (unsigned code = 0; code < set.size(); ++code)
      if (set[code] && !glyphs_.contains(key_of(face, em, code)))
        list.emplace_back(key_of(face, em, code), file);
  }
  return list;
}

bool Fonts::rebuild_needed(float scale) {
  if (!built_) return true;
  if (drawing_.valid()) return drawing_.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  if (!changed_ && scale == scale_) return false;
  changed_ = false;
  auto wanted = missing(scale);
  if (wanted.empty()) return true;
  drawing_ = std::async(std::launch::async, [wanted = std::move(wanted)] {
    std::vector<Drawn> drawn;
    drawn.reserve(wanted.size());
    for (const auto& [key, file] : wanted)
      drawn.push_back({key, draw(*file, static_cast<int>((key >> 32) & 0xFFFF), key & 0xFFFFFFFF)});
    return drawn;
  });
  return false;
}

void Fonts::build(float scale) {
  if (drawing_.valid())
    for (Drawn& drawn : drawing_.get()) glyphs_.insert_or_assign(drawn.key, std::move(drawn.glyph));
  if (!built_) {
    changed_ = false;
    for (const auto& [key, file] : missing(scale))
      glyphs_.emplace(key, draw(*file, static_cast<int>((key >> 32) & 0xFFFF), key & 0xFFFFFFFF));
  }
  // Sizes that are no longer used are forgotten.
  if (scale != scale_)
    std::erase_if(glyphs_, [&](const auto& entry) {
      const int em = static_cast<int>((entry.first >> 32) & 0xFFFF);
      return std::none_of(faces().begin(), faces().end(),
                          [&](const Face& face) { return em_pixels(face, scale) == em; });
    });
  assemble(scale);
  scale_ = scale;
  built_ = true;
}

void Fonts::assemble(float scale) {
  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  atlas.Clear();
  atlas.TexGlyphPadding = 1;
  atlas.Flags |= ImFontAtlasFlags_NoMouseCursors;
  atlas.TexDesiredWidth = 2048;

  // ImGui makes the fonts with a space only; the glyphs come as rectangles of our own.
  static constexpr ImWchar kOnlySpace[] = {' ', ' ', 0};
  struct Placed {
    ImFont* font;
    unsigned code;
    const Glyph* glyph;
    float baseline;
    int rectangle;
  };
  std::vector<Placed> placed;
  for (const Face& face : faces()) {
    const FontFile* file = face.bold ? bold_.get() : regular_.get();
    const int em = em_pixels(face, scale);
    const float line = std::round(kLineEms * static_cast<float>(em));
    ImFontConfig config;
    config.SizePixels = line;
    if (!file) {
      this->*face.font = atlas.AddFontDefault(&config);
      continue;
    }
    config.FontNo = file->face();
    // Or the atlas would copy the whole file; taken back after Build.
    config.FontDataOwnedByAtlas = true;
    ImFont* font =
        atlas.AddFontFromMemoryTTF(file->data(), static_cast<int>(file->size()), line, &config, kOnlySpace);
    this->*face.font = font;
    const float baseline = std::round(line / 2 + kMiddleEms * static_cast<float>(em));
    const std::bitset<65536>& set = face.latin_only ? latin_ : wanted_;
    for (unsigned code = 0x20; code < set.size(); ++code) {
      if (!set[code]) continue;
      const auto it = glyphs_.find(key_of(face, em, code));
      if (it == glyphs_.end() || it->second.advance == 0) continue;
      const Glyph& glyph = it->second;
      const int rectangle =
          glyph.width > 0 ? atlas.AddCustomRectRegular(glyph.width + 1, glyph.height + 1) : -1;
      placed.push_back({font, code, &glyph, baseline, rectangle});
    }
  }
  atlas.Build();
  for (ImFontConfig& config : atlas.ConfigData)
    for (const FontFile* file : {regular_.get(), bold_.get()})
      if (file && config.FontData == file->data()) {
        config.FontData = nullptr;
        config.FontDataOwnedByAtlas = false;
      }

  for (const Placed& p : placed) {
    const Glyph& g = *p.glyph;
    if (p.rectangle < 0) {
      p.font->AddGlyph(nullptr, static_cast<ImWchar>(p.code), 0, 0, 0, 0, 0, 0, 0, 0, g.advance);
      continue;
    }
    const ImFontAtlasCustomRect* rect = atlas.GetCustomRectByIndex(p.rectangle);
    for (int row = 0; row < g.height; ++row)
      std::memcpy(atlas.TexPixelsAlpha8 + (rect->Y + row) * atlas.TexWidth + rect->X,
                  g.pixels.data() + static_cast<size_t>(row) * static_cast<size_t>(g.width),
                  static_cast<size_t>(g.width));
    // One empty pixel at the right and below keeps the neighbour out when a letter stands between pixels.
    const ImVec2 uv0{static_cast<float>(rect->X) * atlas.TexUvScale.x,
                     static_cast<float>(rect->Y) * atlas.TexUvScale.y};
    const ImVec2 uv1{static_cast<float>(rect->X + g.width) * atlas.TexUvScale.x,
                     static_cast<float>(rect->Y + g.height) * atlas.TexUvScale.y};
    const float width = static_cast<float>(g.width) / static_cast<float>(g.oversample);
    const float y = p.baseline + g.y;
    p.font->AddGlyph(nullptr, static_cast<ImWchar>(p.code), g.x, y, g.x + width,
                     y + static_cast<float>(g.height), uv0.x, uv0.y, uv1.x, uv1.y, g.advance);
  }
  for (const Face& face : faces()) {
    ImFont* font = this->*face.font;
    font->AddGlyph(nullptr, 0x200B, 0, 0, 0, 0, 0, 0, 0, 0, 0);  // zero-width space (soft_wrap.h)
    font->BuildLookupTable();
  }
  ImGui::GetIO().FontDefault = body;
}

}  // namespace hada::ui
