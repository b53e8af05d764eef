// Bodies that both ends know without telling each other: 64-bit words made from the body's number.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t pattern_word(uint64_t body, uint64_t index) {
    uint64_t word = (body + 1) * 0x9E3779B97F4A7C15u + index * 0xD1B54A32D192ED03u;
    word ^= word >> 29;
    word *= 0xBF58476D1CE4E5B9u;
    return word ^ word >> 32;
}

// Writes the bytes of `body` from `offset` on.
static inline void pattern_fill(uint64_t body, uint64_t offset, unsigned char *to, size_t count) {
    while (count > 0) {
        uint64_t word = pattern_word(body, offset / 8);
        size_t skipped = offset % 8, piece = 8 - skipped;
        if (piece > count) piece = count;
        memcpy(to, (unsigned char *)&word + skipped, piece);
        to += piece, offset += piece, count -= piece;
    }
}

// How many of `count` bytes are those of `body` from `offset` on.
static inline size_t pattern_match(
    uint64_t body, uint64_t offset, const unsigned char *bytes, size_t count) {
    unsigned char expected[4096];
    for (size_t done = 0; done < count;) {
        size_t piece = count - done < sizeof expected ? count - done : sizeof expected;
        pattern_fill(body, offset + done, expected, piece);
        if (memcmp(expected, bytes + done, piece) != 0) {
            size_t same = 0;
            while (expected[same] == bytes[done + same]) same++;
            return done + same;
        }
        done += piece;
    }
    return count;
}

// What a client uploads with the request `number`, as opposed to what it gets.
static inline uint64_t upload_body(uint64_t number) { return ~number; }
