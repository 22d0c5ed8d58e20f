#pragma once

// What the panels remember between frames: half-typed texts, scroll positions, drags. Nothing here is worth
// undoing or sending; what matters lives in the model.

#include <imgui.h>

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "client/model/drawing.h"
#include "client/model/hand.h"
#include "client/model/marks.h"
#include "client/model/shape_index.h"
#include "client/model/types.h"
#include "client/model/viewport.h"
#include "client/ui/commands.h"
#include "client/ui/widget_log.h"

namespace hada::ui {

// Framebuffer pixels, origin top left of the window.
struct PixelRect {
  float x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  float width() const { return x1 - x0; }
  float height() const { return y1 - y0; }
};

// The annotations over an image, lowest first, as the app draws them.
struct DrawnAnnotations {
  std::vector<model::ShownAnnotation> list;
  std::vector<model::SharedAnnotation> annotations;  // of each
  model::ShapeIndex index;                           // over them
  std::vector<uint32_t> rgb;                         // of each
};

// Where the app draws an image in this frame.
struct PaneLayout {
  size_t pane = 0;  // index into model::Panes::panes
  std::string image;
  PixelRect rect;
  bool original = false;  // without its adjustments, to compare
  PixelRect minimap;      // empty where none is shown; the panel draws it itself, from the thumbnail
  // What lies over it; the same pointer as in the last frame while nothing has changed. Null: nothing.
  std::shared_ptr<const DrawnAnnotations> annotations;
  float line_width = 1.5f;  // of their outlines, display pixels
  // Another view than the pane's own, over it: of the magnifier, or of an image that is compared.
  std::optional<model::Viewport> view;
};

// A pane whose picture is taken in this frame: the app says which, the panel says where it is and draws what
// belongs on the picture besides the image.
struct CaptureState {
  std::optional<size_t> pane;
  PixelRect rect;
  std::unique_ptr<ImDrawList> overlay;
};

// A multi-line field: its text with soft line breaks for the width it has (soft_wrap.h).
struct AreaState {
  std::string shown;   // as of the last change
  std::string buffer;  // ImGui's
  float width = 0;
  const void* font = nullptr;
  int cursor = 0;
  bool reload = false;  // `shown` is newer than what ImGui is editing
};

struct LoginState {
  std::string user_id, password;
  bool filled = false;  // user_id was taken from the settings
  bool wants_focus = true;
};

struct StatisticsState {
  int level = 0;  // shown, of Agreement::levels
};

struct WorklistState {
  float last_scroll = -1;
  bool scroll_to_selected = false;
};

// A type-ahead search over the vocabulary (term_search.h).
struct TermSearchState {
  std::string query;
  int candidate = 0;   // highlighted result
  bool open = false;   // the results are shown
  bool focus = false;  // take the keyboard in the next frame
};

struct SampleState {
  std::string name;     // what is below belongs to this sample
  size_t selected = 0;  // the card the keys are for
  std::string rationale;
};

// Where a diagnosis is drawn.
struct DragRow {
  ImVec2 min, max;
};

struct ReadState {
  static constexpr int kNotDragging = -1, kDragGivenUp = -2;  // given up: until the button is let go
  std::string user, case_name;  // what is below belongs to this person and this case
  TermSearchState search;
  int current = -1;  // the diagnosis that the number keys rate; -1: the keys are the viewer's
  // The finding or flag that the keys are for (read_cursor.h); -1: none.
  int finding = -1;
  bool scroll_to_finding = false;
  int dragged = kNotDragging;  // the diagnosis the mouse holds
  std::vector<DragRow> drag_rows = {};
  // The arrows and digits are the read's and not the viewer's.
  bool has_keys() const { return current >= 0 || finding >= 0; }
  void leave_keys() { current = finding = -1; }
  void select(size_t diagnosis) {
    current = static_cast<int>(diagnosis);
    finding = -1;
  }
  bool focus_note = false;
  bool focus_reason = false;  // of an amendment
  bool select_first = false;  // the keys go to the first diagnosis once the read can be edited
  bool note_active = false;   // Ctrl+Z in the note is the read's undo
  bool scroll_to_search = false;
  float footer_height = 0;  // as measured in the last frame
};

enum class DecisionForm : int32_t { None, Adjudicate, Panel, MoreReads, NoConsensus, Reject, Return, Reopen };

struct ApprovalState {
  std::string user, case_name;  // what is below belongs to this person and this case
  DecisionForm form = DecisionForm::None;
  TermSearchState search;
  std::string term;       // picked for adjudication, or as an answer to a panel
  std::string rationale;  // of every form but Reject and Return
  std::string comment;    // of these two
  RejectCode code = RejectCode::Unspecified;
  ReturnTo return_to = ReturnTo::Reader;
  std::vector<std::string> asked;  // readers a return is for; empty: all who vote
  PanelMode panel_mode = PanelMode::Vote;
  std::vector<std::string> panel_members;  // whom a panel is to be convened with
  bool answering = false;                  // the user's answer to a panel is being changed
  std::string reason_of;                   // the panel whose reason was offered for the decision
  bool dissolving = false;                 // asked once whether the panel may go
  std::string leave_out;                   // the image whose codes are to be offered in the next frame
  float footer_height = 0;                 // as measured in the last frame
  float columns_height = 0;                // likewise
};

// What a reviewer is writing about the open case (comments.h).
struct CommentState {
  std::string user, case_name;  // what is below belongs to this person and this case
  enum class Writing : int32_t { Nothing, New, Answer, Edit } writing = Writing::Nothing;
  bool placing = false;    // the next click on an image is the new comment's place
  bool place_now = false;  // the key was pressed: where the mouse is
  std::string image;       // of the new one; empty: the whole case
  model::PointD at;        // level-0 pixels
  std::string about;       // the comment that is answered or edited
  std::string text;
  bool sent = false;               // stays in its field until the server has it
  bool focus = false;              // the field takes the keyboard
  bool typing = false;             // it had the keyboard in the last frame: Ctrl+Enter takes it away
  std::string chosen;              // the thread that is pointed at, here or in the image
  bool scroll = false;             // to the chosen one, or to the new one
  std::set<std::string> unfolded;  // resolved threads that are shown whole
};

struct ViewerState {
  int dragging_pane = -1;
  int dragging_minimap = -1;
  // Zoom that is still to be spent, per pane: the logarithm of the factor, and where.
  struct Glide {
    double log_factor = 0;
    double x = 0, y = 0;
  };
  std::map<size_t, Glide> glides;
  std::map<size_t, std::string> shown;  // the image each pane showed last

