/* modular_head.c - the linear families' steps modulo a prime, from their formulas and not from the runtime.
 *
 * S is d_v x d_k, S <- S A(x) + B(x), output S q(x); each family says what A and B do. */
#include "verify/modular_head.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* A parameter for the present input: rows x cols residues, dense, and the places that are not 0. */
struct value {
    size_t rows, cols;
    bool input;
    struct rw_residues weights;
    mp_limb_t *entry;
    uint32_t *place;
    size_t count;
};

struct rw_modular_head {
    const struct rw_head *head;
    const struct family *family;
    nmod_t mod;
    size_t d_k, d_v, params;
    struct value *values;
    struct rw_residues output;
    mp_limb_t *state, *next, *outputs, *row;
};

struct family {
    const char *name;
    void (*step)(struct rw_modular_head *h);
};

static const struct value *param(const struct rw_modular_head *h, const char *name)
{
    for (size_t i = 0; i < h->params; i++)
        if (strcmp(h->head->family->param(h->head->dims, i).name, name) == 0)
            return h->values + i;
    return NULL;
}

static void add_product(mp_limb_t *to, mp_limb_t a, mp_limb_t b, nmod_t mod)
{
    *to = nmod_add(*to, nmod_mul(a, b, mod), mod);
}

/* --- families --- */

/* S += v w^T, where the outer product's factors are columns. */
static void add_outer(struct rw_modular_head *h, const struct value *v, const struct value *w)
{
    for (size_t a = 0; a < v->count; a++)
        for (size_t b = 0; b < w->count; b++)
            add_product(h->state + v->place[a] * h->d_k + w->place[b], v->entry[v->place[a]], w->entry[w->place[b]],
                        h->mod);
}

static void add_write(struct rw_modular_head *h)
{
    const struct value *write = param(h, "write");
    for (size_t e = 0; e < write->count; e++)
        h->state[write->place[e]] = nmod_add(h->state[write->place[e]], write->entry[write->place[e]], h->mod);
}

static void pd_step(struct rw_modular_head *h)
{
    const struct value *transition = param(h, "transition");
    memset(h->next, 0, h->d_v * h->d_k * sizeof *h->next);
    for (size_t e = 0; e < transition->count; e++) {
        size_t from = transition->place[e] / h->d_k, to = transition->place[e] % h->d_k;
        for (size_t r = 0; r < h->d_v; r++)
            add_product(h->next + r * h->d_k + to, h->state[r * h->d_k + from], transition->entry[transition->place[e]],
                        h->mod);
    }
    memcpy(h->state, h->next, h->d_v * h->d_k * sizeof *h->next);
    add_write(h);
}

/* S <- S diag(decay) - sum over columns c of (S left_c) right_c^T */
static void dplr_step(struct rw_modular_head *h)
{
    const struct value *decay = param(h, "decay"), *left = param(h, "left"), *right = param(h, "right");
    for (size_t r = 0; r < h->d_v; r++) {
        mp_limb_t *s = h->state + r * h->d_k;
        memset(h->row, 0, left->cols * sizeof *h->row);
        for (size_t e = 0; e < left->count; e++)
            add_product(h->row + left->place[e] % left->cols, s[left->place[e] / left->cols],
                        left->entry[left->place[e]], h->mod);
        for (size_t i = 0; i < h->d_k; i++)
            s[i] = nmod_mul(s[i], decay->entry[i], h->mod);
        for (size_t e = 0; e < right->count; e++) {
            mp_limb_t *to = s + right->place[e] / right->cols;
            *to = nmod_sub(*to, nmod_mul(h->row[right->place[e] % right->cols], right->entry[right->place[e]], h->mod),
                           h->mod);
        }
    }
    add_write(h);
}

/* For each step s: S <- S - beta (S k - v) k^T */
static void delta_step(struct rw_modular_head *h)
{
    const struct value *key = param(h, "key"), *value = param(h, "value"), *beta = param(h, "beta");
    for (size_t s = 0; s < key->cols; s++)
        for (size_t r = 0; r < h->d_v && beta->entry[s] != 0; r++) {
            mp_limb_t *row = h->state + r * h->d_k, d = nmod_neg(value->entry[r * value->cols + s], h->mod);
            for (size_t i = 0; i < h->d_k; i++)
                add_product(&d, row[i], key->entry[i * key->cols + s], h->mod);
            d = nmod_mul(d, beta->entry[s], h->mod);
            for (size_t i = 0; i < h->d_k; i++)
                row[i] = nmod_sub(row[i], nmod_mul(d, key->entry[i * key->cols + s], h->mod), h->mod);
        }
}

/* S <- S diag(w) - lambda (S kappa) (a o kappa)^T + v key^T */
static void rwkv7_step(struct rw_modular_head *h)
{
    const struct value *w = param(h, "decay"), *kappa = param(h, "kappa"), *a = param(h, "rate");
    mp_limb_t lambda = param(h, "lambda")->entry[0];
    for (size_t r = 0; r < h->d_v; r++) {
        mp_limb_t *s = h->state + r * h->d_k, t = 0;
        for (size_t i = 0; i < h->d_k; i++)
            add_product(&t, s[i], kappa->entry[i], h->mod);
        t = nmod_mul(t, lambda, h->mod);
        for (size_t i = 0; i < h->d_k; i++) {
            mp_limb_t gone = nmod_mul(t, nmod_mul(a->entry[i], kappa->entry[i], h->mod), h->mod);
            s[i] = nmod_sub(nmod_mul(s[i], w->entry[i], h->mod), gone, h->mod);
        }
    }
    add_outer(h, param(h, "value"), param(h, "key"));
}

