/* growth.c - fitting p(n). */
#include "verify/growth.h"

#include <math.h>

/* Short words say little about growth, and fewer lengths than this nothing. */
#define FIRST_LENGTH 8
#define FEWEST       4
/* The part of the variation that a named fit may leave unexplained. */
#define UNEXPLAINED 0.05
/* A power of n below this is a step here and there, and nothing to name. */
#define SLOWEST 0.25

struct line {
    double slope, offset, residual; /* residual: sum of squares */
};

typedef double (*abscissa)(double n);

static double identity(double n)
{
    return n;
}

/* The least-squares line of ordinate(p) over x(n). */
static struct line fit(const struct rw_verify_bits *points, size_t count, abscissa x, abscissa ordinate)
{
    double sx = 0, sy = 0, sxx = 0, sxy = 0, n = (double)count;
    for (size_t i = 0; i < count; i++) {
        double at = x((double)points[i].length), value = ordinate((double)points[i].bits);
        sx += at;
        sy += value;
        sxx += at * at;
        sxy += at * value;
    }
    struct line line = {.slope = (n * sxy - sx * sy) / (n * sxx - sx * sx)};
    line.offset = (sy - line.slope * sx) / n;
    for (size_t i = 0; i < count; i++) {
        double left = ordinate((double)points[i].bits) - line.slope * x((double)points[i].length) - line.offset;
        line.residual += left * left;
    }
    return line;
}

static double variation(const struct rw_verify_bits *points, size_t count)
{
    double mean = 0, sum = 0;
    for (size_t i = 0; i < count; i++)
        mean += (double)points[i].bits / (double)count;
    for (size_t i = 0; i < count; i++)
        sum += ((double)points[i].bits - mean) * ((double)points[i].bits - mean);
    return sum;
}

/* Nothing was added over the longer half of the lengths. */
static bool is_constant(const struct rw_verify_bits *points, size_t count)
{
    return points[count / 2].bits == points[count - 1].bits;
}

struct rw_growth rw_growth_fit(const struct rw_verify_report *report)
{
    size_t first = 0;
    while (first < report->bits_count && report->bits[first].length < FIRST_LENGTH)
        first++;
    const struct rw_verify_bits *points = report->bits + first;
    size_t count = report->bits_count - first;
    if (count < FEWEST)
        return (struct rw_growth){RW_GROWTH_UNKNOWN, 0, 0};
    if (is_constant(points, count))
        return (struct rw_growth){RW_GROWTH_CONSTANT, 0, (double)points[count - 1].bits};
    struct line logarithmic = fit(points, count, log2, identity), linear = fit(points, count, identity, identity);
    bool is_linear = linear.residual < logarithmic.residual;
    const struct line *best = is_linear ? &linear : &logarithmic;
    if (best->residual <= UNEXPLAINED * variation(points, count))
        return (struct rw_growth){is_linear ? RW_GROWTH_LINEAR : RW_GROWTH_LOGARITHMIC, best->slope, best->offset};
    struct line power = fit(points, count, log2, log2);
    if (power.slope < SLOWEST)
        return (struct rw_growth){RW_GROWTH_UNKNOWN, 0, 0};
    return (struct rw_growth){RW_GROWTH_OTHER, power.slope, power.offset};
}

const char *rw_growth_name(enum rw_growth_kind kind)
{
    static const char *const names[] = {"unknown", "constant", "logarithmic", "linear", "other"};
    return names[kind];
}
