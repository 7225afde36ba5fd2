/* modular_head.h - a linear head modulo a prime. Internal to verify. */
#ifndef RW_VERIFY_MODULAR_HEAD_H
#define RW_VERIFY_MODULAR_HEAD_H

#include "rnn/net.h"
#include "exact/residue.h"

struct rw_modular_head;

/* Whether the head's family has a modular step: the linear ones. */
bool rw_modular_head_possible(const struct rw_head *head);
/* The head in the zero state. NULL: the prime divides a denominator. The head must outlive it. Caller frees. */
struct rw_modular_head *rw_modular_head_new(const struct rw_head *head, nmod_t mod);
void rw_modular_head_free(struct rw_modular_head *head);
/* One step on an input of the net's width (residues); what the head adds to the stream is added to `stream`. */
void rw_modular_head_step(struct rw_modular_head *head, const mp_limb_t *input, mp_limb_t *stream);

#endif
