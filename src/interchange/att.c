/* att.c - AT&T / OpenFst text -> dfa, nfa or wfa.
 *
 * One pass collects lines with their places, so that all problems are reported; then the labels become an alphabet; then the
 * arcs say what kind of automaton it is. */
#include "interchange/att.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "automata/nfa.h"
#include "base/memory.h"
#include "base/near.h"

const char *const rw_att_suffixes[] = {".att", ".fst.txt", ".fsa.txt", NULL};

#define MOST_FIELDS 5
#define NO_LABEL    UINT32_MAX

struct field {
    const char *text;
    size_t length;
    struct rw_span span;
};

struct line {
    struct field fields[MOST_FIELDS];
    size_t count; /* may be more than there is room for */
};

/* A label that stands for no symbol is epsilon. */
struct arc {
    uint32_t from, to, label;
    fmpq weight;
    struct rw_span span; /* of the label */
};

struct final {
    uint32_t state;
    fmpq weight;
};

struct import {
    const struct rw_source *source;
    const struct rw_limits *limits;
    struct rw_diag *diag;
    struct rw_alphabet *states; /* names in order of first mention: the first is initial */
    struct rw_alphabet *labels; /* texts of the labels, epsilon's too */
    struct arc *arcs;
    size_t arc_count, arc_capacity;
    struct final *finals;
    size_t final_count, final_capacity;
    bool weighted, good;
    /* symbols */
    struct rw_alphabet *alphabet;
    uint32_t *symbol_of; /* of each label; NO_LABEL: epsilon */
};

/* --- lines --- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* The fields of the line that begins at `text`; returns where the next line begins. */
static const char *split(const struct rw_source *source, const char *text, size_t number, struct line *line)
{
    const char *end = source->text + source->size, *start = text;
    line->count = 0;
    while (text < end && *text != '\n') {
        const char *word = text;
        while (text < end && *text != '\n' && !is_blank(*text))
            text++;
        size_t length = (size_t)(text - word);
        if (length > 0) {
            if (line->count < MOST_FIELDS)
                line->fields[line->count] =
                    (struct field){word, length,
                                   rw_span_at(source, number, 1 + rw_utf8_length(start, (size_t)(word - start)),
                                              rw_utf8_length(word, length))};
            line->count++;
        } else {
            text++;
        }
    }
    return text < end ? text + 1 : end;
}

static void problem(struct import *import, struct rw_span span, const char *message)
{
    rw_diag_error(import->diag, span, "%s", message);
    import->good = false;
}

static uint32_t number_of(struct import *import, struct rw_alphabet *names, const struct field *field, uint64_t most,
                          const char *limit)
{
    uint32_t number;
    if (rw_alphabet_find(names, field->text, field->length, &number))
        return number;
    number = (uint32_t)rw_alphabet_size(names);
    if (number >= most) {
        if (import->good)
            rw_diag_limit(import->diag, field->span, limit, "more than %" PRIu64 " %s", most, limit);
        import->good = false;
        return 0;
    }
    char *name = rw_strndup(field->text, field->length);
    rw_alphabet_add(names, name);
    free(name);
    return number;
}

/* The weight in a field, or 1 where there is none. */
static void read_weight(struct import *import, const struct field *field, fmpq *weight)
{
    fmpq_init(weight);
    fmpq_one(weight);
    if (field == NULL)
        return;
    import->weighted = true;
    if (rw_q_parse(weight, field->text, field->length, import->limits->number_digits))
        return;
    problem(import, field->span, "a weight must be a number such as 2, 0.25 or -1/3");
    rw_diag_hint(import->diag,
                 "a transducer has two labels in each line and is not an acceptor (fstproject makes one)");
}

static void read_arc(struct import *import, const struct line *line)
{
    if (import->arc_count >= import->limits->transitions) {
        rw_diag_limit(import->diag, line->fields[0].span, "transitions", "more than %" PRIu64 " arcs",
                      import->limits->transitions);
        import->good = false;
        return;
    }
    import->arcs = rw_grow(import->arcs, &import->arc_capacity, import->arc_count + 1, sizeof *import->arcs);
    struct arc *arc = import->arcs + import->arc_count++;
    arc->from = number_of(import, import->states, line->fields, import->limits->states, "states");
    arc->to = number_of(import, import->states, line->fields + 1, import->limits->states, "states");
    arc->label = number_of(import, import->labels, line->fields + 2, import->limits->symbols, "symbols");
    arc->span = line->fields[2].span;
    read_weight(import, line->count > 3 ? line->fields + 3 : NULL, &arc->weight);
}

