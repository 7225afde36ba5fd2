/* word_problem.c - is a product of permutations the identity (R4)?
 *
 * The automaton is the group that the generators generate: its elements are found by closure, so it depends on the generators only. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "automata/dfa.h"
#include "base/memory.h"
#include "reductions/problems/problems.h"

static const char *const keys[] = {"generators", "word", NULL};

#define MOST_DEGREE 255

struct group {
    size_t degree;
    struct rw_alphabet *names;
    uint8_t *images; /* images[generator * degree + point], from 0 */
    struct rw_word word;
};

static void free_group(void *instance)
{
    struct group *group = instance;
    rw_alphabet_free(group->names);
    rw_word_clear(&group->word);
    free(group->images);
    free(group);
}

/* --- reading --- */

static void read_generator(struct rw_reader *r, const struct rw_yaml *key, const struct rw_yaml *list,
                           struct group *group)
{
    const char *name = rw_read_name(r, key, "generator");
    if (name != NULL)
        rw_alphabet_add(group->names, name);
    if (!rw_read_expect(r, list, RW_YAML_LIST, "the images of 1, 2, ..."))
        return;
    if (group->degree == 0)
        group->degree = list->count;
    if (list->count == 0 || list->count > MOST_DEGREE) {
        rw_read_error(r, list, "a permutation has 1 to %d points, not %zu", MOST_DEGREE, list->count);
        return;
    }
    if (list->count != group->degree) {
        rw_read_error(r, list, "expected the images of %zu points, found %zu", group->degree, list->count);
        return;
    }
    size_t generators = rw_alphabet_size(group->names);
    if (generators == 0)
        return;
    uint8_t taken[MOST_DEGREE] = {0};
    group->images = rw_resize(group->images, generators * group->degree, 1);
    for (size_t i = 0; i < list->count; i++) {
        int64_t image = 0;
        bool good = rw_read_integer(r, list->items[i], &image);
        if (good && (image < 1 || (size_t)image > group->degree))
            rw_read_error(r, list->items[i], "images are 1 to %zu", group->degree);
        else if (good && taken[image - 1])
            rw_read_error(r, list->items[i], "%" PRId64 " is the image of two points: not a permutation", image);
        else if (good)
            taken[image - 1] = 1;
        group->images[(generators - 1) * group->degree + i] = image >= 1 ? (uint8_t)(image - 1) : 0;
    }
}

static void read_word(struct rw_reader *r, struct group *group)
{
    const struct rw_yaml *node = rw_read_key(r, r->top, "word");
    if (node == NULL)
        return;
    if (node->type == RW_YAML_LIST) {
        struct rw_reader symbols = *r;
        symbols.alphabet = group->names;
        for (size_t i = 0; i < node->count; i++) {
            uint32_t symbol;
            if (rw_read_symbol(&symbols, node->items[i], &symbol))
                rw_word_push(&group->word, symbol);
        }
        r->good = r->good && symbols.good;
        return;
    }
    const char *text = rw_read_text(r, node, "a word of generators");
    if (text == NULL)
        return;
    struct rw_source *source = rw_source_text("word", text, strlen(text));
    struct rw_diag *own = rw_diag_new(1);
    if (!rw_word_parse(&group->word, group->names, source, 1, text, strlen(text), r->limits->word_length, own)) {
        rw_problem_word_error(r, node, own);
    }
    rw_diag_free(own);
    rw_source_free(source);
}

static void *read_instance(struct rw_reader *r)
{
    const struct rw_yaml *map = rw_read_key(r, r->top, "generators");
    struct group *group = rw_alloc(1, sizeof *group);
    group->names = rw_alphabet_new();
    rw_word_init(&group->word);
    if (map != NULL && rw_read_expect(r, map, RW_YAML_MAP, "a mapping of names to permutations")) {
        if (map->count == 0)
            rw_read_error(r, map, "there is no generator");
        for (size_t i = 0; i < map->count; i++)
            read_generator(r, map->keys[i], map->items[i], group);
    }
    if (r->good)
        read_word(r, group);
    return group;
}

/* --- the direct answer: follow each point --- */

static void solve(const void *instance, fmpq_t answer)
{
    const struct group *group = instance;
    bool identity = true;
    for (size_t point = 0; point < group->degree && identity; point++) {
        size_t at = point;
        for (size_t i = 0; i < group->word.length; i++)
            at = group->images[group->word.symbols[i] * group->degree + at];
        identity = at == point;
    }
    rw_q_set_int(answer, identity);
}

/* --- the group as an automaton --- */

struct element {
    uint32_t number;
    UT_hash_handle hh;
    uint8_t images[];
};

struct closure {
    const struct group *group;
    struct element *table, **elements;
    size_t count, capacity;
};

static uint32_t number_of(struct closure *c, const uint8_t *images)
{
    struct element *element;
    size_t degree = c->group->degree;
    HASH_FIND(hh, c->table, images, degree, element);
    if (element != NULL)
        return element->number;
    element = rw_alloc(1, sizeof *element + degree);
    element->number = (uint32_t)c->count;
    memcpy(element->images, images, degree);
    HASH_ADD_KEYPTR(hh, c->table, element->images, degree, element);
    c->elements = rw_grow(c->elements, &c->capacity, c->count + 1, sizeof(struct element *));
    c->elements[c->count++] = element;
    return element->number;
}

