/* The parts of libunistring that the module TextFolding uses. */
#ifndef OSTIARY_CUNISTRING_SHIM_H
#define OSTIARY_CUNISTRING_SHIM_H

#include <stdlib.h>
#include <unicase.h>
#include <uninorm.h>

/* UNINORM_NFC is a macro around an address, which Swift does not import. */
static inline uint8_t *ostiary_casefold_nfc(
    const uint8_t *text, size_t length, uint8_t *result, size_t *result_length) {
    return u8_casefold(text, length, NULL, UNINORM_NFC, result, result_length);
}

#endif
