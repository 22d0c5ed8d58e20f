#include "client/render/overlay_buffers.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace hada::render {
namespace {

// A page takes 0.6 MiB: about 250 outlines of 50 corners.
constexpr size_t kLineRoom = 1 << 15, kFillRoom = 1 << 14;

const void* offset(size_t bytes) {
  return reinterpret_cast<const void*>(bytes);  // NOLINT: GL's way to pass an offset
}

Buffer make_store(size_t bytes) {
  Buffer buffer = make_buffer();
  glBindBuffer(GL_ARRAY_BUFFER, buffer.get());
  glBufferData(GL_ARRAY_BUFFER, static_cast<GLsizeiptr>(bytes), nullptr, GL_STATIC_DRAW);
  return buffer;
}

void attribute(GLuint place, GLint count, GLenum type, size_t stride, size_t at) {
  glEnableVertexAttribArray(place);
  glVertexAttribPointer(place, count, type, type == GL_FLOAT ? GL_FALSE : GL_TRUE,
                        static_cast<GLsizei>(stride), offset(at));
}

template <class Vertex>
void upload(const Buffer& buffer, size_t at, const std::vector<Vertex>& vertices) {
  if (vertices.empty()) return;
  glBindBuffer(GL_ARRAY_BUFFER, buffer.get());
  glBufferSubData(GL_ARRAY_BUFFER, static_cast<GLintptr>(at * sizeof(Vertex)),
                  static_cast<GLsizeiptr>(vertices.size() * sizeof(Vertex)), vertices.data());
}

std::vector<uint32_t> moved(std::vector<uint32_t> indices, size_t by) {
  for (uint32_t& index : indices) index += static_cast<uint32_t>(by);
  return indices;
}

void draw_triangles(const VertexArray& array, const Buffer& buffer, const std::vector<uint32_t>& indices) {
  glBindVertexArray(array.get());
  glBindBuffer(GL_ELEMENT_ARRAY_BUFFER, buffer.get());
  glBufferData(GL_ELEMENT_ARRAY_BUFFER, static_cast<GLsizeiptr>(indices.size() * sizeof(uint32_t)),
               indices.data(), GL_STREAM_DRAW);
  glDrawElements(GL_TRIANGLES, static_cast<GLsizei>(indices.size()), GL_UNSIGNED_INT, nullptr);
}

}  // namespace

OverlayBuffers::OverlayBuffers() : indices_(make_buffer()) {}

OverlayBuffers::Page& OverlayBuffers::page_for(const std::string& image, const OverlayMesh& mesh) {
  for (auto page = pages_.rbegin(); page != pages_.rend(); ++page) {
    Page& p = **page;
    if (p.image == image && p.line_used + mesh.line.size() <= p.line_room &&
        p.fill_used + mesh.fill.size() <= p.fill_room)
      return p;
  }
  Page& page = *pages_.emplace_back(std::make_unique<Page>());
  page.image = image;
  page.line_room = std::max(kLineRoom, mesh.line.size());
  page.fill_room = std::max(kFillRoom, mesh.fill.size());
  page.fill_array = make_vertex_array();
  glBindVertexArray(page.fill_array.get());
  page.fill = make_store(page.fill_room * sizeof(FillVertex));
  attribute(0, 2, GL_FLOAT, sizeof(FillVertex), offsetof(FillVertex, x));
  attribute(1, 4, GL_UNSIGNED_BYTE, sizeof(FillVertex), offsetof(FillVertex, rgba));
  page.line_array = make_vertex_array();
  glBindVertexArray(page.line_array.get());
  page.line = make_store(page.line_room * sizeof(LineVertex));
  attribute(0, 2, GL_FLOAT, sizeof(LineVertex), offsetof(LineVertex, x));
  attribute(1, 2, GL_SHORT, sizeof(LineVertex), offsetof(LineVertex, away));
  attribute(2, 4, GL_UNSIGNED_BYTE, sizeof(LineVertex), offsetof(LineVertex, rgb));
  attribute(3, 1, GL_FLOAT, sizeof(LineVertex), offsetof(LineVertex, extent));
  glBindVertexArray(0);
  page.bytes = page.fill_room * sizeof(FillVertex) + page.line_room * sizeof(LineVertex);
  bytes_ += page.bytes;
  return page;
}

void OverlayBuffers::put(const std::string& image, const OverlayItem& item, OverlayMesh mesh,
                         uint64_t frame) {
  if (has(item)) return;
  Page& page = page_for(image, mesh);
  page.used_in = frame;
  upload(page.fill, page.fill_used, mesh.fill);
  upload(page.line, page.line_used, mesh.line);
  Place& place = places_[key_of(item)];
  place.annotation = item.annotation;
  place.page = &page;
  place.fill_indices = moved(std::move(mesh.fill_indices), page.fill_used);
  place.line_indices = moved(std::move(mesh.line_indices), page.line_used);
  page.fill_used += mesh.fill.size();
  page.line_used += mesh.line.size();
  page.keys.push_back(key_of(item));
  const size_t indices = (place.fill_indices.size() + place.line_indices.size()) * sizeof(uint32_t);
  page.bytes += indices;
  bytes_ += indices;
}

void OverlayBuffers::draw(const std::vector<const SceneEntry*>& entries, uint64_t frame,
                          const std::function<void()>& use_fill, const std::function<void()>& use_line) {
  touched_.clear();
  for (const SceneEntry* entry : entries) {
    const auto found = places_.find(key_of(entry->item));
    if (found == places_.end()) continue;
    const Place& place = found->second;
    Page& page = *place.page;
    if (std::find(touched_.begin(), touched_.end(), &page) == touched_.end()) {
      touched_.push_back(&page);
      page.used_in = frame;
      page.fill_indices.clear();
      page.line_indices.clear();
    }
    page.fill_indices.insert(page.fill_indices.end(), place.fill_indices.begin(), place.fill_indices.end());
    page.line_indices.insert(page.line_indices.end(), place.line_indices.begin(), place.line_indices.end());
  }
  if (touched_.empty()) return;
  use_fill();
  for (const Page* page : touched_) draw_triangles(page->fill_array, indices_, page->fill_indices);
  use_line();
  for (const Page* page : touched_) draw_triangles(page->line_array, indices_, page->line_indices);
  glBindVertexArray(0);
}

void OverlayBuffers::forget(const Page& page) {
  for (const Key& key : page.keys) places_.erase(key);
  bytes_ -= page.bytes;
}

void OverlayBuffers::trim(size_t most, uint64_t frame) {
  while (bytes_ > most) {
    const auto oldest = std::min_element(
        pages_.begin(), pages_.end(), [](const auto& a, const auto& b) { return a->used_in < b->used_in; });
    if (oldest == pages_.end() || (*oldest)->used_in >= frame) return;
    forget(**oldest);
    pages_.erase(oldest);
  }
}

void OverlayBuffers::keep_only(const std::function<bool(const std::string&)>& kept) {
  std::erase_if(pages_, [&](const auto& page) {
    if (kept(page->image)) return false;
    forget(*page);
    return true;
  });
}

}  // namespace hada::render
