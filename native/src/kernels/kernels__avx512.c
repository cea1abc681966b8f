#define TIER avx512
#include "tier.h"
