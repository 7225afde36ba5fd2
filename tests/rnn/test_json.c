/* The net file: what is written reads back the same, and every kind of damage is told with its place. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/memory.h"
#include "random_net.h"
#include "rnn/json.h"

/* --- helpers --- */

/* The net as text. Caller frees. */
static char *written(const struct rw_net *net)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    cr_assert(rw_net_write(net, out));
    fclose(out);
    return text;
}

static struct rw_net *read_text(const struct rw_source *source, struct rw_diag *diag)
{
    struct rw_limits limits = rw_limits_standard();
    return rw_net_read(source, &limits, diag);
}

/* The text with the first `find` replaced; the test fails if there is none. Caller frees. */
static char *edited(const char *text, const char *find, const char *replace)
{
    const char *at = strstr(text, find);
    cr_assert_not_null(at, "'%s' is not in the text", find);
    return rw_format("%.*s%s%s", (int)(at - text), text, replace, at + strlen(find));
}

/* Line and column of the first `find`, for ASCII text. */
static void place_of(const char *text, const char *find, size_t *line, size_t *column)
{
    const char *at = strstr(text, find);
    cr_assert_not_null(at, "'%s' is not in the text", find);
    *line = *column = 1;
    for (; text < at; text++) {
        *column = *text == '\n' ? 1 : *column + 1;
        *line += *text == '\n';
    }
}

/* --- round trips --- */

Test(json, a_net_that_is_written_reads_back_as_the_same_net_and_the_same_bytes)
{
    struct rw_random random = rw_random_seed(31);
    for (size_t round = 0; round < 60; round++) {
        struct rw_net *net = random_net(&random, NULL, round % 4);
        char *text = written(net);
        struct rw_source *source = rw_source_text("net.json", text, strlen(text));
        struct rw_diag *diag = rw_diag_new(5);
        struct rw_net *again = read_text(source, diag);
        if (again == NULL)
            rw_diag_print(diag, stderr);
        cr_assert_not_null(again);
        cr_assert(rw_diag_empty(diag));
        cr_assert(rw_net_equal(net, again));
        char *text_again = written(again);
        cr_assert_str_eq(text, text_again);
        cr_assert(rw_net_looks_like(source));
        rw_net_free(net);
        rw_net_free(again);
        rw_source_free(source);
        rw_diag_free(diag);
        free(text);
        free(text_again);
    }
}

/* Numbers past machine words, and as many families as there are. */
Test(json, long_numbers_are_kept_exactly)
{
    struct rw_random random = rw_random_seed(32);
    for (size_t i = 0; rw_families[i] != NULL; i++) {
        struct rw_net *net = random_net(&random, rw_families[i], 1);
        struct rw_matrix *embedding = net->embedding;
        for (size_t e = 0; e < rw_matrix_nonzeros(embedding); e++) {
            fmpq_set_si(embedding->value + e, -2, 3);
            fmpq_pow_si(embedding->value + e, embedding->value + e, 201 + 2 * (slong)e);
        }
        char *text = written(net);
        struct rw_source *source = rw_source_text("net.json", text, strlen(text));
        struct rw_net *again = read_text(source, NULL);
        cr_assert_not_null(again, "%s", rw_families[i]->name);
        cr_assert(rw_net_equal(net, again));
        rw_net_free(net);
        rw_net_free(again);
        rw_source_free(source);
        free(text);
    }
}

Test(json, a_full_disk_is_noticed)
{
    struct rw_random random = rw_random_seed(33);
    struct rw_net *net = random_net(&random, NULL, 1);
    FILE *full = fopen("/dev/full", "w");
    if (full != NULL) {
        setvbuf(full, NULL, _IONBF, 0);
        cr_assert_not(rw_net_write(net, full));
        fclose(full);
    }
    rw_net_free(net);
}

/* --- damage --- */

