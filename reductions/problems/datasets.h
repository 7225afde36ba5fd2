/* datasets.h - the rows of the table of generators. Internal. */
#ifndef RW_REDUCTIONS_PROBLEMS_DATASETS_H
#define RW_REDUCTIONS_PROBLEMS_DATASETS_H

#include "reductions/problems/dataset.h"

extern const struct rw_generator rw_generator_connectivity, rw_generator_matrix_product, rw_generator_word_problem,
    rw_generator_formula, rw_generator_circuit, rw_generator_released;

/* Two classes: no and yes. */
static inline size_t rw_two_classes(const struct rw_dataset_options *options)
{
    (void)options;
    return 2;
}
static inline size_t rw_class_is_label(const struct rw_dataset_options *options, int64_t label)
{
    (void)options;
    return label > 0;
}

#endif
