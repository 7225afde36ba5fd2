/* regex_positions.c - the position automaton of a pattern (Glushkov 1961).
 *
 * For each part of a pattern: is the empty word in it, which positions can begin it (first), which can end it (last).
 * A word is accepted iff it spells a path of positions from first to last whose neighbours follow one another: in a
 * concatenation r s every last(r) is followed by every first(s), in a repetition r* every last(r) by every first(r).
 * r{m,n} is unfolded into n copies, those after the m-th optional. */
#include "automata/regex_tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* A set of positions, as a list: parts have disjoint ones, so union is appending. */
struct positions {
    uint32_t *list;
    size_t count, capacity;
};

struct part {
    bool nullable;
    struct positions first, last;
};

struct construction {
    const struct rw_regex_text *text;
    const struct rw_regex_node **leaf; /* of each position: the symbols it stands for */
    uint32_t count;                    /* of states: the start and the positions so far */
    struct rw_nfa *nfa;
    bool good;
};

static uint64_t copies_of(const struct rw_regex_node *repeat)
{
    if (repeat->most != RW_REGEX_UNBOUNDED)
        return repeat->most;
    return repeat->least == 0 ? 1 : repeat->least;
}

/* The positions a tree unfolds to; as soon as there are too many, a report at the innermost node to blame. */
static uint64_t count_positions(struct construction *c, const struct rw_regex_node *node)
{
    uint64_t count = node->op == RW_REGEX_SYMBOLS, most = c->text->limits->positions;
    for (size_t i = 0; node->op != RW_REGEX_SYMBOLS && i < node->count && c->good; i++)
        count += count_positions(c, node->parts[i]);
    if (node->op == RW_REGEX_REPEAT && __builtin_mul_overflow(count, copies_of(node), &count))
        count = UINT64_MAX;
    if (count > most && c->good) {
        rw_regex_limit(c->text, node->byte, "positions", "repetitions unfolded, the pattern has", most);
        c->good = false;
    }
    return count;
}

/* --- parts --- */

static void add_all(struct positions *to, const struct positions *from)
{
    to->list = rw_grow(to->list, &to->capacity, to->count + from->count, sizeof *to->list);
    if (from->count > 0)
        memcpy(to->list + to->count, from->list, from->count * sizeof *to->list);
    to->count += from->count;
}

static void part_free(struct part *part)
{
    free(part->first.list);
    free(part->last.list);
    *part = (struct part){0};
}

/* Moves from a state to a position: one for each symbol that the position stands for. */
static void lead(struct construction *c, uint32_t from, uint32_t position)
{
    const struct rw_regex_node *leaf = c->leaf[position];
    uint64_t most = c->text->limits->transitions;
    if (c->good && c->nfa->edge_count + leaf->count > most) {
        rw_regex_limit(c->text, leaf->byte, "transitions", "the position automaton has", most);
        c->good = false;
    }
    for (size_t i = 0; c->good && i < leaf->count; i++)
        rw_nfa_add(c->nfa, from, leaf->symbols[i], position);
}

static void follow(struct construction *c, const struct positions *last, const struct positions *first)
{
    for (size_t i = 0; i < last->count && c->good; i++)
        for (size_t j = 0; j < first->count && c->good; j++)
            lead(c, last->list[i], first->list[j]);
}

/* whole <- whole next; next is used up. */
static void concatenate(struct construction *c, struct part *whole, struct part *next)
{
    follow(c, &whole->last, &next->first);
    if (whole->nullable)
        add_all(&whole->first, &next->first);
    if (next->nullable)
        add_all(&next->last, &whole->last);
    free(whole->last.list);
    whole->last = next->last;
    whole->nullable = whole->nullable && next->nullable;
    free(next->first.list);
    *next = (struct part){0};
}

/* whole <- whole | next; next is used up. */
static void alternate(struct part *whole, struct part *next)
{
    add_all(&whole->first, &next->first);
    add_all(&whole->last, &next->last);
    whole->nullable = whole->nullable || next->nullable;
    part_free(next);
}

/* --- trees --- */

static struct part part_of(struct construction *c, const struct rw_regex_node *node);

static struct part position(struct construction *c, const struct rw_regex_node *leaf)
{
    struct part part = {0};
    uint32_t number = c->count++;
    struct positions one = {&number, 1, 1};
    c->leaf[number] = leaf;
    add_all(&part.first, &one);
    add_all(&part.last, &one);
    return part;
}

static struct part repeat(struct construction *c, const struct rw_regex_node *node)
{
    struct part whole = {.nullable = true};
    uint64_t copies = copies_of(node);
    for (uint64_t i = 0; i < copies && c->good; i++) {
        struct part copy = part_of(c, node->parts[0]);
        if (copy.first.count == 0) { /* the empty word alone, however often */
            part_free(&copy);
            break;
        }
        if (i + 1 == copies && node->most == RW_REGEX_UNBOUNDED)
            follow(c, &copy.last, &copy.first);
        if (i >= node->least)
            copy.nullable = true;
        concatenate(c, &whole, &copy);
    }
    return whole;
}

static struct part part_of(struct construction *c, const struct rw_regex_node *node)
{
    if (node->op == RW_REGEX_SYMBOLS)
        return position(c, node);
    if (node->op == RW_REGEX_REPEAT)
        return repeat(c, node);
    struct part whole = {.nullable = node->op == RW_REGEX_SEQUENCE};
    for (size_t i = 0; i < node->count && c->good; i++) {
        struct part next = part_of(c, node->parts[i]);
        if (node->op == RW_REGEX_SEQUENCE)
            concatenate(c, &whole, &next);
        else
            alternate(&whole, &next);
    }
    return whole;
}

struct rw_nfa *rw_regex_positions(const struct rw_regex_text *text, const struct rw_regex_node *root, size_t symbols)
{
    struct construction c = {.text = text, .count = 1, .good = true};
    uint64_t states = count_positions(&c, root) + 1;
    if (!c.good)
        return NULL;
    c.leaf = rw_alloc(states, sizeof(const struct rw_regex_node *));
    c.nfa = rw_nfa_new(states, symbols);
    struct part whole = part_of(&c, root);
    for (size_t i = 0; i < whole.first.count; i++)
        lead(&c, 0, whole.first.list[i]);
    c.nfa->initial[0] = 1;
    c.nfa->accepting[0] = whole.nullable;
    for (size_t i = 0; i < whole.last.count; i++)
        c.nfa->accepting[whole.last.list[i]] = 1;
    part_free(&whole);
    free(c.leaf);
    if (!c.good) {
        rw_nfa_free(c.nfa);
        return NULL;
    }
    rw_nfa_seal(c.nfa);
    return c.nfa;
}
