// Reviewers talk about a place in an image, in the real window. Pictures in both languages.

#include "hada/v1/decision.pb.h"
#include "hada/v1/read.pb.h"
#include "tests/ui/review_desk.h"

namespace {

using namespace hada;
using namespace hada::support;

struct Hospital : Clinic {
  Hospital() { make_reviewers(server); }
};
Hospital& hospital() {
  static Hospital one;
  return one;
}

struct Desk : ReviewDesk {
  Desk(std::string name, const std::string& user) : ReviewDesk(hospital(), std::move(name), user) {}

  // A place in the first pane, by its shares of width and height.
  void point(double right, double down, bool click) {
    const Widget pane = at.ui.wait_for("viewer.pane.0");
    const double x = pane.x + pane.w * right, y = pane.y + pane.h * down;
    click ? at.ui.click_at(x, y) : at.ui.move_to(x, y);
  }
};

std::vector<v1::Comment> comments_of(const std::string& id) {
  ApiClient client(hospital().server.address());
  client.as("qa-d");
  v1::ListCommentsRequest request;
  request.set_parent("cases/" + id);
  const auto list = client.call<v1::ListCommentsResponse>("ReadService/ListComments", request);
  REQUIRE(list);
  return {list->comments().begin(), list->comments().end()};
}

TEST_CASE("reviewers discuss a place in an image until it is resolved") {
  const std::string id = case_without_pathology(hospital(), v1::IMAGE_KIND_DERMOSCOPIC);
  vote(hospital().server, "derm-b", "cases/" + id, "melanoma");
  vote(hospital().server, "derm-c", "cases/" + id, "seborrheic_keratosis");
  {
    Desk first("comments", "qa-d");
    first.at.show_tab(0);
    first.at.open_case(id);
    show_alone(first.at.ui, "Dermoscopy");
    // By the mouse: the button, then the place.
    first.press("comment.jump");
    first.press("comment.on_image");
    first.picture("place");
    first.point(0.45, 0.55, true);
    first.at.ui.wait_for("comment.pin.new");
    first.fill("comment.text", "Is this a blue-white veil, or reflected light?");
    first.picture("writing");
    first.press("comment.send");
    first.at.ui.wait_for("comment.pin.1");
    // By the key: the place under the pointer; what is typed goes into the field at once.
    first.point(0.60, 0.35, false);
    first.at.ui.wait_idle();
    first.at.ui.key("shift+n");
    first.at.ui.wait_for("comment.text");
    first.at.ui.wait_idle();
    first.at.ui.type("Regression here.");
    first.at.ui.key("ctrl+Return");
    first.at.ui.wait_for("comment.pin.2");
    first.press("comment.on_case");
    first.fill("comment.text", "The overview photograph is missing.");
    first.press("comment.send");
    first.at.ui.wait_for("comment.3.resolve");
    first.picture("three");
  }
  const auto said = comments_of(id);
  REQUIRE(said.size() == 3);
  CHECK_FALSE(said[0].image().empty());
  CHECK(said[1].texts(0).text() == "Regression here.");
  CHECK(said[2].image().empty());

  Desk second("comments-second", "qa-b");
  second.at.show_tab(0);
  second.at.open_case(id);
  show_alone(second.at.ui, "Dermoscopy");
  second.press("comment.pin.1");
  second.press("comment.1.answer");
  second.fill("comment.text", "A veil: it stays when the light moves.");
  second.press("comment.send");
  second.at.ui.wait_gone("comment.text");
  second.press("comment.1.edit");
  second.fill("comment.text", "A veil: it stays in the polarised image.");
  second.press("comment.send");
  second.at.ui.wait_gone("comment.text");
  second.picture("answered");
  second.press("comment.1.resolve");
  second.at.ui.wait_gone("comment.1.resolve");
  second.picture("resolved");
  CHECK(comments_of(id)[0].resolved());
  // The list leads to the place, and a resolved thread unfolds.
  second.press("comment.1.show");
  second.press("comment.1.reopen");
  second.at.ui.wait_for("comment.1.resolve");
  second.picture("reopened");
  const auto after = comments_of(id);
  CHECK_FALSE(after[0].resolved());
  CHECK(after[3].texts_size() == 2);
}

}  // namespace
