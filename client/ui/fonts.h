#pragma once

// Noto Sans CJK JP in the sizes the interface uses. The glyph set is what is really shown: all texts of the
// interface, the vocabulary, and any character met in the server's texts or in what is typed. Glyphs are
// drawn once, on a thread of their own after the first time, and kept; a rebuild only packs them anew, which
// takes a few milliseconds.
//
// All members belong to the main thread.

#include <imgui.h>

#include <bitset>
#include <cstdint>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hada::ui {

class FontFile;

class Fonts {
 public:
  // Files may be absent: then ImGui's own font serves (Latin only).
  static constexpr const char* kRegularFile = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";
  static constexpr const char* kBoldFile = "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc";

  Fonts();  // with every text of the interface noted
  ~Fonts();

  // Notes a text that is or will be shown; cheap when it holds nothing new.
  void note(std::string_view utf8);

  // True when build() has something new to put into the atlas. Starts the drawing of missing glyphs.
  bool rebuild_needed(float scale);
  // Rebuilds ImGui::GetIO().Fonts. The app creates the texture anew afterwards
  // (ImGui_ImplOpenGL3_DestroyFontsTexture, ImGui_ImplOpenGL3_CreateFontsTexture). Not between NewFrame and
  // Render. The first call draws all glyphs itself.
  void build(float scale);
  // Characters are missing or being drawn: ask rebuild_needed() again soon.
  bool unfinished() const { return changed_ || drawing_.valid(); }

  ImFont* body = nullptr;     // em 15 px at scale 1
  ImFont* small = nullptr;    // 13
  ImFont* strong = nullptr;   // 15 bold
  ImFont* heading = nullptr;  // 18 bold
  ImFont* title = nullptr;    // 34 bold, Latin and the mark only

 private:
  struct Glyph {
    int width = 0, height = 0;  // bitmap pixels; width is oversampled
    int oversample = 1;
    float x = 0, y = 0;  // of the bitmap's corner from the pen on the baseline
    float advance = 0;
    std::vector<unsigned char> pixels;
  };
  using GlyphKey = uint64_t;  // face, size, character
  struct Face;
  struct Drawn {
    GlyphKey key;
    Glyph glyph;
  };

  static const std::vector<Face>& faces();
  static int em_pixels(const Face& face, float scale);
  static GlyphKey key_of(const Face& face, int em, unsigned code);
  static Glyph draw(const FontFile& file, int em, unsigned code);
  std::vector<std::pair<GlyphKey, const FontFile*>> missing(float scale) const;
  void assemble(float scale);

  std::unique_ptr<FontFile> regular_, bold_;
  std::bitset<65536> wanted_, latin_;
  std::unordered_map<GlyphKey, Glyph> glyphs_;
  std::future<std::vector<Drawn>> drawing_;
  bool changed_ = true;  // wanted_ grew since missing glyphs were last looked for
  bool built_ = false;
  float scale_ = 0;
};

}  // namespace hada::ui
