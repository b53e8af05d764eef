/* What a measuring program needs and Swift cannot say. */
#ifndef OSTIARY_MEASURING_IN_C_H
#define OSTIARY_MEASURING_IN_C_H

#include <stdbool.h>
#include <stdint.h>

/* Calls of malloc, calloc, realloc and their aligned kin so far, of all threads. */
uint64_t allocation_count(void);

/* Binds this process, and the threads that it will start, to one processor. */
bool pin_to_processor(int number);

/* Calls `body`. Callgrind is told to count only what happens within a function of this name. */
void measured_region(void (*body)(void *), void *context);

#endif
