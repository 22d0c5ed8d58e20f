#pragma once

// Noto Sans CJK JP in the sizes the interface uses. The glyph set is what is really shown: ImGui's Japanese ranges, all
// texts of the interface, the vocabulary, and any character met in the server's texts or in what is typed.

#include <bitset>
#include <string>
#include <string_view>

#include <imgui.h>

namespace hada::ui {

class Fonts {
 public:
  // Files may be absent: then ImGui's own font serves (Latin only).
  static constexpr const char* kRegularFile = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";
  static constexpr const char* kBoldFile = "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc";

  Fonts();  // with every text of the interface

  // Notes a text that is or will be shown; cheap when it holds nothing new.
  void note(std::string_view utf8);
  // True when a noted character or the scale is not in the atlas. The app then calls build() between frames.
  bool rebuild_needed(float scale) const;
  // Rebuilds ImGui::GetIO().Fonts. The app creates the texture anew afterwards (ImGui_ImplOpenGL3_DestroyFontsTexture,
  // ImGui_ImplOpenGL3_CreateFontsTexture). Not between NewFrame and Render.
  void build(float scale);

  ImFont* body = nullptr;     // 16 px at scale 1
  ImFont* small = nullptr;    // 13
  ImFont* strong = nullptr;   // 16 bold
  ImFont* heading = nullptr;  // 20 bold
  ImFont* title = nullptr;    // 30 bold

 private:
  std::bitset<65536> wanted_;
  bool changed_ = true;
  float scale_ = 0;
};

}  // namespace hada::ui
