/* regex.c - patterns parsed into positions (Glushkov 1961).
 *
 * For each part of a pattern: is the empty word in it, which positions can begin it, which can end it. Concatenation and repetition add follow
 * pairs (last of one, first of the next). Repetition {m,n} parses its operand again for each copy, so positions are never shared. Parsing is
 * recursive descent over bytes with a depth limit. */
#include "automata/regex.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* A set of positions, as a list: positions come in ascending order and parts have disjoint ones, so union is concatenation. */
struct positions {
    uint32_t *list;
    size_t count, capacity;
};

struct part {
    bool nullable;
    struct positions first, last;
};

struct parser {
    const char *pattern;
    size_t length, at;
    const struct rw_alphabet *alphabet;
    const struct rw_limits *limits;
    struct rw_span (*place)(void *context, size_t byte, size_t length);
    void *context;
    struct rw_diag *diag;
    bool good;
    uint64_t depth;
    /* positions: the symbols each stands for, and the follow pairs */
    size_t count, capacity;
    uint8_t **symbols; /* sets over the alphabet */
    struct rw_nfa *nfa; /* edges (from, position) with symbol 0, expanded at the end */
};

/* --- problems --- */

static void refuse(struct parser *p, size_t byte, size_t length, const char *message, const char *hint)
{
    if (!p->good)
        return;
    rw_diag_error(p->diag, p->place(p->context, byte, length), "%s", message);
    if (hint != NULL)
        rw_diag_hint(p->diag, "%s", hint);
    p->good = false;
}

