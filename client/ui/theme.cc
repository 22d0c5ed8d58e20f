#include "client/ui/theme.h"

#include <algorithm>
#include <array>

namespace hada::ui {
namespace {

constexpr ImU32 rgb(uint32_t hex, uint32_t alpha = 255) {
  return IM_COL32((hex >> 16) & 255, (hex >> 8) & 255, hex & 255, alpha);
}

constexpr Palette kDark = {
    .ground = rgb(0x12161B),
    .panel = rgb(0x1A1F26),
    .raised = rgb(0x232A33),
    .hover = rgb(0x2C343F),
    .line = rgb(0x2D3540),
    .line_strong = rgb(0x45505E),
    .text = rgb(0xE8ECF1),
    .text_soft = rgb(0xA9B4C2),
    .text_faint = rgb(0x738091),
    .accent = rgb(0x4CB8AC),
    .accent_soft = rgb(0x1F3A3A),
    .on_accent = rgb(0x06201D),
    .good = rgb(0x62C28B),
    .warn = rgb(0xE5B152),
    .bad = rgb(0xEE7B80),
    .info = rgb(0x70ABEA),
    .shade = rgb(0x0B0E12, 205),
    .on_shade = rgb(0xF3F5F8),
    .on_shade_soft = rgb(0xB9C3CF),
    .dark = true,
};

constexpr Palette kLight = {
    .ground = rgb(0xEDF0F3),
    .panel = rgb(0xFAFBFC),
    .raised = rgb(0xF0F3F6),
    .hover = rgb(0xE4E9EE),
    .line = rgb(0xD9DFE6),
    .line_strong = rgb(0xB3BDC8),
    .text = rgb(0x18212B),
    .text_soft = rgb(0x4D5A69),
    .text_faint = rgb(0x7E8A98),
    .accent = rgb(0x0B7A70),
    .accent_soft = rgb(0xD5ECE9),
    .on_accent = rgb(0xFFFFFF),
    .good = rgb(0x1E7D49),
    .warn = rgb(0x92610A),
    .bad = rgb(0xC03A40),
    .info = rgb(0x2466AC),
    .shade = rgb(0x0B0E12, 205),
    .on_shade = rgb(0xF3F5F8),
    .on_shade_soft = rgb(0xB9C3CF),
    .dark = false,
};

ImVec4 vec(ImU32 colour) { return ImGui::ColorConvertU32ToFloat4(colour); }

}  // namespace

const Palette& palette_of(model::Theme theme) { return theme == model::Theme::Light ? kLight : kDark; }

ImU32 with_alpha(ImU32 colour, float alpha) {
  const auto a = static_cast<ImU32>(static_cast<float>((colour >> IM_COL32_A_SHIFT) & 255) * alpha + 0.5f);
  return (colour & ~IM_COL32_A_MASK) | (std::min<ImU32>(a, 255) << IM_COL32_A_SHIFT);
}

ImU32 blend(ImU32 a, ImU32 b, float t) {
  ImU32 out = 0;
  for (int shift = 0; shift < 32; shift += 8) {
    const float x = static_cast<float>((a >> shift) & 255), y = static_cast<float>((b >> shift) & 255);
    out |= static_cast<ImU32>(x + (y - x) * t + 0.5f) << shift;
  }
  return out;
}

ImU32 colour_of(const Palette& palette, CaseState state) {
  switch (state) {
    case CaseState::Open:
    case CaseState::Reading:
    case CaseState::NeedsRead:
      return palette.info;
    case CaseState::Agreed:
    case CaseState::Majority:
    case CaseState::PanelDecided:
    case CaseState::Pathology:
      return palette.accent;
    case CaseState::Approved:
      return palette.good;
    case CaseState::ToPanel:
    case CaseState::Returned:
    case CaseState::Reopened:
      return palette.warn;
    case CaseState::Rejected:
    case CaseState::Withdrawn:
      return palette.bad;
    case CaseState::Ungradable:
    case CaseState::NoConsensus:
    case CaseState::Unspecified:
      break;
  }
  return palette.text_soft;
}

ImU32 colour_of(const Palette& palette, model::ToastLevel level) {
  switch (level) {
    case model::ToastLevel::Success:
      return palette.good;
    case model::ToastLevel::Warning:
      return palette.warn;
    case model::ToastLevel::Error:
      return palette.bad;
    case model::ToastLevel::Info:
      break;
  }
  return palette.info;
}

ImU32 group_colour(const Palette& palette, int group) {
  const std::array<ImU32, 6> tints = {palette.accent,
                                      palette.info,
                                      palette.warn,
                                      rgb(palette.dark ? 0xB48CE8 : 0x7046A8),
                                      rgb(palette.dark ? 0xE58FBF : 0xA83B7C),
                                      palette.good};
  return tints[static_cast<size_t>(group) % tints.size()];
}

void apply_style(const Palette& p, float scale) {
  ImGuiStyle style;
  style.WindowPadding = {0, 0};
  style.WindowBorderSize = 0;
  style.ChildBorderSize = 0;
  style.PopupBorderSize = 1;
  style.FrameBorderSize = 1;
  style.FramePadding = {10, 9};
  style.ItemSpacing = {8, 8};
  style.ItemInnerSpacing = {6, 6};
  style.WindowRounding = 0;
  style.ChildRounding = 0;
  style.PopupRounding = 8;
  style.FrameRounding = 6;
  style.ScrollbarRounding = 6;
  style.ScrollbarSize = 10;
  style.GrabRounding = 6;
  style.GrabMinSize = 24;
  style.ScaleAllSizes(scale);
  // Hairlines stay hairlines.
  style.PopupBorderSize = style.FrameBorderSize = 1;
  style.WindowBorderSize = style.ChildBorderSize = 0;
  style.DisabledAlpha = 0.5f;

  ImVec4* c = style.Colors;
  c[ImGuiCol_Text] = vec(p.text);
  c[ImGuiCol_TextDisabled] = vec(p.text_faint);
  c[ImGuiCol_WindowBg] = vec(p.panel);
  c[ImGuiCol_ChildBg] = {0, 0, 0, 0};
  c[ImGuiCol_PopupBg] = vec(p.raised);
  c[ImGuiCol_Border] = vec(p.line_strong);
  c[ImGuiCol_BorderShadow] = {0, 0, 0, 0};
  c[ImGuiCol_FrameBg] = vec(p.dark ? p.ground : rgb(0xFFFFFF));
  c[ImGuiCol_FrameBgHovered] = c[ImGuiCol_FrameBg];
  c[ImGuiCol_FrameBgActive] = c[ImGuiCol_FrameBg];
  c[ImGuiCol_ScrollbarBg] = {0, 0, 0, 0};
  c[ImGuiCol_ScrollbarGrab] = vec(p.line);
  c[ImGuiCol_ScrollbarGrabHovered] = vec(p.line_strong);
  c[ImGuiCol_ScrollbarGrabActive] = vec(p.text_faint);
  c[ImGuiCol_TextSelectedBg] = vec(with_alpha(p.accent, 0.35f));
  c[ImGuiCol_NavHighlight] = {0, 0, 0, 0};
  c[ImGuiCol_ModalWindowDimBg] = vec(with_alpha(rgb(0x05070A), 0.55f));
  ImGui::GetStyle() = style;
}

}  // namespace hada::ui
