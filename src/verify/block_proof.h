/* block_proof.h - the induction over blocks of letters, the blocks being given (block_model.h). Internal to verify. */
#ifndef RW_VERIFY_BLOCK_PROOF_H
#define RW_VERIFY_BLOCK_PROOF_H

#include "base/progress.h"
#include "rnn/net.h"
#include "verify/block_model.h"
#include "verify/equal_blocks.h"

/* Whether the net has the model's values (or verdicts, as it decides) for all words; if not, why. The proof (empty) receives readings, first and period;
 * `hopeless`, whether another length of blocks would not do either. */
bool rw_prove_blocks(const struct rw_net *net, const struct rw_block_model *model, struct rw_letter_space *space,
                     struct rw_progress *progress, struct rw_blocks_proof *proof, bool *hopeless, FILE *why);
/* "more letters than ...": what an exceeded space could not hold. */
const char *rw_blocks_too_much(const struct rw_letter_space *space);

#endif
