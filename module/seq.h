/* SPDX-License-Identifier: GPL-2.0 */
/* Sequence number arithmetic modulo 2^32 (RFC 9293, section 3.4). */
#ifndef _XTCP_SEQ_H
#define _XTCP_SEQ_H

#include <linux/types.h>

static inline bool seq_lt(u32 a, u32 b)
{
	return (s32)(a - b) < 0;
}

static inline bool seq_le(u32 a, u32 b)
{
	return (s32)(a - b) <= 0;
}

static inline bool seq_gt(u32 a, u32 b)
{
	return seq_lt(b, a);
}

static inline bool seq_ge(u32 a, u32 b)
{
	return seq_le(b, a);
}

/* lo =< seq =< hi, for lo =< hi */
static inline bool seq_within(u32 lo, u32 seq, u32 hi)
{
	return hi - lo >= seq - lo;
}

static inline u32 seq_max(u32 a, u32 b)
{
	return seq_gt(a, b) ? a : b;
}

static inline u32 seq_min(u32 a, u32 b)
{
	return seq_lt(a, b) ? a : b;
}

/*
 * Timestamps of microseconds in 32 bits are compared the same way: they are
 * good for spans of up to 35 minutes.
 */
static inline u32 us_since(u32 now_us, u32 then_us)
{
	s32 d = now_us - then_us;

	return d > 0 ? d : 0;
}

#endif /* _XTCP_SEQ_H */
