/* json_read.c - reading a net file: every problem with its path and its place, all in one pass.
 *
 * The reader builds as much as it can and goes on after a problem; a matrix with a bad entry is built from the good
 * ones. Only where a problem would make a wrong size, what depends on the size is left unread. Whether the parts fit
 * together is rw_net_check's to say, and only once everything is there. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/near.h"
#include "rnn/json.h"
#include "rnn/json_access.h"

/* Blanks after a letter: more would make every word a long one. */
#define MOST_PADDING 1000000

/* --- heads and layers --- */

static const struct rw_family *read_family(struct rw_json_reader *r, const json_t *object,
                                           const struct rw_json_path *path)
{
    const json_t *value = rw_json_get_typed(r, object, "family", JSON_STRING, "a family's name", path);
    if (value == NULL)
        return NULL;
    const char *name = json_string_value(value);
    const struct rw_family *family = rw_family_find(name);
    if (family != NULL)
        return family;
    struct rw_json_path here = {path, "family", 0};
    rw_json_error(r, &here, "there is no family '%s'", name);
    struct rw_near near = rw_near_start(name);
    for (size_t i = 0; rw_families[i] != NULL; i++)
        rw_near_offer(&near, rw_families[i]->name);
    rw_near_hint(&near, r->diag);
    return NULL;
}

/* A size is bounded twice: by the limit, and so that the product of two fits size_t. */
static bool read_dim(struct rw_json_reader *r, const json_t *value, size_t *dim, const struct rw_json_path *path)
{
    if (!rw_json_size(r, value, UINT32_MAX, dim, path))
        return false;
    if (*dim <= r->limits->neurons)
        return true;
    rw_json_limit(r, path, "neurons", "%zu is more than %" PRIu64, *dim, r->limits->neurons);
    return false;
}

/* Sizes from the file decide allocations, so each is bounded, and so is all that is made of them. */
static bool read_dims(struct rw_json_reader *r, const json_t *object, const struct rw_family *family, size_t *dims,
                      const struct rw_json_path *path)
{
    const json_t *value = rw_json_get_typed(r, object, "dims", JSON_OBJECT, "an object of sizes", path);
    struct rw_json_path here = {path, "dims", 0};
    if (value == NULL)
        return false;
    rw_json_keys(r, value, family->dim_names, &here);
    bool good = true;
    for (size_t i = 0; family->dim_names[i] != NULL; i++) {
        const json_t *dim = rw_json_get(r, value, family->dim_names[i], &here);
        struct rw_json_path item = {&here, family->dim_names[i], 0};
        good = dim != NULL && read_dim(r, dim, dims + i, &item) && good;
    }
    size_t size;
    const char *part = good ? rw_family_too_large(family, dims, r->limits->nonzeros, &size) : NULL;
    if (part != NULL)
        rw_json_limit(r, &here, "nonzeros", "%zu numbers for the %s", size, part);
    return good && part == NULL;
}

/* The names of the state's coordinates; false if they are not as many as the dims say. They are counted before the
 * head is made, so that a few digits in a file cannot ask for much memory. */
static bool coordinates_match(struct rw_json_reader *r, const json_t *object, size_t size,
                              const struct rw_json_path *path)
{
    const json_t *list = rw_json_get_typed(r, object, "coordinates", JSON_ARRAY, "a list of strings", path);
    struct rw_json_path here = {path, "coordinates", 0};
    if (list == NULL || json_array_size(list) == size)
        return list != NULL;
    rw_json_error(r, &here, "expected %zu names, one for each coordinate of the state, found %zu", size,
                  json_array_size(list));
    return false;
}

static void read_coordinates(struct rw_json_reader *r, const json_t *object, struct rw_head *head,
                             const struct rw_json_path *path)
{
    size_t count;
    char **names = rw_json_names(r, object, "coordinates", &count, path);
    for (size_t i = 0; i < count; i++) {
        free(head->coordinates[i]);
        head->coordinates[i] = names[i];
    }
    free(names);
}

/* What the family asks for besides the shapes, if the parameters could be read. */
static void check_family(struct rw_json_reader *r, const struct rw_head *head, const struct rw_json_path *path)
{
    char *reason = NULL;
    size_t size = 0;
    if (head->family->check == NULL)
        return;
    FILE *why = open_memstream(&reason, &size);
    if (why == NULL)
        rw_out_of_memory(sizeof *why);
    bool member = head->family->check(head, why);
    fclose(why);
    if (!member)
        rw_json_error(r, path, "not in the family %s: %s", head->family->name, reason);
    free(reason);
}

