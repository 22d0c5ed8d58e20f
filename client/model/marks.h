#pragma once

// Which annotations lie over an image: the caller's own and, where they may be seen, other readers', as
// layers that can be hidden by reader and by term.

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "client/model/annotations.h"

namespace hada::model {

// Colours that annotations are told apart by; more readers or terms share them.
inline constexpr size_t kAnnotationColours = 8;

struct OpenCase;
struct SessionState;

// Part of Panes.
struct Marks {
  bool shown = true;
  std::set<std::string> hidden_readers, hidden_terms;
  std::vector<std::string> selected;  // ids
  Annotations measures;               // taken while only looking; never sent
};

struct ShownAnnotation {
  SharedAnnotation annotation;
  std::string reader;  // "users/sato"
  size_t colour = 0;   // number of the reader where several have annotated the case, else of the term
  bool own = false;    // can be changed now
};

// What can be changed now: the read's that is being written, else the measures.
const Annotations& own_annotations(const OpenCase& open);
const SharedAnnotation* find_own(const OpenCase& open, const std::string& id);
bool is_selected(const OpenCase& open, const std::string& id);
// Of images that are in a pane.
std::vector<SharedAnnotation> selected_annotations(const OpenCase& open);

// Two regions or more of one image.
bool may_merge(const std::vector<SharedAnnotation>& selected);

// Lowest first, the caller's own above the others'.
std::vector<ShownAnnotation> shown_annotations(const OpenCase& open, const SessionState& session,
                                               const std::string& image);

// A reader or a term that annotations of the case have.
struct Layer {
  std::string name;     // "users/sato", "terms/psoriasis", or empty: no term
  std::string display;  // of a reader
  size_t colour = 0, count = 0;
  bool shown = true;
};
struct Layers {
  std::vector<Layer> readers, terms;
  bool coloured_by_reader = false;
};
Layers layers_of(const OpenCase& open, const SessionState& session);

}  // namespace hada::model
