/* cra_update.c - updates and sums of registers, by recursive descent. */
#include "spec/cra_update.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* An update may stand in several items of a list; the text is what they say together. */
struct piece {
    const struct rw_yaml *node;
    size_t start; /* of its text in the whole */
};

struct parser {
    struct rw_reader *r;
    const struct rw_names *registers;
    char *text;
    size_t length, at;
    struct piece *pieces;
    size_t piece_count, piece_capacity;
    int64_t depth;                /* of parentheses, at the end of the pieces */
    struct rw_cra_update *update; /* what a max goes to; NULL: there may be none */
    bool in_max;
    bool good;
};

/* --- text and places --- */

/* One more piece; the text is made when all are there. */
static void add_piece(struct parser *p, const struct rw_yaml *node)
{
    p->pieces = rw_grow(p->pieces, &p->piece_capacity, p->piece_count + 1, sizeof *p->pieces);
    p->pieces[p->piece_count++] = (struct piece){node, p->length};
    p->length += node->length + 1; /* and the comma that stood between */
    for (const char *c = node->text; *c != '\0'; c++)
        p->depth += (*c == '(') - (*c == ')');
}

static void join_pieces(struct parser *p)
{
    p->text = rw_alloc(p->length, 1);
    for (size_t i = 0; i < p->piece_count; i++) {
        memcpy(p->text + p->pieces[i].start, p->pieces[i].node->text, p->pieces[i].node->length);
        p->text[p->pieces[i].start + p->pieces[i].node->length] = i + 1 < p->piece_count ? ',' : '\0';
    }
    p->length--;
}

static void parser_init(struct parser *p, struct rw_reader *r, const struct rw_names *registers)
{
    *p = (struct parser){.r = r, .registers = registers, .good = true};
}

static void parser_clear(struct parser *p)
{
    free(p->text);
    free(p->pieces);
}

static struct rw_span place(const struct parser *p, size_t byte, size_t length)
{
    size_t i = p->piece_count - 1;
    while (p->pieces[i].start > byte)
        i--;
    return rw_read_place(p->pieces[i].node, byte - p->pieces[i].start, length);
}

