// The page of statistics.

#include <utility>

#include "client/model/update_internal.h"

namespace hada::model::detail {

void apply(Turn& turn, const intent::ShowStatistics& wish) {
  Model& model = turn.model;
  const SessionState& session = model.session;
  const bool qa = session.has(Role::QaReviewer), reads = session.has(Role::Dermatologist);
  if (session.phase != SessionPhase::LoggedIn || model.open_case || (!qa && !reads)) return;
  if (!model.statistics) model.statistics.emplace();
  StatisticsPage& page = *model.statistics;
  // Without a name: everything anew, the reader who was shown included.
  std::string reader = wish.reader;
  if (reader.empty()) reader = page.reader;
  if (reader.empty() && reads) reader = session.user->name;
  if (reader != page.reader) page.record.reset();
  page.reader = std::move(reader);
  if (!page.reader.empty()) {
    page.record_error.reset();
    page.record_ticket =
        turn.ask(effect::GetReaderStatistics{0, page.reader}, {PendingKind::ReaderStatistics, {}});
  }
  if (qa && wish.reader.empty()) {
    page.agreement_error.reset();
    page.agreement_ticket = turn.ask(effect::GetAgreement{0}, {PendingKind::Agreement, {}});
  }
}

void apply(Turn& turn, const intent::CloseStatistics&) { turn.model.statistics.reset(); }

void apply(Turn& turn, const intent::ResumeReading&) {
  Model& model = turn.model;
  if (!model.statistics || !model.statistics->record || !model.session.has(Role::QaReviewer)) return;
  StatisticsPage& page = *model.statistics;
  if (page.resume_ticket != 0 || page.record->standing.standing != ReadingStanding::Paused) return;
  page.resume_ticket =
      turn.ask(effect::ResumeReading{0, page.reader, page.record->standing.etag, model.request_ids.next()},
               {PendingKind::ResumeReading, page.reader});
}

void apply(Turn& turn, const reply::Standing& reply, const Pending& asked) {
  if (reply.error) turn.toast_error(*reply.error);
  if (!turn.model.statistics || turn.model.statistics->resume_ticket != reply.ticket) return;
  StatisticsPage& page = *turn.model.statistics;
  page.resume_ticket = 0;
  if (!reply.error && page.record && page.reader == asked.subject) page.record->standing = reply.value;
  // Judged anew meanwhile, or resumed by somebody else.
  if (reply.error && page.reader == asked.subject) apply(turn, intent::ShowStatistics{page.reader});
}

void apply(Turn& turn, const reply::ReaderStatistics& reply, const Pending&) {
  if (!turn.model.statistics || turn.model.statistics->record_ticket != reply.ticket) return;
  StatisticsPage& page = *turn.model.statistics;
  page.record_ticket = 0;
  page.record_error = reply.error;
  if (reply.error) return;
  page.record = reply.value;
  SessionState& session = turn.model.session;
  if (session.standing && session.user->name == page.record->reader) session.standing = page.record->standing;
}

void apply(Turn& turn, const reply::Agreement& reply, const Pending&) {
  if (!turn.model.statistics || turn.model.statistics->agreement_ticket != reply.ticket) return;
  StatisticsPage& page = *turn.model.statistics;
  page.agreement_ticket = 0;
  page.agreement_error = reply.error;
  if (!reply.error) page.agreement = reply.value;
}

}  // namespace hada::model::detail
