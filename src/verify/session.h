/* session.h - one verification while it goes on, shared by its parts: all words, chosen words, shortening. Internal to
 * verify. */
#ifndef RW_VERIFY_SESSION_H
#define RW_VERIFY_SESSION_H

#include "verify/cursor.h"
#include "verify/oracle.h"

/* Steps between two questions whether to go on: often enough for a prompt Ctrl-C, rarely enough to cost nothing. */
#define RW_STEPS_BETWEEN_REPORTS 4096

struct rw_session {
    const struct rw_verify_options *options;
    const struct rw_limits *limits;
    struct rw_match match;
    struct rw_atlas atlas;
    struct rw_oracle *oracle; /* NULL: none for this kind */
    size_t oracle_length;     /* words of the walk that the oracle is asked about are at most this long */
    struct rw_verify_report *report;
    struct rw_diag *diag;
    size_t bits_capacity; /* of the report's list */
    const char *part;     /* what is being done, for progress */
    uint64_t part_start;  /* steps when the current part began, and how many it is expected to take (0: unknown) */
    uint64_t part_steps;
    bool failed; /* a limit was reached; diag has it */
};

/* A counterexample, an interrupt or a limit ends a part early. */
static inline bool rw_session_over(const struct rw_session *session)
{
    return session->failed || session->report->interrupted;
}

/* Asks progress whether to go on after `steps` steps in all; notes an interrupt in the report. */
bool rw_session_goes_on(struct rw_session *session, uint64_t steps);
void rw_session_bits_exceeded(struct rw_session *session, size_t length, size_t bits);
/* Whether the bits of a run are within the limit; if not, a problem, and the session is over. */
static inline bool rw_session_bits_fit(struct rw_session *session, size_t length, size_t bits)
{
    if (bits <= session->limits->bits)
        return true;
    rw_session_bits_exceeded(session, length, bits);
    return false;
}
/* p(length) is at least `bits`. */
void rw_session_note_bits(struct rw_session *session, size_t length, size_t bits);
/* Asks the oracle about the first `length` symbols it was set to; the cursor stands at that word. true also if it has
 * no answer. */
bool rw_session_oracle_agrees(struct rw_session *session, const struct rw_cursor *cursor, size_t length);
/* The word becomes the report's counterexample; the cursor's runs stand at it. */
void rw_session_found(struct rw_session *session, const struct rw_cursor *cursor, const uint32_t *symbols,
                      size_t length);
/* Same, for a word on which both sides agree and the oracle does not. */
void rw_session_oracle_differs(struct rw_session *session, struct rw_cursor *cursor, const uint32_t *symbols,
                               size_t length);

/* All words up to `length`, by one walk of the tree of words. A counterexample found is the first, in the order of
 * symbols, of the shortest. Sets the report's length to the length up to which no word is missing. */
void rw_walk_words(struct rw_session *session, size_t length);
/* Seeded random words at growing lengths, until the budget is spent. */
void rw_try_random_words(struct rw_session *session);
void rw_try_given_words(struct rw_session *session);
/* Words that exercise every rule of a counter machine (coverage.h). */
void rw_try_covering_words(struct rw_session *session);

#endif
