// SPDX-License-Identifier: GPL-2.0
/*
 * Numbers that nobody off the path may guess: initial sequence numbers (RFC
 * 6528), timestamp offsets (RFC 7323, 5.4), where the search for a port begins
 * (RFC 6056).
 */
#include <linux/kernel.h>
#include <linux/siphash.h>
#include "pure.h"

/* One secret serves for all: each use has its own key of it. */
enum use {
	USE_ISN,
	USE_TIMESTAMP,
	USE_PORT,
};

static u32 keyed_hash(const struct xtcp_tuple *t,
		      const struct xtcp_secret *secret, enum use use)
{
	const siphash_key_t key = {
		.key = { secret->key[0], secret->key[1] ^ use },
	};

	/* The hash reads the tuple's bytes: there must be none between. */
	BUILD_BUG_ON(sizeof(*t) != 2 * 16 + 2 * 2);
	return siphash(t, sizeof(*t), &key);
}

u32 xtcp_isn(const struct xtcp_tuple *t, const struct xtcp_secret *secret,
	     u64 now_ns)
{
	return keyed_hash(t, secret, USE_ISN) + (u32)(now_ns >> 6);
}

u32 xtcp_ts_offset(const struct xtcp_tuple *t,
		   const struct xtcp_secret *secret)
{
	return keyed_hash(t, secret, USE_TIMESTAMP);
}

u32 xtcp_port_offset(const struct xtcp_tuple *t,
		     const struct xtcp_secret *secret)
{
	struct xtcp_tuple remote = *t;

	/* The local port is what is looked for. */
	remote.lport = 0;
	return keyed_hash(&remote, secret, USE_PORT);
}