static void read_final(struct import *import, const struct line *line)
{
    import->finals = rw_grow(import->finals, &import->final_capacity, import->final_count + 1, sizeof *import->finals);
    struct final *final = import->finals + import->final_count++;
    final->state = number_of(import, import->states, line->fields, import->limits->states, "states");
    read_weight(import, line->count > 1 ? line->fields + 1 : NULL, &final->weight);
}

static void read_lines(struct import *import)
{
    const char *text = import->source->text, *end = text + import->source->size;
    for (size_t number = 1; text < end; number++) {
        struct line line;
        text = split(import->source, text, number, &line);
        if (line.count == 1 || line.count == 2) {
            read_final(import, &line);
        } else if (line.count == 3 || line.count == 4) {
            read_arc(import, &line);
        } else if (line.count > 4) {
            problem(import, line.fields[4].span, "a line has at most four fields: from, to, label, weight");
            if (line.count == 5)
                rw_diag_hint(import->diag, "five fields are an arc of a weighted transducer; only acceptors are read");
        }
    }
    if (rw_alphabet_size(import->states) == 0 && import->good)
        problem(import, rw_span_file(import->source), "there is no state: every line is blank");
}

/* --- labels --- */

static bool parse_integer(const char *text, uint64_t *value)
{
    char *end;
    if (*text < '0' || *text > '9')
        return false;
    *value = strtoull(text, &end, 10);
    return *end == '\0';
}

