/* regex.c - patterns parsed into trees by recursive descent over bytes, with a depth limit; regex_positions.c makes
 * the automaton. */
#include "automata/regex.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "automata/regex_tree.h"
#include "base/memory.h"

struct coded {
    uint32_t code, symbol;
};

struct parser {
    struct rw_regex_text text;
    size_t at, symbols;
    struct coded *by_code; /* the alphabet's symbols in the order of their code points */
    uint8_t *set;          /* a set of symbols, all 0 between leaves */
    uint64_t leaf_symbols; /* in all leaves so far: each becomes a transition */
    uint64_t depth;
    bool good;
};

/* --- problems --- */

static void refuse(struct parser *p, size_t byte, size_t length, const char *message, const char *hint)
{
    if (!p->good)
        return;
    rw_diag_error(p->text.diag, p->text.place(p->text.context, byte, length), "%s", message);
    if (hint != NULL)
        rw_diag_hint(p->text.diag, "%s", hint);
    p->good = false;
}

void rw_regex_limit(const struct rw_regex_text *text, size_t byte, const char *name, const char *what, uint64_t most)
{
    rw_diag_limit(text->diag, text->place(text->context, byte, 1), name, "%s more than %" PRIu64, what, most);
}

static void limit(struct parser *p, size_t byte, const char *name, const char *what, uint64_t most)
{
    if (p->good)
        rw_regex_limit(&p->text, byte, name, what, most);
    p->good = false;
}

/* --- trees --- */

static struct rw_regex_node *node_new(enum rw_regex_op op, size_t byte)
{
    struct rw_regex_node *node = rw_alloc(1, sizeof *node);
    node->op = op;
    node->byte = byte;
    return node;
}

void rw_regex_node_free(struct rw_regex_node *node)
{
    if (node == NULL)
        return;
    for (size_t i = 0; node->op != RW_REGEX_SYMBOLS && i < node->count; i++)
        rw_regex_node_free(node->parts[i]);
    free(node->symbols);
    free(node->parts);
    free(node);
}

static void node_add(struct rw_regex_node *node, struct rw_regex_node *part)
{
    node->parts = rw_grow(node->parts, &node->capacity, node->count + 1, sizeof(struct rw_regex_node *));
    node->parts[node->count++] = part;
}

/* --- symbols --- */

/* The next character of the pattern as a span of bytes. */
static size_t character_size(const struct parser *p)
{
    unsigned char c = (unsigned char)p->text.pattern[p->at];
    size_t size = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    return size < p->text.length - p->at ? size : p->text.length - p->at;
}

static bool looking_at(const struct parser *p, const char *text)
{
    size_t size = strlen(text);
    return p->text.length - p->at >= size && memcmp(p->text.pattern + p->at, text, size) == 0;
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
    for (size_t i = 0; i < p->symbols; i++)
        if (in_shorthand(kind, p->by_code[i].code))
            set[p->by_code[i].symbol] = 1;
}

