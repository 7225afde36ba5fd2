/* json.h - the net file: rnnwit-net(5). Reading what was written gives the identical net. */
#ifndef RW_RNN_JSON_H
#define RW_RNN_JSON_H

#include "base/limits.h"
#include "base/source.h"
#include "rnn/net.h"

#define RW_NET_FORMAT 1

/* Writes the net; deterministic (same net, same bytes). false on a write error. */
bool rw_net_write(const struct rw_net *net, FILE *out);
/* Reads and checks (rw_net_check). Every problem is reported with its line and column, and the path
 * ("layers[0].heads[1].params.query[3]"). NULL on error. Caller frees. */
struct rw_net *rw_net_read(const struct rw_source *source, const struct rw_limits *limits, struct rw_diag *diag);
/* Whether the text looks like a net file rather than a spec (its first key is "rnnwit-net"). */
bool rw_net_looks_like(const struct rw_source *source);

#endif