/* Parity of a: "a" exchanges the two states, "b" keeps them; the feed-forward part is there to be damaged. */
static const char good_text[] =
    "{\n"
    "  \"rnnwit-net\": 1,\n"
    "  \"name\": \"parity\",\n"
    "  \"provenance\": {\"spec_sha256\": \"\", \"construction\": \"W1\", \"theorem\": \"\", \"made_by\": \"hand\"},\n"
    "  \"tokens\": [\"a\", \"b\"],\n"
    "  \"features\": [\"token a\", \"token b\", \"BOS\", \"accept\"],\n"
    "  \"embedding\": [[0, 0, \"1\"], [1, 1, \"1\"], [2, 2, \"1\"]],\n"
    "  \"layers\": [\n"
    "    {\"heads\": [\n"
    "      {\"family\": \"pd\", \"name\": \"\", \"dims\": {\"d_k\": 2, \"d_v\": 1, \"queries\": 1},\n"
    "       \"coordinates\": [\"state even\", \"state odd\"],\n"
    "       \"params\": {\n"
    "         \"transition\": [[0, 1, 0, \"1\"], [1, 0, 0, \"1\"], [0, 0, 1, \"1\"], [1, 1, 1, \"1\"]],\n"
    "         \"write\": [[0, 0, 2, \"1\"]],\n"
    "         \"query\": [[1, 0, \"1\"], [1, 1, 1]]},\n"
    "       \"output\": [[3, 0, \"1\"]]}],\n"
    "     \"feedforward\": {\"neurons\": [\"n\"], \"in\": [[0, 3, \"1\"]], \"bias\": [[0, \"-1/2\"]],\n"
    "       \"out\": [[3, 0, \"1/3\"]]}}],\n"
    "  \"readout\": {\"outputs\": [\"value\"], \"entries\": [[0, 3, \"0.25\"]]},\n"
    "  \"decision\": \"positive\",\n"
    "  \"relation\": [{\"quantity\": \"state even\", \"coordinates\": [[0, \"1\"]]}],\n"
    "  \"size\": {\"layers\": 1, \"heads\": 1, \"width\": 4, \"coordinates\": 2, \"neurons\": 1, \"nonzeros\": 15,\n"
    "    \"bits\": 4, \"rank\": 0}\n"
    "}\n";

Test(json, a_net_file_written_by_hand_is_read)
{
    struct rw_source *source = rw_source_text("parity.json", good_text, strlen(good_text));
    struct rw_diag *diag = rw_diag_new(5);
    struct rw_net *net = read_text(source, diag);
    if (net == NULL)
        rw_diag_print(diag, stderr);
    cr_assert_not_null(net);
    cr_assert_str_eq(net->name, "parity");
    cr_assert_str_eq(rw_net_coordinate_name(net, 1), "state odd");
    cr_assert_eq(net->decision, RW_DECIDE_POSITIVE);
    cr_assert_eq(rw_matrix_nonzeros(rw_head_param(net->layers[0].heads, "transition")), 4);
    rw_net_free(net);
    rw_diag_free(diag);
    rw_source_free(source);
}

/* An edit of the text above, and a problem it must give: at the first place of `at` in the edited text. */
struct damage {
    const char *find, *replace;
    const char *at;
    const char *message;
    const char *hint; /* NULL: any */
};