/* Where the next generator leads from an element: first the element, then the generator. */
static uint32_t times(struct closure *c, size_t element, size_t generator)
{
    uint8_t product[MOST_DEGREE];
    const struct group *group = c->group;
    for (size_t point = 0; point < group->degree; point++)
        product[point] = group->images[generator * group->degree + c->elements[element]->images[point]];
    return number_of(c, product);
}

static char *element_name(const struct closure *c, size_t element)
{
    char *name = rw_strdup("");
    for (size_t point = 0; point < c->group->degree; point++) {
        char *longer = rw_format("%s%s%d", name, c->group->degree > 9 && point > 0 ? "." : "",
                                 c->elements[element]->images[point] + 1);
        free(name);
        name = longer;
    }
    return name;
}

/* Elements and where the generators lead from them, breadth first. NULL: more than `most`. */
static uint32_t *close_group(struct closure *c, uint64_t most)
{
    size_t generators = rw_alphabet_size(c->group->names), next_capacity = 0;
    uint8_t identity[MOST_DEGREE];
    uint32_t *next = NULL;
    for (size_t point = 0; point < c->group->degree; point++)
        identity[point] = (uint8_t)point;
    number_of(c, identity);
    for (size_t e = 0; e < c->count && c->count <= most; e++) {
        next = rw_grow(next, &next_capacity, (e + 1) * generators, sizeof *next);
        for (size_t g = 0; g < generators; g++)
            next[e * generators + g] = times(c, e, g);
    }
    if (c->count <= most)
        return next;
    free(next);
    return NULL;
}

static struct rw_machine *group_machine(const struct closure *c, const uint32_t *next)
{
    size_t generators = rw_alphabet_size(c->group->names);
    struct rw_dfa *dfa = rw_dfa_new(c->count, generators);
    memcpy(dfa->next, next, c->count * generators * sizeof *next);
    dfa->accepting[0] = 1;
    for (size_t e = 0; e < c->count; e++) {
        free(dfa->names[e]);
        dfa->names[e] = element_name(c, e);
    }
    char *name = rw_format("group-of-order-%zu", c->count);
    struct rw_machine *machine = rw_machine_new(&rw_dfa_kind, dfa, rw_alphabet_copy(c->group->names), name,
                                                "accepts the products that are the identity");
    free(name);
    return machine;
}

static bool reduce(const void *instance, const struct rw_limits *limits, struct rw_diag *diag,
                   struct rw_machine **machine, struct rw_word *word)
{
    struct closure c = {.group = instance};
    if (!rw_problem_fits(limits, diag, c.group->word.length))
        return false;
    uint64_t most = limits->transitions / rw_alphabet_size(c.group->names);
    most = most < limits->states ? most : limits->states;
    uint32_t *next = close_group(&c, most);
    if (next == NULL)
        rw_diag_limit(diag, rw_span_none(), limits->states == most ? "states" : "transitions",
                      "the generators make a group of more than %" PRIu64 " elements", most);
    else
        *machine = group_machine(&c, next);
    struct element *element = c.table;
    HASH_CLEAR(hh, c.table);
    while (element != NULL) {
        struct element *following = element->hh.next;
        free(element);
        element = following;
    }
    free(c.elements);
    free(next);
    rw_word_copy(word, &c.group->word);
    return *machine != NULL;
}

static void size(const void *instance, FILE *out)
{
    const struct group *group = instance;
    fprintf(out, "%zu generators on %zu points, a product of %zu", rw_alphabet_size(group->names), group->degree,
            group->word.length);
}

static void write_keys(const void *instance, FILE *out)
{
    const struct group *group = instance;
    fputs("generators:\n", out);
    for (uint32_t g = 0; g < rw_alphabet_size(group->names); g++) {
        fputs("  ", out);
        rw_write_scalar(out, rw_alphabet_name(group->names, g));
        fputs(": [", out);
        for (size_t point = 0; point < group->degree; point++)
            fprintf(out, "%s%d", point > 0 ? ", " : "", group->images[g * group->degree + point] + 1);
        fputs("]\n", out);
    }
    fputs("word: [", out);
    for (size_t i = 0; i < group->word.length; i++) {
        fputs(i > 0 ? ", " : "", out);
        rw_write_scalar(out, rw_alphabet_name(group->names, group->word.symbols[i]));
    }
    fputs("]\n", out);
}

const struct rw_problem_kind rw_problem_word = {
    .name = "word-problem",
    .title = "is a product of permutations the identity?",
    .complexity = "NC1",
    .completeness = "complete for NC1 under AC0 reductions if the group is not solvable, such as S5",
    .reference = "Barrington 1989, Bounded-width polynomial-size branching programs",
    .family = "pd",
    .reduction = "R4: the word itself, read by the automaton of the generated group",
    .keys = keys,
    .read = read_instance,
    .free_instance = free_group,
    .size = size,
    .reduce = reduce,
    .solve = solve,
    .write = write_keys,
};