/* The first symbol, in the order of code points, that is not below a code point. */
static size_t lower_bound(const struct parser *p, uint32_t code)
{
    size_t low = 0, high = p->symbols;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (p->by_code[middle].code < code)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void add_range(const struct parser *p, uint32_t low, uint32_t high, uint8_t *set)
{
    for (size_t i = lower_bound(p, low); i < p->symbols && p->by_code[i].code <= high; i++)
        set[p->by_code[i].symbol] = 1;
}

/* \xHH or \x{H...}, at the x. */
static bool hexadecimal(struct parser *p, size_t begin, uint32_t *code)
{
    p->at++;
    bool braces = p->at < p->text.length && p->text.pattern[p->at] == '{';
    p->at += braces;
    size_t digits = 0;
    *code = 0;
    while (p->at < p->text.length && digits < (braces ? 6 : 2)) {
        char c = p->text.pattern[p->at];
        int value = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (value < 0)
            break;
        *code = *code * 16 + (uint32_t)value;
        digits++;
        p->at++;
    }
    if (digits == 0 || (braces && (p->at >= p->text.length || p->text.pattern[p->at++] != '}')) || *code > 0x10FFFF) {
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
    if (p->at >= p->text.length) {
        refuse(p, begin, 1, "the pattern ends in a backslash", "write \\\\ for a backslash");
        return false;
    }
    char c = p->text.pattern[p->at];
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
        refuse(p, begin, 2, "a backreference is beyond regular languages (and \\0 is not supported)",
               "write \\xHH for a character by number");
        return false;
    }
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
        refuse(p, begin, 2,
               strchr("bBAzZG", c) != NULL
                   ? "an anchor inside a pattern is not supported: a pattern describes whole words"
                   : "this escape is not in the regular subset",
               NULL);
        return false;
    }
    size_t size = character_size(p);
    *code = code_point(p->text.pattern + p->at, size);
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
    if (p->text.pattern[p->at] == '\\')
        return escape(p, true, code, shorthand);
    size_t size = character_size(p);
    *code = code_point(p->text.pattern + p->at, size);
    p->at += size;
    return true;
}

/* The rest of a range after its low end, if there is one. */
static void class_range(struct parser *p, size_t begin, uint32_t low, char shorthand, uint8_t *set)
{
    uint32_t high = low;
    char other = '\0';
    bool range = p->at + 1 < p->text.length && p->text.pattern[p->at] == '-' && p->text.pattern[p->at + 1] != ']';
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
    size_t begin = p->at++;
    bool negated = p->at < p->text.length && p->text.pattern[p->at] == '^';
    p->at += negated;
    for (bool first = true; p->good; first = false) {
        if (p->at >= p->text.length) {
            refuse(p, begin, 1, "this class is not closed", "close it with ], or write \\[ for a bracket");
            return;
        }
        if (p->text.pattern[p->at] == ']' && !first)
            break;
        size_t item = p->at;
        uint32_t low = 0;
        char shorthand;
        if (class_item(p, &low, &shorthand))
            class_range(p, item, low, shorthand, set);
    }
    p->at++;
    for (size_t s = 0; negated && s < p->symbols; s++)
        set[s] = !set[s];
}

/* A literal must be in the alphabet: it could never match, which is surely a mistake. */
static void literal(struct parser *p, size_t begin, uint32_t code, uint8_t *set)
{
    size_t i = lower_bound(p, code);
    if (i < p->symbols && p->by_code[i].code == code)
        set[p->by_code[i].symbol] = 1;
    else
        refuse(p, begin, p->at - begin, "this character is not in the alphabet", NULL);
}

/* A leaf for the parser's set, which is empty again afterwards. */
static struct rw_regex_node *leaf(struct parser *p, size_t byte)
{
    struct rw_regex_node *node = node_new(RW_REGEX_SYMBOLS, byte);
    for (size_t s = 0; s < p->symbols; s++)
        node->count += p->set[s];
    node->symbols = rw_alloc(node->count, sizeof *node->symbols);
    node->count = 0;
    for (uint32_t s = 0; s < p->symbols; s++)
        if (p->set[s])
            node->symbols[node->count++] = s;
    memset(p->set, 0, p->symbols);
    p->leaf_symbols += node->count;
    if (p->leaf_symbols > p->text.limits->transitions)
        limit(p, byte, "transitions", "the position automaton has", p->text.limits->transitions);
    return node;
}

/* --- the grammar: each function returns a tree, cut short once there is a problem --- */

static struct rw_regex_node *read_alternatives(struct parser *p);

