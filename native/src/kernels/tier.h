/* All kernels of a tier, compiled into the one file that names it and is compiled for its instructions. */
#include "rows.h"
#include "stages.h"

#define JOIN_(name, tier) name##__##tier
#define JOIN(name, tier) JOIN_(name, tier)

const struct kernels JOIN(kernels, TIER) = {
    .lanes = LANES,
#define STAGE(name) .name = name##_stage,
#define ROWS(name) .name = name##_rows,
#include "kernels.inc"
#undef STAGE
#undef ROWS
};
