#include "client/model/marks.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "client/model/model.h"

namespace hada::model {
namespace {

// One reader's annotations.
struct Source {
  std::string reader, display;
  const Annotations* annotations;
  bool own;
};

// The lowest first. The caller's own read is the one that is written or was submitted.
std::vector<Source> sources_of(const OpenCase& open, const SessionState& session) {
  std::vector<Source> out;
  const std::string me = session.user ? session.user->name : std::string();
  for (const Read& read : open.reads)
    if (read.reader != me && !read.revisions.empty())
      out.push_back(
          {read.reader, read.reader_display_name, &read.revisions.back().content.annotations, false});
  const std::string name = session.user ? session.user->display_name : std::string();
  if (open.reading.phase >= ReadPhase::Editing)
    out.push_back({me, name, &open.reading.content.annotations, open.reading.can_edit()});
  if (!open.reading.can_edit()) out.push_back({me, name, &open.panes.marks.measures, true});
  return out;
}

// A term keeps its colour while others come and go: its own by its name, the next free one where another has
// that. Without a term it is the first.
void colour_terms(std::vector<Layer>& terms) {
  std::sort(terms.begin(), terms.end(), [](const Layer& a, const Layer& b) { return a.name < b.name; });
  std::array<bool, kAnnotationColours> taken{};
  size_t free = kAnnotationColours - 1;
  for (Layer& term : terms) {
    if (term.name.empty()) {
      term.colour = 0;
      continue;
    }
    uint32_t hash = 2166136261u;  // FNV-1a
    for (const char c : term.name) hash = (hash ^ static_cast<uint8_t>(c)) * 16777619u;
    term.colour = 1 + hash % (kAnnotationColours - 1);
    while (free > 0 && taken[term.colour]) term.colour = 1 + term.colour % (kAnnotationColours - 1);
    taken[term.colour] = true;
    if (free > 0) --free;
  }
}

Layer& layer_in(std::vector<Layer>& layers, const std::string& name) {
  const auto it = std::find_if(layers.begin(), layers.end(), [&](const Layer& l) { return l.name == name; });
  if (it != layers.end()) return *it;
  Layer layer;
  layer.name = name;
  layer.colour = layers.size();
  layers.push_back(std::move(layer));
  return layers.back();
}

}  // namespace

const Annotations& own_annotations(const OpenCase& open) {
  return open.reading.can_edit() ? open.reading.content.annotations : open.panes.marks.measures;
}

const SharedAnnotation* find_own(const OpenCase& open, const std::string& id) {
  for (const SharedAnnotation& a : own_annotations(open).list)
    if (a->id == id) return &a;
  return nullptr;
}

bool is_selected(const OpenCase& open, const std::string& id) {
  const auto& selected = open.panes.marks.selected;
  return std::find(selected.begin(), selected.end(), id) != selected.end();
}

std::vector<SharedAnnotation> selected_annotations(const OpenCase& open) {
  std::vector<SharedAnnotation> out;
  if (open.panes.marks.selected.empty()) return out;
  for (const std::string& id : open.panes.marks.selected)
    if (const SharedAnnotation* a = find_own(open, id);
        a && std::any_of(open.panes.panes.begin(), open.panes.panes.end(),
                         [&](const Pane& pane) { return pane.image == (*a)->image; }))
      out.push_back(*a);
  return out;
}

bool may_merge(const std::vector<SharedAnnotation>& selected) {
  return selected.size() >= 2 &&
         std::all_of(selected.begin(), selected.end(), [&](const SharedAnnotation& a) {
           return a->image == selected[0]->image && contract::is_region(a->shape.kind);
         });
}

Layers layers_of(const OpenCase& open, const SessionState& session) {
  Layers layers;
  const Marks& marks = open.panes.marks;
  for (const Source& source : sources_of(open, session)) {
    if (source.annotations->list.empty()) continue;
    Layer& reader = layer_in(layers.readers, source.reader);
    reader.display = source.display;
    reader.shown = !marks.hidden_readers.contains(source.reader);
    reader.count += source.annotations->list.size();
    for (const SharedAnnotation& a : source.annotations->list) {
      Layer& term = layer_in(layers.terms, a->term);
      term.shown = !marks.hidden_terms.contains(a->term);
      ++term.count;
    }
  }
  colour_terms(layers.terms);
  layers.coloured_by_reader = layers.readers.size() > 1;
  return layers;
}

std::vector<ShownAnnotation> shown_annotations(const OpenCase& open, const SessionState& session,
                                               const std::string& image) {
  std::vector<ShownAnnotation> out;
  const Marks& marks = open.panes.marks;
  if (!marks.shown) return out;
  Layers layers = layers_of(open, session);
  for (const Source& source : sources_of(open, session)) {
    if (marks.hidden_readers.contains(source.reader)) continue;
    for (const SharedAnnotation& a : source.annotations->list) {
      if (a->image != image || marks.hidden_terms.contains(a->term)) continue;
      const size_t colour = layers.coloured_by_reader ? layer_in(layers.readers, source.reader).colour
                                                      : layer_in(layers.terms, a->term).colour;
      out.push_back({a, source.reader, colour, source.own});
    }
  }
  return out;
}

}  // namespace hada::model
