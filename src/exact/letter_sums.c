/* letter_sums.c - branch and bound over the letters of a function, and tables of cases to add up in. */
#include "exact/letter_sums.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* What is added up over the cases of certain letters. */
struct table {
    struct rw_letter_cases cases;
    fmpq **values; /* for each output `count` values, NULL: 0 in all cases */
};

struct rw_letter_sums {
    struct rw_letter_space *space;
    size_t outputs;
    size_t count, capacity;
    struct table *tables;
    struct rw_letters *others; /* one for each output: what was not added case by case */
};

struct rw_letter_sums *rw_letter_sums_new(struct rw_letter_space *space, size_t outputs)
{
    struct rw_letter_sums *sums = rw_alloc(1, sizeof *sums);
    *sums = (struct rw_letter_sums){.space = space, .outputs = outputs};
    sums->others = rw_alloc(outputs, sizeof *sums->others);
    return sums;
}

static void clear_tables(struct rw_letter_sums *sums)
{
    for (size_t t = 0; t < sums->count; t++) {
        for (size_t o = 0; o < sums->outputs; o++)
            rw_q_list_free(sums->tables[t].values[o], sums->tables[t].cases.count);
        free(sums->tables[t].values);
    }
    sums->count = 0;
}

void rw_letter_sums_free(struct rw_letter_sums *sums)
{
    clear_tables(sums);
    for (size_t o = 0; o < sums->outputs; o++)
        rw_letters_clear(sums->others + o);
    free(sums->others);
    free(sums->tables);
    free(sums);
}

/* --- a sum of functions of one letter each --- */

struct separable {
    fmpq_t constant;
    fmpq *gain;                     /* places * symbols: what each symbol adds */
    fmpq most[RW_MOST_LETTERS + 1]; /* most[i]: what places from the i-th on add at most */
    struct rw_letter_cases cases;
};

static void free_separable(const struct rw_letter_space *space, struct separable *s)
{
    fmpq_clear(s->constant);
    rw_q_list_free(s->gain, s->cases.places * space->symbols);
    for (size_t i = 0; i <= RW_MOST_LETTERS; i++)
        fmpq_clear(s->most + i);
}

/* Whether all of f's terms have one letter at most, and all its cases would fit a table. Terms ascend, so a place's terms stand together. */
static bool is_separable(const struct rw_letter_space *space, const struct rw_letters *f)
{
    size_t places = 0, count = 1;
    uint64_t last = UINT64_MAX;
    for (size_t t = 0; t < f->count; t++) {
        if (f->terms[t].degree > 1)
            return false;
        if (f->terms[t].degree == 0 || f->terms[t].indicator[0] / space->symbols == last)
            continue;
        last = f->terms[t].indicator[0] / space->symbols;
        if (++places > RW_MOST_LETTERS || count > space->most / space->symbols)
            return false;
        count *= space->symbols;
    }
    return true;
}

static void add_place(const struct rw_letter_space *space, struct separable *s, uint32_t place)
{
    if (s->cases.places > 0 && s->cases.place[s->cases.places - 1] == place)
        return;
    s->cases.place[s->cases.places++] = place;
    s->cases.count *= space->symbols;
}

static void separate(const struct rw_letter_space *space, const struct rw_letters *f, struct separable *s)
{
    *s = (struct separable){.cases.count = 1};
    fmpq_init(s->constant);
    for (size_t i = 0; i <= RW_MOST_LETTERS; i++)
        fmpq_init(s->most + i);
    for (size_t t = 0; t < f->count; t++)
        if (f->terms[t].degree > 0)
            add_place(space, s, f->terms[t].indicator[0] / (uint32_t)space->symbols);
    size_t gains = s->cases.places * space->symbols, place = 0;
    s->gain = rw_q_list_new(gains);
    for (size_t t = 0; t < f->count; t++) {
        uint32_t indicator = f->terms[t].indicator[0];
        if (f->terms[t].degree == 0) {
            fmpq_set(s->constant, &f->terms[t].value);
            continue;
        }
        while (s->cases.place[place] != indicator / space->symbols)
            place++;
        fmpq_set(s->gain + place * space->symbols + indicator % space->symbols, &f->terms[t].value);
    }
    for (size_t i = s->cases.places; i-- > 0;) {
        const fmpq *best = s->gain + i * space->symbols;
        for (size_t symbol = 1; symbol < space->symbols; symbol++)
            if (fmpq_cmp(s->gain + i * space->symbols + symbol, best) > 0)
                best = s->gain + i * space->symbols + symbol;
        fmpq_add(s->most + i, s->most + i + 1, best);
    }
}

