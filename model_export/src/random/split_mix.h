#pragma once

#include "vitrine/split_mix.h"

namespace vitrine::train {

using vitrine::SplitMix;

}  // namespace vitrine::train