  model::Drag drag;        // of the pane the hand is on
  bool turning = false;    // the drag turns the image
  double turned_from = 0;  // rotation less the hand's angle, when it began
  model::Glide pan;        // what was let go in motion
  size_t pan_pane = 0;
  bool grid = false;
  bool mouse_over_pane = false;  // as of the last frame
  bool lens = false;             // switched on; the key shows it while it is held
  bool images_only = false;      // no panel but the viewer
};

// The panel that changes how the active image looks.
struct AdjustState {
  bool open = false;
  bool picking = false;  // the next click on an image takes its white there
  bool compare = false;  // the active image is shown without adjustments
  uint64_t gesture = 0;  // number of the drag, see intent::SetAdjustments
};

// The list of keys, and the key that is being changed in it.
struct HelpState {
  int selected = -1;    // the line that the keyboard is on, in key_lines(); their number: "reset all"
  bool reveal = false;  // scroll to it
  std::set<i18n::Text> unfolded;     // families whose commands are shown
  std::optional<Command> capturing;  // the next chord is for this one
  std::string refused;               // why the last chord was not taken
  // What was pressed for `capturing` belongs to another command.
  std::optional<Command> taken_by;
  model::Chord chord;
  bool ask_reset = false;

  bool busy() const { return capturing || ask_reset; }
};

// What the mouse does on an image besides moving it (client/ui/tools).
struct ToolState {
  std::string user, case_name;  // what is below belongs to this person and this case
  model::Drawing drawing;
  std::string image;         // where it was begun
  size_t pane = 0;           // likewise
  bool holding = false;      // the press that is going on belongs to the tool
  model::PointD pressed_at;  // display pixels in the pane
  bool moved = false;        // more than a click's tolerance
  bool ended = false;        // a double click has ended the shape; its release sets no point
  bool snap = true;
  float brush = 14;  // radius in units of the design
  std::string term;  // of what is drawn next
  // A shape that is being reshaped; it is put back changed when it is let go.
  struct Grip {
    model::SharedAnnotation annotation;
    std::optional<model::Handle> handle;  // absent: the whole shape is moved
    contract::Shape shape;                // as it would be now
    model::PointD from;                   // level-0 pixels
  };
  std::optional<Grip> grip;
  struct Kept {
    int frame = -1;  // the one it was last looked at in
    std::shared_ptr<const DrawnAnnotations> drawn;
  };
  std::map<std::string, Kept> drawn;  // by image
  bool panel = false;                 // the card with layers and the list is open
  TermSearchState search;
  std::string note_of, note;  // of the annotation with this id
};

struct UiState {
  LoginState login;
  WorklistState worklist;
  StatisticsState statistics;
  ReadState read;
  ApprovalState approval;
  CommentState comment;
  SampleState sample;
  ViewerState viewer;
  AdjustState adjust;
  ToolState tool;
  std::map<std::string, AreaState> areas;      // by widget name
  std::vector<std::string> wanted_thumbnails;  // as last wished
  const void* noted_vocabulary = nullptr;      // whose characters the fonts know
  bool help_open = false;
  int64_t discarding = 0;  // of model::Unsettled: asked once whether it may go
  HelpState help;
  CaptureState capture;

  // Results of the frame.
  std::vector<PaneLayout> panes;  // empty when no case is shown
  bool animating = false;         // draw another frame soon even without input
  WidgetLog widgets;
};

}  // namespace hada::ui
