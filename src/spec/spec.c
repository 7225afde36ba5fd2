/* spec.c - the keys that all specs have; the rest is the kind's. */
#include "spec/spec.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/near.h"
#include "spec/header.h"
#include "spec/kind.h"

static const char *const common_keys[] = {"rnnwit", "kind", "name", "about", "alphabet", NULL};

void rw_spec_check_format(struct rw_reader *r)
{
    const struct rw_yaml *node = rw_read_key(r, r->top, "rnnwit");
    if (node == NULL) {
        rw_diag_hint(r->diag, "a spec begins with 'rnnwit: %d', the number of its format", RW_SPEC_FORMAT);
        return;
    }
    int64_t number;
    if (rw_read_integer(r, node, &number) && number != RW_SPEC_FORMAT)
        rw_read_error(r, node, "format %" PRId64 " is not known; this program reads format %d", number, RW_SPEC_FORMAT);
}

static void list_kinds(struct rw_diag *diag)
{
    char *list = rw_strdup("the kinds are");
    for (size_t i = 0; rw_spec_kinds[i] != NULL; i++) {
        char *longer = rw_format("%s %s,", list, rw_spec_kinds[i]->name);
        free(list);
        list = longer;
    }
    rw_diag_hint(diag, "%s %s", list, RW_KIND_PROBLEM);
    free(list);
}

/* No kind of automaton. A problem comes here where an automaton is wanted, and a misspelt one because nobody else takes it. */
static void unknown_kind(struct rw_reader *r, const struct rw_yaml *node, const char *name)
{
    if (strcmp(name, RW_KIND_PROBLEM) == 0) {
        rw_read_error(r, node, "an automaton is wanted here, and this is a problem");
        return;
    }
    rw_read_error(r, node, "there is no kind '%.60s'", name);
    struct rw_near near = rw_near_start(name);
    for (size_t i = 0; rw_spec_kinds[i] != NULL; i++)
        rw_near_offer(&near, rw_spec_kinds[i]->name);
    rw_near_offer(&near, RW_KIND_PROBLEM);
    if (near.best == NULL)
        list_kinds(r->diag);
    rw_near_hint(&near, r->diag);
}

static const struct rw_spec_kind *read_kind(struct rw_reader *r)
{
    const struct rw_yaml *node = rw_read_key(r, r->top, "kind");
    const char *name = node == NULL ? NULL : rw_read_text(r, node, "a kind");
    if (name == NULL)
        return NULL;
    const struct rw_spec_kind *kind = rw_spec_kind_find(name);
    if (kind == NULL)
        unknown_kind(r, node, name);
    return kind;
}

char *rw_spec_stem(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *from = slash == NULL ? path : slash + 1, *dot = strchr(from, '.');
    return rw_strndup(from, dot == NULL || dot == from ? strlen(from) : (size_t)(dot - from));
}

static struct rw_alphabet *read_alphabet(struct rw_reader *r)
{
    const struct rw_yaml *list = rw_read_key(r, r->top, "alphabet");
    struct rw_names *names = rw_read_names(r, list, "symbol", r->limits->symbols, "symbols");
    struct rw_alphabet *alphabet = NULL;
    if (rw_names_count(names) > 0) {
        alphabet = rw_alphabet_new();
        for (size_t i = 0; i < rw_names_count(names); i++)
            rw_alphabet_add(alphabet, rw_names_get(names, i));
    }
    rw_names_free(names);
    return alphabet;
}

char *rw_spec_read_text(struct rw_reader *r, const char *key, char *standard)
{
    const struct rw_yaml *node = rw_yaml_get(r->top, key);
    if (node == NULL)
        return standard;
    free(standard);
    const char *text = rw_read_text(r, node, key);
    return rw_strdup(text == NULL ? "" : text);
}

struct rw_machine *rw_spec_read_machine(struct rw_reader *r, const char *standard_name)
{
    rw_spec_check_format(r);
    const struct rw_spec_kind *kind = read_kind(r);
    if (kind != NULL)
        rw_read_keys(r, r->top, common_keys, kind->keys);
    char *name = rw_spec_read_text(r, "name", rw_strdup(standard_name)),
         *about = rw_spec_read_text(r, "about", rw_strdup(""));
    struct rw_alphabet *alphabet = read_alphabet(r);
    struct rw_machine *machine = NULL;
    const struct rw_machine_kind *simulator = NULL;
    r->alphabet = alphabet;
    void *model = kind == NULL || alphabet == NULL ? NULL : kind->read(r, &simulator);
    if (model != NULL && r->good) {
        machine = rw_machine_new(simulator, model, alphabet, name, about);
    } else {
        if (model != NULL)
            simulator->free_model(model);
        rw_alphabet_free(alphabet);
    }
    free(name);
    free(about);
    return machine;
}

bool rw_spec_open(struct rw_spec_file *file, const struct rw_source *source, const struct rw_limits *limits,
                  struct rw_diag *diag)
{
    *file = (struct rw_spec_file){.own = diag == NULL ? rw_diag_new(1) : NULL}; /* so that problems can be counted */
    file->reader = (struct rw_reader){.limits = limits, .diag = diag == NULL ? file->own : diag, .good = true};
    file->document = rw_yaml_parse(source, limits, file->reader.diag);
    if (file->document == NULL)
        return false;
    file->reader.top = rw_yaml_root(file->document);
    return rw_read_expect(&file->reader, file->reader.top, RW_YAML_MAP, "a mapping with the keys of a spec");
}

void rw_spec_close(struct rw_spec_file *file)
{
    rw_yaml_free(file->document);
    rw_diag_free(file->own);
}

struct rw_machine *rw_spec_read(const struct rw_source *source, const struct rw_limits *limits, struct rw_diag *diag)
{
    struct rw_spec_file file;
    char *name = rw_spec_stem(source->name);
    struct rw_machine *machine =
        rw_spec_open(&file, source, limits, diag) ? rw_spec_read_machine(&file.reader, name) : NULL;
    if (machine != NULL)
        rw_sha256(source->text, source->size, machine->hash);
    rw_spec_close(&file);
    free(name);
    return machine;
}

static void write_alphabet(const struct rw_alphabet *alphabet, FILE *out)
{
    fputs("alphabet: [", out);
    for (uint32_t s = 0; s < rw_alphabet_size(alphabet); s++) {
        fputs(s > 0 ? ", " : "", out);
        rw_write_scalar(out, rw_alphabet_name(alphabet, s));
    }
    fputs("]\n", out);
}

bool rw_spec_write(const struct rw_machine *machine, FILE *out)
{
    const struct rw_spec_kind *kind = rw_spec_kind_find(machine->kind->name);
    fprintf(out, "rnnwit: %d\nkind: %s\nname: ", RW_SPEC_FORMAT, kind->name);
    rw_write_scalar(out, machine->name);
    if (machine->about[0] != '\0') {
        fputs("\nabout: ", out);
        rw_write_scalar(out, machine->about);
    }
    fputc('\n', out);
    write_alphabet(machine->alphabet, out);
    kind->write(machine, out);
    return !ferror(out);
}
