/* cell_words.c - words u a a a ..., watched for the cells in which an induction fails.
 *
 * The words of a machine that is clocked are its input and then clock tokens; those of other machines are seldom exhausted by that, but
 * long runs of one letter after something short come far in them too. First many u with short runs, then few with long ones. */
#include "verify/cell_words.h"

#include <stdlib.h>

#include "base/memory.h"
#include "verify/equal_modes.h"
#include "verify/match.h"

/* Words u and letters a after each, in both rounds. */
#define MANY_STEMS 20000
#define SHORT_RUN  400
#define FEW_STEMS  16
#define MOST_STEPS (UINT64_C(1) << 26) /* of the machine, in the second round */
/* Steps of both sides, in all; to a cell this far both run from the start. */
#define MOST_BOTH 60000
#define FAR       2000
/* Letters after a cell: what goes wrong there may show up later. */
#define GOING_ON 48
/* A cell is tried at its visits 1, 2, 4, ...: it may be harmless with some numbers. */
#define MOST_VISITS  2048
#define REPORT_EVERY (1 << 16)

struct search {
    const struct rw_machine *machine;
    const struct rw_net *net;
    struct rw_progress *progress;
    struct rw_mode_proof proof;
    struct rw_mode_table table;
    struct rw_mode_run stem, run;
    struct rw_match match;
    struct rw_pair pair, branch;
    uint16_t *visits;    /* of each cell */
    struct rw_word word; /* u */
    uint64_t both;       /* steps of both sides so far */
    bool sound;          /* the run came through no marked cell so far */
    bool found, stopped;
    struct rw_counterexample *counterexample;
};

static bool is_over(const struct search *s)
{
    return s->found || s->stopped;
}

/* --- both sides --- */

/* Reads a letter so many times, until the sides differ: then `read` says after how many. */
static bool differ_within(struct search *s, struct rw_pair *pair, uint32_t letter, uint64_t times, uint64_t *read)
{
    for (*read = 1; *read <= times; ++*read) {
        rw_pair_step(&s->match, pair, letter);
        s->both++;
        if (!rw_match_agrees(&s->match, pair))
            return true;
    }
    return false;
}

/* The sides differ at the end of the word, whose last letter comes `again` times more. */
static void note_difference(struct search *s, const struct rw_pair *pair, const struct rw_word *word, uint64_t again)
{
    s->found = rw_match_describe(&s->match, pair, s->counterexample);
    rw_word_copy(&s->counterexample->word, word);
    if (s->word.length + again > FAR) {
        s->counterexample->again =
            again; /* of one letter, all shorter words are prefixes, on which verdicts are proved */
        s->counterexample->shortest = s->table.modes->symbols == 1 && s->counterexample->kind == RW_DIFFER_OUTPUT;
        return;
    }
    for (uint64_t i = 0; i < again; i++)
        rw_word_push(&s->counterexample->word, word->symbols[word->length - 1]);
}

/* Reads the word from the start, until the sides differ: there it ends then. */
static bool differ_on(struct search *s, struct rw_word *word)
{
    uint64_t read;
    rw_pair_start(&s->match, &s->pair);
    for (size_t i = 0; i < word->length; i++)
        if (differ_within(s, &s->pair, word->symbols[i], 1, &read)) {
            word->length = i + 1;
            return true;
        }
    return false;
}

/* u a^times, the letter of the cell, and then each letter for a while. */
static void try_near(struct search *s, uint32_t letter, uint64_t times, uint32_t symbol)
{
    uint64_t read;
    struct rw_word word;
    rw_word_init(&word);
    rw_word_copy(&word, &s->word);
    for (uint64_t i = 0; i < times; i++)
        rw_word_push(&word, letter);
    rw_word_push(&word, symbol);
    if (differ_on(s, &word))
        note_difference(s, &s->pair, &word, 0);
    for (uint32_t next = 0; next < s->table.modes->symbols && !s->found; next++) {
        rw_pair_copy(&s->match, &s->branch, &s->pair);
        if (!differ_within(s, &s->branch, next, GOING_ON, &read))
            continue;
        rw_word_push(&word, next);
        note_difference(s, &s->branch, &word, read - 1);
    }
    rw_word_clear(&word);
}

/* The network's state is the claim's, at the numbers of the run. */
static void put_claimed_state(struct search *s)
{
    const struct rw_affine *map = &s->proof.claims[s->run.mode].map;
    struct rw_vector state;
    fmpq_t value;
    rw_vector_init(&state, map->part->size);
    fmpq_init(value);
    rw_vector_copy(&state, map->part);
    for (size_t i = 0; i < map->counters; i++) {
        rw_mode_run_value(&s->run, i, value);
        const struct rw_vector *slope = map->part + 1 + i;
        for (size_t k = 0; k < slope->count; k++)
            rw_vector_addmul(&state, slope->touched[k], value, slope->value + slope->touched[k]);
    }
    rw_run_put_state(s->pair.net, &state);
    fmpq_clear(value);
    rw_vector_clear(&state);
}

