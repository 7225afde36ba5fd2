/* ranges.c - running a network and noting its transition parameters.
 *
 *   DeltaNet, DeltaProduct   beta |k|^2: the factor by which the key's direction is shrunk, 2 for a reflection
 *   RWKV-7                   w; a where kappa is not 0; lambda sum a kappa^2, which is beta |k|^2 for a = 1
 *   PD                       the factors of the map */
#include "rnn/ranges.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "rnn/head_run.h"
#include "rnn/run.h"
#include "rnn/step.h"

/* Random words are so long; the first half of the tokens goes to short words. */
#define LONG_WORD 200

/* --- noting --- */

struct measuring {
    struct rw_ranges *ranges;
    const struct rw_word *word;
    size_t next; /* range of the quantity that comes next; quantities come in the same order at each step */
};

static struct rw_range *next_range(struct measuring *measuring, size_t layer, size_t head, const char *name, int low,
                                   int high)
{
    struct rw_ranges *ranges = measuring->ranges;
    size_t at = measuring->next++;
    if (at == ranges->count) {
        ranges->ranges = rw_grow(ranges->ranges, &ranges->capacity, ranges->count + 1, sizeof *ranges->ranges);
        struct rw_range *range = ranges->ranges + ranges->count++;
        *range = (struct rw_range){
            .layer = layer, .head = head, .name = name, .stock_low = low, .stock_high = high, .inside = true};
        fmpq_init(&range->low);
        fmpq_init(&range->high);
        rw_word_init(&range->outside);
    }
    return ranges->ranges + at;
}

static void note(const struct measuring *measuring, struct rw_range *range, const fmpq_t value)
{
    if (!range->met || fmpq_cmp(value, &range->low) < 0)
        fmpq_set(&range->low, value);
    if (!range->met || fmpq_cmp(value, &range->high) > 0)
        fmpq_set(&range->high, value);
    range->met = true;
    if (!range->inside || (fmpq_cmp_si(value, range->stock_low) >= 0 && fmpq_cmp_si(value, range->stock_high) <= 0))
        return;
    range->inside = false;
    rw_word_copy(&range->outside, measuring->word);
}

/* --- families --- */

/* Entry (row, col), or NULL where it is 0. */
static const fmpq *entry(const struct rw_tensor *t, uint32_t row, uint32_t col)
{
    size_t first, last;
    rw_tensor_row(t, row, &first, &last);
    for (size_t e = first; e < last; e++)
        if (t->col[e] == col)
            return t->value + e;
    return NULL;
}

static const struct rw_tensor *param(const struct rw_head *head, const struct rw_tensor *params, const char *name)
{
    size_t i = 0;
    while (strcmp(head->family->param(head->dims, i).name, name) != 0)
        i++;
    return params + i;
}

static void note_delta(struct measuring *m, size_t layer, size_t h, const struct rw_head *head,
                       const struct rw_tensor *params)
{
    const struct rw_tensor *key = param(head, params, "key"), *beta = param(head, params, "beta");
    struct rw_range *range = next_range(m, layer, h, "beta |k|^2", 0, 2);
    fmpq_t square;
    fmpq_init(square);
    for (size_t b = 0; b < beta->count; b++) {
        fmpq_zero(square);
        for (size_t e = 0; e < key->count; e++)
            if (key->col[e] == beta->col[b])
                fmpq_addmul(square, key->value + e, key->value + e);
        fmpq_mul(square, square, beta->value + b);
        note(m, range, square);
    }
    fmpq_clear(square);
}

