/* rational.c - reading, writing and measuring exact rationals. */
#include "exact/rational.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

fmpq *rw_q_list_new(size_t count)
{
    fmpq *list = rw_alloc(count, sizeof *list);
    for (size_t i = 0; i < count; i++)
        fmpq_init(list + i);
    return list;
}

void rw_q_list_free(fmpq *list, size_t count)
{
    for (size_t i = 0; i < count && list != NULL; i++)
        fmpq_clear(list + i);
    free(list);
}

bool rw_q_list_is_nonnegative(const fmpq *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (rw_q_sign(list + i) < 0)
            return false;
    return true;
}

bool rw_q_list_is_integer(const fmpq *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!fmpz_is_one(fmpq_denref(list + i)))
            return false;
    return true;
}

size_t rw_q_bits(const fmpq_t a)
{
    size_t numerator = fmpz_bits(fmpq_numref(a));
    return fmpz_is_one(fmpq_denref(a)) ? numerator : numerator + fmpz_bits(fmpq_denref(a));
}

static size_t count_digits(const char *text, size_t length)
{
    size_t n = 0;
    while (n < length && text[n] >= '0' && text[n] <= '9')
        n++;
    return n;
}

/* Digits as a natural number; `length` of them, at least one. */
static void set_digits(fmpz_t value, const char *text, size_t length)
{
    char *digits = rw_strndup(text, length);
    fmpz_set_str(value, digits, 10);
    free(digits);
}

/* whole "." fraction = (whole * 10^k + fraction) / 10^k; one side may be empty. */
static void set_decimal(fmpq_t value, const char *whole, size_t whole_length, const char *fraction,
                        size_t fraction_length)
{
    char *digits = rw_format("0%.*s%.*s", (int)whole_length, whole, (int)fraction_length, fraction);
    fmpz_t ten;
    fmpz_init_set_ui(ten, 10);
    fmpz_set_str(fmpq_numref(value), digits, 10);
    fmpz_pow_ui(fmpq_denref(value), ten, fraction_length);
    fmpq_canonicalise(value);
    fmpz_clear(ten);
    free(digits);
}

bool rw_q_parse(fmpq_t value, const char *text, size_t length, uint64_t max_digits)
{
    if (length > max_digits || length > INT32_MAX)
        return false;
    const char *at = text, *end = text + length;
    bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    size_t whole = count_digits(at, (size_t)(end - at));
    const char *rest = at + whole;
    size_t after = rest < end ? count_digits(rest + 1, (size_t)(end - rest - 1)) : 0;
    bool consumed = rest == end || rest + 1 + after == end;
    if (!consumed || whole + after == 0)
        return false;
    if (rest < end && *rest == '.') {
        set_decimal(value, at, whole, rest + 1, after);
    } else if (rest < end && *rest == '/') {
        fmpz_t denominator;
        fmpz_init(denominator);
        if (whole > 0 && after > 0)
            set_digits(denominator, rest + 1, after);
        bool good = !fmpz_is_zero(denominator);
        if (good) {
            set_digits(fmpq_numref(value), at, whole);
            fmpz_set(fmpq_denref(value), denominator);
            fmpq_canonicalise(value);
        }
        fmpz_clear(denominator);
        if (!good)
            return false;
    } else if (rest == end) {
        set_digits(fmpq_numref(value), at, whole);
        fmpz_one(fmpq_denref(value));
    } else {
        return false;
    }
    if (negative)
        fmpq_neg(value, value);
    return true;
}

char *rw_q_text(const fmpq_t a)
{
    char *text = rw_alloc(fmpz_sizeinbase(fmpq_numref(a), 10) + fmpz_sizeinbase(fmpq_denref(a), 10) + 3, 1);
    return fmpq_get_str(text, 10, a);
}

void rw_q_print(FILE *out, const fmpq_t a)
{
    if (rw_q_is_small(a)) {
        fprintf(out, "%lld", (long long)*fmpq_numref(a));
        return;
    }
    char *text = rw_q_text(a);
    fputs(text, out);
    free(text);
}
