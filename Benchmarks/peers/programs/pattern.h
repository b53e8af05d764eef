// What bodies are made of: bytes that tell their place, so that a body that is shifted, cut or mixed with
// another is noticed. The pattern repeats after a prime number of bytes.
#pragma once
#include <stddef.h>
#include <string.h>

enum { PATTERN_PERIOD = 65521, PATTERN_PIECE = 1 << 16 };

static char pattern_bytes[PATTERN_PERIOD + PATTERN_PIECE];

static void pattern_fill(void) {
    unsigned state = 1;
    for (size_t i = 0; i < PATTERN_PERIOD; i++) {
        state = state * 1103515245 + 12345;
        pattern_bytes[i] = 'a' + (state >> 16) % 26;
    }
    for (size_t i = PATTERN_PERIOD; i < sizeof pattern_bytes; i++) pattern_bytes[i] = pattern_bytes[i - PATTERN_PERIOD];
}

// The pattern from this offset of a body on; PATTERN_PIECE bytes can be read.
static const char *pattern_at(size_t offset) { return pattern_bytes + offset % PATTERN_PERIOD; }

static int pattern_holds(const char *bytes, size_t count, size_t offset) {
    while (count > 0) {
        size_t piece = count < PATTERN_PIECE ? count : PATTERN_PIECE;
        if (memcmp(bytes, pattern_at(offset), piece) != 0) return 0;
        bytes += piece;
        offset += piece;
        count -= piece;
    }
    return 1;
}
