// SPDX-License-Identifier: GPL-2.0
/* cc/common.c */
#include <kunit/test.h>
#include "../../include/xtcp_cc.h"

static void slow_start__table(struct kunit *test)
{
	static const struct {
		u32 cwnd, ssthresh, clamp, acked, want, left;
	} cases[] = {
		{ 1, 100, 1000, 1, 2, 0 },
		{ 10, 100, 1000, 10, 20, 0 },
		{ 10, 100, 1000, 0, 10, 0 },
		{ 90, 100, 1000, 10, 100, 0 },
		{ 90, 100, 1000, 25, 100, 15 },
		{ 100, 100, 1000, 5, 100, 5 },
		{ 150, 100, 1000, 5, 150, 5 },
		{ 10, 100, 15, 10, 15, 0 },
		{ 20, 100, 15, 10, 20, 0 },
		{ 10, 0x7fffffff, U32_MAX, U32_MAX, 0x7fffffff,
		  U32_MAX - (0x7fffffff - 10) },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct xtcp_cc cc = {
			.cwnd = cases[i].cwnd,
			.ssthresh = cases[i].ssthresh,
			.cwnd_clamp = cases[i].clamp,
		};

		KUNIT_EXPECT_EQ_MSG(test,
				    xtcp_cc_slow_start(&cc, cases[i].acked),
				    cases[i].left, "case %u", i);
		KUNIT_EXPECT_EQ_MSG(test, cc.cwnd, cases[i].want, "case %u", i);
	}
}

static void additive_increase__table(struct kunit *test)
{
	static const struct {
		u32 cwnd, cnt, clamp, w, acked, want, want_cnt;
	} cases[] = {
		{ 10, 0, 1000, 10, 1, 10, 1 },
		{ 10, 8, 1000, 10, 1, 10, 9 },
		{ 10, 9, 1000, 10, 1, 11, 0 },
		{ 10, 9, 1000, 10, 5, 11, 4 },
		{ 10, 0, 1000, 10, 35, 13, 5 },
		{ 10, 50, 1000, 10, 1, 11, 1 },
		{ 10, 0, 1000, 0, 3, 13, 0 },
		{ 10, 9, 10, 10, 1, 10, 0 },
		{ 20, 9, 10, 10, 1, 20, 0 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct xtcp_cc cc = {
			.cwnd = cases[i].cwnd,
			.cwnd_cnt = cases[i].cnt,
			.cwnd_clamp = cases[i].clamp,
		};

		xtcp_cc_additive_increase(&cc, cases[i].w, cases[i].acked);
		KUNIT_EXPECT_EQ_MSG(test, cc.cwnd, cases[i].want, "case %u", i);
		KUNIT_EXPECT_EQ_MSG(test, cc.cwnd_cnt, cases[i].want_cnt,
				    "case %u", i);
	}
}

static struct kunit_case common_cases[] = {
	KUNIT_CASE(slow_start__table),
	KUNIT_CASE(additive_increase__table),
	{}
};

static struct kunit_suite common_suite = {
	.name = "xtcp_cc_common",
	.test_cases = common_cases,
};

kunit_test_suite(common_suite);
