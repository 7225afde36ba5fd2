/* boolean_formula.c - the value of a Boolean formula, by Barrington's theorem (R3).
 *
 * A formula f and a 5-cycle c become a word whose product is c if f is true and the identity if not:
 *   leaf    c or the identity
 *   !g      the word of g and c^-1, its last letter times c
 *   g & h   the words of (g, a) (h, b) (g, a^-1) (h, b^-1), where the commutator a b a^-1 b^-1 is c
 * Products go in reading order. g | h is !(!g & !h), g -> h is !(g & !h), and g ^ h is !(!(g & !h) & !(!g & h)). */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "automata/dfa.h"
#include "base/memory.h"
#include "reductions/problems/formula.h"
#include "reductions/problems/problems.h"

static const char *const keys[] = {"formula", "assignment", NULL};

#define POINTS   5
#define ELEMENTS 120

/* S5: its elements in lexical order of their images. */
struct s5 {
    uint8_t images[ELEMENTS][POINTS];
    uint8_t times[ELEMENTS][ELEMENTS]; /* first the one, then the other */
    uint8_t inverse[ELEMENTS];
    uint8_t commutator[ELEMENTS][2]; /* of a 5-cycle c: 5-cycles a and b with a b a^-1 b^-1 = c */
};

static void list_elements(struct s5 *s5)
{
    uint8_t digits[POINTS] = {0};
    for (size_t e = 0; e < ELEMENTS; e++) {
        bool taken[POINTS] = {false};
        size_t rest = e, weight = ELEMENTS;
        for (size_t i = 0; i < POINTS; i++) {
            weight /= POINTS - i;
            digits[i] = (uint8_t)(rest / weight);
            rest %= weight;
            uint8_t image = 0;
            for (uint8_t skipped = 0; taken[image] || skipped < digits[i]; image++)
                skipped += !taken[image];
            taken[image] = true;
            s5->images[e][i] = image;
        }
    }
}

static uint8_t element_of(const struct s5 *s5, const uint8_t *images)
{
    uint8_t e = 0;
    while (memcmp(s5->images[e], images, POINTS) != 0)
        e++;
    return e;
}

static bool is_cycle(const struct s5 *s5, uint8_t e)
{
    uint8_t at = 0, length = 0;
    do {
        at = s5->images[e][at];
        length++;
    } while (at != 0);
    return length == POINTS;
}

/* There are some for every 5-cycle. */
static void find_commutators(struct s5 *s5)
{
    for (uint8_t a = 0; a < ELEMENTS; a++)
        for (uint8_t b = 0; is_cycle(s5, a) && b < ELEMENTS; b++) {
            uint8_t c = s5->times[s5->times[a][b]][s5->times[s5->inverse[a]][s5->inverse[b]]];
            if (!is_cycle(s5, b) || s5->commutator[c][0] != 0)
                continue;
            s5->commutator[c][0] = a;
            s5->commutator[c][1] = b;
        }
}

static struct s5 *make_s5(void)
{
    struct s5 *s5 = rw_alloc(1, sizeof *s5);
    list_elements(s5);
    for (size_t a = 0; a < ELEMENTS; a++)
        for (size_t b = 0; b < ELEMENTS; b++) {
            uint8_t product[POINTS];
            for (size_t point = 0; point < POINTS; point++)
                product[point] = s5->images[b][s5->images[a][point]];
            s5->times[a][b] = element_of(s5, product);
            if (s5->times[a][b] == 0)
                s5->inverse[a] = (uint8_t)b;
        }
    find_commutators(s5);
    return s5;
}

/* 1 -> 2 -> 3 -> 4 -> 5 -> 1 */
static uint8_t a_cycle(const struct s5 *s5)
{
    return element_of(s5, (const uint8_t[]){1, 2, 3, 4, 0});
}

/* --- the program --- */

struct program {
    const struct rw_formula *formula;
    const struct s5 *s5;
    struct rw_word *word;
};

static void emit(struct program *p, size_t node, bool negated, uint8_t c);

/* (negated, ...) & (negated, ...), itself negated or not. */
static void emit_and(struct program *p, const size_t operands[2], const bool negations[2], bool negated, uint8_t c)
{
    uint8_t goal = negated ? p->s5->inverse[c] : c, a = p->s5->commutator[goal][0], b = p->s5->commutator[goal][1];
    emit(p, operands[0], negations[0], a);
    emit(p, operands[1], negations[1], b);
    emit(p, operands[0], negations[0], p->s5->inverse[a]);
    emit(p, operands[1], negations[1], p->s5->inverse[b]);
    if (negated)
        p->word->symbols[p->word->length - 1] = p->s5->times[p->word->symbols[p->word->length - 1]][c];
}

