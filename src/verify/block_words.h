/* block_words.h - words that may tell an iterated matrix product and a network apart where its proof failed. Internal to verify. */
#ifndef RW_VERIFY_BLOCK_WORDS_H
#define RW_VERIFY_BLOCK_WORDS_H

#include "automata/machine.h"
#include "base/progress.h"
#include "rnn/net.h"

/* Whether a word was found on which they differ: matrices are drawn, few of them large, so that signs change and each column comes
 * up, and the words end a few blocks after block `failed`. The machine is a matrix product. Cost: at most a fixed number of steps. */
bool rw_block_word(const struct rw_machine *machine, const struct rw_net *net, size_t failed,
                   struct rw_progress *progress, struct rw_word *word);

#endif
