/* gapped.c - sequences of symbols as numbers: by halves, so that long ones cost one multiplication for each level. */
#include "automata/gapped.h"

/* So many digits are taken one by one. */
#define FEW 32

struct digits {
    const uint32_t *symbols; /* the first one */
    ptrdiff_t stride;        /* to the next one */
    fmpz_t base;
};

/* numerator = the digits from .. from + count - 1 as an integer of base 2B, the first one most significant. */
static void read_digits(const struct digits *d, size_t from, size_t count, fmpz_t numerator)
{
    if (count <= FEW) {
        fmpz_zero(numerator);
        for (size_t i = from; i < from + count; i++) {
            fmpz_mul(numerator, numerator, d->base);
            fmpz_add_ui(numerator, numerator, 2 * (ulong)d->symbols[(ptrdiff_t)i * d->stride] + 1);
        }
        return;
    }
    size_t half = count / 2;
    fmpz_t low, power;
    fmpz_init(low);
    fmpz_init(power);
    read_digits(d, from, count - half, numerator);
    read_digits(d, from + count - half, half, low);
    fmpz_pow_ui(power, d->base, half);
    fmpz_mul(numerator, numerator, power);
    fmpz_add(numerator, numerator, low);
    fmpz_clear(low);
    fmpz_clear(power);
}

static void read_number(const uint32_t *first, ptrdiff_t stride, size_t count, size_t letters, fmpq_t number)
{
    struct digits d = {.symbols = first, .stride = stride};
    fmpz_init_set_ui(d.base, 2 * letters);
    read_digits(&d, 0, count, fmpq_numref(number));
    fmpz_pow_ui(fmpq_denref(number), d.base, count);
    if ((letters & (letters - 1)) != 0) /* else the numerator is odd and the denominator a power of 2 */
        fmpq_canonicalise(number);
    fmpz_clear(d.base);
}

void rw_gapped_number(const uint32_t *symbols, size_t count, size_t letters, fmpq_t number)
{
    read_number(count == 0 ? symbols : symbols + count - 1, -1, count, letters, number);
}

void rw_gapped_number_forward(const uint32_t *symbols, size_t count, size_t letters, fmpq_t number)
{
    read_number(symbols, 1, count, letters, number);
}
