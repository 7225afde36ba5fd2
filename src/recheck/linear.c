/* linear.c - certificates of kinds "linear" and "last": one series is an affine function of the other.
 *
 * linear   right - scale * left - shift is 0 on rows that span the joint rows of all words: so it is 0 on every word.
 * last     the same for words w s that end with s, with a scale and a shift for each s: right and left are read after
 *          M_s, so that the identity is again one about the joint row of w. The empty word is looked at by itself.
 * Verdicts are the same then if scale > 0 and no value of left lies between 0 and -shift / scale (shift.h). */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "recheck/joint.h"
#include "recheck/shift.h"

/* right = scale * left + shift */
struct affine {
    fmpq_t scale, shift;
    bool left_is_zero; /* on all rows so far */
};

static void affine_init(struct affine *affine)
{
    fmpq_init(affine->scale);
    fmpq_init(affine->shift);
    affine->left_is_zero = true;
}

static void affine_clear(struct affine *affine)
{
    fmpq_clear(affine->scale);
    fmpq_clear(affine->shift);
}

static bool read_affine(struct rw_recheck_joint *joint, const json_t *object, const char *key, size_t index,
                        struct affine *affine)
{
    if (!rw_certificate_number(joint->certificate, json_object_get(object, "scale"), affine->scale))
        return RW_UNREADABLE(joint->certificate, key == NULL ? "scale" : key, index, "the scale is not a number");
    if (!rw_certificate_number(joint->certificate, json_object_get(object, "shift"), affine->shift))
        return RW_UNREADABLE(joint->certificate, key == NULL ? "shift" : key, index, "the shift is not a number");
    if (joint->values ? !rw_q_is_one(affine->scale) : rw_q_sign(affine->scale) <= 0)
        return RW_FAILS(joint->certificate, key == NULL ? "scale" : key, index,
                        joint->values ? "values are equal at scale 1" : "the scale is not positive");
    return true;
}

/* The verdicts of scale * left + shift are those of left, which is read with `omega`. */
static bool expect_harmless(struct rw_recheck_joint *joint, const fmpq *omega, const char *key, size_t index,
                            const struct affine *affine)
{
    bool harmless = joint->values ? rw_q_is_zero(affine->shift)
                                  : rw_recheck_shift_is_harmless(joint->left.f, omega, affine->scale, affine->shift);
    return harmless || RW_FAILS(joint->certificate, key == NULL ? "shift" : key, index,
                                "the shift may change a verdict or a value");
}

/* right - scale * left - shift is 0 on the row, of which i is the number. */
static bool difference_is_zero(struct rw_recheck_joint *joint, const struct rw_vector *row, size_t i,
                               struct affine *affine)
{
    fmpq_t left, right;
    fmpq_init(left);
    fmpq_init(right);
    rw_joint_values(joint, row, left, right);
    affine->left_is_zero = affine->left_is_zero && rw_q_is_zero(left);
    fmpq_mul(left, left, affine->scale);
    fmpq_sub(right, right, left);
    if (joint->size > joint->both)
        fmpq_submul(right, row->value + joint->both, affine->shift);
    bool zero = rw_q_is_zero(right);
    fmpq_clear(left);
    fmpq_clear(right);
    return zero || RW_FAILS(joint->certificate, "rows", i, "the two sides differ on this row");
}

/* There is one way to say it. */
static bool scale_is_needed(struct rw_recheck_joint *joint, const char *key, size_t index, const struct affine *affine)
{
    return !affine->left_is_zero || rw_q_is_one(affine->scale) ||
           RW_FAILS(joint->certificate, key == NULL ? "scale" : key, index,
                    "the left side is 0 everywhere, and the scale is not 1");
}

/* --- linear --- */

static bool check_rows(struct rw_recheck_joint *joint, struct affine *affine)
{
    if (!read_affine(joint, joint->certificate->root, NULL, RW_WHOLE_KEY, affine) ||
        !expect_harmless(joint, joint->left.f->omega, NULL, RW_WHOLE_KEY, affine) ||
        !rw_joint_begin(joint, joint->both + !rw_q_is_zero(affine->shift), "after|row|steps"))
        return false;
    bool good = rw_joint_spans(joint);
    for (size_t i = 0; i < joint->basis->cols && good; i++) {
        rw_joint_read(joint, i, &joint->row);
        good = difference_is_zero(joint, &joint->row, i, affine);
    }
    return good && scale_is_needed(joint, NULL, RW_WHOLE_KEY, affine);
}

