#define TIER neon
#include "tier.h"
