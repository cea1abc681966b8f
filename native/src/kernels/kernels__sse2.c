#define TIER sse2
#include "tier.h"
