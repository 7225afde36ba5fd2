/* letters.c - functions of unknown letters as sorted lists of terms.
 *
 * Between the values of a function in all cases and its terms lies a triangular transform, one place after the other: the value
 * at symbol s is the coefficient of 1 plus that of [p = s]. */
#include "exact/letters.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define PRODUCT_WORK 16 /* a term of a product against one of a sum: products are sorted, and their numbers larger */
#define FEW_PAIRS    64 /* of terms: multiplied one by one */

/* --- terms --- */

static int compare_terms(const struct rw_letter_term *a, const struct rw_letter_term *b)
{
    if (a->degree != b->degree)
        return a->degree < b->degree ? -1 : 1;
    for (uint32_t i = 0; i < a->degree; i++)
        if (a->indicator[i] != b->indicator[i])
            return a->indicator[i] < b->indicator[i] ? -1 : 1;
    return 0;
}

static int compare(const void *a, const void *b)
{
    return compare_terms(a, b);
}

/* A new last term, its value 0, to be given another one. NULL: there are too many. */
static struct rw_letter_term *append(struct rw_letter_space *space, struct rw_letters *f)
{
    if (f->count >= space->most) {
        space->exceeded = true;
        return NULL;
    }
    f->terms = rw_grow(f->terms, &f->capacity, f->count + 1, sizeof *f->terms);
    struct rw_letter_term *term = f->terms + f->count++;
    *term = (struct rw_letter_term){0};
    fmpq_init(&term->value);
    return term;
}

static void copy_term(struct rw_letter_term *to, const struct rw_letter_term *from)
{
    to->degree = from->degree;
    memcpy(to->indicator, from->indicator, sizeof to->indicator);
    fmpq_set(&to->value, &from->value);
}

void rw_letters_clear(struct rw_letters *f)
{
    for (size_t i = 0; i < f->count; i++)
        fmpq_clear(&f->terms[i].value);
    free(f->terms);
    *f = (struct rw_letters){0};
}

void rw_letters_swap(struct rw_letters *f, struct rw_letters *g)
{
    struct rw_letters other = *f;
    *f = *g;
    *g = other;
}

struct rw_letters *rw_letters_list_new(size_t count)
{
    return rw_alloc(count, sizeof(struct rw_letters));
}

void rw_letters_list_free(struct rw_letters *list, size_t count)
{
    for (size_t i = 0; i < count && list != NULL; i++)
        rw_letters_clear(list + i);
    free(list);
}

void rw_letters_set(struct rw_letters *f, const struct rw_letters *g)
{
    struct rw_letters copy = {.count = g->count, .capacity = g->count};
    copy.terms = g->count == 0 ? NULL : rw_alloc(g->count, sizeof *copy.terms);
    for (size_t i = 0; i < g->count; i++) {
        fmpq_init(&copy.terms[i].value);
        copy_term(copy.terms + i, g->terms + i);
    }
    rw_letters_swap(f, &copy);
    rw_letters_clear(&copy);
}

/* Sorts, adds up what stands twice, and drops zeros. */
static void tidy(struct rw_letters *f)
{
    size_t kept = 0;
    if (f->count > 1)
        qsort(f->terms, f->count, sizeof *f->terms, compare);
    for (size_t i = 0; i < f->count;) {
        size_t next = i + 1;
        for (; next < f->count && compare_terms(f->terms + i, f->terms + next) == 0; next++)
            fmpq_add(&f->terms[i].value, &f->terms[i].value, &f->terms[next].value);
        if (!rw_q_is_zero(&f->terms[i].value)) {
            struct rw_letter_term other = f->terms[kept]; /* values move with their terms: none is lost */
            f->terms[kept] = f->terms[i];
            f->terms[i] = other;
            kept++;
        }
        i = next;
    }
    for (size_t i = kept; i < f->count; i++)
        fmpq_clear(&f->terms[i].value);
    f->count = kept;
}

/* --- sums --- */