static void read_params(struct rw_json_reader *r, const json_t *object, struct rw_head *head, size_t width,
                        const struct rw_json_path *path)
{
    size_t count = head->family->param_count(head->dims);
    const json_t *params = rw_json_get_typed(r, object, "params", JSON_OBJECT, "an object of parameters", path);
    struct rw_json_path here = {path, "params", 0};
    const char **keys = rw_alloc(count + 1, sizeof *keys);
    for (size_t i = 0; params != NULL && i < count; i++) {
        struct rw_param_shape shape = head->family->param(head->dims, i);
        struct rw_json_layout layout = rw_json_param_layout(shape, width);
        keys[i] = shape.name;
        head->params[i] = rw_json_entries(r, params, shape.name, &layout, &here);
    }
    if (params != NULL)
        rw_json_keys(r, params, keys, &here);
    if (r->good)
        check_family(r, head, &here);
    free(keys);
}

static void read_head(struct rw_json_reader *r, const json_t *object, struct rw_layer *layer, size_t width,
                      const struct rw_json_path *path)
{
    static const char *const keys[] = {"family", "name", "dims", "coordinates", "params", "output", NULL};
    if (rw_json_expect(r, object, JSON_OBJECT, "a head", path) == NULL)
        return;
    rw_json_keys(r, object, keys, path);
    const struct rw_family *family = read_family(r, object, path);
    size_t dims[RW_MAX_DIMS] = {0};
    if (family == NULL || !read_dims(r, object, family, dims, path) ||
        !coordinates_match(r, object, family->state_size(dims), path))
        return;
    struct rw_head *head = rw_layer_add_head(layer, family, "", dims);
    rw_json_get_text(r, object, "name", &head->name, path);
    read_coordinates(r, object, head, path);
    read_params(r, object, head, width, path);
    struct rw_json_layout layout = rw_json_matrix_layout(width, family->output_size(dims));
    head->output = rw_json_entries(r, object, "output", &layout, path);
}

static void read_feedforward(struct rw_json_reader *r, const json_t *value, struct rw_layer *layer, size_t width,
                             const struct rw_json_path *path)
{
    static const char *const keys[] = {"neurons", "in", "bias", "out", NULL};
    if (json_is_null(value) || rw_json_expect(r, value, JSON_OBJECT, "an object or null", path) == NULL)
        return;
    rw_json_keys(r, value, keys, path);
    size_t count;
    char **names = rw_json_names(r, value, "neurons", &count, path);
    struct rw_json_path neurons = {path, "neurons", 0};
    if (count > r->limits->neurons)
        rw_json_limit(r, &neurons, "neurons", "%zu neurons are more than %" PRIu64, count, r->limits->neurons);
    struct rw_feedforward *f = rw_layer_add_feedforward(layer, count);
    for (size_t i = 0; i < count; i++) {
        free(f->names[i]);
        f->names[i] = names[i];
    }
    free(names);
    if (!json_is_array(json_object_get(value, "neurons")))
        return; /* then nothing fits */
    struct rw_json_layout in = rw_json_matrix_layout(count, width), bias = rw_json_vector_layout(count);
    struct rw_json_layout out = rw_json_matrix_layout(width, count);
    f->in = rw_json_entries(r, value, "in", &in, path);
    f->bias = rw_json_entries(r, value, "bias", &bias, path);
    f->out = rw_json_entries(r, value, "out", &out, path);
}

static void read_layers(struct rw_json_reader *r, const json_t *root, struct rw_net *net)
{
    static const char *const keys[] = {"heads", "feedforward", NULL};
    const json_t *layers = rw_json_get_typed(r, root, "layers", JSON_ARRAY, "a list of layers", NULL);
    struct rw_json_path list = {NULL, "layers", 0};
    for (size_t l = 0; layers != NULL && l < json_array_size(layers); l++) {
        const json_t *object = json_array_get(layers, l);
        struct rw_json_path path = {&list, NULL, l};
        if (rw_json_expect(r, object, JSON_OBJECT, "a layer", &path) == NULL)
            continue;
        rw_json_keys(r, object, keys, &path);
        struct rw_layer *layer = rw_net_add_layer(net);
        const json_t *heads = rw_json_get_typed(r, object, "heads", JSON_ARRAY, "a list of heads", &path);
        struct rw_json_path heads_path = {&path, "heads", 0};
        for (size_t h = 0; heads != NULL && h < json_array_size(heads); h++) {
            struct rw_json_path item = {&heads_path, NULL, h};
            read_head(r, json_array_get(heads, h), layer, net->width, &item);
        }
        const json_t *feedforward = rw_json_get(r, object, "feedforward", &path);
        struct rw_json_path feedforward_path = {&path, "feedforward", 0};
        if (feedforward != NULL)
            read_feedforward(r, feedforward, layer, net->width, &feedforward_path);
    }
}