static void check_linear(struct rw_certificate *certificate)
{
    struct rw_recheck_joint joint;
    struct affine affine;
    affine_init(&affine);
    if (rw_joint_init(&joint, certificate))
        check_rows(&joint, &affine);
    affine_clear(&affine);
    rw_joint_clear(&joint);
}

const struct rw_certificate_kind rw_certificate_linear = {
    "linear", "rnnwit-certificate|kind|claim|left|right|tokens|scale|shift|start|rows", check_linear};

/* --- last --- */

/* What M_s makes of omega: left's value of w s is alpha M_w times this. */
static void omega_before(const struct rw_wfa *f, uint32_t s, fmpq *omega)
{
    const struct rw_matrix *m = f->letters[s]; /* transposed */
    for (size_t q = 0; q < f->states; q++) {
        fmpq_zero(omega + q);
        for (size_t e = m->start[q]; e < m->start[q + 1]; e++)
            fmpq_addmul(omega + q, m->value + e, f->omega + m->row[e]);
    }
}

static bool shifts_are_harmless(struct rw_recheck_joint *joint, const struct affine *last, size_t symbols)
{
    size_t states = joint->left.f->states;
    fmpq *omega = rw_q_list_new(states);
    bool good = true;
    for (uint32_t s = 0; s < symbols && good; s++) {
        omega_before(joint->left.f, s, omega);
        good = expect_harmless(joint, omega, "last", s, last + s);
    }
    rw_q_list_free(omega, states);
    return good;
}

static bool read_last(struct rw_recheck_joint *joint, struct affine *last, size_t symbols)
{
    const json_t *list = json_object_get(joint->certificate->root, "last");
    bool shifted = false, good = true;
    if (joint->values)
        return RW_FAILS(joint->certificate, "claim", RW_WHOLE_KEY, "the last symbol is about verdicts");
    if (json_array_size(list) != symbols)
        return RW_UNREADABLE(joint->certificate, "last", RW_WHOLE_KEY, "not a list with an element for each token");
    for (size_t s = 0; s < symbols && good; s++) {
        const json_t *element = json_array_get(list, s);
        good = rw_certificate_has_keys(joint->certificate, element, "last", s, "scale|shift") &&
               read_affine(joint, element, "last", s, last + s);
        shifted = shifted || !rw_q_is_zero(last[s].shift);
    }
    return good && shifts_are_harmless(joint, last, symbols) &&
           rw_joint_begin(joint, joint->both + shifted, "after|row|steps");
}

static bool start_agrees(struct rw_recheck_joint *joint)
{
    fmpq_t left, right;
    fmpq_init(left);
    fmpq_init(right);
    rw_joint_start(joint);
    rw_joint_values(joint, &joint->next, left, right);
    bool same = (rw_q_sign(left) > 0) == (rw_q_sign(right) > 0);
    fmpq_clear(left);
    fmpq_clear(right);
    return same || RW_FAILS(joint->certificate, "start", RW_WHOLE_KEY, "the verdicts of the empty word differ");
}

static bool check_last_symbols(struct rw_recheck_joint *joint, struct affine *last, size_t symbols)
{
    if (!read_last(joint, last, symbols) || !start_agrees(joint) || !rw_joint_spans(joint))
        return false;
    bool good = true;
    for (size_t i = 0; i < joint->basis->cols && good; i++) {
        rw_joint_read(joint, i, &joint->row);
        for (uint32_t s = 0; s < symbols && good; s++) {
            rw_joint_step(joint, s);
            good = difference_is_zero(joint, &joint->next, i, last + s);
        }
    }
    for (size_t s = 0; s < symbols && good; s++)
        good = scale_is_needed(joint, "last", s, last + s);
    return good;
}

static void check_last(struct rw_certificate *certificate)
{
    struct rw_recheck_joint joint;
    if (rw_joint_init(&joint, certificate)) {
        size_t symbols = rw_alphabet_size(joint.left.tokens);
        struct affine *last = rw_alloc(symbols, sizeof *last);
        for (size_t s = 0; s < symbols; s++)
            affine_init(last + s);
        check_last_symbols(&joint, last, symbols);
        for (size_t s = 0; s < symbols; s++)
            affine_clear(last + s);
        free(last);
    }
    rw_joint_clear(&joint);
}

const struct rw_certificate_kind rw_certificate_last = {
    "last", "rnnwit-certificate|kind|claim|left|right|tokens|last|start|rows", check_last};