static struct rw_regex_node *read_group(struct parser *p)
{
    size_t begin = p->at++;
    if (looking_at(p, "?:")) {
        p->at += 2;
    } else if (looking_at(p, "?") || looking_at(p, "*")) {
        bool look = looking_at(p, "?=") || looking_at(p, "?!") || looking_at(p, "?<=") || looking_at(p, "?<!");
        bool atomic = looking_at(p, "?>");
        refuse(p, begin, 3,
               look     ? "lookaround is not in the regular subset"
               : atomic ? "atomic groups are not in the regular subset"
                        : "this kind of group is not in the regular subset",
               "plain groups are (...) and (?:...)");
        return node_new(RW_REGEX_SEQUENCE, begin);
    }
    if (++p->depth > p->text.limits->depth) {
        limit(p, begin, "depth", "groups are nested", p->text.limits->depth);
        return node_new(RW_REGEX_SEQUENCE, begin);
    }
    struct rw_regex_node *node = read_alternatives(p);
    p->depth--;
    if (p->at >= p->text.length)
        refuse(p, begin, 1, "this group is not closed", "close it with ), or write \\( for a parenthesis");
    p->at++;
    return node;
}

/* A literal, a class, the dot or an escape, into the parser's set. */
static void read_symbols(struct parser *p)
{
    size_t begin = p->at;
    char c = p->text.pattern[p->at], shorthand = '\0';
    uint32_t code = 0;
    if (c == '[') {
        read_class(p, p->set);
    } else if (c == '.') {
        p->at++;
        memset(p->set, 1, p->symbols);
    } else if (c == '\\') {
        if (escape(p, false, &code, &shorthand) && shorthand != '\0')
            add_shorthand(p, shorthand, p->set);
        else if (p->good)
            literal(p, begin, code, p->set);
    } else {
        size_t size = character_size(p);
        code = code_point(p->text.pattern + p->at, size);
        p->at += size;
        literal(p, begin, code, p->set);
    }
}

static struct rw_regex_node *read_atom(struct parser *p)
{
    size_t begin = p->at;
    char c = p->text.pattern[p->at];
    if (c == '(')
        return read_group(p);
    if (strchr("*+?{", c) != NULL)
        refuse(p, begin, 1, "there is nothing to repeat here",
               c == '{' ? "write \\{ for a brace" : "write \\ before it for the character itself");
    else if (c == '^' || c == '$')
        refuse(p, begin, 1, "an anchor inside a pattern is not supported: a pattern describes whole words",
               "leave it out, or write \\ before it for the character itself");
    else
        read_symbols(p);
    return leaf(p, begin);
}

/* A number of up to 9 digits; false if there is none. */
static bool read_count(struct parser *p, uint64_t *count)
{
    size_t digits = 0;
    *count = 0;
    while (p->at < p->text.length && p->text.pattern[p->at] >= '0' && p->text.pattern[p->at] <= '9' && digits < 9) {
        *count = *count * 10 + (uint64_t)(p->text.pattern[p->at++] - '0');
        digits++;
    }
    return digits > 0;
}

/* * + ? {m} {m,} {m,n}; false if there is no quantifier here (or a wrong one). */
static bool read_quantifier(struct parser *p, uint64_t *least, uint64_t *most)
{
    size_t begin = p->at;
    char c = p->at < p->text.length ? p->text.pattern[p->at] : '\0';
    *least = c == '+';
    *most = c == '?' ? 1 : RW_REGEX_UNBOUNDED;
    if (c == '*' || c == '+' || c == '?') {
        p->at++;
    } else if (c == '{') {
        p->at++;
        bool good = read_count(p, least);
        *most = *least;
        if (good && p->at < p->text.length && p->text.pattern[p->at] == ',') {
            p->at++;
            if (!read_count(p, most))
                *most = RW_REGEX_UNBOUNDED;
        }
        good = good && p->at < p->text.length && p->text.pattern[p->at++] == '}';
        if (!good)
            refuse(p, begin, 1, "expected a repetition {m}, {m,} or {m,n}", "write \\{ for a brace");
        else if (*least > *most)
            refuse(p, begin, p->at - begin, "the repetition's bounds are reversed", NULL);
        else if (*least > p->text.limits->pattern_repeat ||
                 (*most != RW_REGEX_UNBOUNDED && *most > p->text.limits->pattern_repeat))
            limit(p, begin, "pattern-repeat", "the repetition is", p->text.limits->pattern_repeat);
    } else {
        return false;
    }
    if (p->good && p->at < p->text.length && p->text.pattern[p->at] == '+')
        refuse(p, begin, p->at + 1 - begin, "possessive repetition is not in the regular subset",
               "put the repetition in a group to repeat it again");
    else if (p->at < p->text.length && p->text.pattern[p->at] == '?')
        p->at++; /* lazy: another order of search, the same language */
    return p->good;
}

