/* certificate.h - a certificate while it is checked: what failed first and where, and what all kinds have in common. Internal to recheck. */
#ifndef RW_RECHECK_CERTIFICATE_H
#define RW_RECHECK_CERTIFICATE_H

#include <jansson.h>

#include "exact/sparse.h"
#include "recheck/recheck.h"

struct rw_certificate {
    const struct rw_source *source;
    const struct rw_limits *limits;
    FILE *why;
    const json_t *root;
    struct rw_recheck_side left, right;
    enum rw_recheck result;
};

/* A kind of certificate: its keys, "|" between them, and what is checked; the result is left in the certificate. */
struct rw_certificate_kind {
    const char *name, *keys;
    void (*check)(struct rw_certificate *certificate);
};
extern const struct rw_certificate_kind rw_certificate_linear, rw_certificate_last, rw_certificate_pairs,
    rw_certificate_contexts, rw_certificate_cells, rw_certificate_registers, rw_certificate_blocks,
    rw_certificate_visited;

/* No list element is meant. */
#define RW_WHOLE_KEY SIZE_MAX

/* Notes the first thing that is wrong, with the line on which element `index` of the list `key` (or RW_WHOLE_KEY) begins. Always false. */
bool rw_certificate_fail(struct rw_certificate *c, enum rw_recheck result, const char *key, size_t index,
                         const char *format, ...) __attribute__((format(printf, 5, 6)));
#define RW_FAILS(c, key, index, ...)      rw_certificate_fail(c, RW_RECHECK_FAILS, key, index, __VA_ARGS__)
#define RW_UNREADABLE(c, key, index, ...) rw_certificate_fail(c, RW_RECHECK_UNREADABLE, key, index, __VA_ARGS__)

/* "" where there is no text. */
const char *rw_certificate_text(const json_t *object, const char *key);
/* Whether the object has exactly these keys, "|" between them. */
bool rw_certificate_has_keys(struct rw_certificate *c, const json_t *object, const char *key, size_t index,
                             const char *keys);
bool rw_certificate_number(const struct rw_certificate *c, const json_t *json, fmpq_t value);
/* Entry k of [[index, "value"], ...]: indices ascend and are below `size`, values are not 0. */
bool rw_certificate_entry(const struct rw_certificate *c, const json_t *list, size_t k, size_t size, size_t *index,
                          fmpq_t value);
/* Whether "left" or "right" is about this file, by its hash, and its series has one of the names ("|" between them; NULL: any). */
bool rw_certificate_side_fits(struct rw_certificate *c, const char *key, struct rw_recheck_side side,
                              const char *series);
/* Whether left is this series of a spec ("|" between several; NULL: any) and right a net. */
bool rw_certificate_machine_beside_net(struct rw_certificate *c, const char *series);
/* Whether "tokens" lists the names of the alphabet. */
bool rw_certificate_tokens_are(const struct rw_certificate *c, const struct rw_alphabet *alphabet);

#endif
