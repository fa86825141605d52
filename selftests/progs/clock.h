/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SELFTESTS_CLOCK_H
#define _SELFTESTS_CLOCK_H

#include <time.h>

static inline unsigned long long clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static inline double clock_seconds_since(unsigned long long ns)
{
	return (clock_ns() - ns) / 1e9;
}

#endif /* _SELFTESTS_CLOCK_H */