void rw_letters_account(struct rw_letter_space *space, size_t terms)
{
    space->work += terms;
    if (space->most_work > 0 && space->work > space->most_work)
        space->exceeded = true;
}

void rw_letters_addmul(struct rw_letter_space *space, struct rw_letters *f, const fmpq_t factor,
                       const struct rw_letters *g)
{
    struct rw_letters sum = {0};
    size_t i = 0, j = 0;
    if (rw_q_is_zero(factor) || g->count == 0)
        return;
    rw_letters_account(space, f->count + g->count);
    sum.terms = rw_grow(NULL, &sum.capacity, f->count + g->count, sizeof *sum.terms);
    while (i < f->count || j < g->count) {
        int order = i == f->count ? 1 : j == g->count ? -1 : compare_terms(f->terms + i, g->terms + j);
        if (order < 0) {
            sum.terms[sum.count++] = f->terms[i++]; /* moved */
            continue;
        }
        struct rw_letter_term *term = sum.terms + sum.count;
        if (order == 0) {
            *term = f->terms[i++];
        } else {
            *term = g->terms[j];
            fmpq_init(&term->value);
        }
        rw_q_addmul(&term->value, factor, &g->terms[j++].value);
        if (rw_q_is_zero(&term->value))
            fmpq_clear(&term->value);
        else
            sum.count++;
    }
    free(f->terms);
    *f = sum;
    space->exceeded = space->exceeded || f->count > space->most;
}

void rw_letters_add_constant(struct rw_letter_space *space, struct rw_letters *f, const fmpq_t value)
{
    fmpq_t one;
    struct rw_letter_term term = {.value = *value};
    const struct rw_letters constant = {.count = 1, .capacity = 1, .terms = &term};
    fmpq_init(one);
    fmpq_one(one);
    if (!rw_q_is_zero(value))
        rw_letters_addmul(space, f, one, &constant);
    fmpq_clear(one);
}

void rw_letters_add_letter(struct rw_letter_space *space, struct rw_letters *f, uint32_t place,
                           const fmpq *const *values)
{
    struct rw_letters g = {0};
    fmpq_t one;
    fmpq_init(one);
    fmpq_one(one);
    if (space->symbols > 0 && place > (UINT32_MAX - (uint32_t)space->symbols) / (uint32_t)space->symbols)
        space->exceeded = true;
    for (size_t s = 0; s < space->symbols && !space->exceeded; s++) {
        struct rw_letter_term *term = append(space, &g);
        if (term == NULL)
            break;
        if (s > 0) {
            term->degree = 1;
            term->indicator[0] = place * (uint32_t)space->symbols + (uint32_t)s;
        }
        if (values[s] != NULL)
            fmpq_set(&term->value, values[s]);
        if (s > 0 && values[0] != NULL)
            fmpq_sub(&term->value, &term->value, values[0]);
    }
    tidy(&g);
    rw_letters_addmul(space, f, one, &g);
    rw_letters_clear(&g);
    fmpq_clear(one);
}

/* The product of two terms without their values. false: it is 0, two symbols at one place, or has too many letters. */
static bool join(struct rw_letter_space *space, const struct rw_letter_term *a, const struct rw_letter_term *b,
                 struct rw_letter_term *product)
{
    uint32_t i = 0, j = 0, symbols = (uint32_t)space->symbols;
    product->degree = 0;
    while (i < a->degree || j < b->degree) {
        uint32_t next;
        if (i < a->degree && j < b->degree && a->indicator[i] / symbols == b->indicator[j] / symbols) {
            next = a->indicator[i++];
            if (next != b->indicator[j++])
                return false;
        } else if (j == b->degree || (i < a->degree && a->indicator[i] < b->indicator[j])) {
            next = a->indicator[i++];
        } else {
            next = b->indicator[j++];
        }
        if (product->degree == RW_MOST_LETTERS) {
            space->exceeded = space->many_letters = true;
            return false;
        }
        product->indicator[product->degree++] = next;
    }
    return true;
}

/* --- looking --- */

