/* The part of libFuzzer's interface that a mutator of one's own calls. */
#ifndef OSTIARY_CLIBFUZZER_SHIM_H
#define OSTIARY_CLIBFUZZER_SHIM_H

#include <stddef.h>
#include <stdint.h>

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

#endif