static struct rw_regex_node *read_repeated(struct parser *p)
{
    size_t begin = p->at;
    uint64_t least, most;
    struct rw_regex_node *atom = read_atom(p);
    if (!p->good || !read_quantifier(p, &least, &most))
        return atom;
    struct rw_regex_node *repeat = node_new(RW_REGEX_REPEAT, begin);
    repeat->least = least;
    repeat->most = most;
    node_add(repeat, atom);
    size_t again = p->at;
    if (read_quantifier(p, &least, &most))
        refuse(p, again, p->at - again, "a repetition of a repetition",
               "put the first one in a group, as in (?:a*){2}");
    return repeat;
}

static struct rw_regex_node *read_sequence(struct parser *p)
{
    struct rw_regex_node *whole = node_new(RW_REGEX_SEQUENCE, p->at);
    while (p->good && p->at < p->text.length && p->text.pattern[p->at] != '|' && p->text.pattern[p->at] != ')')
        node_add(whole, read_repeated(p));
    return whole;
}

static struct rw_regex_node *read_alternatives(struct parser *p)
{
    struct rw_regex_node *whole = node_new(RW_REGEX_ALTERNATIVES, p->at);
    node_add(whole, read_sequence(p));
    while (p->good && looking_at(p, "|")) {
        p->at++;
        node_add(whole, read_sequence(p));
    }
    return whole;
}

static int compare_codes(const void *a, const void *b)
{
    const struct coded *p = a, *q = b;
    return (p->code > q->code) - (p->code < q->code);
}

static struct coded *sorted_codes(const struct rw_alphabet *alphabet)
{
    size_t symbols = rw_alphabet_size(alphabet);
    struct coded *by_code = rw_alloc(symbols, sizeof *by_code);
    for (uint32_t s = 0; s < symbols; s++) {
        const char *name = rw_alphabet_name(alphabet, s);
        by_code[s] = (struct coded){code_point(name, strlen(name)), s};
    }
    qsort(by_code, symbols, sizeof *by_code, compare_codes);
    return by_code;
}

struct rw_regex *rw_regex_parse(const char *pattern, const struct rw_alphabet *alphabet, const struct rw_limits *limits,
                                struct rw_span (*place)(void *context, size_t byte, size_t length), void *context,
                                struct rw_diag *diag)
{
    struct parser p = {.text = {pattern, strlen(pattern), limits, place, context, diag}, .good = true};
    if (p.text.length > limits->pattern_bytes) {
        limit(&p, 0, "pattern-bytes", "the pattern's bytes are", limits->pattern_bytes);
        return NULL;
    }
    p.symbols = rw_alphabet_size(alphabet);
    p.by_code = sorted_codes(alphabet);
    p.set = rw_alloc(p.symbols, sizeof *p.set);
    struct rw_regex_node *root = read_alternatives(&p);
    if (p.at < p.text.length)
        refuse(&p, p.at, 1, "this ) closes no group", "write \\) for a parenthesis");
    struct rw_nfa *positions = p.good ? rw_regex_positions(&p.text, root, p.symbols) : NULL;
    rw_regex_node_free(root);
    free(p.by_code);
    free(p.set);
    if (positions == NULL)
        return NULL;
    struct rw_regex *regex = rw_alloc(1, sizeof *regex);
    regex->pattern = rw_strdup(pattern);
    regex->positions = positions;
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