bool rw_letters_is_constant(const struct rw_letters *f, fmpq_t value)
{
    fmpq_zero(value);
    if (f->count == 0)
        return true;
    if (f->count > 1 || f->terms[0].degree > 0)
        return false;
    fmpq_set(value, &f->terms[0].value);
    return true;
}

const fmpq *rw_letters_coefficient(const struct rw_letters *f, const struct rw_letter_term *term)
{
    size_t low = 0, high = f->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare_terms(f->terms + middle, term);
        if (order == 0)
            return &f->terms[middle].value;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

bool rw_letters_starts_at(const struct rw_letter_space *space, const struct rw_letters *f, uint32_t place)
{
    for (size_t t = 0; t < f->count; t++)
        if (f->terms[t].degree > 0 && f->terms[t].indicator[0] / space->symbols < place)
            return false;
    return true;
}

void rw_letters_earlier(const struct rw_letter_space *space, struct rw_letters *f, uint32_t shift)
{
    for (size_t t = 0; t < f->count; t++)
        for (uint32_t k = 0; k < f->terms[t].degree; k++)
            f->terms[t].indicator[k] -= shift * (uint32_t)space->symbols;
}

bool rw_letters_equal_shifted(const struct rw_letter_space *space, const struct rw_letters *f,
                              const struct rw_letters *g, uint32_t shift)
{
    uint64_t later = (uint64_t)shift * space->symbols;
    if (f->count != g->count)
        return false;
    for (size_t i = 0; i < f->count; i++) {
        const struct rw_letter_term *a = f->terms + i, *b = g->terms + i;
        if (a->degree != b->degree || !rw_q_equal(&a->value, &b->value))
            return false;
        for (uint32_t k = 0; k < a->degree; k++)
            if (a->indicator[k] + later != b->indicator[k])
                return false;
    }
    return true;
}

bool rw_letters_equal(const struct rw_letters *f, const struct rw_letters *g)
{
    const struct rw_letter_space any = {.symbols = 1};
    return rw_letters_equal_shifted(&any, f, g, 0);
}

/* --- cases --- */

static bool knows(const struct rw_letter_cases *cases, uint32_t place)
{
    for (size_t i = 0; i < cases->places; i++)
        if (cases->place[i] == place)
            return true;
    return false;
}

/* false: they are too many. */
static bool gather(const struct rw_letter_space *space, struct rw_letter_cases *cases, const struct rw_letters *f)
{
    if (cases->count == 0)
        cases->count = 1;
    for (size_t t = 0; t < f->count; t++)
        for (uint32_t k = 0; k < f->terms[t].degree; k++) {
            uint32_t place = f->terms[t].indicator[k] / (uint32_t)space->symbols;
            if (knows(cases, place))
                continue;
            if (cases->places == RW_MOST_LETTERS || cases->count > space->most / space->symbols)
                return false;
            cases->place[cases->places++] = place;
            cases->count *= space->symbols;
        }
    return true;
}

bool rw_letter_cases_of(struct rw_letter_space *space, struct rw_letter_cases *cases, const struct rw_letters *f)
{
    bool fits = gather(space, cases, f);
    space->exceeded = space->exceeded || !fits;
    space->many_letters = space->many_letters || (!fits && cases->places == RW_MOST_LETTERS);
    return fits;
}

/* Which place of the cases an indicator is about, as the weight of that place's digit. */
static size_t weight_of(const struct rw_letter_space *space, const struct rw_letter_cases *cases, uint32_t indicator)
{
    size_t weight = 1;
    for (size_t i = 0; cases->place[i] != indicator / space->symbols; i++)
        weight *= space->symbols;
    return weight;
}

void rw_letters_tabulate(const struct rw_letter_space *space, const struct rw_letters *f,
                         const struct rw_letter_cases *cases, fmpq *values)
{
    size_t count = cases->count == 0 ? 1 : cases->count;
    for (size_t c = 0; c < count; c++)
        rw_q_zero(values + c);
    for (size_t t = 0; t < f->count; t++) {
        size_t at = 0;
        for (uint32_t k = 0; k < f->terms[t].degree; k++) {
            uint32_t indicator = f->terms[t].indicator[k];
            at += indicator % space->symbols * weight_of(space, cases, indicator);
        }
        fmpq_set(values + at, &f->terms[t].value);
    }
    for (size_t weight = 1; weight < count; weight *= space->symbols)
        for (size_t first = 0; first < count; first += weight * space->symbols)
            for (size_t c = first + weight; c < first + weight * space->symbols; c++)
                rw_q_add(values + c, values + c, values + first + (c - first) % weight);
}

/* a -= b */
static void subtract(fmpq_t a, const fmpq_t b)
{
    fmpq_t minus;
    fmpq_init(minus);
    if (!rw_q_is_zero(b)) {
        fmpq_neg(minus, b);
        rw_q_add(a, a, minus);
    }
    fmpq_clear(minus);
}

/* The term of case c: an indicator for each digit that is not 0. */
static void name_case(const struct rw_letter_space *space, const struct rw_letter_cases *cases, size_t c,
                      struct rw_letter_term *term)
{
    for (size_t i = 0; i < cases->places; i++, c /= space->symbols) {
        if (c % space->symbols == 0)
            continue;
        uint32_t indicator = cases->place[i] * (uint32_t)space->symbols + (uint32_t)(c % space->symbols);
        uint32_t k = term->degree++;
        for (; k > 0 && term->indicator[k - 1] > indicator; k--)
            term->indicator[k] = term->indicator[k - 1];
        term->indicator[k] = indicator;
    }
}

void rw_letters_interpolate(struct rw_letter_space *space, struct rw_letters *f, const struct rw_letter_cases *cases,
                            fmpq *values)
{
    size_t count = cases->count == 0 ? 1 : cases->count;
    struct rw_letters result = {0};
    for (size_t weight = 1; weight < count; weight *= space->symbols)
        for (size_t first = 0; first < count; first += weight * space->symbols)
            for (size_t c = first + weight; c < first + weight * space->symbols; c++)
                subtract(values + c, values + first + (c - first) % weight);
    for (size_t c = 0; c < count; c++) {
        if (rw_q_is_zero(values + c))
            continue;
        struct rw_letter_term *term = append(space, &result);
        if (term == NULL)
            break;
        name_case(space, cases, c, term);
        fmpq_swap(&term->value, values + c);
    }
    tidy(&result);
    rw_letters_swap(f, &result);
    rw_letters_clear(&result);
}

/* --- products --- */

/* f += values, which are used up */
static void add_cases(struct rw_letter_space *space, struct rw_letters *f, const struct rw_letter_cases *cases,
                      fmpq *values)
{
    struct rw_letters sum = {0};
    fmpq_t one;
    fmpq_init(one);
    fmpq_one(one);
    rw_letters_interpolate(space, &sum, cases, values);
    rw_letters_addmul(space, f, one, &sum);
    rw_letters_clear(&sum);
    fmpq_clear(one);
}

/* Where both depend on few letters it is quicker to multiply case by case than term by term. false: it is not, and nothing was done. */
static bool multiply_cases(struct rw_letter_space *space, struct rw_letters *f, const struct rw_letters *g,
                           const struct rw_letters *h)
{
    struct rw_letter_cases cases = {0};
    size_t pairs = rw_product(g->count, h->count);
    if (pairs < FEW_PAIRS || !gather(space, &cases, g) || !gather(space, &cases, h))
        return false;
    size_t cost = rw_product(cases.count, 3 * cases.places + 2);
    if (cost > rw_product(PRODUCT_WORK, pairs))
        return false;
    rw_letters_account(space, cost);
    fmpq *left = rw_q_list_new(cases.count), *right = rw_q_list_new(cases.count);
    rw_letters_tabulate(space, g, &cases, left);
    rw_letters_tabulate(space, h, &cases, right);
    for (size_t c = 0; c < cases.count; c++)
        rw_q_mul(left + c, left + c, right + c);
    add_cases(space, f, &cases, left);
    rw_q_list_free(left, cases.count);
    rw_q_list_free(right, cases.count);
    return true;
}

void rw_letters_add_product(struct rw_letter_space *space, struct rw_letters *f, const struct rw_letters *g,
                            const struct rw_letters *h)
{
    struct rw_letters product = {0};
    fmpq_t one;
    if (g->count == 0 || h->count == 0)
        return;
    if (g->count == 1 && g->terms[0].degree == 0) {
        rw_letters_addmul(space, f, &g->terms[0].value, h);
        return;
    }
    if (h->count == 1 && h->terms[0].degree == 0) {
        rw_letters_addmul(space, f, &h->terms[0].value, g);
        return;
    }
    if (multiply_cases(space, f, g, h))
        return;
    rw_letters_account(space, PRODUCT_WORK * rw_product(g->count, h->count));
    for (size_t i = 0; i < g->count && !space->exceeded; i++)
        for (size_t j = 0; j < h->count && !space->exceeded; j++) {
            struct rw_letter_term joined = {0};
            if (!join(space, g->terms + i, h->terms + j, &joined))
                continue;
            struct rw_letter_term *term = append(space, &product);
            if (term == NULL)
                break;
            term->degree = joined.degree;
            memcpy(term->indicator, joined.indicator, sizeof term->indicator);
            fmpq_mul(&term->value, &g->terms[i].value, &h->terms[j].value);
        }
    tidy(&product);
    fmpq_init(one);
    fmpq_one(one);
    rw_letters_addmul(space, f, one, &product);
    fmpq_clear(one);
    rw_letters_clear(&product);
}

/* --- ReLU --- */

/* Letters of different places vary by themselves, and of one place one indicator at most is 1. What terms of a higher degree add is bounded
 * one by one. */
void rw_letters_bounds(const struct rw_letter_space *space, const struct rw_letters *f, fmpq_t low, fmpq_t high)
{
    fmpq_t least, most;
    fmpq_init(least);
    fmpq_init(most);
    fmpq_zero(low);
    fmpq_zero(high);
    for (size_t i = 0; i < f->count;) {
        const struct rw_letter_term *first = f->terms + i;
        fmpq_set(least, &first->value);
        fmpq_set(most, &first->value);
        i++;
        for (; first->degree == 1 && i < f->count && f->terms[i].degree == 1 &&
               f->terms[i].indicator[0] / space->symbols == first->indicator[0] / space->symbols;
             i++) {
            if (fmpq_cmp(&f->terms[i].value, least) < 0)
                fmpq_set(least, &f->terms[i].value);
            if (fmpq_cmp(&f->terms[i].value, most) > 0)
                fmpq_set(most, &f->terms[i].value);
        }
        if (first->degree == 0 || rw_q_sign(least) < 0)
            fmpq_add(low, low, least);
        if (first->degree == 0 || rw_q_sign(most) > 0)
            fmpq_add(high, high, most);
    }
    fmpq_clear(least);
    fmpq_clear(most);
}

static void relu_by_cases(struct rw_letter_space *space, struct rw_letters *f)
{
    struct rw_letter_cases cases = {0};
    if (!rw_letter_cases_of(space, &cases, f))
        return;
    fmpq *values = rw_q_list_new(cases.count);
    rw_letters_tabulate(space, f, &cases, values);
    for (size_t c = 0; c < cases.count; c++)
        if (rw_q_sign(values + c) < 0)
            fmpq_zero(values + c);
    rw_letters_interpolate(space, f, &cases, values);
    space->cases += cases.count;
    rw_q_list_free(values, cases.count);
}

void rw_letters_relu(struct rw_letter_space *space, struct rw_letters *f)
{
    fmpq_t low, high;
    fmpq_init(low);
    fmpq_init(high);
    rw_letters_bounds(space, f, low, high);
    if (rw_q_sign(high) <= 0)
        rw_letters_clear(f);
    else if (rw_q_sign(low) < 0)
        relu_by_cases(space, f);
    fmpq_clear(low);
    fmpq_clear(high);
}
