// SPDX-License-Identifier: GPL-2.0
/* SipHash-2-4, after the paper of Aumasson and Bernstein. */
#include "shim.h"

static u64 rotl(u64 x, int n)
{
	return x << n | x >> (64 - n);
}

static void rounds(u64 v[4], int n)
{
	while (n--) {
		v[0] += v[1];
		v[2] += v[3];
		v[1] = rotl(v[1], 13) ^ v[0];
		v[3] = rotl(v[3], 16) ^ v[2];
		v[0] = rotl(v[0], 32);
		v[2] += v[1];
		v[0] += v[3];
		v[1] = rotl(v[1], 17) ^ v[2];
		v[3] = rotl(v[3], 21) ^ v[0];
		v[2] = rotl(v[2], 32);
	}
}

u64 siphash(const void *data, size_t len, const siphash_key_t *key)
{
	u64 v[4] = {
		key->key[0] ^ 0x736f6d6570736575ULL,
		key->key[1] ^ 0x646f72616e646f6dULL,
		key->key[0] ^ 0x6c7967656e657261ULL,
		key->key[1] ^ 0x7465646279746573ULL,
	};
	const u8 *p = data;
	size_t i, at;

	/* The last word ends in the length; what is missing before it is 0. */
	for (i = 0; i <= len / 8; i++) {
		u64 m = i == len / 8 ? (u64)len << 56 : 0;

		for (at = i * 8; at < len && at < i * 8 + 8; at++)
			m |= (u64)p[at] << (at % 8 * 8);
		v[3] ^= m;
		rounds(v, 2);
		v[0] ^= m;
	}
	v[2] ^= 0xff;
	rounds(v, 4);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}
