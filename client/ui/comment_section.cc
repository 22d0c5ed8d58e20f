#include <optional>
#include <utility>

#include "client/model/comments.h"
#include "client/ui/comments.h"
#include "client/ui/fields.h"
#include "client/ui/format.h"
#include "client/ui/keys.h"
#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

using Writing = CommentState::Writing;
using model::Comment;

bool blank(const std::string& text) { return text.find_first_not_of(" \t\r\n") == std::string::npos; }

// In the next frame, which must come.
void scroll_here(Ui& ui, float part) {
  ImGui::SetScrollHereY(part);
  ui.state.animating = true;
}

void write_no_more(CommentState& state) {
  state.writing = Writing::Nothing;
  state.placing = false;
  state.image.clear();
  state.about.clear();
  state.text.clear();
}

void write(CommentState& state, Writing what, const std::string& about, const std::string& text) {
  write_no_more(state);
  state.writing = what;
  state.about = about;
  state.text = text;
  state.focus = true;
}

void send(Ui& ui) {
  CommentState& state = ui.state.comment;
  if (state.writing == Writing::Edit)
    ui.wish(model::intent::EditComment{state.about, state.text});
  else
    ui.wish(model::intent::AddComment{state.image, state.at, state.about, state.text});
  state.sent = true;
}

// The one comment, answer or change that is being written.
void composer(Ui& ui, const model::OpenCase& open, Text hint, Text label) {
  CommentState& state = ui.state.comment;
  const bool free = !open.comments.sending;
  const FieldEvent field =
      text_area(ui, "comment.text", state.text,
                {.hint = ui.t(hint), .enabled = free, .focus = state.focus, .min_lines = 2, .max_lines = 8});
  const bool begun = std::exchange(state.focus, false);
  const bool ready = free && !blank(state.text);
  const bool typing = std::exchange(state.typing, field.active) || field.active;
  if (typing && ready && pressed(ui, Command::ReadSubmit)) send(ui);
  const float cancel = button_width(ui, ui.t(Text::Cancel), {.small = true});
  if (button(ui, "comment.cancel", ui.t(Text::Cancel), {.enabled = free, .width = cancel, .small = true}))
    return write_no_more(state);
  ImGui::SameLine(0, ui.px(8));
  if (button(ui, "comment.send", ui.t(label),
             {.kind = ButtonKind::Primary,
              .enabled = ready,
              .small = true,
              .shortcut = chord_text(ui, Command::ReadSubmit)}))
    send(ui);
  if (begun) scroll_here(ui, 0.8f);
}

// "Image 2", or that it is about the whole case.
std::string place_of(const Ui& ui, const model::OpenCase& open, const std::string& image) {
  const model::Image* found = open.find_image(image);
  if (!found) return ui.t(Text::CommentWholeCase);
  return ui.f(Text::CommentInImage, {std::to_string(found - open.value->images.data() + 1)});
}

// Who said it and when, and what was said.
void said(Ui& ui, const Comment& comment) {
  std::string who =
      comment.author_display_name.empty() ? model::id_of(comment.author) : comment.author_display_name;
  who += "  ·  " + date_time(comment.create_time_us);
  const bool edited = comment.texts.size() > 1;
  if (edited) who += std::string("  ·  ") + ui.t(Text::CommentEdited);
  paragraph(ui, ui.shown(who), {ui.small(), ui.palette.text_soft});
  if (edited && ImGui::IsItemHovered()) {
    std::string earlier;
    for (size_t i = 0; i + 1 < comment.texts.size(); ++i)
      earlier += (i > 0 ? "\n" : "") + ui.f(Text::CommentEarlier, {ui.shown(comment.texts[i])});
    tooltip(ui, earlier);
  }
  paragraph(ui, ui.shown(comment.text()));
}

void settled(Ui& ui, const Comment& comment) {
  if (comment.settled_by.empty()) return;
  paragraph(ui,
            ui.f(comment.resolved ? Text::CommentResolvedBy : Text::CommentReopenedBy,
                 {ui.shown(comment.settled_by), date_time(comment.settle_time_us)}),
            {ui.small(), comment.resolved ? ui.palette.good : ui.palette.text_soft});
}

