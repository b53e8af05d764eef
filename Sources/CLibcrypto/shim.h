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
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

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

#endif