/* --- its positive cases --- */

struct search {
    struct rw_letter_sums *sums;
    const struct separable *f;
    struct table *table;
    const uint32_t *row;
    const fmpq *value;
    size_t count;
};

static void add_case(struct search *search, size_t c, const fmpq_t positive)
{
    struct table *table = search->table;
    for (size_t i = 0; i < search->count; i++) {
        fmpq **values = table->values + search->row[i];
        if (*values == NULL)
            *values = rw_q_list_new(table->cases.count);
        rw_q_addmul(*values + c, search->value + i, positive);
    }
    search->sums->space->cases++;
}

/* The letters of the first `place` places are chosen: they make case c and bring f to `sum`. */
static void branch(struct search *search, size_t place, size_t c, size_t weight, const fmpq_t sum)
{
    const struct separable *f = search->f;
    struct rw_letter_space *space = search->sums->space;
    fmpq_t next;
    fmpq_init(next);
    rw_letters_account(space, 1);
    if (!space->exceeded)
        fmpq_add(next, sum, f->most + place);
    if (rw_q_sign(next) > 0 && place == f->cases.places) {
        add_case(search, c, sum);
    } else if (rw_q_sign(next) > 0) {
        for (size_t symbol = 0; symbol < space->symbols; symbol++) {
            fmpq_add(next, sum, f->gain + place * space->symbols + symbol);
            branch(search, place + 1, c + symbol * weight, weight * space->symbols, next);
        }
    }
    fmpq_clear(next);
}

static struct table *table_of(struct rw_letter_sums *sums, const struct rw_letter_cases *cases)
{
    for (size_t t = sums->count; t-- > 0;)
        if (sums->tables[t].cases.places == cases->places &&
            memcmp(sums->tables[t].cases.place, cases->place, cases->places * sizeof *cases->place) == 0)
            return sums->tables + t;
    sums->tables = rw_grow(sums->tables, &sums->capacity, sums->count + 1, sizeof *sums->tables);
    struct table *table = sums->tables + sums->count++;
    *table = (struct table){.cases = *cases, .values = rw_alloc(sums->outputs, sizeof(fmpq *))};
    return table;
}

/* --- from outside --- */

static void add_as_function(struct rw_letter_sums *sums, struct rw_letters *f, const uint32_t *row, const fmpq *value,
                            size_t count)
{
    rw_letters_relu(sums->space, f);
    for (size_t i = 0; i < count; i++)
        rw_letters_addmul(sums->space, sums->others + row[i], value + i, f);
}

void rw_letter_sums_add_relu(struct rw_letter_sums *sums, struct rw_letters *f, const uint32_t *row, const fmpq *value,
                             size_t count)
{
    fmpq_t low, high;
    fmpq_init(low);
    fmpq_init(high);
    rw_letters_bounds(sums->space, f, low, high);
    if (rw_q_sign(high) > 0 && (rw_q_sign(low) >= 0 || !is_separable(sums->space, f))) {
        add_as_function(sums, f, row, value, count);
    } else if (rw_q_sign(high) > 0) {
        struct separable s;
        separate(sums->space, f, &s);
        struct search search = {sums, &s, table_of(sums, &s.cases), row, value, count};
        branch(&search, 0, 0, 1, s.constant);
        free_separable(sums->space, &s);
    }
    rw_letters_clear(f);
    fmpq_clear(low);
    fmpq_clear(high);
}

static void finish_table(struct rw_letter_sums *sums, const struct table *table, struct rw_letters *to)
{
    fmpq_t one;
    fmpq_init(one);
    fmpq_one(one);
    for (size_t o = 0; o < sums->outputs && !sums->space->exceeded; o++) {
        struct rw_letters sum = {0};
        if (table->values[o] == NULL)
            continue;
        rw_letters_account(sums->space, table->cases.count);
        rw_letters_interpolate(sums->space, &sum, &table->cases, table->values[o]);
        rw_letters_addmul(sums->space, to + o, one, &sum);
        rw_letters_clear(&sum);
    }
    fmpq_clear(one);
}

void rw_letter_sums_finish(struct rw_letter_sums *sums, struct rw_letters *to)
{
    fmpq_t one;
    fmpq_init(one);
    fmpq_one(one);
    for (size_t t = 0; t < sums->count; t++)
        finish_table(sums, sums->tables + t, to);
    for (size_t o = 0; o < sums->outputs; o++) {
        rw_letters_addmul(sums->space, to + o, one, sums->others + o);
        rw_letters_clear(sums->others + o);
    }
    fmpq_clear(one);
    clear_tables(sums);
}
