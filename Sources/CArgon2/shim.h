/* The parts of libargon2 that the module Cryptography uses. */
#ifndef OSTIARY_CARGON2_SHIM_H
#define OSTIARY_CARGON2_SHIM_H

#include <argon2.h>

#endif
