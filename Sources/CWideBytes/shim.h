// Sixteen bytes at a time: what Swift's vectors do not compile to well.
//
// Where the processor lacks the instructions (`ostiary_has_wide_bytes`), callers do the same in Swift, byte
// by byte.
#ifndef OSTIARY_WIDE_BYTES_H
#define OSTIARY_WIDE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <tmmintrin.h>

// Sixteen digits of base64url (RFC 4648 § 5) as twelve bytes and four zeros; `strange` collects the bytes
// that are no digits.
//
// The rows are by the upper four bits of a byte. A row's bit in `rows`, and the rows in which each value
// of the lower four bits is a digit in `columns`:
//   2: only `-`; 3: 0 to 9; 4 and 6: all but the first; 5: up to Z, and `_`; 7: up to z.
__attribute__((target("ssse3"), always_inline)) static inline __m128i
ostiary_base64url_block(__m128i digits, __m128i *_Nonnull strange) {
    const __m128i rows = _mm_setr_epi8(0, 0, 1, 2, 4, 8, 4, 16, 0, 0, 0, 0, 0, 0, 0, 0);
    const __m128i columns = _mm_setr_epi8(
        2 | 8 | 16, 2 | 4 | 8 | 16, 2 | 4 | 8 | 16, 2 | 4 | 8 | 16, 2 | 4 | 8 | 16, 2 | 4 | 8 | 16,
        2 | 4 | 8 | 16, 2 | 4 | 8 | 16, 2 | 4 | 8 | 16, 2 | 4 | 8 | 16, 4 | 8 | 16, 4, 4, 1 | 4, 4, 4 | 8);
    // What turns a digit into its value; `_` is the one that its row does not fit.
    const __m128i distances = _mm_setr_epi8(0, 0, 62 - '-', 52 - '0', -'A', -'A', 26 - 'a', 26 - 'a', 0,
                                            0, 0, 0, 0, 0, 0, 0);
    const __m128i low_bits = _mm_set1_epi8(0x0F);
    const __m128i order = _mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
    const __m128i row = _mm_and_si128(_mm_srli_epi16(digits, 4), low_bits);
    const __m128i column = _mm_and_si128(digits, low_bits);
    const __m128i known = _mm_and_si128(_mm_shuffle_epi8(rows, row), _mm_shuffle_epi8(columns, column));
    *strange = _mm_or_si128(*strange, _mm_cmpeq_epi8(known, _mm_setzero_si128()));
    const __m128i correction = _mm_and_si128(_mm_cmpeq_epi8(digits, _mm_set1_epi8('_')),
                                             _mm_set1_epi8(63 - '_' + 'A'));
    const __m128i values =
        _mm_add_epi8(digits, _mm_add_epi8(_mm_shuffle_epi8(distances, row), correction));
    // Pairs of six bits become twelve, pairs of twelve 24, in the lower three bytes of a word.
    const __m128i twelves = _mm_maddubs_epi16(values, _mm_set1_epi32(0x01400140));
    const __m128i words = _mm_madd_epi16(twelves, _mm_set1_epi32(0x00011000));
    return _mm_shuffle_epi8(words, order);
}

// Whether `text` is base64url in its canonical form; its bytes are then in `output`, which has room for
// them. `count` is not 1 above a multiple of four.
__attribute__((target("ssse3"))) static inline bool
ostiary_base64url_decode(const uint8_t *_Nonnull text, size_t count, uint8_t *_Nonnull output,
                         size_t room) {
    __m128i strange = _mm_setzero_si128();
    size_t read = 0, written = 0;
    // INVARIANT (within both): sixteen bytes are read at `read` ≤ count - 16, and sixteen written, of which
    // twelve count, at `written` ≤ room - 16.
    while (count - read >= 16 && room - written >= 16) {
        const __m128i digits = _mm_loadu_si128((const __m128i *)(text + read));
        _mm_storeu_si128((__m128i *)(output + written), ostiary_base64url_block(digits, &strange));
        read += 16;
        written += 12;
    }
    // The rest, with zeros (`A`) behind it: where a digit's spare bits are zero, so is the byte that
    // begins with them.
    while (read < count) {
        const size_t rest = count - read < 16 ? count - read : 16;
        const size_t bytes = rest / 4 * 3 + (rest % 4 ? rest % 4 - 1 : 0);
        uint8_t digits[16], block[16];
        memset(digits, 'A', sizeof digits);
        memcpy(digits, text + read, rest);
        _mm_storeu_si128(
            (__m128i *)block,
            ostiary_base64url_block(_mm_loadu_si128((const __m128i *)digits), &strange));
        if (bytes > room - written || block[bytes] != 0) return false;
        memcpy(output + written, block, bytes);
        read += rest;
        written += bytes;
    }
    return _mm_movemask_epi8(strange) == 0;
}

static inline bool ostiary_has_wide_bytes(void) { return __builtin_cpu_supports("ssse3"); }
#else
static inline bool ostiary_base64url_decode(const uint8_t *_Nonnull text, size_t count,
                                            uint8_t *_Nonnull output, size_t room) {
    return false;
}

static inline bool ostiary_has_wide_bytes(void) { return false; }
#endif

#endif
