/* random_net.h - small random networks for laws: every family, several layers and heads, feed-forward parts, names
 * that need escapes. */
#ifndef RW_TESTS_RNN_RANDOM_NET_H
#define RW_TESTS_RNN_RANDOM_NET_H

#include "base/random.h"
#include "rnn/net.h"

/* A small number, now and then with a denominator; zero included. */
void random_number(fmpq_t q, struct rw_random *random);
/* About half of the places are nonzero. Caller frees. */
struct rw_matrix *random_matrix(struct rw_random *random, size_t rows, size_t cols);
/* A head with random weights, added to the layer; its pointer is good until the layer's next head. */
struct rw_head *random_head(struct rw_random *random, struct rw_layer *layer, const struct rw_family *family,
                            const size_t *dims, size_t width);
/* A net of `layers` layers with up to two heads each, of one family, or of any (NULL). Passes rw_net_check. Caller
 * frees. */
struct rw_net *random_net(struct rw_random *random, const struct rw_family *family, size_t layers);
/* Fails the test and prints the problems unless rw_net_check is content. */
void assert_checked(const struct rw_net *net);

#endif