static bool is_epsilon_name(const char *name)
{
    static const char *const names[] = {"<eps>", "<epsilon>", "@0@"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

/* Without a symbol table: each label is its own symbol, in the order of first mention. */
static void take_labels(struct import *import)
{
    size_t count = rw_alphabet_size(import->labels);
    bool integers = true;
    uint64_t value;
    for (uint32_t l = 0; l < count && integers; l++)
        integers = parse_integer(rw_alphabet_name(import->labels, l), &value);
    for (uint32_t l = 0; l < count; l++) {
        const char *name = rw_alphabet_name(import->labels, l);
        bool epsilon = is_epsilon_name(name) || (integers && parse_integer(name, &value) && value == 0);
        import->symbol_of[l] = epsilon ? NO_LABEL : (uint32_t)rw_alphabet_size(import->alphabet);
        if (!epsilon)
            rw_alphabet_add(import->alphabet, name);
    }
}

struct entry {
    const char *text;
    size_t length;
    uint64_t number;
    size_t line;
};

static int by_number(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    return x->number < y->number ? -1 : x->number > y->number;
}

/* "name number" in each line, by number. */
static struct entry *read_table(struct import *import, const struct rw_source *table, size_t *count)
{
    struct entry *entries = NULL;
    size_t capacity = 0;
    const char *text = table->text, *end = text + table->size;
    *count = 0;
    for (size_t number = 1; text < end; number++) {
        struct line line;
        uint64_t value;
        text = split(table, text, number, &line);
        if (line.count == 0)
            continue;
        char *last = line.count == 2 ? rw_strndup(line.fields[1].text, line.fields[1].length) : NULL;
        if (last == NULL || !parse_integer(last, &value)) {
            problem(import, line.fields[line.count >= 2].span, "a line of a symbol table is a name and a number");
        } else {
            entries = rw_grow(entries, &capacity, *count + 1, sizeof *entries);
            entries[(*count)++] = (struct entry){line.fields[0].text, line.fields[0].length, value, number};
        }
        free(last);
    }
    if (*count > 0)
        qsort(entries, *count, sizeof *entries, by_number);
    return entries;
}

static void add_symbol(struct import *import, const struct rw_source *table, const struct entry *entry)
{
    char *name = rw_strndup(entry->text, entry->length);
    if (!rw_alphabet_add(import->alphabet, name)) {
        rw_diag_error(import->diag, rw_span_at(table, entry->line, 1, rw_utf8_length(name, entry->length)),
                      "symbol '%s' stands in the table twice", name);
        import->good = false;
    }
    free(name);
}

/* The symbol that a label of the arcs means: a name of the table, or a number in it. */
static bool look_up(const struct import *import, const char *label, const struct entry *entries, size_t count,
                    uint32_t *symbol)
{
    uint64_t value;
    *symbol = NO_LABEL;
    if (is_epsilon_name(label) || rw_alphabet_find(import->alphabet, label, strlen(label), symbol))
        return true;
    if (!parse_integer(label, &value)) /* the name of number 0 is epsilon too */
        return count > 0 && entries[0].number == 0 && entries[0].length == strlen(label) &&
               memcmp(entries[0].text, label, entries[0].length) == 0;
    const struct entry wanted = {.number = value};
    const struct entry *found = count == 0 ? NULL : bsearch(&wanted, entries, count, sizeof *entries, by_number);
    if (found == NULL || value == 0)
        return value == 0;
    return rw_alphabet_find(import->alphabet, found->text, found->length, symbol);
}

static struct rw_span first_use(const struct import *import, uint32_t label)
{
    for (size_t i = 0; i < import->arc_count; i++)
        if (import->arcs[i].label == label)
            return import->arcs[i].span;
    return rw_span_file(import->source);
}

static void take_table(struct import *import, const struct rw_source *table)
{
    size_t count;
    struct entry *entries = read_table(import, table, &count);
    for (size_t i = 0; i < count; i++)
        if (entries[i].number != 0)
            add_symbol(import, table, entries + i);
    for (uint32_t l = 0; l < rw_alphabet_size(import->labels); l++) {
        const char *label = rw_alphabet_name(import->labels, l);
        if (look_up(import, label, entries, count, import->symbol_of + l))
            continue;
        struct rw_near near = rw_near_start(label);
        rw_diag_error(import->diag, first_use(import, l), "label '%s' is not in the symbol table", label);
        for (uint32_t s = 0; s < rw_alphabet_size(import->alphabet); s++)
            rw_near_offer(&near, rw_alphabet_name(import->alphabet, s));
        rw_near_hint(&near, import->diag);
        import->good = false;
    }
    free(entries);
}

/* --- models --- */

static void copy_names(const struct import *import, char **names)
{
    for (uint32_t s = 0; s < rw_alphabet_size(import->states); s++) {
        free(names[s]);
        names[s] = rw_strdup(rw_alphabet_name(import->states, s));
    }
}

/* NULL if it is not deterministic. */
static struct rw_dfa *make_dfa(const struct import *import)
{
    size_t symbols = rw_alphabet_size(import->alphabet), states = rw_alphabet_size(import->states);
    if (states > import->limits->transitions / symbols)
        return NULL; /* a table of a sparse automaton would not fit; an nfa does */
    struct rw_dfa *dfa = rw_dfa_new(states, symbols);
    for (size_t i = 0; i < import->arc_count; i++) {
        const struct arc *arc = import->arcs + i;
        uint32_t symbol = import->symbol_of[arc->label];
        uint32_t *next = symbol == NO_LABEL ? NULL : dfa->next + arc->from * symbols + symbol;
        if (next == NULL || (*next != RW_NO_STATE && *next != arc->to)) {
            rw_dfa_free(dfa);
            return NULL;
        }
        *next = arc->to;
    }
    for (size_t i = 0; i < import->final_count; i++)
        dfa->accepting[import->finals[i].state] = 1;
    copy_names(import, dfa->names);
    return dfa;
}

static struct rw_nfa *make_nfa(const struct import *import)
{
    struct rw_nfa *nfa = rw_nfa_new(rw_alphabet_size(import->states), rw_alphabet_size(import->alphabet));
    for (size_t i = 0; i < import->arc_count; i++) {
        const struct arc *arc = import->arcs + i;
        uint32_t symbol = import->symbol_of[arc->label];
        rw_nfa_add(nfa, arc->from, symbol == NO_LABEL ? RW_EPSILON : symbol, arc->to);
    }
    for (size_t i = 0; i < import->final_count; i++)
        nfa->accepting[import->finals[i].state] = 1;
    nfa->initial[0] = 1;
    rw_nfa_seal(nfa);
    copy_names(import, nfa->names);
    return nfa;
}

static struct rw_wfa *make_wfa(struct import *import)
{
    size_t states = rw_alphabet_size(import->states), symbols = rw_alphabet_size(import->alphabet);
    for (size_t i = 0; i < import->arc_count; i++)
        if (import->symbol_of[import->arcs[i].label] == NO_LABEL) {
            problem(import, import->arcs[i].span, "a weighted automaton is read without epsilon arcs");
            rw_diag_hint(import->diag, "fstrmepsilon removes them");
        }
    if (!import->good)
        return NULL;
    struct rw_wfa *wfa = rw_wfa_new(states, symbols);
    struct rw_builder **letters = rw_alloc(symbols, sizeof(struct rw_builder *));
    for (size_t a = 0; a < symbols; a++)
        letters[a] = rw_builder_new(states, states);
    for (size_t i = 0; i < import->arc_count; i++) {
        const struct arc *arc = import->arcs + i;
        rw_builder_add(letters[import->symbol_of[arc->label]], arc->to, arc->from, &arc->weight);
    }
    for (uint32_t a = 0; a < symbols; a++)
        rw_wfa_set_letter(wfa, a, rw_builder_finish(letters[a]));
    free(letters);
    for (size_t i = 0; i < import->final_count; i++)
        fmpq_add(wfa->omega + import->finals[i].state, wfa->omega + import->finals[i].state, &import->finals[i].weight);
    fmpq_one(wfa->alpha);
    wfa->semiring = RW_RATIONAL;
    copy_names(import, wfa->names);
    return wfa;
}

static char *stem(const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash == NULL ? path : slash + 1;
    return rw_strndup(name, strcspn(name, "."));
}

static struct rw_machine *make_machine(struct import *import)
{
    const struct rw_machine_kind *kind = &rw_wfa_kind;
    void *model = NULL;
    if (import->weighted) {
        model = make_wfa(import);
    } else if ((model = make_dfa(import)) != NULL) {
        kind = &rw_dfa_kind;
    } else {
        model = make_nfa(import);
        kind = &rw_nfa_kind;
    }
    if (model == NULL)
        return NULL;
    char *name = stem(import->source->name);
    struct rw_machine *machine = rw_machine_new(kind, model, import->alphabet, name, "");
    import->alphabet = NULL;
    rw_sha256(import->source->text, import->source->size, machine->hash);
    free(name);
    return machine;
}

static void release(struct import *import)
{
    for (size_t i = 0; i < import->arc_count; i++)
        fmpq_clear(&import->arcs[i].weight);
    for (size_t i = 0; i < import->final_count; i++)
        fmpq_clear(&import->finals[i].weight);
    free(import->arcs);
    free(import->finals);
    free(import->symbol_of);
    rw_alphabet_free(import->states);
    rw_alphabet_free(import->labels);
    rw_alphabet_free(import->alphabet);
}

struct rw_machine *rw_att_read(const struct rw_source *source, const struct rw_source *symbols,
                               const struct rw_limits *limits, struct rw_diag *diag)
{
    struct import import = {.source = source,
                            .limits = limits,
                            .diag = diag,
                            .states = rw_alphabet_new(),
                            .labels = rw_alphabet_new(),
                            .alphabet = rw_alphabet_new(),
                            .good = true};
    struct rw_machine *machine = NULL;
    if (!rw_utf8_valid(source->text, source->size))
        problem(&import, rw_span_file(source), "the file is not UTF-8 text");
    else
        read_lines(&import);
    import.symbol_of = rw_alloc(rw_alphabet_size(import.labels), sizeof *import.symbol_of);
    if (import.good && symbols != NULL)
        take_table(&import, symbols);
    else if (import.good)
        take_labels(&import);
    if (import.good && rw_alphabet_size(import.alphabet) == 0) {
        problem(&import, rw_span_file(source), "there is no label, so the alphabet would be empty");
        rw_diag_hint(diag, "give the alphabet with a symbol table: --symbols FILE");
    }
    if (import.good)
        machine = make_machine(&import);
    release(&import);
    return machine;
}
