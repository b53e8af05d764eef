/* The parts of OpenSSL's libcrypto that the module Cryptography uses. */
#ifndef OSTIARY_CLIBCRYPTO_SHIM_H
#define OSTIARY_CLIBCRYPTO_SHIM_H

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/provider.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <string.h>

/* Prepares an EVP_MAC of HMAC. OSSL_PARAM keeps pointers to names and values, which a caller in Swift would
   have to keep alive by hand; here they live until the call is over. */
static inline int ostiary_hmac_init(
    EVP_MAC_CTX *context, const char *digest, const unsigned char *key, size_t count) {
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)digest, 0),
        OSSL_PARAM_construct_end(),
    };
    return EVP_MAC_init(context, key, count, parameters);
}

/* HMAC-SHA-256 on the functions below EVP: half of what EVP_MAC does for a short message is fetching and copying its
   contexts (docs/decisions/0012). OpenSSL 3 deprecates them, because they know no providers; ask
   `ostiary_sha256_is_libcryptos_own` first. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

/* The key's two padded blocks, hashed. As secret as the key. */
typedef struct {
    SHA256_CTX inner;
    SHA256_CTX outer;
} ostiary_hmac_sha256_states;

/* Whether SHA-256 comes from the provider that calls these very functions. Where another was configured, such as
   a validated one, it must be asked instead. */
static inline int ostiary_sha256_is_libcryptos_own(void) {
    EVP_MD *digest = EVP_MD_fetch(NULL, "SHA256", NULL);
    if (digest == NULL) return 0;
    const OSSL_PROVIDER *provider = EVP_MD_get0_provider(digest);
    int is_own = provider != NULL && strcmp(OSSL_PROVIDER_get0_name(provider), "default") == 0;
    EVP_MD_free(digest);
    return is_own;
}

static inline int ostiary_hmac_sha256_prepare(
    ostiary_hmac_sha256_states *states, const unsigned char *key, size_t count) {
    unsigned char block[SHA256_CBLOCK] = {0};
    int ready = 1;
    if (count <= sizeof block) {
        memcpy(block, key, count);
    } else {
        ready = SHA256(key, count, block) != NULL;
    }
    for (size_t index = 0; index < sizeof block; index++) block[index] ^= 0x36;
    ready = ready && SHA256_Init(&states->inner) && SHA256_Update(&states->inner, block, sizeof block);
    for (size_t index = 0; index < sizeof block; index++) block[index] ^= 0x36 ^ 0x5c;
    ready = ready && SHA256_Init(&states->outer) && SHA256_Update(&states->outer, block, sizeof block);
    OPENSSL_cleanse(block, sizeof block);
    return ready;
}

/* Writes SHA256_DIGEST_LENGTH bytes. */
static inline int ostiary_hmac_sha256(
    const ostiary_hmac_sha256_states *states, const unsigned char *message, size_t count, unsigned char *code) {
    SHA256_CTX context = states->inner;
    if (!SHA256_Update(&context, message, count) || !SHA256_Final(code, &context)) return 0;
    context = states->outer;
    return SHA256_Update(&context, code, SHA256_DIGEST_LENGTH) && SHA256_Final(code, &context);
}

#pragma GCC diagnostic pop

#endif
