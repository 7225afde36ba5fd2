/* turing_compact.c - Turing machines in the one-line form that the busy beaver literature writes. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "spec/turing.h"

/* States are letters, tape letters are digits. */
#define MOST_STATES  26
#define MOST_LETTERS 10
/* Characters of one entry: what is written, the move, the next state. */
#define ENTRY 3

/* An error at the character `at` of the text. */
static bool bad(struct rw_reader *r, const struct rw_yaml *node, size_t at, const char *what)
{
    r->good = false;
    if (at < node->length)
        rw_diag_error(r->diag, rw_read_place(node, at, 1), "expected %s, found '%c'", what, node->text[at]);
    else
        rw_diag_error(r->diag, rw_read_place(node, 0, node->length), "the machine ends early: expected %s", what);
    rw_diag_hint(
        r->diag,
        "1RB1LA_1LA1RZ: for each state (A, B, ...) and letter (0, 1, ...) the letter to write, L or R, and the "
        "next state; --- where there is none");
    return false;
}

/* Rows and entries of a row. */
static bool measure(struct rw_reader *r, const struct rw_yaml *node, size_t *rows, size_t *cols)
{
    const char *text = node->text;
    size_t length = strlen(text), width = strcspn(text, "_");
    *cols = width / ENTRY;
    *rows = (length + 1) / (width + 1);
    if (width == 0 || width % ENTRY != 0 || *cols > MOST_LETTERS)
        return bad(r, node, width, "rows of 1 to 10 entries of 3 characters");
    if (*rows > MOST_STATES)
        return bad(r, node, MOST_STATES * (width + 1), "at most 26 rows");
    for (size_t row = 0; row < *rows; row++) {
        size_t end = row * (width + 1) + width;
        for (size_t i = end - width; i < end; i++)
            if (i >= length || text[i] == '_')
                return bad(r, node, i, "rows of the same length");
        if (end < length && text[end] != '_')
            return bad(r, node, end, "'_' between rows");
    }
    if (*rows * (width + 1) != length + 1)
        return bad(r, node, *rows * (width + 1) - 1, "rows of the same length");
    return true;
}

struct compact {
    struct rw_reader *r;
    const struct rw_yaml *node;
    size_t rows, cols;
    uint32_t halting[MOST_STATES]; /* the number of a state without a row; 0: not met */
    size_t states;
};

/* One entry, at `at`. */
static bool check_entry(struct compact *c, size_t at)
{
    const char *entry = c->node->text + at;
    if (memcmp(entry, "---", ENTRY) == 0)
        return true;
    if (entry[0] < '0' || entry[0] >= '0' + (int)c->cols)
        return bad(c->r, c->node, at, "a letter of the tape, one digit for each column");
    if (entry[1] != 'L' && entry[1] != 'R')
        return bad(c->r, c->node, at + 1, "L or R");
    if (entry[2] < 'A' || entry[2] > 'Z')
        return bad(c->r, c->node, at + 2, "a state from A to Z");
    size_t state = (size_t)(entry[2] - 'A');
    if (state >= c->rows && c->halting[state] == 0)
        c->halting[state] = (uint32_t)c->states++;
    return true;
}

static void fill(const struct compact *c, struct rw_turing *machine)
{
    for (size_t q = 0; q < c->rows; q++)
        for (size_t l = 0; l < c->cols; l++) {
            const char *entry = c->node->text + (q * c->cols + l) * ENTRY + q;
            if (entry[0] == '-')
                continue;
            size_t to = (size_t)(entry[2] - 'A');
            *rw_turing_step_at(machine, (uint32_t)q, (uint32_t)l) =
                (struct rw_turing_step){.to = to < c->rows ? (uint32_t)to : c->halting[to],
                                        .write = (uint32_t)(entry[0] - '0'),
                                        .move = entry[1] == 'L' ? RW_LEFT : RW_RIGHT,
                                        .defined = 1};
        }
    for (size_t s = 0; s < MOST_STATES; s++) {
        size_t number = s < c->rows ? s : c->halting[s];
        if (s >= c->rows && number == 0)
            continue;
        free(machine->state_names[number]);
        machine->state_names[number] = rw_format("%c", (int)('A' + s));
        if (s >= c->rows)
            machine->halts[number] = 1;
    }
}

struct rw_turing *rw_turing_read_compact(struct rw_reader *r, const struct rw_yaml *node)
{
    struct compact c = {.r = r, .node = node};
    bool good = rw_read_text(r, node, "a machine like 1RB1LA_1LA1RZ") != NULL && measure(r, node, &c.rows, &c.cols);
    if (!good)
        return NULL;
    c.states = c.rows;
    for (size_t q = 0; q < c.rows; q++)
        for (size_t l = 0; l < c.cols; l++)
            good = check_entry(&c, (q * c.cols + l) * ENTRY + q) && good;
    if (!good)
        return NULL;
    struct rw_turing *machine = rw_turing_new(c.states, rw_alphabet_size(r->alphabet), c.cols);
    fill(&c, machine);
    return machine;
}