static const struct damage damages[] = {
    /* keys */
    {"  \"decision\": \"positive\",\n", "", "{", "the document: the key 'decision' is missing", NULL},
    {"\"decision\"", "\"desicion\"", "\"positive\"", "unknown key 'desicion'", "did you mean 'decision'?"},
    {"\"write\"", "\"wriet\"", "[[0, 0, 2", "layers[0].heads[0].params.wriet: unknown key 'wriet'", "'write'"},
    {"\"write\": [[0, 0, 2, \"1\"]],", "", "{\n         \"transition\"",
     "layers[0].heads[0].params: the key 'write' is missing", NULL},
    {"\"d_v\": 1, ", "", "{\"d_k\"", "dims: the key 'd_v' is missing", NULL},
    {"\"d_v\": 1", "\"d_v\": 1, \"r\": 1", "1, \"queries\"", "dims.r: unknown key 'r'", NULL},
    {"\"made_by\"", "\"made_bye\"", "\"hand\"", "unknown key 'made_bye'", "'made_by'"},
    {"\"feedforward\"", "\"feedforwards\"", "{\"heads\"", "layers[0]: the key 'feedforward' is missing", NULL},
    {"\"bits\": 4, ", "", "{\"layers\": 1", "size: the key 'bits' is missing", NULL},
    {"\"name\": \"parity\"", "\"name\": \"parity\", \"name\": \"odd\"", "\": \"odd\"", "duplicate object key", NULL},
    /* types */
    {"[\"a\", \"b\"]", "\"ab\"", "\"ab\"", "tokens: expected a list of strings, found a string", NULL},
    {"[\"a\", \"b\"]", "[\"a\", 7]", "7]", "tokens[1]: expected a string, found an integer", NULL},
    {"\"pd\"", "null", "null", "family: expected a family's name, found null", NULL},
    {"\"d_k\": 2", "\"d_k\": 2.5", "2.5", "dims.d_k: expected a whole number, found a decimal number", NULL},
    {"[0, 0, \"1\"]", "{}", "{},", "embedding[0]: expected an entry [index, ..., value], found an object", NULL},
    {"[0, 0, \"1\"]", "[0, true, \"1\"]", "true", "embedding[0][1]: expected a whole number, found true or false",
     NULL},
    {"\"1/3\"", "0.5", "0.5", "expected an exact number as a string, such as \"-1/3\", found a decimal number", NULL},
    {"[\"n\"]", "1", "1, \"in\"", "feedforward.neurons: expected a list of strings, found an integer", NULL},
    {"[[0, 3, \"0.25\"]]", "{}", "{}}", "readout.entries: expected a list of entries, found an object", NULL},
    {"[{\"quantity\"", "7, \"x\": [{\"quantity\"", "7, ", "relation: expected a list or null, found an integer", NULL},
    /* indices, places and numbers */
    {"[2, 2, \"1\"]", "[2, 3, \"1\"]", "3, \"1\"]]", "embedding[2][1]: 3 is not between 0 and 2", NULL},
    {"[2, 2, \"1\"]", "[-1, 2, \"1\"]", "-1, 2", "embedding[2][0]: -1 is not between 0 and 3", NULL},
    {"[0, 0, 2, \"1\"]", "[0, 2, 2, \"1\"]", "2, 2, \"1\"]],\n         \"q",
     "params.write[0][1]: 2 is not between 0 and 1", NULL},
    {"[0, \"-1/2\"]", "[1, \"-1/2\"]", "1, \"-1", "feedforward.bias[0][0]: 1 is not between 0 and 0", NULL},
    {"[[0, \"1\"]]}]", "[[2, \"1\"]]}]", "2, \"1\"]]}]", "relation[0].coordinates[0][0]: 2 is not between 0 and 1",
     NULL},
    {"[1, 1, \"1\"]", "[0, 0, \"1\"]", "[0, 0, \"1\"], [2", "embedding[1]: this place has an entry already", NULL},
    {"[1, 1, \"1\"]", "[0, 0, \"-1\"]", "[0, 0, \"-1\"]", "embedding[1]: this place has an entry already", NULL},
    {"\"1/3\"", "\"1/0\"", "\"1/0\"", "out[0][2]: '1/0' is not an exact number", NULL},
    {"\"1/3\"", "\"1e3\"", "\"1e3\"", "out[0][2]: '1e3' is not an exact number", NULL},
    {"\"1/3\"", "\"\"", "\"\"]]", "out[0][2]: '' is not an exact number", NULL},
    {"\"1/3\"", "\"0/3\"", "\"0/3\"", "out[0][2]: a zero is stored; leave it out", NULL},
    /* shapes */
    {"\"d_k\": 2", "\"d_k\": 3", "[\"state even\"",
     "coordinates: expected 3 names, one for each coordinate of the state, found 2", NULL},
    {"[0, 0, 2, \"1\"]", "[0, 0, \"1\"]", "[0, 0, \"1\"]],\n         \"query\"",
     "params.write[0]: expected 3 indices and a value, found 3 items", NULL},
    {"\"queries\": 1", "\"queries\": 0", "0, \"1\"]]}],\n", "output[0][1]: there is nothing to index here", NULL},
    /* what the family and the network ask for */
    {"[1, 1, 1, \"1\"]", "[0, 1, 1, \"1\"]", "{\n         \"transition\"",
     "params: not in the family pd: input feature 1 sends coordinate 0 to both 0 and 1", NULL},
    {"\"pd\"", "\"deltanett\"", "\"deltanett\"", "family: there is no family 'deltanett'", "did you mean 'deltanet'?"},
    {"[\"a\", \"b\"]", "[\"a\", \"a\"]", "\"a\"],", "tokens[1]: the token 'a' stands twice", NULL},
    {"[\"a\", \"b\"]", "[\"a\", \"b c\"]", "\"b c\"", "tokens[1]: a token is a name without blanks, not 'b c'", NULL},
    {"[\"a\", \"b\"]", "[]", "[],", "tokens: a network has at least one token", NULL},
    {"\"token b\"", "\"token a\"", "\"token a\", \"BOS\"", "features[1]: the feature 'token a' stands twice", NULL},
    {"\"token b\"", "\"\"", "\"\", \"BOS\"", "features[1]: a feature has a name", NULL},
    {"[\"value\"], \"entries\": [[0, 3, \"0.25\"]]", "[], \"entries\": []", "[], \"entries\"",
     "readout.outputs: a network has at least one output", NULL},
    {"\"positive\"", "\"negative\"", "\"negative\"",
     "decision: expected \"positive\", \"value\" or \"sign\", found 'negative'", NULL},
    {"\"nonzeros\": 15", "\"nonzeros\": 16", "16", "size.nonzeros: the file says 16, but its weights have 15", NULL},
    {"\"rank\": 0", "\"rank\": -1", "-1}", "size.rank: -1 is not between 0 and", NULL},
    {"\"rnnwit-net\": 1", "\"rnnwit-net\": 2", "2,", "rnnwit-net: this program reads format 1", NULL},
    {"\"rnnwit-net\": 1", "\"rnnwit-net\": \"1\"", "\"1\"", "rnnwit-net: expected the format's number", NULL},
    /* limits */
    {"\"d_k\": 2", "\"d_k\": 4000000000", "4000000000", "dims.d_k: 4000000000 is more than 1000000", "neurons"},
    {"\"d_k\": 2", "\"d_k\": 99999999999999", "99999999999999", "dims.d_k: 99999999999999 is not between 0 and", NULL},
    {"\"d_k\": 2", "\"d_k\": 70000", "{\"d_k\"", "dims: 4900000000 numbers for the transition", "nonzeros"},
};