/* u a^times came through no cell that fails, so that the claim holds. The machine runs there by itself. */
static void try_far(struct search *s, uint32_t letter, uint64_t times)
{
    const struct rw_machine_kind *kind = s->machine->kind;
    kind->run_start(s->machine->model, s->pair.machine);
    for (size_t i = 0; i < s->word.length; i++)
        kind->step(s->machine->model, s->pair.machine, s->word.symbols[i]);
    for (uint64_t i = 0; i < times; i++)
        kind->step(s->machine->model, s->pair.machine, letter);
    put_claimed_state(s);
    uint64_t read;
    if (!differ_within(s, &s->pair, letter, GOING_ON, &read))
        return;
    struct rw_word word;
    rw_word_init(&word);
    rw_word_copy(&word, &s->word);
    rw_word_push(&word, letter);
    note_difference(s, &s->pair, &word, times + read - 1);
    rw_word_clear(&word);
}

/* --- the machine --- */

/* The run stands after u a^times. */
static void look_at_cells(struct search *s, uint32_t letter, uint64_t times)
{
    bool near = s->word.length + times <= FAR;
    for (uint32_t symbol = 0; symbol < s->table.modes->symbols && !is_over(s); symbol++) {
        size_t cell = rw_mode_run_cell(&s->run, symbol);
        if (!s->table.marked[cell] || s->visits[cell] == MOST_VISITS)
            continue;
        uint16_t visits = ++s->visits[cell];
        if ((visits & (visits - 1)) != 0)
            continue;
        if (near)
            try_near(s, letter, times, symbol);
        else if (s->sound && symbol == letter)
            try_far(s, letter, times);
        s->stopped = s->both > MOST_BOTH;
    }
}

static void step(struct search *s, struct rw_mode_run *run, uint32_t symbol)
{
    s->sound = s->sound && !s->table.marked[rw_mode_run_cell(run, symbol)];
    rw_mode_run_step(run, symbol);
}

/* a, up to `most` times, from where the stem stands, until nothing changes any more. */
static void run_letter(struct search *s, uint32_t letter, uint64_t most)
{
    bool sound = s->sound;
    rw_mode_run_copy(&s->run, &s->stem);
    for (uint64_t i = 0; i <= most && !is_over(s); i++) {
        if (s->table.watched[s->run.row])
            look_at_cells(s, letter, i);
        if (rw_mode_run_is_dead(&s->run) || rw_mode_run_rests(&s->run, letter))
            break;
        step(s, &s->run, letter);
        if (i % REPORT_EVERY == 0 && !rw_progress_report(s->progress, "steps of the machine", i, most))
            s->stopped = true;
    }
    s->sound = sound;
}

/* Moves the stem to u. */
static void run_stem(struct search *s)
{
    s->sound = true;
    rw_mode_run_start(&s->stem);
    for (size_t i = 0; i < s->word.length; i++)
        step(s, &s->stem, s->word.symbols[i]);
}

/* The next word in order of length, then of letters. */
static void next_word(struct rw_word *word, uint32_t symbols)
{
    size_t i = word->length;
    while (i > 0 && word->symbols[i - 1] + 1 == symbols)
        word->symbols[--i] = 0;
    if (i > 0)
        word->symbols[i - 1]++;
    else
        rw_word_push(word, 0);
}

static void run_stems(struct search *s, size_t stems, uint64_t most)
{
    uint32_t symbols = (uint32_t)s->table.modes->symbols;
    s->word.length = 0;
    for (size_t i = 0; i < stems && !is_over(s); i++, next_word(&s->word, symbols)) {
        run_stem(s);
        for (uint32_t letter = 0; letter < symbols && !rw_mode_run_is_dead(&s->stem) && !is_over(s); letter++)
            run_letter(s, letter, most);
    }
}

/* Of one letter there is only one run. */
static void run_all(struct search *s)
{
    size_t symbols = s->table.modes->symbols;
    if (symbols > 1)
        run_stems(s, MANY_STEMS, SHORT_RUN);
    size_t stems = symbols > 1 ? FEW_STEMS : 1;
    run_stems(s, stems, MOST_STEPS / (stems * symbols));
}

static void open_search(struct search *s, bool states)
{
    rw_match_init(&s->match, s->machine, s->net, states, NULL);
    s->pair = rw_pair_new(&s->match);
    s->branch = rw_pair_new(&s->match);
    s->visits = rw_alloc(s->table.rows * s->table.modes->symbols, sizeof *s->visits);
    rw_mode_run_init(&s->stem, &s->table);
    rw_mode_run_init(&s->run, &s->table);
    rw_word_init(&s->word);
}

static void close_search(struct search *s)
{
    rw_word_clear(&s->word);
    rw_mode_run_clear(&s->stem);
    rw_mode_run_clear(&s->run);
    free(s->visits);
    rw_pair_free(&s->match, &s->pair);
    rw_pair_free(&s->match, &s->branch);
    rw_match_clear(&s->match);
}

bool rw_cell_word(const struct rw_machine *machine, const struct rw_net *net, bool states,
                  const struct rw_limits *limits, struct rw_progress *progress, struct rw_counterexample *found)
{
    struct search s = {.machine = machine, .net = net, .progress = progress, .counterexample = found};
    *found = (struct rw_counterexample){0};
    if (rw_modes_claim(machine, net, states, limits, progress, &s.proof, &s.table) && s.table.marks > 0) {
        open_search(&s, states);
        run_all(&s);
        close_search(&s);
    }
    rw_mode_table_clear(&s.table);
    rw_mode_proof_clear(&s.proof);
    return s.found;
}
