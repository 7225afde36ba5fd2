/* recheck.c - reads a certificate and hands it to the file of its kind. */
#include "recheck/recheck.h"

#include <string.h>

#include "recheck/certificate.h"

/* One row for each kind; each has a file of its own. */
static const struct rw_certificate_kind *const kinds[] = {
    &rw_certificate_linear,   &rw_certificate_last,    &rw_certificate_pairs,
    &rw_certificate_contexts, &rw_certificate_cells,   &rw_certificate_registers,
    &rw_certificate_blocks,   &rw_certificate_visited, NULL};

static bool check(struct rw_certificate *c)
{
    const json_t *version = json_object_get(c->root, "rnnwit-certificate");
    const char *name = rw_certificate_text(c->root, "kind");
    if (!json_is_integer(version) || json_integer_value(version) != 1)
        return RW_UNREADABLE(c, "rnnwit-certificate", RW_WHOLE_KEY, "not a certificate of format 1");
    for (size_t k = 0; kinds[k] != NULL; k++) {
        if (strcmp(kinds[k]->name, name) != 0)
            continue;
        if (rw_certificate_has_keys(c, c->root, "kind", RW_WHOLE_KEY, kinds[k]->keys))
            kinds[k]->check(c);
        return c->result == RW_RECHECK_HOLDS;
    }
    return RW_UNREADABLE(c, "kind", RW_WHOLE_KEY, "not a kind of certificate that is known here");
}

enum rw_recheck rw_recheck(const struct rw_source *certificate, struct rw_recheck_side left,
                           struct rw_recheck_side right, const struct rw_limits *limits, FILE *why)
{
    struct rw_certificate c = {.source = certificate, .limits = limits, .why = why, .left = left, .right = right};
    json_error_t error;
    json_t *root = json_loadb(certificate->text, certificate->size, JSON_REJECT_DUPLICATES, &error);
    c.root = root;
    if (root == NULL) {
        fprintf(why, "%s:%d: %s", certificate->name, error.line, error.text);
        c.result = RW_RECHECK_UNREADABLE;
    } else {
        check(&c);
    }
    json_decref(root);
    return c.result;
}
