/* SPDX-License-Identifier: GPL-2.0 */
/*
 * As much of the kernel as floor 1 and its unit tests ask for, in user space.
 * Every header of shim/ leads here.
 */
#ifndef _SIM_SHIM_H
#define _SIM_SHIM_H

#include <assert.h>
#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef int64_t s64;
typedef u16 __be16;
typedef u32 __be32;

#define U8_MAX		UINT8_MAX
#define U16_MAX		UINT16_MAX
#define U32_MAX		UINT32_MAX

#define cpu_to_be32(x)	htobe32(x)
#define be32_to_cpu(x)	be32toh(x)

#define fallthrough	__attribute__((__fallthrough__))
#define BUILD_BUG_ON(x)	static_assert(!(x), #x)
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* The comparison of pointers warns where the kernel's min() does. */
#define __pick(op, a, b)						\
({									\
	__typeof__(a) __a = (a);					\
	__typeof__(b) __b = (b);					\
									\
	(void)(&__a == &__b);						\
	__a op __b ? __a : __b;						\
})
#define min(a, b)		__pick(<, a, b)
#define max(a, b)		__pick(>, a, b)
#define min_t(t, a, b)		min((t)(a), (t)(b))
#define max_t(t, a, b)		max((t)(a), (t)(b))
#define clamp(v, lo, hi)	min(max(v, lo), hi)
#define clamp_t(t, v, lo, hi)	clamp((t)(v), (t)(lo), (t)(hi))

#define swap(a, b)							\
do {									\
	__typeof__(a) __t = (a);					\
									\
	(a) = (b);							\
	(b) = __t;							\
} while (0)

/* For powers of 2 */
#define round_up(x, y)		((((x) - 1) | ((__typeof__(x))(y) - 1)) + 1)
#define round_down(x, y)	((x) & ~((__typeof__(x))(y) - 1))

static inline u64 div_u64(u64 a, u32 b)
{
	return a / b;
}

static inline u64 div64_u64(u64 a, u64 b)
{
	return a / b;
}

#define THIS_MODULE		NULL
#define MODULE_LICENSE(x)
#define EXPORT_SYMBOL_GPL(x)	static_assert(1, "")

struct list_head {
	struct list_head *next, *prev;
};

enum {
	TCP_ESTABLISHED = 1,
	TCP_SYN_SENT,
	TCP_SYN_RECV,
	TCP_FIN_WAIT1,
	TCP_FIN_WAIT2,
	TCP_TIME_WAIT,
	TCP_CLOSE,
	TCP_CLOSE_WAIT,
	TCP_LAST_ACK,
	TCP_LISTEN,
	TCP_CLOSING,
};

typedef struct {
	u64 key[2];
} siphash_key_t;

u64 siphash(const void *data, size_t len, const siphash_key_t *key);

#endif /* _SIM_SHIM_H */
