#include "contract/csv.h"

#include <algorithm>

namespace hada::contract {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
  }

  bool done() const { return at_ >= text_.size(); }

  CsvRecord record() {
    CsvRecord record;
    record.line = line_;
    for (;;) {
      record.cells.push_back(!done() && text_[at_] == '"' ? quoted(record.problem) : plain(record.problem));
      if (done()) return record;
      if (text_[at_] == ',') {
        ++at_;
        continue;
      }
      line_end();
      return record;
    }
  }

 private:
  bool at_line_end() const { return done() || text_[at_] == '\n' || text_[at_] == '\r'; }

  // Steps over LF, CRLF or a lone CR.
  void line_end() {
    if (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') ++at_;
    ++at_;
    ++line_;
  }

  std::string plain(std::string& problem) {
    const size_t start = at_;
    while (!at_line_end() && text_[at_] != ',') ++at_;
    std::string cell(text_.substr(start, at_ - start));
    if (cell.find('"') != std::string::npos)
      problem =
          "a quote inside a cell that does not start with one; quote the whole cell and double the quote";
    return cell;
  }

  std::string quoted(std::string& problem) {
    std::string cell;
    ++at_;
    while (!done()) {
      const char c = text_[at_];
      if (c == '"') {
        if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
          cell += '"';
          at_ += 2;
          continue;
        }
        ++at_;
        if (at_line_end() || text_[at_] == ',') return cell;
        problem = "text after a closing quote";
        return cell + plain(problem);
      }
      cell += c;
      ++at_;
      // Lines are counted as an editor counts them, so CRLF is one.
      if (c == '\n' || (c == '\r' && (done() || text_[at_] != '\n'))) ++line_;
    }
    problem = "a quote that is never closed";
    return cell;
  }

  std::string_view text_;
  size_t at_ = 0;
  int64_t line_ = 1;
};

}  // namespace

std::vector<CsvRecord> parse_csv(std::string_view text) {
  std::vector<CsvRecord> records;
  Reader reader(text);
  while (!reader.done()) {
    CsvRecord record = reader.record();
    const bool empty_line = record.cells.size() == 1 && record.cells[0].empty() && record.problem.empty();
    if (!empty_line) records.push_back(std::move(record));
  }
  return records;
}

}  // namespace hada::contract
