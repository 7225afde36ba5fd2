/* net.c - what a network is made of. */
#include "report/net.h"

#include <stdlib.h>

#include "report/problems.h"
#include "rnn/ranges.h"

static void print_count(FILE *out, const char *before, size_t count, const char *noun)
{
    fprintf(out, "%s%zu %s%s", before, count, noun, count == 1 ? "" : "s");
}

void rw_report_net_size(const struct rw_net *net, FILE *out)
{
    struct rw_net_size size = rw_net_size(net);
    print_count(out, "", size.layers, "layer");
    print_count(out, ", ", size.heads, "head");
    print_count(out, ", ", size.coordinates, "coordinate");
    if (size.rank > 0)
        fprintf(out, ", rank %zu", size.rank);
    print_count(out, ", ", size.neurons, "neuron");
    print_count(out, ", ", size.nonzeros, "nonzero");
    print_count(out, ", ", size.bits, "bit");
}

json_t *rw_report_net_size_json(const struct rw_net *net)
{
    struct rw_net_size size = rw_net_size(net);
    json_t *object = json_object();
    json_object_set_new(object, "layers", rw_report_count(size.layers));
    json_object_set_new(object, "heads", rw_report_count(size.heads));
    json_object_set_new(object, "width", rw_report_count(size.width));
    json_object_set_new(object, "coordinates", rw_report_count(size.coordinates));
    json_object_set_new(object, "rank", rw_report_count(size.rank));
    json_object_set_new(object, "neurons", rw_report_count(size.neurons));
    json_object_set_new(object, "nonzeros", rw_report_count(size.nonzeros));
    json_object_set_new(object, "bits", rw_report_count(size.bits));
    return object;
}

/* Tokens run to measure ranges. */
#define TOKENS_MEASURED 4000

static void print_ranges(const struct rw_net *net, FILE *out)
{
    struct rw_ranges ranges = rw_ranges_measure(net, TOKENS_MEASURED);
    if (ranges.count > 0)
        fprintf(out, "  ranges met in %zu tokens, and those of real layers:\n", (size_t)ranges.tokens);
    for (size_t i = 0; i < ranges.count; i++) {
        const struct rw_range *range = ranges.ranges + i;
        fprintf(out, "    layer %zu head %zu, %s: ", range->layer + 1, range->head + 1, range->name);
        if (!range->met) {
            fputs("never used\n", out);
            continue;
        }
        rw_q_print(out, &range->low);
        fputs(" to ", out);
        rw_q_print(out, &range->high);
        fprintf(out, range->inside ? ", within %d to %d\n" : ", outside %d to %d, first after ", range->stock_low,
                range->stock_high);
        if (!range->inside) {
            rw_word_print(out, net->tokens, range->outside.symbols, range->outside.length);
            fputc('\n', out);
        }
    }
    rw_ranges_clear(&ranges);
}

static json_t *ranges_json(const struct rw_net *net)
{
    struct rw_ranges ranges = rw_ranges_measure(net, TOKENS_MEASURED);
    json_t *list = json_array();
    for (size_t i = 0; i < ranges.count; i++) {
        const struct rw_range *range = ranges.ranges + i;
        char *low = rw_q_text(&range->low), *high = rw_q_text(&range->high);
        if (range->met)
            json_array_append_new(list,
                                  json_pack("{s:I, s:I, s:s, s:s, s:s, s:b}", "layer", (json_int_t)range->layer + 1,
                                            "head", (json_int_t)range->head + 1, "quantity", range->name, "low", low,
                                            "high", high, "inside", range->inside));
        free(low);
        free(high);
    }
    rw_ranges_clear(&ranges);
    return list;
}

static void print_head(const struct rw_head *head, FILE *out)
{
    fprintf(out, "    %s%s%s:", head->family->title, head->name[0] != '\0' ? ", " : "", head->name);
    for (size_t d = 0; head->family->dim_names[d] != NULL; d++)
        fprintf(out, " %s = %zu", head->family->dim_names[d], head->dims[d]);
    fprintf(out, "\n      %s\n", head->family->formula);
}

void rw_report_net(const struct rw_net *net, FILE *out)
{
    fprintf(out, "%s: network", net->name);
    if (net->construction[0] != '\0')
        fprintf(out, " by %s (%s)", net->construction, net->theorem);
    if (net->made_by[0] != '\0')
        fprintf(out, ", made by %s", net->made_by);
    fprintf(out, "\n  size: ");
    rw_report_net_size(net, out);
    if (net->padding > 0)
        fprintf(out, "\n  padding: %zu blanks '%s' after each letter", net->padding,
                rw_alphabet_name(net->tokens, (uint32_t)rw_alphabet_size(net->tokens) - 1));
    fprintf(out, "\n  tokens: %zu, and BOS; the stream has %zu features\n", rw_alphabet_size(net->tokens), net->width);
    for (size_t l = 0; l < net->layer_count; l++) {
        const struct rw_layer *layer = net->layers + l;
        fprintf(out, "  layer %zu:\n", l + 1);
        for (size_t h = 0; h < layer->head_count; h++)
            print_head(layer->heads + h, out);
        if (layer->feedforward != NULL)
            fprintf(out, "    feed-forward: %zu ReLU neurons\n", layer->feedforward->neurons);
    }
    static const char *const decisions[RW_DECISIONS] = {
        [RW_DECIDE_POSITIVE] = "accepts where it is positive",
        [RW_DECIDE_VALUE] = "the value of the word",
        [RW_DECIDE_SIGN] = "accepts where it is positive, rejects where it is negative, undecided at 0"};
    fprintf(out, "  output: %s, %s\n", net->output_count > 0 ? net->outputs[0] : "none", decisions[net->decision]);
    if (net->relation != NULL)
        fprintf(out, "  states: %zu quantities of the automaton are read off the coordinates\n", net->relation->count);
    print_ranges(net, out);
}

static json_t *head_json(const struct rw_head *head)
{
    json_t *object = json_object(), *dims = json_object();
    json_object_set_new(object, "family", rw_report_text(head->family->name));
    json_object_set_new(object, "name", rw_report_text(head->name));
    for (size_t d = 0; head->family->dim_names[d] != NULL; d++)
        json_object_set_new(dims, head->family->dim_names[d], rw_report_count(head->dims[d]));
    json_object_set_new(object, "dims", dims);
    return object;
}

json_t *rw_report_net_json(const struct rw_net *net)
{
    json_t *object = json_object(), *layers = json_array();
    json_object_set_new(object, "name", rw_report_text(net->name));
    json_object_set_new(object, "construction", rw_report_text(net->construction));
    json_object_set_new(object, "theorem", rw_report_text(net->theorem));
    json_object_set_new(object, "made_by", rw_report_text(net->made_by));
    json_object_set_new(object, "spec_hash", rw_report_text(net->spec_hash));
    json_object_set_new(object, "size", rw_report_net_size_json(net));
    for (size_t l = 0; l < net->layer_count; l++) {
        json_t *layer = json_object(), *heads = json_array();
        for (size_t h = 0; h < net->layers[l].head_count; h++)
            json_array_append_new(heads, head_json(net->layers[l].heads + h));
        json_object_set_new(layer, "heads", heads);
        json_object_set_new(
            layer, "neurons",
            rw_report_count(net->layers[l].feedforward == NULL ? 0 : net->layers[l].feedforward->neurons));
        json_array_append_new(layers, layer);
    }
    json_object_set_new(object, "layers", layers);
    json_object_set_new(object, "ranges", ranges_json(net));
    return object;
}
