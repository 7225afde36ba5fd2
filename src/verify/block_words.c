/* block_words.c - random matrices of several kinds, from the block on where something went wrong.
 *
 * Uniform matrices alone would do badly: their products grow, and then a wrong summand seldom changes a sign. */
#include "verify/block_words.h"

#include <stdlib.h>

#include "automata/matrix_product.h"
#include "base/memory.h"
#include "base/random.h"
#include "verify/match.h"

#define MOST_STEPS 60000 /* of both sides */
#define MORE_BLOCKS                                                                                                    \
    4 /* after the one that failed, then twice, four and eight times as many: some faults show up late */
#define DOUBLINGS 4
#define BRANCHES  24 /* of words that begin alike */
#define SEED      UINT64_C(0x626c6f636b73)

enum style { UNIFORM, SPARSE, UNIT, PERMUTED, STYLES };

struct search {
    struct rw_match match;
    const struct rw_matrix_product *model;
    struct rw_random random;
    uint32_t zero, one; /* the symbols of 0 and 1; the first symbol where there is none */
    uint64_t steps;
    size_t *order; /* a permutation of the columns */
};

static uint32_t symbol_of(const struct rw_matrix_product *model, slong entry)
{
    for (size_t s = 0; s < model->symbols; s++)
        if (fmpq_equal_si(model->entries + s, entry))
            return (uint32_t)s;
    return 0;
}

static void shuffle(struct search *search, size_t count)
{
    for (size_t i = 0; i < count; i++)
        search->order[i] = i;
    for (size_t i = count; i > 1; i--) {
        size_t j = (size_t)rw_random_below(&search->random, i), other = search->order[i - 1];
        search->order[i - 1] = search->order[j];
        search->order[j] = other;
    }
}

static uint32_t any_symbol(struct search *search)
{
    return (uint32_t)rw_random_below(&search->random, search->model->symbols);
}

static void draw_matrix(struct search *search, struct rw_word *word)
{
    size_t d = search->model->dimension;
    enum style style = (enum style)rw_random_below(&search->random, STYLES);
    shuffle(search, d);
    for (size_t i = 0; i < d; i++)
        for (size_t j = 0; j < d; j++) {
            uint32_t symbol = search->zero;
            if (style == UNIT)
                symbol = i == j ? search->one : search->zero;
            else if (style == UNIFORM || (style == SPARSE && rw_random_below(&search->random, 2) == 0) ||
                     (style == PERMUTED && search->order[i] == j))
                symbol = any_symbol(search);
            rw_word_push(word, symbol);
        }
}

/* Draws and reads blocks. false: the sides differ after the word, which then ends there. */
static bool read_blocks(struct search *search, struct rw_pair *pair, size_t blocks, struct rw_word *word)
{
    for (size_t b = 0; b < blocks; b++) {
        size_t from = word->length;
        draw_matrix(search, word);
        for (size_t i = from; i < word->length; i++)
            rw_pair_step(&search->match, pair, word->symbols[i]);
        search->steps += word->length - from;
        if (!rw_match_agrees(&search->match, pair))
            return false;
    }
    return true;
}

static bool search_words(struct search *search, size_t failed, struct rw_progress *progress, struct rw_word *word)
{
    struct rw_pair stem = rw_pair_new(&search->match), branch = rw_pair_new(&search->match);
    size_t before = failed > 1 ? failed - 1 : 0;
    bool found = false;
    for (unsigned round = 0; !found && search->steps < MOST_STEPS &&
                             rw_progress_report(progress, "words of matrices", search->steps, MOST_STEPS);
         round++) {
        rw_word_clear(word);
        rw_word_init(word);
        rw_pair_start(&search->match, &stem);
        found = !read_blocks(search, &stem, before, word);
        size_t length = word->length;
        for (size_t i = 0; i < BRANCHES && !found; i++) {
            word->length = length;
            rw_pair_copy(&search->match, &branch, &stem);
            found = !read_blocks(search, &branch, failed - before + (MORE_BLOCKS << round % DOUBLINGS), word);
        }
    }
    rw_pair_free(&search->match, &stem);
    rw_pair_free(&search->match, &branch);
    return found;
}

bool rw_block_word(const struct rw_machine *machine, const struct rw_net *net, size_t failed,
                   struct rw_progress *progress, struct rw_word *word)
{
    struct search search = {.model = machine->model, .random = rw_random_seed(SEED)};
    rw_match_init(&search.match, machine, net, false, NULL);
    search.zero = symbol_of(search.model, 0);
    search.one = symbol_of(search.model, 1);
    search.order = rw_alloc(search.model->dimension, sizeof *search.order);
    bool found = search_words(&search, failed, progress, word);
    free(search.order);
    rw_match_clear(&search.match);
    return found;
}
