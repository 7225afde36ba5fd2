/* joint.h - two series on the same words: what certificates of linear sides have in common. Internal to recheck.
 *
 * The joint row of a word w is (alpha_left M_w | alpha_right M_w), and 1 at the end if a claim has a shift. */
#ifndef RW_RECHECK_JOINT_H
#define RW_RECHECK_JOINT_H

#include "recheck/certificate.h"
#include "recheck/series.h"

struct rw_recheck_joint {
    struct rw_certificate *certificate;
    const json_t *rows; /* of the certificate, from rw_joint_begin on read into columns of `basis` */
    struct rw_matrix *basis;
    struct rw_recheck_series left, right;
    size_t both, size;               /* entries of left and right; those of a row, which may have a constant besides */
    bool values;                     /* the claim: equal values, else equal verdicts */
    struct rw_vector row, next, sum; /* work space */
};

/* Both sides, the tokens and the claim. false: the certificate says why. Clear in any case. */
bool rw_joint_init(struct rw_recheck_joint *joint, struct rw_certificate *certificate);
void rw_joint_clear(struct rw_recheck_joint *joint);

/* Reads the rows, which have these keys, "|" between them, and `size` entries. */
bool rw_joint_begin(struct rw_recheck_joint *joint, size_t size, const char *keys);
const json_t *rw_joint_part(const struct rw_recheck_joint *joint, size_t i, const char *key);
void rw_joint_read(const struct rw_recheck_joint *joint, size_t i, struct rw_vector *row);
/* next = the joint row of the empty word */
void rw_joint_start(struct rw_recheck_joint *joint);
/* next = row M_symbol; the constant stays. */
void rw_joint_step(struct rw_recheck_joint *joint, uint32_t symbol);
/* What omega makes of both parts of a row. */
void rw_joint_values(const struct rw_recheck_joint *joint, const struct rw_vector *row, fmpq_t left, fmpq_t right);

/* The rows of the certificate span all joint rows: `start` gives that of the empty word as a combination of rows,
 * `steps` what each symbol makes of each row, and `after` the word of each row. */
bool rw_joint_spans(struct rw_recheck_joint *joint);

#endif