/* A limit's name stands where the hint would. */
static bool is_expected(const struct rw_problem_view *view, const struct damage *damage, size_t line, size_t column)
{
    const char *hint = view->limit != NULL ? view->limit : view->hint;
    return view->span.line == line && view->span.column == column && strstr(view->message, damage->message) != NULL &&
           (damage->hint == NULL || (hint != NULL && strstr(hint, damage->hint) != NULL));
}

static void check_damage(const struct damage *damage)
{
    char *text = edited(good_text, damage->find, damage->replace);
    struct rw_source *source = rw_source_text("damaged.json", text, strlen(text));
    struct rw_diag *diag = rw_diag_new(50);
    size_t line, column;
    bool found = false;
    place_of(text, damage->at, &line, &column);
    cr_expect_null(read_text(source, diag), "%s: read all the same", damage->message);
    for (size_t i = 0; i < rw_diag_kept(diag); i++) {
        struct rw_problem_view view = rw_diag_view(diag, i);
        found = found || is_expected(&view, damage, line, column);
    }
    if (!found)
        rw_diag_print(diag, stderr);
    cr_expect(found, "no '%s' at %zu:%zu", damage->message, line, column);
    rw_diag_free(diag);
    rw_source_free(source);
    free(text);
}

Test(json, every_kind_of_damage_is_told_with_its_place)
{
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++)
        check_damage(damages + i);
}

/* Reads text that is no net, and returns the only problem's message. Caller frees. */
static char *only_problem(const char *text, size_t size, const struct rw_limits *limits, size_t *line)
{
    struct rw_source *source = rw_source_text("net.json", text, size);
    struct rw_diag *diag = rw_diag_new(5);
    cr_assert_null(rw_net_read(source, limits, diag));
    if (rw_diag_count(diag) != 1)
        rw_diag_print(diag, stderr);
    cr_assert_eq(rw_diag_count(diag), 1);
    struct rw_problem_view view = rw_diag_view(diag, 0);
    char *message =
        rw_format("%s%s%s", view.message, view.limit != NULL ? " limit=" : "", view.limit != NULL ? view.limit : "");
    *line = view.span.line;
    rw_diag_free(diag);
    rw_source_free(source);
    return message;
}

