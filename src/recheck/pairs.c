/* pairs.c - certificates of kind "pairs": finitely many rows, up to what changes no verdict.
 *
 * Row 0 stands for z_"", row steps[i][s] for row_i M_s, and the signs agree in each step: so they do on every word. A row
 * stands for another if each side is a positive multiple, apart from states that only contribute now; or, if no weight
 * is negative, if the same entries are nonzero. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "recheck/joint.h"

struct pairs {
    struct rw_recheck_joint joint;
    bool supports;
    uint8_t *passing; /* 1 for states that contribute to no later sign */
};

static bool all_nonnegative(const struct rw_wfa *f)
{
    bool good = rw_q_list_is_nonnegative(f->alpha, f->states) && rw_q_list_is_nonnegative(f->omega, f->states);
    for (size_t s = 0; s < f->symbols; s++)
        good = good && rw_q_list_is_nonnegative(f->letters[s]->value, rw_matrix_nonzeros(f->letters[s]));
    return good;
}

/* The states from which no symbol leads to one that contributes, now or later. */
static void find_passing(const struct rw_wfa *f, uint8_t *passing)
{
    memset(passing, 1, f->states);
    for (bool news = true; news;) {
        news = false;
        for (size_t s = 0; s < f->symbols; s++)
            for (size_t p = 0; p < f->states; p++)
                for (size_t e = f->letters[s]->start[p]; e < f->letters[s]->start[p + 1] && passing[p]; e++) {
                    size_t q = f->letters[s]->row[e];
                    if (!passing[q] || !rw_q_is_zero(f->omega + q)) {
                        passing[p] = 0;
                        news = true;
                    }
                }
    }
}

/* What stands for the entries from `first` to `last`. */
static void abstract(const struct pairs *pairs, struct rw_vector *row, size_t first, size_t last)
{
    fmpq_t size;
    fmpq_init(size);
    for (size_t q = first; q < last; q++) {
        fmpq *entry = row->value + q;
        if (pairs->passing[q])
            fmpq_zero(entry);
        if (rw_q_is_zero(entry))
            continue;
        if (rw_q_is_zero(size))
            fmpq_abs(size, entry);
        if (pairs->supports)
            rw_q_set_int(entry, 1);
        else
            fmpq_div(entry, entry, size);
    }
    fmpq_clear(size);
}

/* The signs agree on `next`, and row `target` stands for it. */
static bool stands_for(struct pairs *pairs, size_t target, size_t index, const char *what)
{
    struct rw_recheck_joint *joint = &pairs->joint;
    fmpq_t left, right;
    fmpq_init(left);
    fmpq_init(right);
    rw_joint_values(joint, &joint->next, left, right);
    bool same = (rw_q_sign(left) > 0) == (rw_q_sign(right) > 0);
    fmpq_clear(left);
    fmpq_clear(right);
    if (!same)
        return RW_FAILS(joint->certificate, "rows", index, "the verdicts differ after %s", what);
    abstract(pairs, &joint->next, 0, joint->left.f->states);
    abstract(pairs, &joint->next, joint->left.f->states, joint->both);
    if (target >= joint->basis->cols)
        return RW_FAILS(joint->certificate, "rows", index, "%s leads to a row that is not there", what);
    rw_joint_read(joint, target, &joint->sum);
    return rw_vector_equal(&joint->next, &joint->sum) ||
           RW_FAILS(joint->certificate, "rows", index, "row %zu is not what follows %s", target, what);
}

static bool read_supports(struct pairs *pairs)
{
    struct rw_recheck_joint *joint = &pairs->joint;
    const json_t *supports = json_object_get(joint->certificate->root, "supports");
    if (!json_is_boolean(supports))
        return RW_UNREADABLE(joint->certificate, "supports", RW_WHOLE_KEY, "not true or false");
    pairs->supports = json_is_true(supports);
    if (pairs->supports && !(all_nonnegative(joint->left.f) && all_nonnegative(joint->right.f)))
        return RW_FAILS(joint->certificate, "supports", RW_WHOLE_KEY, "some weight is negative");
    if (joint->values)
        return RW_FAILS(joint->certificate, "claim", RW_WHOLE_KEY, "signs do not show that values are equal");
    return true;
}

static bool check_rows(struct pairs *pairs)
{
    struct rw_recheck_joint *joint = &pairs->joint;
    pairs->passing = rw_alloc(joint->both, 1);
    find_passing(joint->left.f, pairs->passing);
    find_passing(joint->right.f, pairs->passing + joint->left.f->states);
    if (!read_supports(pairs) || !rw_joint_begin(joint, joint->both, "row|steps"))
        return false;
    rw_joint_start(joint);
    bool good = stands_for(pairs, 0, 0, "the start");
    for (size_t i = 0; i < joint->basis->cols && good; i++) {
        rw_joint_read(joint, i, &joint->row);
        for (uint32_t s = 0; s < rw_alphabet_size(joint->left.tokens) && good; s++) {
            const json_t *target = json_array_get(rw_joint_part(joint, i, "steps"), s);
            char *what = rw_format("'%s'", rw_alphabet_name(joint->left.tokens, s));
            rw_joint_step(joint, s);
            good = stands_for(pairs, json_is_integer(target) ? (size_t)json_integer_value(target) : SIZE_MAX, i, what);
            free(what);
        }
    }
    return good;
}

static void check_pairs(struct rw_certificate *certificate)
{
    struct pairs pairs = {0};
    if (rw_joint_init(&pairs.joint, certificate))
        check_rows(&pairs);
    rw_joint_clear(&pairs.joint);
    free(pairs.passing);
}

const struct rw_certificate_kind rw_certificate_pairs = {
    "pairs", "rnnwit-certificate|kind|claim|left|right|tokens|supports|rows", check_pairs};
