/* walk.c - all words up to a length, by one depth-first walk of the tree of words.
 *
 * A node is a word; it holds a cursor. Going down an edge copies the node's cursor and steps the copy, so a word costs
 * one step whatever its length; the last child takes its parent's cursor over instead of copying it. No subtree is
 * skipped because a pair of configuration and state comes back: every word is visited and counted. */
#include "verify/session.h"

#include <stdlib.h>

#include "base/memory.h"

/* A node with children still to be visited. */
struct node {
    struct rw_cursor cursor;
    size_t depth;
    uint32_t next; /* the next child's symbol */
};

struct walk {
    struct rw_session *session;
    uint32_t symbols;
    size_t limit; /* longest words of interest: below the shortest counterexample so far */
    uint32_t *word;
    uint64_t *words; /* words visited of each length */
    size_t *bits;    /* most bits met at each length */
    struct node *nodes;
    size_t made, capacity; /* the nodes up to `made` have cursors */
    uint64_t steps;
};

/* The node above `top`, with a cursor to copy to. */
static struct node *node_above(struct walk *walk, size_t top)
{
    if (top + 1 == walk->made) {
        walk->nodes = rw_grow(walk->nodes, &walk->capacity, walk->made + 1, sizeof *walk->nodes);
        walk->nodes[walk->made++] = (struct node){0};
    }
    return walk->nodes + top + 1;
}

static bool oracle_agrees(struct walk *walk, const struct node *node)
{
    struct rw_session *session = walk->session;
    if (session->oracle == NULL || node->depth > session->oracle_length)
        return true;
    if (node->depth > 0)
        rw_oracle_set(session->oracle, node->depth - 1, walk->word[node->depth - 1]);
    return rw_session_oracle_agrees(session, &node->cursor, node->depth);
}

/* Notes a node that was just entered; `agree`: both sides say the same there. */
static inline void note(struct walk *walk, struct node *node, bool agree)
{
    struct rw_session *session = walk->session;
    size_t depth = node->depth, bits = node->cursor.bits;
    walk->words[depth]++;
    if (bits > walk->bits[depth]) {
        walk->bits[depth] = bits;
        if (!rw_session_bits_fit(session, depth, bits))
            return;
    }
    if (agree && (session->oracle == NULL || oracle_agrees(walk, node)))
        return;
    if (agree)
        rw_session_oracle_differs(session, &node->cursor, walk->word, depth);
    else
        rw_session_found(session, &node->cursor, walk->word, depth);
    /* From here on only shorter words matter; among equally long ones this is the first in the order of symbols. */
    walk->limit = depth == 0 ? 0 : depth - 1;
}

/* The next child of the node at `top`; returns where it is: above, or in its parent's place if it is the last one. */
static inline size_t enter_child(struct walk *walk, size_t top)
{
    struct rw_atlas *atlas = &walk->session->atlas;
    struct node *child = walk->nodes + top;
    size_t depth = child->depth;
    uint32_t symbol = child->next++;
    if (symbol + 1 < walk->symbols) {
        child = node_above(walk, top); /* the list may have moved */
        rw_cursor_copy(atlas, &child->cursor, &walk->nodes[top].cursor);
        top++;
    }
    walk->word[depth] = symbol;
    child->depth = depth + 1;
    child->next = 0;
    walk->steps++;
    bool agree = rw_cursor_step(atlas, &child->cursor, symbol);
    note(walk, child, agree);
    return top;
}

static void walk_all(struct walk *walk)
{
    struct rw_session *session = walk->session;
    size_t top = 0;
    note(walk, walk->nodes, rw_cursor_start(&session->atlas, &walk->nodes->cursor));
    for (;;) {
        while (walk->nodes[top].depth >= walk->limit || walk->nodes[top].next == walk->symbols) {
            if (top == 0)
                return;
            top--;
        }
        top = enter_child(walk, top);
        bool pause = walk->steps % RW_STEPS_BETWEEN_REPORTS == 0;
        if (session->failed || (pause && !rw_session_goes_on(session, walk->steps)))
            return;
    }
}

/* What was walked goes to the report. The lengths of which every word was visited stand for themselves even if the walk
 * was cut short. */
static void report_walk(const struct walk *walk, size_t length)
{
    struct rw_session *session = walk->session;
    struct rw_verify_report *report = session->report;
    uint64_t whole = 1, words = walk->words[0];
    size_t complete = 0;
    bool gap = false;
    rw_session_note_bits(session, 0, walk->bits[0]);
    for (size_t l = 1; l <= length && walk->words[l] > 0; l++) {
        gap |= __builtin_mul_overflow(whole, (uint64_t)walk->symbols, &whole) || walk->words[l] < whole;
        if (!gap)
            complete = l;
        words += walk->words[l];
        rw_session_note_bits(session, l, walk->bits[l]);
    }
    if (complete > report->length)
        report->length = complete;
    if (words > report->exhaustive_words)
        report->exhaustive_words = words;
    report->steps += walk->steps;
}

void rw_walk_words(struct rw_session *session, size_t length)
{
    struct walk walk = {.session = session, .limit = length};
    walk.symbols = (uint32_t)rw_alphabet_size(session->match.machine->alphabet);
    walk.word = rw_alloc(length, sizeof *walk.word);
    walk.words = rw_alloc(length + 1, sizeof *walk.words);
    walk.bits = rw_alloc(length + 1, sizeof *walk.bits);
    walk.nodes = rw_grow(NULL, &walk.capacity, 1, sizeof *walk.nodes);
    walk.nodes[walk.made++] = (struct node){0};
    walk_all(&walk);
    report_walk(&walk, length);
    for (size_t i = 0; i < walk.made; i++)
        rw_cursor_clear(&session->atlas, &walk.nodes[i].cursor);
    free(walk.nodes);
    free(walk.word);
    free(walk.words);
    free(walk.bits);
}
