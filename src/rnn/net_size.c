/* net_size.c - walking over all weights: size figures, and each matrix by number and name. */
#include <stdlib.h>
#include <string.h>

#include "rnn/net.h"

/* Called for every weight matrix in turn; false ends the walk. */
struct walk {
    bool (*visit)(struct walk *walk, struct rw_matrix **matrix, size_t layer, size_t head, const char *part);
};

/* layer and head count from 1; 0: not of a layer, not of a head. */
static bool walk_head(struct walk *walk, struct rw_head *head, size_t layer, size_t number)
{
    for (size_t i = 0; i < head->family->param_count(head->dims); i++)
        if (!walk->visit(walk, head->params + i, layer, number, head->family->param(head->dims, i).name))
            return false;
    return walk->visit(walk, &head->output, layer, number, "output");
}

static bool walk_layer(struct walk *walk, struct rw_layer *layer, size_t number)
{
    for (size_t h = 0; h < layer->head_count; h++)
        if (!walk_head(walk, layer->heads + h, number, h + 1))
            return false;
    struct rw_feedforward *f = layer->feedforward;
    return f == NULL || (walk->visit(walk, &f->in, number, 0, "feed-forward in") &&
                         walk->visit(walk, &f->bias, number, 0, "feed-forward bias") &&
                         walk->visit(walk, &f->out, number, 0, "feed-forward out"));
}

static void walk_net(struct walk *walk, struct rw_net *net)
{
    if (!walk->visit(walk, &net->embedding, 0, 0, "embedding"))
        return;
    for (size_t l = 0; l < net->layer_count; l++)
        if (!walk_layer(walk, net->layers + l, l + 1))
            return;
    walk->visit(walk, &net->readout, 0, 0, "readout");
}

struct measuring {
    struct walk walk;
    struct rw_net_size size;
};

static bool measure(struct walk *walk, struct rw_matrix **matrix, size_t layer, size_t head, const char *part)
{
    struct rw_net_size *size = &((struct measuring *)walk)->size;
    (void)layer;
    (void)head;
    (void)part;
    size_t bits = rw_matrix_bits(*matrix);
    size->nonzeros += rw_matrix_nonzeros(*matrix);
    if (bits > size->bits)
        size->bits = bits;
    return true;
}

/* The rank r of a dplr head; DeltaNet and RWKV-7 steps have rank 1, a DeltaProduct as many as it has steps. */
static size_t head_rank(const struct rw_head *head)
{
    for (size_t i = 0; head->family->dim_names[i] != NULL; i++)
        if (strcmp(head->family->dim_names[i], "r") == 0 || strcmp(head->family->dim_names[i], "steps") == 0)
            return head->dims[i];
    return strcmp(head->family->name, "rwkv7") == 0 || strcmp(head->family->name, "deltanet") == 0;
}

struct rw_net_size rw_net_size(const struct rw_net *net)
{
    struct measuring m = {.walk = {measure}};
    walk_net(&m.walk, (struct rw_net *)net); /* measuring changes nothing */
    m.size.layers = net->layer_count;
    m.size.width = net->width;
    m.size.coordinates = rw_net_coordinate(net, net->layer_count, 0);
    for (size_t l = 0; l < net->layer_count; l++) {
        m.size.heads += net->layers[l].head_count;
        if (net->layers[l].feedforward != NULL)
            m.size.neurons += net->layers[l].feedforward->neurons;
        for (size_t h = 0; h < net->layers[l].head_count; h++) {
            size_t rank = head_rank(net->layers[l].heads + h);
            if (rank > m.size.rank)
                m.size.rank = rank;
        }
    }
    return m.size;
}

struct finding {
    struct walk walk;
    size_t wanted, seen;
    struct rw_matrix **found;
    FILE *name;
};

static bool find(struct walk *walk, struct rw_matrix **matrix, size_t layer, size_t head, const char *part)
{
    struct finding *f = (struct finding *)walk;
    if (f->seen++ != f->wanted)
        return true;
    f->found = matrix;
    if (f->name == NULL)
        return false;
    if (layer > 0)
        fprintf(f->name, "layer %zu ", layer);
    if (head > 0)
        fprintf(f->name, "head %zu ", head);
    fputs(part, f->name);
    return false;
}

size_t rw_net_matrix_count(const struct rw_net *net)
{
    struct finding f = {.walk = {find}, .wanted = SIZE_MAX};
    walk_net(&f.walk, (struct rw_net *)net);
    return f.seen;
}

struct rw_matrix **rw_net_matrix(struct rw_net *net, size_t i, FILE *name)
{
    struct finding f = {.walk = {find}, .wanted = i, .name = name};
    walk_net(&f.walk, net);
    return f.found;
}