static void note_rwkv7(struct measuring *m, size_t layer, size_t h, const struct rw_head *head,
                       const struct rw_tensor *params)
{
    const struct rw_tensor *decay = param(head, params, "decay"), *kappa = param(head, params, "kappa"),
                           *rate = param(head, params, "rate"), *lambda = param(head, params, "lambda");
    next_range(m, layer, h, "w", 0, 1);
    next_range(m, layer, h, "a", 0, 1);
    struct rw_range *factor = next_range(m, layer, h, "lambda sum a kappa^2", 0, 1), *a = factor - 1, *w = factor - 2;
    fmpq_t sum, term;
    fmpq_init(sum);
    fmpq_init(term);
    for (size_t e = 0; e < decay->count; e++)
        note(m, w, decay->value + e);
    for (size_t e = 0; e < kappa->count; e++) {
        const fmpq *ai = entry(rate, kappa->row[e], 0);
        if (ai == NULL)
            continue;
        note(m, a, ai);
        fmpq_mul(term, kappa->value + e, kappa->value + e);
        fmpq_addmul(sum, term, ai);
    }
    if (lambda->count > 0) {
        fmpq_mul(sum, sum, lambda->value);
        note(m, factor, sum);
    }
    fmpq_clear(sum);
    fmpq_clear(term);
}

static void note_pd(struct measuring *m, size_t layer, size_t h, const struct rw_head *head,
                    const struct rw_tensor *params)
{
    const struct rw_tensor *transition = param(head, params, "transition");
    struct rw_range *range = next_range(m, layer, h, "factors", -1, 1);
    for (size_t e = 0; e < transition->count; e++)
        note(m, range, transition->value + e);
}

static const struct noting {
    const char *family;
    void (*note)(struct measuring *m, size_t layer, size_t h, const struct rw_head *head,
                 const struct rw_tensor *params);
} notings[] = {{"deltanet", note_delta}, {"deltaproduct", note_delta}, {"rwkv7", note_rwkv7}, {"pd", note_pd}};

static void note_step(struct measuring *measuring, const struct rw_net *net, const struct rw_run *run)
{
    measuring->next = 0;
    for (size_t l = 0; l < net->layer_count; l++)
        for (size_t h = 0; h < net->layers[l].head_count; h++)
            for (size_t i = 0; i < sizeof notings / sizeof *notings; i++)
                if (strcmp(net->layers[l].heads[h].family->name, notings[i].family) == 0)
                    notings[i].note(measuring, l, h, net->layers[l].heads + h,
                                    rw_head_run_params(rw_run_head(run, l, h)));
}

/* --- words --- */

static void run_word(struct measuring *measuring, const struct rw_net *net, struct rw_run *run, struct rw_word *word)
{
    size_t length = word->length;
    rw_run_start(run);
    word->length = 0;
    note_step(measuring, net, run);
    for (size_t i = 0; i < length; i++) {
        rw_run_step(run, word->symbols[i]);
        word->length = i + 1;
        note_step(measuring, net, run);
    }
    measuring->ranges->tokens += length + 1;
}

struct rw_ranges rw_ranges_measure(const struct rw_net *net, uint64_t tokens)
{
    struct rw_ranges ranges = {0};
    struct rw_word word;
    size_t symbols = rw_alphabet_size(net->tokens), length = 1, words = symbols;
    rw_word_init(&word);
    struct measuring measuring = {.ranges = &ranges, .word = &word};
    struct rw_run *run = rw_run_new(net);
    struct rw_random random = rw_random_seed(1);
    while (symbols > 0 && words * symbols * (length + 1) <= tokens / 2) {
        words *= symbols;
        length++;
    }
    for (size_t number = 0; number < words && ranges.tokens < tokens / 2;
         number++) { /* the letters are digits of the number */
        word.length = 0;
        for (size_t i = 0, rest = number; i < length; i++, rest /= symbols)
            rw_word_push(&word, (uint32_t)(rest % symbols));
        run_word(&measuring, net, run, &word);
    }
    while (ranges.tokens < tokens && symbols > 0) {
        word.length = 0;
        for (size_t i = 0; i < LONG_WORD; i++)
            rw_word_push(&word, (uint32_t)rw_random_below(&random, symbols));
        run_word(&measuring, net, run, &word);
    }
    rw_run_free(run);
    rw_word_clear(&word);
    return ranges;
}

void rw_ranges_clear(struct rw_ranges *ranges)
{
    for (size_t i = 0; i < ranges->count; i++) {
        fmpq_clear(&ranges->ranges[i].low);
        fmpq_clear(&ranges->ranges[i].high);
        rw_word_clear(&ranges->ranges[i].outside);
    }
    free(ranges->ranges);
}
