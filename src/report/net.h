/* net.h - a network's sizes and parts for a reader. */
#ifndef RW_REPORT_NET_H
#define RW_REPORT_NET_H

#include <jansson.h>
#include <stdio.h>

#include "rnn/net.h"

/* "1 layer, 1 head, 2 coordinates, 0 neurons, 9 nonzeros, 1 bit" in one line, without a line break. */
void rw_report_net_size(const struct rw_net *net, FILE *out);
json_t *rw_report_net_size_json(const struct rw_net *net);
/* Provenance, sizes, each layer and head. */
void rw_report_net(const struct rw_net *net, FILE *out);
json_t *rw_report_net_json(const struct rw_net *net);

#endif