// The line that leads to the place: number, where it is, and of a resolved thread the beginning of the text.
void head(Ui& ui, const model::OpenCase& open, const model::CommentThread& thread, bool folded) {
  CommentState& state = ui.state.comment;
  const Comment& comment = *thread.first;
  const Palette& p = ui.palette;
  const std::string number = std::to_string(thread.number), name = "comment." + number;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x, high = ui.px(24), radius = ui.px(11);
  if (ImGui::InvisibleButton((name + ".show").c_str(), {width, high})) {
    state.chosen = comment.name;
    if (comment.resolved && !state.unfolded.erase(comment.name)) state.unfolded.insert(comment.name);
    ui.wish(model::intent::GoToComment{comment.name});
  }
  const bool hovered = ImGui::IsItemHovered();
  if (hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  ui.log(name + ".show", at, {at.x + width, at.y + high}, true, comment.resolved ? "resolved" : "open");
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImVec2 middle{at.x + radius, at.y + high / 2};
  list->AddCircleFilled(middle, radius, comment.resolved ? p.line_strong : p.accent, 32);
  const ImVec2 size = text_size(ui.small(), number);
  draw_text(list, ui.small(), {middle.x - size.x / 2, middle.y - size.y / 2},
            comment.resolved ? p.text : p.on_accent, number);
  const float left = at.x + 2 * radius + ui.px(8), room = at.x + width - left;
  const std::string text = folded ? comment.text() : place_of(ui, open, comment.image);
  draw_ellipsized(list, folded ? ui.body() : ui.small(),
                  {left, middle.y - (folded ? ui.body() : ui.small())->FontSize / 2},
                  hovered ? p.text : p.text_soft, ui.shown(text), room - (folded ? ui.px(24) : 0));
  if (folded) draw_icon(list, Icon::Check, {at.x + width - ui.px(9), middle.y}, ui.px(14), p.good);
}

void actions(Ui& ui, const model::OpenCase& open, const model::CommentThread& thread) {
  CommentState& state = ui.state.comment;
  const Comment& comment = *thread.first;
  const std::string name = "comment." + std::to_string(thread.number);
  const bool free = !open.comments.sending;
  Flow flow(ui.px(6));
  const auto act = [&](const char* what, Text text, std::optional<Icon> icon) {
    const ButtonLook look{.kind = ButtonKind::Quiet, .icon = icon, .enabled = free, .small = true};
    flow.next(button_width(ui, ui.t(text), look));
    return button(ui, name + what, ui.t(text), look);
  };
  if (comment.resolved) {
    if (act(".reopen", Text::CommentReopen, Icon::Undo))
      ui.wish(model::intent::SettleComment{comment.name, false});
    return;
  }
  if (act(".resolve", Text::CommentResolve, Icon::Check))
    ui.wish(model::intent::SettleComment{comment.name, true});
  if (act(".answer", Text::CommentAnswer, std::nullopt)) write(state, Writing::Answer, comment.name, {});
  // What one wrote last in the thread can be put better.
  const Comment& last = thread.answers.empty() ? comment : *thread.answers.back();
  if (ui.model.session.user && last.author == ui.model.session.user->name &&
      act(".edit", Text::CommentEdit, Icon::Pencil))
    write(state, Writing::Edit, last.name, last.text());
}

void thread_card(Ui& ui, const model::OpenCase& open, const model::CommentThread& thread) {
  CommentState& state = ui.state.comment;
  const Comment& comment = *thread.first;
  const bool chosen = state.chosen == comment.name;
  const bool folded = comment.resolved && !state.unfolded.contains(comment.name);
  if (chosen && state.scroll) {
    scroll_here(ui, 0.3f);
    state.scroll = false;
  }
  const Card card(ui, {.border = chosen ? ui.palette.accent : 0, .padding = 10});
  head(ui, open, thread, folded);
  if (folded) return;
  const auto changed = [&](const Comment& each) {
    return state.writing == Writing::Edit && state.about == each.name;
  };
  if (!changed(comment)) said(ui, comment);
  if (changed(comment)) composer(ui, open, Text::CommentHint, Text::CommentSave);
  ImGui::Indent(ui.px(16));
  for (const Comment* answer : thread.answers)
    changed(*answer) ? composer(ui, open, Text::CommentAnswer, Text::CommentSave) : said(ui, *answer);
  ImGui::Unindent(ui.px(16));
  settled(ui, comment);
  if (state.writing == Writing::Answer && state.about == comment.name)
    return composer(ui, open, Text::CommentAnswerHint, Text::CommentSendAnswer);
  if (model::may_discuss(ui.model.session, open)) actions(ui, open, thread);
}

void new_comment(Ui& ui, const model::OpenCase& open) {
  CommentState& state = ui.state.comment;
  if (state.writing == Writing::New) {
    const Card card(ui, {.border = ui.palette.accent, .padding = 10});
    label(ui, place_of(ui, open, state.image), {ui.small(), ui.palette.text_soft});
    return composer(ui, open, Text::CommentHint, Text::CommentSend);
  }
  if (state.placing) {
    notice(ui, Icon::MarkPoint, ui.palette.info, ui.t(Text::CommentPlace));
    if (button(ui, "comment.cancel", ui.t(Text::Cancel), {.small = true})) write_no_more(state);
    return;
  }
  const float half = (ImGui::GetContentRegionAvail().x - ui.px(8)) / 2;
  if (button(ui, "comment.on_image", ui.t(Text::CommentOnImage),
             {.icon = Icon::MarkPoint, .width = half, .small = true})) {
    write_no_more(state);
    state.placing = true;
  }
  if (ImGui::IsItemHovered()) tooltip(ui, with_key(ui, ui.t(Text::CommentOnImage), Command::ReviewComment));
  ImGui::SameLine(0, ui.px(8));
  if (button(ui, "comment.on_case", ui.t(Text::CommentOnCase), {.width = -1, .small = true}))
    write(state, Writing::New, {}, {});
}

}  // namespace