/* --- the rest --- */

static void read_provenance(struct rw_json_reader *r, const json_t *root, struct rw_net *net)
{
    static const char *const keys[] = {"spec_sha256", "construction", "theorem", "made_by", NULL};
    const json_t *object = rw_json_get_typed(r, root, "provenance", JSON_OBJECT, "an object", NULL);
    struct rw_json_path path = {NULL, "provenance", 0};
    if (object == NULL)
        return;
    rw_json_keys(r, object, keys, &path);
    rw_json_get_text(r, object, "spec_sha256", &net->spec_hash, &path);
    rw_json_get_text(r, object, "construction", &net->construction, &path);
    rw_json_get_text(r, object, "theorem", &net->theorem, &path);
    rw_json_get_text(r, object, "made_by", &net->made_by, &path);
}

static bool is_symbol(const char *name)
{
    return *name != '\0' && name[strcspn(name, " \t\r\n")] == '\0';
}

static struct rw_alphabet *read_tokens(struct rw_json_reader *r, const json_t *root)
{
    size_t count;
    char **names = rw_json_names(r, root, "tokens", &count, NULL);
    struct rw_alphabet *tokens = rw_alphabet_new();
    struct rw_json_path path = {NULL, "tokens", 0};
    bool strings = r->good;
    for (size_t i = 0; i < count; i++) {
        struct rw_json_path item = {&path, NULL, i};
        if (strings && !is_symbol(names[i]))
            rw_json_error(r, &item, "a token is a name without blanks, not '%s'", names[i]);
        else if (!rw_alphabet_add(tokens, names[i]) && strings)
            rw_json_error(r, &item, "the token '%s' stands twice", names[i]);
        free(names[i]);
    }
    free(names);
    if (strings && count == 0)
        rw_json_error(r, &path, "a network has at least one token");
    return tokens;
}

/* An alphabet is a set of names, here of those seen so far. */
static void read_features(struct rw_json_reader *r, const json_t *root, struct rw_net *net)
{
    net->features = rw_json_names(r, root, "features", &net->width, NULL);
    struct rw_alphabet *seen = rw_alphabet_new();
    struct rw_json_path path = {NULL, "features", 0};
    bool strings = r->good;
    for (size_t i = 0; strings && i < net->width; i++) {
        struct rw_json_path item = {&path, NULL, i};
        if (*net->features[i] == '\0')
            rw_json_error(r, &item, "a feature has a name");
        else if (!rw_alphabet_add(seen, net->features[i]))
            rw_json_error(r, &item, "the feature '%s' stands twice", net->features[i]);
    }
    rw_alphabet_free(seen);
}

static void read_readout(struct rw_json_reader *r, const json_t *root, struct rw_net *net)
{
    static const char *const keys[] = {"outputs", "entries", NULL};
    const json_t *object = rw_json_get_typed(r, root, "readout", JSON_OBJECT, "an object", NULL);
    struct rw_json_path path = {NULL, "readout", 0};
    if (object == NULL)
        return;
    rw_json_keys(r, object, keys, &path);
    net->outputs = rw_json_names(r, object, "outputs", &net->output_count, &path);
    struct rw_json_path outputs = {&path, "outputs", 0};
    if (!json_is_array(json_object_get(object, "outputs")))
        return; /* then nothing fits */
    if (net->output_count == 0)
        rw_json_error(r, &outputs, "a network has at least one output");
    struct rw_json_layout layout = rw_json_matrix_layout(net->output_count, net->width);
    net->readout = rw_json_entries(r, object, "entries", &layout, &path);
}

