#pragma once

// What most journeys begin with: a server with people and the demonstration's images, a screen, and a case
// with a slide.

#include <doctest/doctest.h>

#include <string>

#include "hada/v1/case.pb.h"
#include "tests/support/slide_factory/slide_factory.h"
#include "tests/support/ui_driver.h"
#include "tests/support/world.h"

namespace hada::support {

struct Clinic {
  ServerProcess server;
  TempDir dir;
  Xvfb xvfb;

  explicit Clinic(int width = 1600, int height = 900) : xvfb(width, height) {
    make_people(server);
    std::string error;
    REQUIRE_MESSAGE(write_demo_set((dir / "images").string(), 1, &error, 8) > 0, error);
    const Finished in = ingest(server, dir / "images" / "manifest.csv", dir.path());
    REQUIRE_MESSAGE(in.status == 0, in.output);
  }
};

// The first case with an image of this kind that this dermatologist may read; its id.
inline std::string case_with(const Clinic& clinic, const std::string& reader, v1::ImageKind kind) {
  ApiClient client(clinic.server.address());
  client.as(reader);
  v1::ListCasesRequest list;
  list.set_view(v1::WORKLIST_VIEW_TO_READ);
  list.add_kinds(kind);
  list.set_page_size(100);
  const auto page = client.call<v1::ListCasesResponse>("CaseService/ListCases", list);
  REQUIRE(page);
  REQUIRE(page->cases_size() > 0);
  return page->cases(0).name().substr(std::string("cases/").size());
}
inline std::string case_with_slide(const Clinic& clinic, const std::string& reader) {
  return case_with(clinic, reader, v1::IMAGE_KIND_HISTOPATHOLOGY_WSI);
}
inline std::string case_with_dermoscopy(const Clinic& clinic, const std::string& reader) {
  return case_with(clinic, reader, v1::IMAGE_KIND_DERMOSCOPIC);
}

// The first open case with an image of this kind that pathology does not settle; its id.
inline std::string case_without_pathology(const Clinic& clinic, v1::ImageKind kind) {
  ApiClient client(clinic.server.address());
  client.as("qa-d");
  v1::ListCasesRequest list;
  list.add_states(v1::CASE_STATE_OPEN);
  list.add_kinds(kind);
  list.set_page_size(100);
  const auto page = client.call<v1::ListCasesResponse>("CaseService/ListCases", list);
  REQUIRE(page);
  for (const v1::Case& listed : page->cases()) {
    v1::GetCaseRequest request;
    request.set_name(listed.name());
    const auto value = client.call<v1::Case>("CaseService/GetCase", request);
    REQUIRE(value);
    if (value->site_opinion().pathology_diagnosis().empty())
      return listed.name().substr(std::string("cases/").size());
  }
  FAIL("every open case has a pathology diagnosis");
  return {};
}

// The image of this kind, by its name in the window's language, alone in the viewer.
inline void show_alone(UiDriver& ui, const std::string& kind) {
  if (ui.visible("viewer.layout.1")) ui.click("viewer.layout.1");
  for (const Widget& widget : ui.snapshot().widgets)
    if (widget.name.starts_with("filmstrip.") && widget.text == kind) ui.click(widget.name);
  ui.wait_idle();
}

}  // namespace hada::support
