/* All kernels of a tier, compiled into the one file that names it and is compiled for its instructions. */
#include "across.h"
#include "rows.h"
#include "stages.h"
#include "sums.h"

#define JOIN_(name, tier) name##__##tier
#define JOIN(name, tier) JOIN_(name, tier)

const struct kernels JOIN(kernels, TIER) = {
    .lanes = LANES,
#define STAGE(name) .name = name##_stage,
#define ROWS(name) .name = name##_rows,
#define ACROSS(name) .name = name##_across,
#include "kernels.inc"
#undef STAGE
#undef ROWS
#undef ACROSS
};