static void read_decision(struct rw_json_reader *r, const json_t *root, struct rw_net *net)
{
    const json_t *value =
        rw_json_get_typed(r, root, "decision", JSON_STRING, "\"positive\", \"value\" or \"sign\"", NULL);
    struct rw_json_path path = {NULL, "decision", 0};
    if (value == NULL)
        return;
    for (int d = 0; d < RW_DECISIONS; d++)
        if (strcmp(json_string_value(value), rw_decision_names[d]) == 0) {
            net->decision = (enum rw_decision)d;
            return;
        }
    rw_json_error(r, &path, "expected \"positive\", \"value\" or \"sign\", found '%s'", json_string_value(value));
}

static void read_padding(struct rw_json_reader *r, const json_t *root, struct rw_net *net)
{
    const json_t *value = json_object_get(root, "padding");
    struct rw_json_path path = {NULL, "padding", 0};
    if (value == NULL || !rw_json_size(r, value, MOST_PADDING, &net->padding, &path))
        return;
    if (net->padding > 0 && rw_alphabet_size(net->tokens) < 2)
        rw_json_error(r, &path, "a padded network has a letter and, as the last token, the blank");
}

/* Quantity i's coordinates go to row i of the relation. */
static void read_quantity(struct rw_json_reader *r, const json_t *object, size_t i, size_t coordinates,
                          struct rw_relation *relation, struct rw_builder *builder, const struct rw_json_path *path)
{
    static const char *const keys[] = {"quantity", "coordinates", NULL};
    if (rw_json_expect(r, object, JSON_OBJECT, "a quantity with its coordinates", path) == NULL)
        return;
    rw_json_keys(r, object, keys, path);
    rw_json_get_text(r, object, "quantity", relation->quantities + i, path);
    struct rw_json_layout layout = rw_json_vector_layout(coordinates);
    struct rw_matrix *column = rw_json_entries(r, object, "coordinates", &layout, path);
    for (size_t e = 0; e < rw_matrix_nonzeros(column); e++)
        rw_builder_add(builder, i, column->row[e], column->value + e);
    rw_matrix_free(column);
}

static void read_relation(struct rw_json_reader *r, const json_t *root, struct rw_net *net)
{
    const json_t *list = rw_json_get(r, root, "relation", NULL);
    struct rw_json_path path = {NULL, "relation", 0};
    if (list == NULL || json_is_null(list) || rw_json_expect(r, list, JSON_ARRAY, "a list or null", &path) == NULL)
        return;
    struct rw_relation *relation = net->relation = rw_alloc(1, sizeof *relation);
    size_t coordinates = rw_net_coordinate(net, net->layer_count, 0);
    relation->count = json_array_size(list);
    relation->quantities = rw_alloc(relation->count, sizeof *relation->quantities);
    struct rw_builder *builder = rw_builder_new(relation->count, coordinates);
    for (size_t i = 0; i < relation->count; i++) {
        struct rw_json_path item = {&path, NULL, i};
        relation->quantities[i] = rw_strdup("");
        read_quantity(r, json_array_get(list, i), i, coordinates, relation, builder, &item);
    }
    relation->matrix = rw_builder_finish(builder);
}

/* The figures are for readers; they must be those of the weights. */
static void check_size(struct rw_json_reader *r, const json_t *root, const struct rw_net *net)
{
    struct rw_net_size size = rw_net_size(net);
    struct {
        const char *name;
        size_t value;
    } figures[] = {{"layers", size.layers},   {"heads", size.heads},
                   {"width", size.width},     {"coordinates", size.coordinates},
                   {"neurons", size.neurons}, {"nonzeros", size.nonzeros},
                   {"bits", size.bits},       {"rank", size.rank}};
    static const char *const keys[] = {"layers",   "heads", "width", "coordinates", "neurons",
                                       "nonzeros", "bits",  "rank",  NULL};
    const json_t *object = rw_json_get_typed(r, root, "size", JSON_OBJECT, "an object", NULL);
    struct rw_json_path path = {NULL, "size", 0};
    if (object == NULL)
        return;
    rw_json_keys(r, object, keys, &path);
    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
        const json_t *value = rw_json_get(r, object, figures[i].name, &path);
        struct rw_json_path item = {&path, figures[i].name, 0};
        size_t claimed;
        if (value != NULL && rw_json_size(r, value, SIZE_MAX / 2, &claimed, &item) && claimed != figures[i].value)
            rw_json_error(r, &item, "the file says %zu, but its weights have %zu", claimed, figures[i].value);
    }
}

