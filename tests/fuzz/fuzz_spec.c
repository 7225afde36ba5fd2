/* fuzz_spec.c - libFuzzer target: any bytes as a spec. What reads must write, and read again to the same text. */
#include <stdlib.h>
#include <string.h>

#include "automata/machine.h"
#include "spec/spec.h"

/* Small, so that the fuzzer finds corners and not sizes. */
static struct rw_limits limits(void)
{
    struct rw_limits l = rw_limits_standard();
    l.nodes = 5000;
    l.depth = 32;
    l.states = l.symbols = 200;
    l.transitions = 2000;
    l.counters = 8;
    l.registers = 50;
    l.positions = 200;
    l.pattern_repeat = 50;
    l.number_digits = 200;
    return l;
}

static char *text_of(const struct rw_machine *machine, size_t *size)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, size);
    if (out == NULL || !rw_spec_write(machine, out))
        abort();
    fclose(out);
    return text;
}

static struct rw_machine *read_text(const char *text, size_t size, const struct rw_limits *l, struct rw_diag *diag,
                                    struct rw_source **source)
{
    *source = rw_source_text("fuzz.yaml", text, size);
    return rw_spec_read(*source, l, diag);
}

/* The diagnostics must print, whatever they point at. */
static void print_quietly(const struct rw_diag *diag)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        abort();
    rw_diag_print(diag, out);
    fclose(out);
    free(text);
}

static void write_and_read_again(const struct rw_machine *machine, const struct rw_limits *l, struct rw_diag *diag)
{
    size_t size, size_again;
    struct rw_source *source;
    char *text = text_of(machine, &size);
    struct rw_machine *again = read_text(text, size, l, diag, &source);
    if (again == NULL) {
        rw_diag_print(diag, stderr);
        abort();
    }
    char *text_again = text_of(again, &size_again);
    if (size != size_again || memcmp(text, text_again, size) != 0)
        abort();
    free(text);
    free(text_again);
    rw_machine_free(again);
    rw_source_free(source);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rw_limits l = limits();
    struct rw_diag *diag = rw_diag_new(l.errors);
    struct rw_source *source;
    struct rw_machine *machine = read_text((const char *)data, size, &l, diag, &source);
    if (machine == NULL && rw_diag_count(diag) == 0)
        abort(); /* refused without a reason */
    print_quietly(diag);
    rw_diag_clear(diag);
    if (machine != NULL)
        write_and_read_again(machine, &l, diag);
    rw_machine_free(machine);
    rw_diag_free(diag);
    rw_source_free(source);
    return 0;
}
