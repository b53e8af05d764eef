/* What a program in C pays for one verification with libcrypto, and nothing around it. */
#ifndef OSTIARY_LIBCRYPTO_BASELINE_H
#define OSTIARY_LIBCRYPTO_BASELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Baseline Baseline;

/* `algorithm` is ES256, RS256, PS256 or EdDSA with `key` a public key in PEM, or HS256 with `key`
   the secret. NULL for anything else. Never freed. */
Baseline *baseline_create(const char *algorithm, const uint8_t *key, size_t key_count);

/* What the manual shows: a fresh context for each message, the key shared. `signature` is in the
   form that libcrypto wants: DER for ES256. */
bool baseline_verify_plain(
    Baseline *baseline, const uint8_t *signature, size_t signature_count, const uint8_t *message,
    size_t message_count);

/* The fastest that is known: contexts prepared once. */
bool baseline_verify_prepared(
    Baseline *baseline, const uint8_t *signature, size_t signature_count, const uint8_t *message,
    size_t message_count);

/* r‖s as DER; returns the count written to `der`, which has room for 80 bytes; 0 on failure. */
size_t baseline_der_signature(const uint8_t *raw, size_t count, uint8_t *der);

#endif