static void check_only_problem(const char *text, const struct rw_limits *limits, size_t line, const char *expected)
{
    size_t found;
    char *message = only_problem(text, strlen(text), limits, &found);
    cr_expect_not_null(strstr(message, expected), "'%s' instead of '%s'", message, expected);
    cr_expect_eq(found, line, "'%s' in line %zu", message, found);
    free(message);
}

Test(json, text_that_is_not_json_is_told_with_its_line)
{
    struct rw_limits limits = rw_limits_standard();
    check_only_problem("", &limits, 1, "not a net file");
    check_only_problem("kind: dfa\n", &limits, 1, "not a net file");
    check_only_problem("[1, 2]", &limits, 1, "the document: expected an object, found a list");
    check_only_problem("{\"rnnwit-net\": 1,\n \"name\":\n oops}", &limits, 3, "not a net file");
    check_only_problem("{\"name\": \"\xff\"}", &limits, 1, "not a net file");
    check_only_problem("{\"rnnwit-net\": 1,\n \"name\": 123456789012345678901234567890}", &limits, 2,
                       "too big integer");
    check_only_problem("{}", &limits, 1, "the document: the key 'rnnwit-net' is missing");
}

Test(json, a_truncated_file_is_never_read)
{
    struct rw_limits limits = rw_limits_standard();
    size_t line;
    for (size_t size = 0; size + 2 < sizeof good_text - 1; size += 7) {
        char *message = only_problem(good_text, size, &limits, &line);
        cr_assert_not_null(strstr(message, "not a net file"), "%zu bytes: %s", size, message);
        free(message);
    }
}

Test(json, limits_are_named_when_they_are_reached)
{
    struct rw_limits limits = rw_limits_standard();
    char *text = edited(good_text, "\"1/3\"", "\"123456\"");
    limits.number_digits = 5;
    check_only_problem(text, &limits, 18, "out[0][2]: a number of 6 characters, more than 5 limit=number-digits");
    free(text);
    limits = rw_limits_standard();
    limits.depth = 7;
    check_only_problem(good_text, &limits, 13, "nested deeper than 7 limit=depth");
    limits = rw_limits_standard();
    limits.neurons = 2;
    text = edited(good_text, "[\"n\"]", "[\"n\", \"m\", \"k\"]");
    check_only_problem(text, &limits, 17, "neurons: 3 neurons are more than 2 limit=neurons");
    free(text);
}

Test(json, entries_are_counted_against_the_limit_of_nonzeros)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_source *source = rw_source_text("net.json", good_text, strlen(good_text));
    struct rw_diag *diag = rw_diag_new(50);
    limits.nonzeros = 8;
    cr_assert_null(rw_net_read(source, &limits, diag));
    cr_assert_eq(rw_diag_exit_code(diag), 3);
    cr_assert_str_eq(rw_diag_view(diag, 0).limit, "nonzeros");
    rw_diag_free(diag);
    rw_source_free(source);
}