void comments_begin_frame(Ui& ui) {
  CommentState& state = ui.state.comment;
  const model::OpenCase& open = *ui.model.open_case;
  const std::string user = ui.model.session.user ? ui.model.session.user->name : std::string();
  if (state.case_name != open.name || state.user != user) {
    state = {};
    state.case_name = open.name;
    state.user = user;
  }
  // What was sent stays in its field until it is there; what is refused stays for good.
  if (!state.sent || open.comments.sending) return;
  state.sent = false;
  if (!open.comments.refused) write_no_more(state);
}

void comment_jump(Ui& ui, const model::OpenCase& open) {
  if (!model::may_discuss(ui.model.session, open) && open.comments.list.empty()) return;
  std::string text = ui.t(Text::CommentTitle);
  if (!open.comments.list.empty())
    text += "  ·  " + ui.f(Text::CommentOpenCount, {std::to_string(model::open_threads(open.comments.list))});
  if (!button(ui, "comment.jump", text, {.kind = ButtonKind::Quiet, .icon = Icon::MarkPoint, .small = true}))
    return;
  ui.state.comment.chosen.clear();
  ui.state.comment.scroll = true;
  ui.state.animating = true;
}

void comment_section(Ui& ui, const model::OpenCase& open) {
  ui.state.comment.place_now = false;  // the panes have had their turn
  const bool may = model::may_discuss(ui.model.session, open);
  const auto threads = model::threads_of(open.comments.list);
  if (!may && threads.empty()) return;
  gap(ui, 20);
  CommentState& state = ui.state.comment;
  if (state.scroll && state.chosen.empty() && state.writing != Writing::New) {
    scroll_here(ui, 0);
    state.scroll = false;
  }
  const int waiting = model::open_threads(open.comments.list);
  section(ui, ui.t(Text::CommentTitle),
          threads.empty() ? std::string() : ui.f(Text::CommentOpenCount, {std::to_string(waiting)}));
  for (const model::CommentThread& thread : threads) thread_card(ui, open, thread);
  if (threads.empty() && state.writing == Writing::Nothing && !state.placing)
    paragraph(ui, ui.t(Text::CommentNone), {ui.small(), ui.palette.text_soft});
  if (may) new_comment(ui, open);
}

}  // namespace hada::ui
