// What is drawn on the images. Every change is one step: of the read's undo, and one draft on its way to the
// server.

#include <algorithm>
#include <utility>

#include "client/model/drawing.h"
#include "client/model/shape_ops.h"
#include "client/model/update_internal.h"

namespace hada::model::detail {
namespace {

using contract::Shape;

std::string new_id(Turn& turn) {
  std::string id = turn.model.request_ids.next();
  std::erase(id, '-');
  return id;
}

// While a read is on its way it does not change.
bool sending(const OpenCase& open) {
  return open.reading.phase == ReadPhase::Submitting || open.reading.phase == ReadPhase::SendingAmend;
}

size_t point_count(const Annotations& annotations) {
  size_t count = 0;
  for (const SharedAnnotation& a : annotations.list) count += contract::point_count(a->shape);
  return count;
}

bool storable(const OpenCase& open, const Annotation& a) {
  const Image* image = open.find_image(a.image);
  if (!image || image->levels.empty() || character_count(a.note) > kMaxAnnotationNoteCharacters) return false;
  if (!open.reading.can_edit() && !is_measure(a.shape.kind)) return false;
  return !contract::problem_of(a.shape, image->levels[0].width, image->levels[0].height);
}

void select(OpenCase& open, std::vector<std::string> ids) { open.panes.marks.selected = std::move(ids); }

// The one way in: `change` edits a copy of the list, which then takes the place of the old one.
template <typename F>
void change_annotations(Turn& turn, EditKind kind, F change) {
  OpenCase* open = open_with_images(turn);
  if (!open || sending(*open)) return;
  Annotations after = own_annotations(*open);
  if (!change(*open, after)) return;
  if (after.list.size() > contract::kMaxAnnotations || point_count(after) > contract::kMaxAnnotationPoints) {
    Toast toast;
    toast.kind = ToastKind::TooManyAnnotations;
    toast.level = ToastLevel::Warning;
    return turn.toast(std::move(toast));
  }
  // What is worked on is not hidden by its own layer.
  Marks& marks = open->panes.marks;
  if (turn.model.session.user) marks.hidden_readers.erase(turn.model.session.user->name);
  for (const SharedAnnotation& a : after.list)
    if (is_selected(*open, a->id)) marks.hidden_terms.erase(a->term);
  if (!open->reading.can_edit()) {
    marks.measures = std::move(after);
    return;
  }
  ReadContent content = open->reading.content;
  content.annotations = std::move(after);
  edit_read(turn, {open->reading.content, std::move(content), kind, turn.model.now_us});
  // What was drawn is on its way before the next stroke; words wait until they are typed.
  if (kind == EditKind::Single) save_draft(turn);
}

// Puts it where its namesake is, or a new one on top. False where it cannot be stored, or the namesake is
// gone.
bool put(OpenCase& open, Annotations& annotations, Annotation a, bool added = false) {
  a.shape = contract::to_grid(std::move(a.shape));
  if (!storable(open, a)) return false;
  const auto it = std::find_if(annotations.list.begin(), annotations.list.end(),
                               [&](const SharedAnnotation& other) { return other->id == a.id; });
  if ((it == annotations.list.end()) != added) return false;
  auto shared = std::make_shared<const Annotation>(std::move(a));
  if (added)
    annotations.list.push_back(std::move(shared));
  else
    *it = std::move(shared);
  return true;
}

void remove(Annotations& annotations, const std::string& id) {
  std::erase_if(annotations.list, [&](const SharedAnnotation& a) { return a->id == id; });
}

// A region that lies in several places or was joined is an outline.
Annotation with_paths(const Annotation& a, Paths paths) {
  Annotation out = a;
  if (!contract::is_outline(a.shape.kind)) out.shape.kind = AnnotationKind::Polygon;
  out.shape.paths = std::move(paths);
  return out;
}

// Changes each selected annotation by itself.
template <typename F>
void change_selected(Turn& turn, EditKind kind, F change) {
  change_annotations(turn, kind, [&](OpenCase& open, Annotations& annotations) {
    bool any = false;
    for (const SharedAnnotation& a : selected_annotations(open)) {
      Annotation changed = *a;
      change(changed);
      if (changed == *a) continue;
      if (!put(open, annotations, std::move(changed))) return false;
      any = true;
    }
    return any;
  });
}

template <typename Set>
void set_shown(Set& hidden, const std::string& name, bool on) {
  if (on)
    hidden.erase(name);
  else
    hidden.insert(name);
}

}  // namespace

void apply(Turn& turn, const intent::PutAnnotations& wish) {
  std::vector<std::string> added;
  change_annotations(turn, EditKind::Single, [&](OpenCase& open, Annotations& annotations) {
    for (Annotation a : wish.annotations) {
      const bool fresh = a.id.empty();
      if (fresh) {
        a.id = new_id(turn);
        added.push_back(a.id);
      }
      if (!put(open, annotations, std::move(a), fresh)) return false;
    }
    if (!added.empty()) select(open, added);
    open.panes.marks.shown = true;
    return true;
  });
}

void apply(Turn& turn, const intent::SelectAnnotations& wish) {
  OpenCase* open = open_with_images(turn);
  if (!open) return;
  std::vector<std::string> known;
  for (const std::string& id : wish.ids)
    if (find_own(*open, id)) known.push_back(id);
  select(*open, std::move(known));
}

void apply(Turn& turn, const intent::RemoveSelected&) {
  change_annotations(turn, EditKind::Single, [&](OpenCase& open, Annotations& annotations) {
    const std::vector<SharedAnnotation> selected = selected_annotations(open);
    for (const SharedAnnotation& a : selected) remove(annotations, a->id);
    select(open, {});
    return !selected.empty();
  });
}

void apply(Turn& turn, const intent::MergeSelected&) {
  change_annotations(turn, EditKind::Single, [&](OpenCase& open, Annotations& annotations) {
    const std::vector<SharedAnnotation> selected = selected_annotations(open);
    if (!may_merge(selected)) return false;
    Paths all;
    for (const SharedAnnotation& a : selected) all = united(all, contract::outline_of(a->shape));
    for (size_t i = 1; i < selected.size(); ++i) remove(annotations, selected[i]->id);
    if (!put(open, annotations, with_paths(*selected[0], std::move(all)))) return false;
    select(open, {selected[0]->id});
    return true;
  });
}

void apply(Turn& turn, const intent::SplitSelected& wish) {
  change_annotations(turn, EditKind::Single, [&](OpenCase& open, Annotations& annotations) {
    std::vector<std::string> pieces;
    bool parted = false;
    for (const SharedAnnotation& a : selected_annotations(open)) {
      if (a->image != wish.image || !contract::is_region(a->shape.kind)) continue;
      std::vector<Paths> parts = split(contract::outline_of(a->shape), wish.cut);
      pieces.push_back(a->id);
      if (parts.size() < 2) continue;
      parted = true;
      for (size_t i = 0; i < parts.size(); ++i) {
        Annotation part = with_paths(*a, std::move(parts[i]));
        if (i > 0) {
          part.id = new_id(turn);
          pieces.push_back(part.id);
        }
        if (!put(open, annotations, std::move(part), i > 0)) return false;
      }
    }
    if (parted) select(open, std::move(pieces));
    return parted;
  });
}

void apply(Turn& turn, const intent::SimplifySelected& wish) {
  if (!(wish.tolerance > 0)) return;
  change_selected(turn, EditKind::Single,
                  [&](Annotation& a) { a.shape = contract::simplified(std::move(a.shape), wish.tolerance); });
}

void apply(Turn& turn, const intent::Paint& wish) {
  change_annotations(turn, EditKind::Single, [&](OpenCase& open, Annotations& annotations) {
    const Image* image = open.find_image(wish.image);
    if (!image || image->levels.empty()) return false;
    const Paths stroke = brushed(wish.way, wish.radius);
    const std::vector<SharedAnnotation> selected = selected_annotations(open);
    const bool into = selected.size() == 1 && selected[0]->image == wish.image &&
                      contract::is_region(selected[0]->shape.kind);
    if (!into && wish.erase) return false;
    Annotation painted;
    if (into) painted = *selected[0];
    const Paths before = into ? contract::outline_of(painted.shape) : Paths{};
    Paths after = wish.erase ? without(before, stroke) : united(before, stroke);
    after = clipped_to(after, image->levels[0].width, image->levels[0].height);
    if (after.empty()) {
      // Rubbed out to the last.
      if (into) remove(annotations, painted.id);
      select(open, {});
      return into;
    }
    if (!into) {
      painted.id = new_id(turn);
      painted.image = wish.image;
      painted.shape.kind = AnnotationKind::Brush;
      painted.term = wish.term;
    }
    const std::string id = painted.id;
    for (Path& path : after) path = contract::simplified(path, wish.tolerance, true);
    if (!put(open, annotations, with_paths(painted, std::move(after)), !into)) return false;
    select(open, {id});
    open.panes.marks.shown = true;
    return true;
  });
}

void apply(Turn& turn, const intent::SetAnnotationTerm& wish) {
  change_selected(turn, EditKind::Single, [&](Annotation& a) { a.term = wish.term; });
}

void apply(Turn& turn, const intent::SetAnnotationNote& wish) {
  change_selected(turn, EditKind::Note, [&](Annotation& a) { a.note = wish.note; });
}

// What is hidden is not worked on.
void apply(Turn& turn, const intent::ShowAnnotations& wish) {
  if (!turn.model.open_case) return;
  turn.model.open_case->panes.marks.shown = wish.on;
  if (!wish.on) select(*turn.model.open_case, {});
}
void apply(Turn& turn, const intent::ShowReader& wish) {
  if (!turn.model.open_case) return;
  set_shown(turn.model.open_case->panes.marks.hidden_readers, wish.reader, wish.on);
  const auto& user = turn.model.session.user;
  if (!wish.on && user && wish.reader == user->name) select(*turn.model.open_case, {});
}
void apply(Turn& turn, const intent::ShowTerm& wish) {
  if (!turn.model.open_case) return;
  OpenCase& open = *turn.model.open_case;
  set_shown(open.panes.marks.hidden_terms, wish.term, wish.on);
  if (wish.on) return;
  std::erase_if(open.panes.marks.selected, [&](const std::string& id) {
    const SharedAnnotation* a = find_own(open, id);
    return !a || (*a)->term == wish.term;
  });
}

}  // namespace hada::model::detail
