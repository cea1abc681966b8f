#define TIER avx2
#include "tier.h"