/* g ^ h = !(!(g & !h) & !(!g & h)), and its negation is g ^ !h. */
static void emit_xor(struct program *p, const size_t operands[2], bool negated, uint8_t c)
{
    uint8_t goal = p->s5->inverse[c], a = p->s5->commutator[goal][0], b = p->s5->commutator[goal][1];
    const bool left[] = {false, !negated}, right[] = {true, negated};
    for (int i = 0; i < 2; i++) {
        emit_and(p, operands, left, true, i == 0 ? a : p->s5->inverse[a]);
        emit_and(p, operands, right, true, i == 0 ? b : p->s5->inverse[b]);
    }
    p->word->symbols[p->word->length - 1] = p->s5->times[p->word->symbols[p->word->length - 1]][c];
}

/* The word of a node, or of its negation, and the cycle c. */
static void emit(struct program *p, size_t node, bool negated, uint8_t c)
{
    const struct rw_formula_node *n = p->formula->nodes + node;
    const size_t operands[] = {n->left, n->right};
    switch (n->kind) {
    case RW_NEGATE:
        emit(p, n->left, !negated, c);
        break;
    case RW_AND:
        emit_and(p, operands, (const bool[]){false, false}, negated, c);
        break;
    case RW_OR:
        emit_and(p, operands, (const bool[]){true, true}, !negated, c);
        break;
    case RW_IMPLIES:
        emit_and(p, operands, (const bool[]){false, true}, !negated, c);
        break;
    case RW_XOR:
        emit_xor(p, operands, negated, c);
        break;
    default:
        rw_word_push(p->word, (n->value != 0) != negated ? c : 0);
    }
}

static uint64_t program_length(const struct rw_formula *formula)
{
    uint64_t *lengths = rw_alloc(formula->count, sizeof *lengths), length = 0;
    for (size_t i = 0; i < formula->count; i++) {
        const struct rw_formula_node *node = formula->nodes + i;
        if (node->kind == RW_LEAF || node->kind == RW_NEGATE)
            length = node->kind == RW_LEAF ? 1 : lengths[node->left];
        else
            length = (node->kind == RW_XOR ? 8 : 2) * (lengths[node->left] + lengths[node->right]);
        lengths[i] = length < UINT64_MAX / 32 ? length : UINT64_MAX / 32;
    }
    free(lengths);
    return length;
}

static struct rw_machine *s5_machine(const struct s5 *s5)
{
    struct rw_dfa *dfa = rw_dfa_new(ELEMENTS, ELEMENTS);
    struct rw_alphabet *alphabet = rw_alphabet_new();
    for (size_t e = 0; e < ELEMENTS; e++) {
        char name[POINTS + 1] = {0};
        for (size_t i = 0; i < POINTS; i++)
            name[i] = (char)('1' + s5->images[e][i]);
        rw_alphabet_add(alphabet, name);
        free(dfa->names[e]);
        dfa->names[e] = rw_strdup(name);
        dfa->accepting[e] = e != 0;
        for (size_t letter = 0; letter < ELEMENTS; letter++)
            dfa->next[e * ELEMENTS + letter] = s5->times[e][letter];
    }
    return rw_machine_new(&rw_dfa_kind, dfa, alphabet, "s5-word-problem",
                          "accepts the words of permutations of five points whose product is not the identity");
}

static bool reduce(const void *instance, const struct rw_limits *limits, struct rw_diag *diag,
                   struct rw_machine **machine, struct rw_word *word)
{
    const struct rw_formula *formula = instance;
    if (!rw_problem_fits(limits, diag, program_length(formula)))
        return false;
    struct s5 *s5 = make_s5();
    struct program program = {formula, s5, word};
    emit(&program, formula->count - 1, false, a_cycle(s5));
    *machine = s5_machine(s5);
    free(s5);
    return true;
}

static void *read_instance(struct rw_reader *r)
{
    return rw_formula_read(r, false);
}

static void free_instance(void *instance)
{
    rw_formula_free(instance);
}

static void solve(const void *instance, fmpq_t answer)
{
    rw_formula_value(instance, fmpq_numref(answer));
    fmpz_one(fmpq_denref(answer));
}

static void size(const void *instance, FILE *out)
{
    const struct rw_formula *formula = instance;
    fprintf(out, "%zu nodes, depth %zu", formula->count, rw_formula_depth(formula));
}

static void write_keys(const void *instance, FILE *out)
{
    rw_formula_write(instance, out);
}

const struct rw_problem_kind rw_problem_boolean_formula = {
    .name = "boolean-formula",
    .title = "what is the value of a Boolean formula?",
    .complexity = "NC1",
    .completeness = "complete for NC1 under AC0 reductions",
    .reference = "Buss 1987, The Boolean formula value problem is in ALOGTIME; Barrington 1989",
    .family = "pd",
    .reduction =
        "R3: Barrington's theorem, a product of permutations of five points that is not the identity iff it is true",
    .keys = keys,
    .read = read_instance,
    .free_instance = free_instance,
    .size = size,
    .reduce = reduce,
    .solve = solve,
    .write = write_keys,
};