/* Another format's file is not read any further: its other differences would be no news. */
static bool read_version(struct rw_json_reader *r, const json_t *root)
{
    const json_t *version = rw_json_get_typed(r, root, "rnnwit-net", JSON_INTEGER, "the format's number", NULL);
    struct rw_json_path path = {NULL, "rnnwit-net", 0};
    if (version != NULL && json_integer_value(version) != RW_NET_FORMAT)
        rw_json_error(r, &path, "this program reads format %d", RW_NET_FORMAT);
    return r->good;
}

/* Matrices need to know how many tokens and features there are. */
static void read_weights(struct rw_json_reader *r, const json_t *root, struct rw_net *net)
{
    struct rw_json_layout embedding = rw_json_matrix_layout(net->width, rw_alphabet_size(net->tokens) + 1);
    net->embedding = rw_json_entries(r, root, "embedding", &embedding, NULL);
    read_layers(r, root, net);
    read_readout(r, root, net);
    if (r->good)
        read_relation(r, root, net);
}

static struct rw_net *read_net(struct rw_json_reader *r, const json_t *root)
{
    static const char *const keys[] = {"rnnwit-net", "name",    "provenance", "tokens",   "features",
                                       "embedding",  "layers",  "readout",    "decision", "relation",
                                       "size",       "padding", NULL};
    if (!read_version(r, root))
        return NULL;
    struct rw_alphabet *tokens = read_tokens(r, root);
    struct rw_net *net = rw_net_new(tokens);
    rw_alphabet_free(tokens);
    read_features(r, root, net);
    if (r->good)
        read_weights(r, root, net);
    rw_json_keys(r, root, keys, NULL);
    rw_json_get_text(r, root, "name", &net->name, NULL);
    read_provenance(r, root, net);
    read_decision(r, root, net);
    read_padding(r, root, net);
    if (r->good && rw_net_check(net, r->limits, r->diag))
        check_size(r, root, net);
    else
        r->good = false;
    if (r->good)
        return net;
    rw_net_free(net);
    return NULL;
}

/* The place of a byte. */
static struct rw_span span_of(const struct rw_source *source, size_t byte)
{
    size_t line = 1, start = 0;
    for (size_t i = 0; i < byte; i++)
        if (source->text[i] == '\n') {
            line++;
            start = i + 1;
        }
    return rw_span_at(source, line, rw_utf8_length(source->text + start, byte - start) + 1, 1);
}

/* jansson's own limit on nesting is 2048; ours comes first, so that it can be named. */
static bool shallow_enough(struct rw_json_reader *r)
{
    uint64_t depth = 0;
    bool string = false;
    for (size_t i = 0; i < r->source->size; i++) {
        char c = r->source->text[i];
        if (string) {
            i += c == '\\';
            string = c != '"';
        } else if (c == '"') {
            string = true;
        } else if (c == '[' || c == '{') {
            if (++depth > r->limits->depth) {
                rw_diag_limit(r->diag, span_of(r->source, i), "depth", "nested deeper than %" PRIu64, r->limits->depth);
                return false;
            }
        } else if ((c == ']' || c == '}') && depth > 0) {
            depth--;
        }
    }
    return true;
}

struct rw_net *rw_net_read(const struct rw_source *source, const struct rw_limits *limits, struct rw_diag *diag)
{
    struct rw_diag *own = diag == NULL ? rw_diag_new(1) : NULL; /* so that problems can be counted */
    struct rw_json_reader r = {source, limits, diag == NULL ? own : diag, 0, true};
    struct rw_net *net = NULL;
    json_error_t error;
    if (shallow_enough(&r)) {
        json_t *root = json_loadb(source->text, source->size, JSON_REJECT_DUPLICATES, &error);
        if (root == NULL) {
            size_t line = error.line > 0 ? (size_t)error.line : 1, column = error.column > 0 ? (size_t)error.column : 1;
            rw_diag_error(r.diag, rw_span_at(source, line, column, 1), "not a net file: %s", error.text);
        } else if (rw_json_expect(&r, root, JSON_OBJECT, "an object", NULL) != NULL) {
            net = read_net(&r, root);
        }
        json_decref(root);
    }
    rw_diag_free(own);
    return net;
}

bool rw_net_looks_like(const struct rw_source *source)
{
    static const char key[] = "\"rnnwit-net\"";
    const char *at = source->text + strspn(source->text, " \t\r\n");
    if (*at != '{')
        return false;
    at++;
    at += strspn(at, " \t\r\n");
    return strncmp(at, key, sizeof key - 1) == 0;
}