/* Always false, to be returned. */
static bool fail(struct parser *p, size_t byte, size_t length, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static bool fail(struct parser *p, size_t byte, size_t length, const char *format, ...)
{
    va_list args;
    char *message = NULL;
    va_start(args, format);
    if (vasprintf(&message, format, args) < 0)
        rw_out_of_memory(strlen(format));
    va_end(args);
    rw_diag_error(p->r->diag, place(p, byte, length), "%s", message);
    free(message);
    p->r->good = false;
    p->good = false;
    return false;
}

/* --- tokens --- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static size_t name_length(const char *text)
{
    size_t length = 0;
    while (is_letter(text[length]) || (length > 0 && is_digit(text[length])))
        length++;
    return length;
}

bool rw_cra_is_name(const char *text, size_t length)
{
    return length > 0 && name_length(text) == length;
}

static size_t digits(const char *text)
{
    size_t length = 0;
    while (is_digit(text[length]))
        length++;
    return length;
}

/* The next character that is no blank. */
static char look(struct parser *p)
{
    while (p->text[p->at] == ' ' || p->text[p->at] == '\t' || p->text[p->at] == '\n')
        p->at++;
    return p->text[p->at];
}

static bool take(struct parser *p, char c)
{
    if (look(p) != c)
        return false;
    p->at++;
    return true;
}

/* Bytes of what stands here, for messages: a name, a number, or one character. */
static size_t token_length(const struct parser *p)
{
    const char *text = p->text + p->at;
    size_t length = name_length(text) > 0 ? name_length(text) : digits(text);
    if (length == 0 && *text != '\0')
        for (length = 1; ((unsigned char)text[length] & 0xc0) == 0x80;) /* to the end of a UTF-8 sequence */
            length++;
    return length;
}

static bool unexpected(struct parser *p, const char *expected)
{
    char c = look(p);
    size_t length = token_length(p);
    if (c == '\0')
        return fail(p, p->length, 1, "expected %s, found the end", expected);
    if (c == '-')
        return fail(p, p->at, 1, "registers are natural numbers: there is no minus");
    if (c == '.' || c == '/')
        return fail(p, p->at, 1, "registers are natural numbers: there are no fractions");
    fail(p, p->at, length, "expected %s, found '%.*s'", expected, (int)(length < 60 ? length : 60), p->text + p->at);
    if (c == '*')
        rw_diag_hint(p->r->diag, "the only product is a number with a register, 2*x");
    return false;
}

/* --- terms --- */

/* An unknown register is reported, and reading goes on. */
static bool register_at(struct parser *p, size_t byte, size_t length, uint32_t *number)
{
    char *name = rw_strndup(p->text + byte, length);
    const struct rw_yaml node = {
        .type = RW_YAML_SCALAR, .span = place(p, byte, length), .text = name, .length = length, .plain = true};
    bool known = rw_read_ref(p->r, &node, p->registers, number);
    p->good = p->good && known;
    free(name);
    return known;
}

static bool parse_register(struct parser *p, const fmpz_t factor, struct rw_cra_form *form)
{
    size_t length = name_length(p->text + p->at), byte = p->at;
    uint32_t number;
    p->at += length;
    if (register_at(p, byte, length, &number))
        rw_cra_form_add(form, number, factor);
    return true;
}

static bool at_max(const struct parser *p)
{
    return name_length(p->text + p->at) == 3 && strncmp(p->text + p->at, "max", 3) == 0;
}

static bool read_number(struct parser *p, fmpz_t number)
{
    size_t length = digits(p->text + p->at);
    if (length > p->r->limits->number_digits) {
        rw_diag_limit(p->r->diag, place(p, p->at, length), "number-digits", "a number of more than %" PRIu64 " digits",
                      p->r->limits->number_digits);
        p->r->good = p->good = false;
        return false;
    }
    char *text = rw_strndup(p->text + p->at, length);
    fmpz_set_str(number, text, 10);
    free(text);
    p->at += length;
    return true;
}

/* "3", "3*x" */
static bool parse_multiple(struct parser *p, const fmpz_t number, struct rw_cra_form *form)
{
    if (is_letter(p->text[p->at])) {
        fail(p, p->at, token_length(p), "expected '*' between the number and the register");
        return false;
    }
    if (!take(p, '*')) {
        rw_cra_form_add_constant(form, number);
        return true;
    }
    if (!is_letter(look(p)))
        return unexpected(p, "a register after '*'");
    if (at_max(p)) {
        fail(p, p->at, 3, "a max is not multiplied");
        rw_diag_hint(p->r->diag, "multiply the two sums in it: max(2*x, 2*y)");
        return false;
    }
    return parse_register(p, number, form);
}

static bool parse_sum(struct parser *p, struct rw_cra_form *form);

/* "(" sum "," sum ")" after "max". */
static bool parse_arguments(struct parser *p)
{
    if (!take(p, '('))
        return unexpected(p, "'(' after 'max'");
    p->in_max = true;
    if (!parse_sum(p, &p->update->left))
        return false;
    if (!take(p, ','))
        return unexpected(p, "'+' or ',' in the max");
    if (!parse_sum(p, &p->update->right))
        return false;
    if (look(p) == ',') {
        fail(p, p->at, 1, "a max has two sums");
        rw_diag_hint(p->r->diag, "use another register for the third");
        return false;
    }
    if (!take(p, ')'))
        return unexpected(p, "'+' or ')' in the max");
    p->in_max = false;
    return true;
}

static bool parse_max(struct parser *p)
{
    if (p->update == NULL) {
        fail(p, p->at, 3, "the output is a sum of registers, without max");
        rw_diag_hint(p->r->diag, "keep the max in a register");
        return false;
    }
    if (p->in_max || p->update->has_max) {
        fail(p, p->at, 3, "an update has one max of two sums");
        rw_diag_hint(p->r->diag, "use another register for the other max, and add or compare the two at the next step");
        return false;
    }
    p->update->has_max = true;
    p->at += 3;
    return parse_arguments(p);
}

static bool parse_term(struct parser *p, struct rw_cra_form *form)
{
    char c = look(p);
    if (is_letter(c) && at_max(p))
        return parse_max(p);
    if (!is_letter(c) && !is_digit(c))
        return unexpected(p, "a register or a natural number");
    fmpz_t number;
    fmpz_init_set_ui(number, 1);
    bool good =
        is_letter(c) ? parse_register(p, number, form) : read_number(p, number) && parse_multiple(p, number, form);
    fmpz_clear(number);
    return good;
}

static bool parse_sum(struct parser *p, struct rw_cra_form *form)
{
    do
        if (!parse_term(p, form))
            return false;
    while (take(p, '+'));
    return true;
}

/* --- whole scalars --- */

static bool goes_on(const struct parser *p, const struct rw_yaml *list, size_t i)
{
    return i < list->count && p->depth > 0 && list->items[i]->type == RW_YAML_SCALAR &&
           strchr(list->items[i]->text, '=') == NULL && strlen(list->items[i]->text) == list->items[i]->length;
}

static void parse_update(struct parser *p, struct rw_cra_parsed *parsed)
{
    size_t length, byte;
    look(p);
    byte = p->at;
    length = name_length(p->text + byte);
    if (length == 0) {
        unexpected(p, "the register that is updated");
        return;
    }
    p->at += length;
    parsed->span = place(p, byte, length);
    parsed->known = register_at(p, byte, length, &parsed->update.target);
    if (!take(p, '=')) {
        unexpected(p, "'=' after the register");
        return;
    }
    if (parse_sum(p, &parsed->update.base) && look(p) != '\0')
        unexpected(p, "'+' or the end of the update");
}

size_t rw_cra_parse_update(struct rw_reader *r, const struct rw_yaml *list, size_t i, const struct rw_names *registers,
                           struct rw_cra_parsed *parsed)
{
    size_t first = i;
    struct parser p;
    *parsed = (struct rw_cra_parsed){0};
    if (rw_read_text(r, list->items[i], "an update, x = x + 1") == NULL)
        return 1;
    parser_init(&p, r, registers);
    p.update = &parsed->update;
    do
        add_piece(&p, list->items[i++]);
    while (goes_on(&p, list, i));
    join_pieces(&p);
    parse_update(&p, parsed);
    parsed->good = p.good;
    parser_clear(&p);
    return i - first;
}

bool rw_cra_parse_sum(struct rw_reader *r, const struct rw_yaml *node, const struct rw_names *registers,
                      struct rw_cra_form *form)
{
    struct parser p;
    if (rw_read_text(r, node, "a sum of registers") == NULL)
        return false;
    parser_init(&p, r, registers);
    add_piece(&p, node);
    join_pieces(&p);
    if (parse_sum(&p, form) && look(&p) != '\0')
        unexpected(&p, "'+' or the end of the sum");
    bool good = p.good;
    parser_clear(&p);
    return good;
}

void rw_cra_update_clear(struct rw_cra_update *update)
{
    rw_cra_form_clear(&update->base);
    rw_cra_form_clear(&update->left);
    rw_cra_form_clear(&update->right);
}
