#include "server/handlers/term.h"

#include <charconv>

#include "contract/names.h"
#include "contract/vocabulary.h"
#include "server/core/errors.h"
#include "server/core/page_token.h"

namespace hada::handlers {
namespace {

constexpr size_t kMaxQueryBytes = 400;

void fill_term(const contract::Term& term, v1::Term* out) {
  out->set_name(contract::term_name(term.id));
  out->set_display_name_en(term.en);
  out->set_display_name_ja(term.ja);
  for (const auto& synonym : term.synonyms_en) out->add_synonyms_en(synonym);
  for (const auto& synonym : term.synonyms_ja) out->add_synonyms_ja(synonym);
  for (const auto& parent : term.parents) out->add_parents(contract::term_name(parent));
  out->set_icd10(term.icd10);
  out->set_risk_tier(term.risk);
  out->set_release_class(term.release_class);
}

}  // namespace

// The cursor is a position: the vocabulary does not change while the server runs, and its version is in the
// token.
Result<v1::ListTermsResponse> list_terms(core::Context& context, const v1::ListTermsRequest& request) {
  const contract::Vocabulary& vocabulary = context.services.vocabulary;
  const std::string fingerprint = "terms " + vocabulary.version();
  ASSIGN_OR_RETURN(const int32_t size, core::page_size(request.page_size(), 500, 1000));
  ASSIGN_OR_RETURN(const std::string cursor, core::decode_page_token(request.page_token(), fingerprint));
  size_t first = 0;
  if (!cursor.empty()) {
    const char* end = cursor.data() + cursor.size();
    if (const auto parsed = std::from_chars(cursor.data(), end, first);
        parsed.ptr != end || parsed.ec != std::errc())
      return core::bad_page_token();
  }
  const auto& terms = vocabulary.terms();
  const size_t last = std::min(terms.size(), std::min(first, terms.size()) + static_cast<size_t>(size));

  v1::ListTermsResponse response;
  response.set_vocabulary_version(vocabulary.version());
  for (size_t i = first; i < last; ++i) fill_term(terms[i], response.add_terms());
  if (first == 0)
    for (const contract::ReleaseClass& release_class : vocabulary.classes()) {
      v1::ReleaseClass* out = response.add_release_classes();
      out->set_id(release_class.id);
      out->set_display_name_en(release_class.en);
      out->set_display_name_ja(release_class.ja);
    }
  if (last < terms.size())
    response.set_next_page_token(core::encode_page_token(std::to_string(last), fingerprint));
  return response;
}

Result<v1::SearchTermsResponse> search_terms(core::Context& context, const v1::SearchTermsRequest& request) {
  ASSIGN_OR_RETURN(const int32_t size, core::page_size(request.page_size(), 20, 100));
  if (request.query().size() > kMaxQueryBytes) return core::bad_field("query", "at most 400 bytes");
  v1::SearchTermsResponse response;
  for (const contract::Match& match :
       context.services.vocabulary.search(request.query(), static_cast<size_t>(size))) {
    v1::SearchTermsResponse::Match* out = response.add_matches();
    fill_term(*match.term, out->mutable_term());
    out->set_matched_name(match.matched_name);
  }
  return response;
}

}  // namespace hada::handlers