static void limit(struct parser *p, size_t byte, const char *name, const char *what, uint64_t most)
{
    if (!p->good)
        return;
    rw_diag_limit(p->diag, p->place(p->context, byte, 1), name, "%s more than %" PRIu64, what, most);
    p->good = false;
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

static void follow(struct parser *p, const struct positions *last, const struct positions *first)
{
    if (p->nfa->edge_count + last->count * first->count > p->limits->transitions) {
        limit(p, p->at > 0 ? p->at - 1 : 0, "transitions", "the position automaton has", p->limits->transitions);
        return;
    }
    for (size_t i = 0; i < last->count; i++)
        for (size_t j = 0; j < first->count; j++)
            rw_nfa_add(p->nfa, last->list[i], 0, first->list[j]);
}

/* whole <- whole next; next is used up. */
static void concatenate(struct parser *p, struct part *whole, struct part *next)
{
    follow(p, &whole->last, &next->first);
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

static void alternate(struct part *whole, struct part *next)
{
    add_all(&whole->first, &next->first);
    add_all(&whole->last, &next->last);
    whole->nullable = whole->nullable || next->nullable;
    part_free(next);
}

/* --- symbols --- */

/* The next character of the pattern as a span of bytes. */
static size_t character_size(const struct parser *p)
{
    unsigned char c = (unsigned char)p->pattern[p->at];
    size_t size = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    return size < p->length - p->at ? size : p->length - p->at;
}

static bool looking_at(const struct parser *p, const char *text)
{
    size_t size = strlen(text);
    return p->length - p->at >= size && memcmp(p->pattern + p->at, text, size) == 0;
}

static uint32_t code_point(const char *text, size_t size)
{
    const unsigned char *u = (const unsigned char *)text;
    if (size == 1)
        return u[0];
    uint32_t code = u[0] & (0xFFu >> (size + 1));
    for (size_t i = 1; i < size; i++)
        code = code << 6 | (u[i] & 0x3F);
    return code;
}

static uint32_t symbol_code(const struct parser *p, uint32_t symbol)
{
    const char *name = rw_alphabet_name(p->alphabet, symbol);
    return code_point(name, strlen(name));
}

static bool in_shorthand(char kind, uint32_t code)
{
    bool digit = code >= '0' && code <= '9';
    bool word = digit || (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') || code == '_';
    bool space = code == ' ' || (code >= '\t' && code <= '\r');
    switch (kind) {
    case 'd':
        return digit;
    case 'D':
        return !digit;
    case 'w':
        return word;
    case 'W':
        return !word;
    case 's':
        return space;
    default:
        return !space;
    }
}

static void add_shorthand(const struct parser *p, char kind, uint8_t *set)
{
    for (uint32_t s = 0; s < rw_alphabet_size(p->alphabet); s++)
        if (in_shorthand(kind, symbol_code(p, s)))
            set[s] = 1;
}

static void add_range(const struct parser *p, uint32_t low, uint32_t high, uint8_t *set)
{
    for (uint32_t s = 0; s < rw_alphabet_size(p->alphabet); s++) {
        uint32_t code = symbol_code(p, s);
        if (code >= low && code <= high)
            set[s] = 1;
    }
}

/* \xHH or \x{H...}, at the x. */
static bool hexadecimal(struct parser *p, size_t begin, uint32_t *code)
{
    p->at++;
    bool braces = p->at < p->length && p->pattern[p->at] == '{';
    p->at += braces;
    size_t digits = 0;
    *code = 0;
    while (p->at < p->length && digits < (braces ? 6 : 2)) {
        char c = p->pattern[p->at];
        int value = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        if (value < 0)
            break;
        *code = *code * 16 + (uint32_t)value;
        digits++;
        p->at++;
    }
    if (digits == 0 || (braces && (p->at >= p->length || p->pattern[p->at++] != '}')) || *code > 0x10FFFF) {
        refuse(p, begin, p->at - begin, "\\x takes hexadecimal digits, as in \\x41 or \\x{1F600}", NULL);
        return false;
    }
    return true;
}

/* After a backslash: one character (true, *code) or a shorthand (true, *shorthand). */
static bool escape(struct parser *p, bool in_class, uint32_t *code, char *shorthand)
{
    size_t begin = p->at++;
    *shorthand = '\0';
    if (p->at >= p->length) {
        refuse(p, begin, 1, "the pattern ends in a backslash", "write \\\\ for a backslash");
        return false;
    }
    char c = p->pattern[p->at];
    if (strchr("dDwWsS", c) != NULL) {
        *shorthand = c;
        p->at++;
        return true;
    }
    if (c == 'x')
        return hexadecimal(p, begin, code);
    static const char names[] = "ntrfae", values[] = "\n\t\r\f\a\033";
    const char *named = strchr(names, c);
    if (named != NULL) {
        *code = (unsigned char)values[named - names];
        p->at++;
        return true;
    }
    if (c == 'b' && in_class) {
        *code = '\b';
        p->at++;
        return true;
    }
    if (c >= '0' && c <= '9') {
        refuse(p, begin, 2, "a backreference is beyond regular languages (and \\0 is not supported)", "write \\xHH for a character by number");
        return false;
    }
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
        refuse(p, begin, 2, strchr("bBAzZG", c) != NULL ? "an anchor inside a pattern is not supported: a pattern describes whole words"
                                                         : "this escape is not in the regular subset", NULL);
        return false;
    }
    size_t size = character_size(p);
    *code = code_point(p->pattern + p->at, size);
    p->at += size;
    return true;
}

/* One item of a class, or the low end of a range. */
static bool class_item(struct parser *p, uint32_t *code, char *shorthand)
{
    *shorthand = '\0';
    if (looking_at(p, "[:") || looking_at(p, "[.") || looking_at(p, "[=")) {
        refuse(p, p->at, 2, "POSIX classes are not in the regular subset", "write the characters, or \\d, \\w, \\s");
        return false;
    }
    if (p->pattern[p->at] == '\\')
        return escape(p, true, code, shorthand);
    size_t size = character_size(p);
    *code = code_point(p->pattern + p->at, size);
    p->at += size;
    return true;
}

/* The rest of a range after its low end, if there is one. */
static void class_range(struct parser *p, size_t begin, uint32_t low, char shorthand, uint8_t *set)
{
    uint32_t high = low;
    char other = '\0';
    bool range = p->at + 1 < p->length && p->pattern[p->at] == '-' && p->pattern[p->at + 1] != ']';
    if (shorthand != '\0') {
        if (range)
            refuse(p, begin, p->at + 1 - begin, "a range cannot begin with a shorthand", "put the - last");
        add_shorthand(p, shorthand, set);
        return;
    }
    if (range) {
        p->at++;
        if (!class_item(p, &high, &other))
            return;
        if (other != '\0')
            refuse(p, begin, p->at - begin, "a range cannot end with a shorthand", "put the - last");
        else if (high < low)
            refuse(p, begin, p->at - begin, "the range is reversed", NULL);
    }
    add_range(p, low, high, set);
}

static void read_class(struct parser *p, uint8_t *set)
{
    size_t begin = p->at++, symbols = rw_alphabet_size(p->alphabet);
    bool negated = p->at < p->length && p->pattern[p->at] == '^';
    p->at += negated;
    for (bool first = true; p->good; first = false) {
        if (p->at >= p->length) {
            refuse(p, begin, 1, "this class is not closed", "close it with ], or write \\[ for a bracket");
            return;
        }
        if (p->pattern[p->at] == ']' && !first)
            break;
        size_t item = p->at;
        uint32_t low = 0;
        char shorthand;
        if (class_item(p, &low, &shorthand))
            class_range(p, item, low, shorthand, set);
    }
    p->at++;
    for (size_t s = 0; negated && s < symbols; s++)
        set[s] = !set[s];
}

/* A literal must be in the alphabet: it could never match, which is surely a mistake. */
static void literal(struct parser *p, size_t begin, uint32_t code, uint8_t *set)
{
    bool found = false;
    for (uint32_t s = 0; s < rw_alphabet_size(p->alphabet) && !found; s++)
        if (symbol_code(p, s) == code) {
            set[s] = 1;
            found = true;
        }
    if (!found)
        refuse(p, begin, p->at - begin, "this character is not in the alphabet", NULL);
}

/* A new position for a set of symbols (taken over). */
static struct part position(struct parser *p, uint8_t *set, size_t byte)
{
    struct part part = {0};
    if (p->count > p->limits->positions) {
        limit(p, byte, "positions", "repetitions unfolded, the pattern has", p->limits->positions);
        free(set);
        return part;
    }
    p->symbols = rw_grow(p->symbols, &p->capacity, p->count + 1, sizeof *p->symbols);
    p->symbols[p->count] = set;
    uint32_t number = (uint32_t)p->count++;
    struct positions one = {&number, 1, 1};
    add_all(&part.first, &one);
    add_all(&part.last, &one);
    return part;
}

/* --- the grammar --- */

static struct part read_alternatives(struct parser *p);

static struct part read_group(struct parser *p)
{
    size_t begin = p->at++;
    struct part part = {0};
    if (looking_at(p, "?:")) {
        p->at += 2;
    } else if (p->at < p->length && (p->pattern[p->at] == '?' || p->pattern[p->at] == '*')) {
        bool look = looking_at(p, "?=") || looking_at(p, "?!") || looking_at(p, "?<=") || looking_at(p, "?<!");
        bool atomic = looking_at(p, "?>");
        refuse(p, begin, 3, look ? "lookaround is not in the regular subset"
                                 : atomic ? "atomic groups are not in the regular subset"
                                          : "this kind of group is not in the regular subset",
               "plain groups are (...) and (?:...)");
        return part;
    }
    if (++p->depth > p->limits->depth) {
        limit(p, begin, "depth", "groups are nested", p->limits->depth);
        return part;
    }
    part = read_alternatives(p);
    p->depth--;
    if (p->at >= p->length)
        refuse(p, begin, 1, "this group is not closed", "close it with ), or write \\( for a parenthesis");
    p->at++;
    return part;
}

static struct part read_atom(struct parser *p)
{
    size_t begin = p->at;
    char c = p->pattern[p->at], shorthand = '\0';
    uint32_t code = 0;
    struct part none = {0};
    if (c == '(')
        return read_group(p);
    if (strchr("*+?", c) != NULL || c == '{') {
        refuse(p, begin, 1, "there is nothing to repeat here", c == '{' ? "write \\{ for a brace" : "write \\ before it for the character itself");
        return none;
    }
    if (c == '^' || c == '$') {
        refuse(p, begin, 1, "an anchor inside a pattern is not supported: a pattern describes whole words",
               "leave it out, or write \\ before it for the character itself");
        return none;
    }
    uint8_t *set = rw_alloc(rw_alphabet_size(p->alphabet), 1);
    if (c == '[') {
        read_class(p, set);
    } else if (c == '.') {
        p->at++;
        memset(set, 1, rw_alphabet_size(p->alphabet));
    } else if (c == '\\') {
        if (escape(p, false, &code, &shorthand) && shorthand != '\0')
            add_shorthand(p, shorthand, set);
        else if (p->good)
            literal(p, begin, code, set);
    } else {
        size_t size = character_size(p);
        code = code_point(p->pattern + p->at, size);
        p->at += size;
        literal(p, begin, code, set);
    }
    return position(p, set, begin);
}

/* A number of up to 9 digits; false if there is none. */
static bool read_count(struct parser *p, uint64_t *count)
{
    size_t digits = 0;
    *count = 0;
    while (p->at < p->length && p->pattern[p->at] >= '0' && p->pattern[p->at] <= '9' && digits < 9) {
        *count = *count * 10 + (uint64_t)(p->pattern[p->at++] - '0');
        digits++;
    }
    return digits > 0;
}

/* * + ? {m} {m,} {m,n}; false if there is no quantifier here (or a wrong one). */
static bool read_quantifier(struct parser *p, uint64_t *least, uint64_t *most)
{
    size_t begin = p->at;
    char c = p->at < p->length ? p->pattern[p->at] : '\0';
    *least = c == '+';
    *most = c == '?' ? 1 : UINT64_MAX;
    if (c == '*' || c == '+' || c == '?') {
        p->at++;
    } else if (c == '{') {
        p->at++;
        bool good = read_count(p, least);
        *most = *least;
        if (good && p->at < p->length && p->pattern[p->at] == ',') {
            p->at++;
            if (!read_count(p, most))
                *most = UINT64_MAX;
        }
        good = good && p->at < p->length && p->pattern[p->at++] == '}';
        if (!good)
            refuse(p, begin, 1, "expected a repetition {m}, {m,} or {m,n}", "write \\{ for a brace");
        else if (*least > *most)
            refuse(p, begin, p->at - begin, "the repetition's bounds are reversed", NULL);
        else if (*least > p->limits->pattern_repeat || (*most != UINT64_MAX && *most > p->limits->pattern_repeat))
            limit(p, begin, "pattern-repeat", "the repetition is", p->limits->pattern_repeat);
    } else {
        return false;
    }
    if (p->good && p->at < p->length && p->pattern[p->at] == '+')
        refuse(p, begin, p->at + 1 - begin, "possessive repetition is not in the regular subset",
               "put the repetition in a group to repeat it again");
    else if (p->at < p->length && p->pattern[p->at] == '?')
        p->at++; /* lazy: another order of search, the same language */
    return p->good;
}

/* One more copy of the operand, read again from its text. */
static struct part reread(struct parser *p, size_t begin)
{
    size_t kept = p->at;
    p->at = begin;
    struct part copy = read_atom(p);
    p->at = kept;
    return copy;
}

static struct part empty_word(void)
{
    return (struct part){.nullable = true};
}

/* operand{least,most}: `least` copies, then optional ones or a star. The operand was read once already and is the first copy. */
static struct part repeat(struct parser *p, struct part operand, size_t begin, uint64_t least, uint64_t most)
{
    struct part whole = empty_word();
    uint64_t copies = most == UINT64_MAX ? (least == 0 ? 1 : least) : most;
    if (copies == 0) {
        part_free(&operand); /* {0}: its positions stay, unreachable */
        return whole;
    }
    for (uint64_t i = 0; i < copies && p->good; i++) {
        struct part copy = i == 0 ? operand : reread(p, begin);
        if (i + 1 == copies && most == UINT64_MAX)
            follow(p, &copy.last, &copy.first);
        if (i >= least)
            copy.nullable = true;
        concatenate(p, &whole, &copy);
        if (i == 0)
            operand = (struct part){0};
    }
    part_free(&operand);
    return whole;
}

static struct part read_repeated(struct parser *p)
{
    size_t begin = p->at;
    struct part part = read_atom(p);
    uint64_t least, most;
    if (p->good && read_quantifier(p, &least, &most)) {
        part = repeat(p, part, begin, least, most);
        uint64_t again_least, again_most;
        size_t again = p->at;
        if (p->good && read_quantifier(p, &again_least, &again_most))
            refuse(p, again, p->at - again, "a repetition of a repetition", "put the first one in a group, as in (?:a*){2}");
    }
    return part;
}

static struct part read_sequence(struct parser *p)
{
    struct part whole = empty_word();
    while (p->good && p->at < p->length && p->pattern[p->at] != '|' && p->pattern[p->at] != ')') {
        struct part next = read_repeated(p);
        concatenate(p, &whole, &next);
    }
    return whole;
}

static struct part read_alternatives(struct parser *p)
{
    struct part whole = read_sequence(p);
    while (p->good && p->at < p->length && p->pattern[p->at] == '|') {
        p->at++;
        struct part next = read_sequence(p);
        alternate(&whole, &next);
    }
    return whole;
}

/* --- the automaton --- */

/* State 0 is the start; a follow pair (i, j) becomes an edge on each symbol of position j. */
static struct rw_nfa *make_automaton(struct parser *p, const struct part *whole)
{
    size_t symbols = rw_alphabet_size(p->alphabet);
    struct rw_nfa *nfa = rw_nfa_new(p->count, symbols);
    nfa->initial[0] = 1;
    nfa->accepting[0] = whole->nullable;
    for (size_t i = 0; i < whole->last.count; i++)
        nfa->accepting[whole->last.list[i]] = 1;
    for (size_t i = 0; i < whole->first.count; i++)
        rw_nfa_add(p->nfa, 0, 0, whole->first.list[i]);
    for (size_t e = 0; e < p->nfa->edge_count && p->good; e++)
        for (uint32_t s = 0; s < symbols; s++) {
            if (!p->symbols[p->nfa->edges[e].to][s])
                continue;
            rw_nfa_add(nfa, p->nfa->edges[e].from, s, p->nfa->edges[e].to);
            if (nfa->edge_count > p->limits->transitions) {
                limit(p, 0, "transitions", "the position automaton has", p->limits->transitions);
                break;
            }
        }
    rw_nfa_seal(nfa);
    return nfa;
}

struct rw_regex *rw_regex_parse(const char *pattern, const struct rw_alphabet *alphabet, const struct rw_limits *limits,
                                struct rw_span (*place)(void *context, size_t byte, size_t length), void *context,
                                struct rw_diag *diag)
{
    struct parser p = {.pattern = pattern, .length = strlen(pattern), .alphabet = alphabet, .limits = limits,
                       .place = place, .context = context, .diag = diag, .good = true};
    struct rw_regex *regex = NULL;
    struct rw_nfa *nfa = NULL;
    if (p.length > limits->pattern_bytes) {
        limit(&p, 0, "pattern-bytes", "the pattern's bytes are", limits->pattern_bytes);
        return NULL;
    }
    p.nfa = rw_nfa_new(0, 1);
    p.symbols = rw_grow(p.symbols, &p.capacity, 1, sizeof *p.symbols);
    p.symbols[p.count++] = NULL; /* the start stands for no symbol */
    struct part whole = read_alternatives(&p);
    if (p.good && p.at < p.length)
        refuse(&p, p.at, 1, "this ) closes no group", "write \\) for a parenthesis");
    if (p.good)
        nfa = make_automaton(&p, &whole);
    if (p.good) {
        regex = rw_alloc(1, sizeof *regex);
        regex->pattern = rw_strdup(pattern);
        regex->positions = nfa;
    } else {
        rw_nfa_free(nfa);
    }
    part_free(&whole);
    for (size_t i = 0; i < p.count; i++)
        free(p.symbols[i]);
    free(p.symbols);
    rw_nfa_free(p.nfa);
    return regex;
}

void rw_regex_free(struct rw_regex *regex)
{
    if (regex == NULL)
        return;
    free(regex->pattern);
    rw_nfa_free(regex->positions);
    free(regex);
}