static const struct family families[] = {{"pd", pd_step},
                                         {"dplr", dplr_step},
                                         {"deltanet", delta_step},
                                         {"deltaproduct", delta_step},
                                         {"rwkv7", rwkv7_step}};

static const struct family *family_of(const struct rw_head *head)
{
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (strcmp(families[i].name, head->family->name) == 0)
            return families + i;
    return NULL;
}

bool rw_modular_head_possible(const struct rw_head *head)
{
    return family_of(head) != NULL;
}

/* --- the head --- */

/* A constant parameter keeps its value; false: the prime divides a denominator. */
static bool init_value(struct value *value, struct rw_param_shape shape, const struct rw_matrix *weights, nmod_t mod)
{
    value->rows = shape.rows;
    value->cols = shape.cols;
    value->input = shape.input;
    value->entry = rw_alloc(rw_product(shape.rows, shape.cols), sizeof *value->entry);
    value->place = rw_alloc(rw_product(shape.rows, shape.cols), sizeof *value->place);
    return rw_residues_init(&value->weights, weights, mod);
}

struct rw_modular_head *rw_modular_head_new(const struct rw_head *head, nmod_t mod)
{
    struct rw_modular_head *h = rw_alloc(1, sizeof *h);
    bool good = true;
    h->head = head;
    h->family = family_of(head);
    h->mod = mod;
    h->d_k = head->dims[0];
    h->d_v = head->dims[1];
    h->params = head->family->param_count(head->dims);
    h->values = rw_alloc(h->params, sizeof *h->values);
    size_t widest = 1;
    for (size_t i = 0; i < h->params; i++) {
        struct rw_param_shape shape = head->family->param(head->dims, i);
        good = init_value(h->values + i, shape, head->params[i], mod) && good;
        widest = shape.cols > widest ? shape.cols : widest;
    }
    good = rw_residues_init(&h->output, head->output, mod) && good;
    h->state = rw_alloc(h->d_k * h->d_v, sizeof *h->state);
    h->next = rw_alloc(h->d_k * h->d_v, sizeof *h->next);
    h->outputs = rw_alloc(head->output->cols, sizeof *h->outputs);
    h->row = rw_alloc(widest, sizeof *h->row);
    if (good)
        return h;
    rw_modular_head_free(h);
    return NULL;
}

void rw_modular_head_free(struct rw_modular_head *h)
{
    if (h == NULL)
        return;
    for (size_t i = 0; i < h->params; i++) {
        rw_residues_clear(&h->values[i].weights);
        free(h->values[i].entry);
        free(h->values[i].place);
    }
    rw_residues_clear(&h->output);
    free(h->values);
    free(h->state);
    free(h->next);
    free(h->outputs);
    free(h->row);
    free(h);
}

/* entry = weights * input; only the places of the step before are cleared. */
static void evaluate(struct value *value, const mp_limb_t *input, nmod_t mod)
{
    const struct rw_matrix *m = value->weights.matrix;
    for (size_t e = 0; e < value->count; e++)
        value->entry[value->place[e]] = 0;
    value->count = 0;
    for (size_t j = 0; j < m->cols; j++)
        for (size_t e = m->start[j]; input[j] != 0 && e < m->start[j + 1]; e++) {
            uint32_t place = m->row[e];
            if (value->entry[place] == 0)
                value->place[value->count++] = place;
            mp_limb_t sum = nmod_add(value->entry[place], nmod_mul(value->weights.value[e], input[j], mod), mod);
            value->entry[place] = sum;
            if (sum == 0) /* it may come again: it is listed once, and found again when it is not 0 */
                for (size_t k = value->count; k-- > 0;)
                    if (value->place[k] == place) {
                        value->place[k] = value->place[--value->count];
                        break;
                    }
        }
}

/* outputs[row * queries + c] = sum over i of S[row][i] q[i][c] */
static void read_state(struct rw_modular_head *h)
{
    const struct value *query = param(h, "query");
    memset(h->outputs, 0, h->head->output->cols * sizeof *h->outputs);
    for (size_t e = 0; e < query->count; e++) {
        size_t i = query->place[e] / query->cols, c = query->place[e] % query->cols;
        for (size_t r = 0; r < h->d_v; r++)
            add_product(h->outputs + r * query->cols + c, h->state[r * h->d_k + i], query->entry[query->place[e]],
                        h->mod);
    }
}

void rw_modular_head_step(struct rw_modular_head *h, const mp_limb_t *input, mp_limb_t *stream)
{
    for (size_t i = 0; i < h->params; i++)
        if (h->values[i].input)
            evaluate(h->values + i, input, h->mod);
    h->family->step(h);
    read_state(h);
    rw_residues_apply(&h->output, h->outputs, stream, h->mod);
}