Test(json, deep_nesting_is_refused_before_anything_is_built)
{
    struct rw_limits limits = rw_limits_standard();
    size_t line;
    char *text = rw_alloc(300001, 1);
    memset(text, '[', 300000);
    char *message = only_problem(text, 300000, &limits, &line);
    cr_assert_str_eq(message, "nested deeper than 64 limit=depth");
    cr_assert_eq(line, 1);
    free(message);
    free(text);
    text = edited(good_text, "\"parity\"",
                  "\"\\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"");
    struct rw_source *source = rw_source_text("net.json", text, strlen(text));
    struct rw_net *net = read_text(source, NULL); /* brackets in a string are not nesting */
    cr_assert_not_null(net);
    rw_net_free(net);
    rw_source_free(source);
    free(text);
}

static long peak_kilobytes(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

/* The head of the good text with another family and other dims: a few digits that ask for gigabytes. */
Test(json, huge_sizes_are_refused_without_allocating_them)
{
    static const char *const heads[] = {
        "\"family\": \"pd\", \"name\": \"\", \"dims\": {\"d_k\": 1000000, \"d_v\": 1000000, \"queries\": 1000000}",
        "\"family\": \"pd\", \"name\": \"\", \"dims\": {\"d_k\": 65535, \"d_v\": 1500, \"queries\": 1}",
        "\"family\": \"pd\", \"name\": \"\", \"dims\": {\"d_k\": 1, \"d_v\": 1000000, \"queries\": 1000000}",
        "\"family\": \"pd\", \"name\": \"\", \"dims\": {\"d_k\": 0, \"d_v\": 1000000, \"queries\": 1000000}",
        "\"family\": \"dplr\", \"name\": \"\", \"dims\": {\"d_k\": 0, \"d_v\": 1000000, \"r\": 1000000, \"queries\": "
        "0}",
        "\"family\": \"relu\", \"name\": \"\", \"dims\": {\"n\": 1000000}",
        "\"family\": \"mlp\", \"name\": \"\", \"dims\": {\"n\": 1, \"hidden1\": 1000000, \"hidden2\": 1000000, "
        "\"hidden3\": 0, \"hidden4\": 0}",
    };
    long before = peak_kilobytes();
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        char *text =
            edited(good_text, "\"family\": \"pd\", \"name\": \"\", \"dims\": {\"d_k\": 2, \"d_v\": 1, \"queries\": 1}",
                   heads[i]);
        struct rw_source *source = rw_source_text("net.json", text, strlen(text));
        cr_assert_null(read_text(source, NULL), "%s", heads[i]);
        rw_source_free(source);
        free(text);
    }
    cr_assert_lt(peak_kilobytes() - before, 20000);
}

/* --- random damage --- */

/* One byte changed, inserted or deleted. Caller frees. */
static char *mutated(const char *text, size_t *size, struct rw_random *random)
{
    static const char bytes[] = "{}[]\",:0123456789-/.\\eatn \n\t\x01\x80\xff";
    size_t length = strlen(text), at = rw_random_below(random, length);
    char byte = bytes[rw_random_below(random, sizeof bytes - 1)];
    size_t removed = rw_random_below(random, 2), added = removed == 0 ? 1 : rw_random_below(random, 2);
    char *copy = rw_alloc(length + 2, 1);
    memcpy(copy, text, at);
    copy[at] = byte;
    memcpy(copy + at + added, text + at + removed, length - at - removed);
    *size = length + added - removed;
    return copy;
}

/* What is read in spite of the damage is a network that reads back the same; what is not read has a reason. */
static void check_mutant(const char *text, size_t size, char **shown, size_t *shown_size)
{
    struct rw_source *source = rw_source_text("mutant.json", text, size);
    struct rw_diag *diag = rw_diag_new(10);
    struct rw_net *net = read_text(source, diag);
    cr_assert_eq(net == NULL, !rw_diag_empty(diag));
    FILE *out = open_memstream(shown, shown_size);
    rw_diag_print(diag, out);
    fclose(out);
    if (net != NULL) {
        assert_checked(net);
        char *again_text = written(net);
        struct rw_source *again_source = rw_source_text("again.json", again_text, strlen(again_text));
        struct rw_net *again = read_text(again_source, NULL);
        cr_assert(again != NULL && rw_net_equal(net, again));
        rw_net_free(again);
        rw_source_free(again_source);
        free(again_text);
    }
    rw_net_free(net);
    rw_diag_free(diag);
    rw_source_free(source);
}

Test(json, a_file_with_one_byte_damaged_is_refused_or_read_but_never_worse)
{
    struct rw_random random = rw_random_seed(35);
    for (size_t round = 0; round < 8; round++) {
        struct rw_net *net = random_net(&random, NULL, 1 + round % 2);
        char *text = written(net);
        for (size_t k = 0; k < 60; k++) {
            size_t size, shown_size;
            char *damaged = mutated(text, &size, &random), *shown;
            check_mutant(damaged, size, &shown, &shown_size);
            free(damaged);
            free(shown);
        }
        free(text);
        rw_net_free(net);
    }
}

/* --- telling nets from specs --- */

Test(json, only_a_document_whose_first_key_is_the_nets_looks_like_one)
{
    static const struct {
        const char *text;
        bool net;
    } cases[] = {
        {"{\"rnnwit-net\": 1", true}, {" \n{\t\"rnnwit-net\"", true},        {"{\"rnnwit\": 1}", false}, {"", false},
        {"rnnwit: 1\n", false},       {"{\"name\": \"rnnwit-net\"}", false}, {"[\"rnnwit-net\"]", false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct rw_source *source = rw_source_text("x", cases[i].text, strlen(cases[i].text));
        cr_expect_eq(rw_net_looks_like(source), cases[i].net, "%s", cases[i].text);
        rw_source_free(source);
    }
}
