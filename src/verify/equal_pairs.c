/* equal_pairs.c - equality for all words where there are finitely many pairs of configuration and network state: all of them are visited.
 *
 * Any kind of machine, any family: what follows depends on the pair only. */
#include <inttypes.h>
#include <stdlib.h>

#include "automata/nfa.h"
#include "automata/regex.h"
#include "base/memory.h"
#include "verify/equal.h"
#include "verify/key.h"
#include "verify/match.h"
#include "verify/numbering.h"

/* More pairs than this are not waited for: of finite automata, and of machines whose numbers are likely to grow for ever. */
#define MOST_PAIRS         20000
#define MOST_GROWING_PAIRS 2000
#define MOST_WORK          UINT64_C(4000000000)
#define MOST_BYTES         (256u << 20) /* of their keys */

struct visited {
    uint32_t parent, symbol; /* the first way here */
};

struct exploration {
    struct rw_match match;
    struct rw_numbering pairs;
    struct visited *list;
    size_t count, capacity, most, bytes;
    uint64_t steps, most_steps;
    struct rw_pair at, after; /* runs: at the pair whose steps are taken, and after one of them */
    uint32_t standing;        /* the number of the pair where the runs `at` are */
    struct rw_vector configuration, both;
    uint32_t symbols, *numbers; /* of the pairs after each symbol */
    rw_visited_put *put;
    void *context;
};

/* Where the runs `after` stand, and the number of that pair. false: the sides differ there. */
static bool visit(struct exploration *e, uint32_t parent, uint32_t symbol, uint32_t *number, bool *full)
{
    size_t size;
    bool agree = rw_match_agrees(&e->match, &e->after);
    rw_pair_vector(&e->match, &e->after, &e->configuration, &e->both);
    char *key = rw_vector_key(&e->both, &size);
    *number = (uint32_t)e->count;
    bool known = rw_numbering_find(&e->pairs, key, size, number);
    *full = !known && (e->count == e->most || e->bytes > MOST_BYTES);
    if (known || *full) {
        free(key);
        return agree;
    }
    rw_numbering_add(&e->pairs, key, size, *number);
    e->list = rw_grow(e->list, &e->capacity, e->count + 1, sizeof *e->list);
    e->list[e->count++] = (struct visited){parent, symbol};
    e->bytes += size;
    return agree;
}

/* A step costs at most the weights: large networks are not waited for longer than small ones. */
static uint64_t affordable_steps(const struct rw_net *net)
{
    struct rw_net_size size = rw_net_size(net);
    return MOST_WORK / (size.nonzeros + 1) + 1000;
}

/* The runs `at` go to a pair, from where they are or from the start, by its shortest word: words are short where there are many pairs, runs are large. */
static void go_to(struct exploration *e, uint32_t to)
{
    struct rw_word word;
    uint32_t at = to;
    rw_word_init(&word);
    for (; at != 0 && at != e->standing; at = e->list[at].parent)
        rw_word_push(&word, e->list[at].symbol);
    if (at != e->standing || at == 0)
        rw_pair_start(&e->match, &e->at);
    e->standing = to;
    e->steps += word.length;
    for (size_t i = word.length; i-- > 0;)
        rw_pair_step(&e->match, &e->at, word.symbols[i]);
    rw_word_clear(&word);
}

static void tell_word(const struct exploration *e, uint32_t at, uint32_t last, struct rw_word *word)
{
    rw_word_push(word, last);
    for (; at != 0; at = e->list[at].parent)
        rw_word_push(word, e->list[at].symbol);
    rw_word_reverse(word, 0);
}

static void forget(struct exploration *e)
{
    rw_numbering_clear(&e->pairs);
    free(e->list);
    free(e->numbers);
    rw_vector_clear(&e->configuration);
    rw_vector_clear(&e->both);
    rw_pair_free(&e->match, &e->at);
    rw_pair_free(&e->match, &e->after);
    rw_match_clear(&e->match);
}

/* The pair at which the runs `at` stand is put. false: no more are wanted. */
static bool put_pair(struct exploration *e)
{
    if (e->put == NULL)
        return true;
    rw_pair_vector(&e->match, &e->at, &e->configuration, &e->both);
    return e->put(e->context, &e->both, e->configuration.size, e->numbers, e->symbols);
}

/* All symbols from one pair. */
static enum rw_equality take_steps(struct exploration *e, uint32_t at, struct rw_progress *progress,
                                   struct rw_word *word, FILE *why)
{
    bool full;
    go_to(e, at);
    for (uint32_t a = 0; a < e->symbols; a++) {
        rw_pair_copy(&e->match, &e->after, &e->at);
        rw_pair_step(&e->match, &e->after, a);
        if (!visit(e, at, a, e->numbers + a, &full)) {
            tell_word(e, at, a, word);
            return RW_DIFFERENT;
        }
        if (full || e->steps > e->most_steps || !rw_progress_report(progress, "pairs", e->count, 0)) {
            if (why != NULL)
                fprintf(why, "there are more than %zu pairs of configuration and network state", e->count);
            return RW_UNDECIDED;
        }
    }
    if (put_pair(e))
        return RW_EQUAL;
    if (why != NULL)
        fputs("the pairs are too large to be written down", why);
    return RW_UNDECIDED;
}

static enum rw_equality explore(struct exploration *e, struct rw_progress *progress, struct rw_word *word, FILE *why)
{
    bool full = false;
    uint32_t first;
    if (!visit(e, 0, 0, &first, &full))
        return RW_DIFFERENT;
    enum rw_equality result = RW_EQUAL;
    for (uint32_t at = 0; at < e->count && result == RW_EQUAL; at++)
        result = take_steps(e, at, progress, word, why);
    if (result == RW_EQUAL && why != NULL)
        fprintf(why, "all %zu pairs of configuration and network state that can be reached were visited", e->count);
    return result;
}

enum rw_equality rw_equal_pairs(const struct rw_machine *machine, const struct rw_net *net,
                                const struct rw_limits *limits, struct rw_progress *progress, struct rw_word *word,
                                rw_visited_put *put, void *context, FILE *why)
{
    bool finite = machine->kind == &rw_dfa_kind || machine->kind == &rw_nfa_kind || machine->kind == &rw_regex_kind;
    uint64_t most = finite ? MOST_PAIRS : MOST_GROWING_PAIRS;
    struct exploration e = {.most = limits->cells < most ? limits->cells : most,
                            .symbols = (uint32_t)rw_alphabet_size(machine->alphabet),
                            .put = put,
                            .context = context};
    rw_match_init(&e.match, machine, net, false, NULL);
    rw_vector_init(&e.configuration, machine->kind->quantities(machine->model));
    rw_vector_init(&e.both, e.configuration.size + rw_net_coordinate(net, net->layer_count, 0));
    e.most_steps = affordable_steps(net);
    e.numbers = rw_alloc(e.symbols, sizeof *e.numbers);
    e.at = rw_pair_new(&e.match);
    e.after = rw_pair_new(&e.match);
    enum rw_equality result = explore(&e, progress, word, why);
    forget(&e);
    return result;
}
