#include "LibcryptoBaseline.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

enum scheme { ES256, RS256, PS256, EDDSA, HS256 };

struct Baseline {
    enum scheme scheme;
    EVP_PKEY *key;
    EVP_PKEY_CTX *prepared;
    EVP_MD_CTX *digest_context;
    EVP_MD *sha256;
    uint8_t *secret;
    size_t secret_count;
    EVP_MAC_CTX *mac;
};

static bool set_padding(const Baseline *baseline, EVP_PKEY_CTX *context) {
    switch (baseline->scheme) {
    case RS256: return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1;
    case PS256:
        return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
               EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
    default: return true;
    }
}

static bool prepare_mac(Baseline *baseline) {
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    baseline->mac = EVP_MAC_CTX_new(mac);
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, "SHA256", 0),
        OSSL_PARAM_construct_end(),
    };
    return EVP_MAC_init(baseline->mac, baseline->secret, baseline->secret_count, parameters) == 1;
}

static bool prepare_key(Baseline *baseline) {
    baseline->digest_context = EVP_MD_CTX_new();
    if (baseline->scheme == EDDSA) return true;
    baseline->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    baseline->prepared = EVP_PKEY_CTX_new(baseline->key, NULL);
    return EVP_PKEY_verify_init(baseline->prepared) == 1 &&
           set_padding(baseline, baseline->prepared) &&
           EVP_PKEY_CTX_set_signature_md(baseline->prepared, baseline->sha256) == 1;
}

Baseline *baseline_create(const char *algorithm, const uint8_t *key, size_t key_count) {
    static const char *const names[] = {"ES256", "RS256", "PS256", "EdDSA", "HS256"};
    for (int scheme = ES256; scheme <= HS256; scheme++) {
        if (strcmp(names[scheme], algorithm) != 0) continue;
        Baseline *baseline = calloc(1, sizeof *baseline);
        baseline->scheme = scheme;
        if (scheme == HS256) {
            baseline->secret = malloc(key_count);
            memcpy(baseline->secret, key, key_count);
            baseline->secret_count = key_count;
            return prepare_mac(baseline) ? baseline : NULL;
        }
        BIO *text = BIO_new_mem_buf(key, (int)key_count);
        baseline->key = PEM_read_bio_PUBKEY(text, NULL, NULL, NULL);
        BIO_free(text);
        return baseline->key != NULL && prepare_key(baseline) ? baseline : NULL;
    }
    return NULL;
}

bool baseline_verify_plain(
    Baseline *baseline, const uint8_t *signature, size_t signature_count, const uint8_t *message,
    size_t message_count) {
    if (baseline->scheme == HS256) {
        uint8_t code[EVP_MAX_MD_SIZE];
        unsigned count = 0;
        HMAC(EVP_sha256(), baseline->secret, (int)baseline->secret_count, message, message_count,
             code, &count);
        return count == signature_count && CRYPTO_memcmp(code, signature, count) == 0;
    }
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *key_context = NULL;
    const EVP_MD *digest = baseline->scheme == EDDSA ? NULL : EVP_sha256();
    bool valid =
        EVP_DigestVerifyInit(context, &key_context, digest, NULL, baseline->key) == 1 &&
        set_padding(baseline, key_context) &&
        EVP_DigestVerify(context, signature, signature_count, message, message_count) == 1;
    EVP_MD_CTX_free(context);
    return valid;
}

bool baseline_verify_prepared(
    Baseline *baseline, const uint8_t *signature, size_t signature_count, const uint8_t *message,
    size_t message_count) {
    uint8_t digest[EVP_MAX_MD_SIZE];
    if (baseline->scheme == HS256) {
        size_t count = 0;
        return EVP_MAC_init(baseline->mac, NULL, 0, NULL) == 1 &&
               EVP_MAC_update(baseline->mac, message, message_count) == 1 &&
               EVP_MAC_final(baseline->mac, digest, &count, sizeof digest) == 1 &&
               count == signature_count && CRYPTO_memcmp(digest, signature, count) == 0;
    }
    if (baseline->scheme == EDDSA) {
        return EVP_DigestVerifyInit(baseline->digest_context, NULL, NULL, NULL, baseline->key) ==
                   1 &&
               EVP_DigestVerify(baseline->digest_context, signature, signature_count, message,
                                message_count) == 1;
    }
    unsigned count = 0;
    return EVP_DigestInit_ex2(baseline->digest_context, baseline->sha256, NULL) == 1 &&
           EVP_DigestUpdate(baseline->digest_context, message, message_count) == 1 &&
           EVP_DigestFinal_ex(baseline->digest_context, digest, &count) == 1 &&
           EVP_PKEY_verify(baseline->prepared, signature, signature_count, digest, count) == 1;
}

size_t baseline_der_signature(const uint8_t *raw, size_t count, uint8_t *der) {
    ECDSA_SIG *signature = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(raw, (int)(count / 2), NULL);
    BIGNUM *s = BN_bin2bn(raw + count / 2, (int)(count / 2), NULL);
    ECDSA_SIG_set0(signature, r, s);
    uint8_t *cursor = der;
    int written = i2d_ECDSA_SIG(signature, &cursor);
    ECDSA_SIG_free(signature);
    return written > 0 ? (size_t)written : 0;
}
