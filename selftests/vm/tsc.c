// SPDX-License-Identifier: GPL-2.0
/*
 * Prints how many kHz the TSC counts, which under TCG is the guest's as well.
 * A guest's kernel on a busy host is liable to measure it wrong by a factor,
 * and then lives in another time.
 */

#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <x86intrin.h>

struct reading {
	uint64_t tsc;
	uint64_t ns;
};

/* Of several readings the one that was least disturbed */
static struct reading read_both(void)
{
	struct reading best = { 0 };
	uint64_t least = UINT64_MAX;
	int i;

	for (i = 0; i < 100; i++) {
		uint64_t before = __rdtsc(), after;
		struct timespec now;

		clock_gettime(CLOCK_MONOTONIC_RAW, &now);
		after = __rdtsc();
		if (after - before < least) {
			least = after - before;
			best.tsc = before + least / 2;
			best.ns = now.tv_sec * 1000000000ull + now.tv_nsec;
		}
	}
	return best;
}

int main(void)
{
	struct timespec wait = { .tv_nsec = 100000000 };
	struct reading first, last;

	first = read_both();
	nanosleep(&wait, NULL);
	last = read_both();
	printf("%llu\n", (unsigned long long)((last.tsc - first.tsc) * 1000000.0 /
					      (last.ns - first.ns)));
	return 0;
}
