// SPDX-License-Identifier: GPL-2.0
#include <kunit/test.h>
#include "../pure.h"

static void compare__table(struct kunit *test)
{
	static const struct {
		u32 a, b;
		bool lt, gt;
	} cases[] = {
		{ 0, 0, false, false },
		{ 0, 1, true, false },
		{ 1, 0, false, true },
		{ U32_MAX, 0, true, false },
		{ 0, U32_MAX, false, true },
		{ 0x7fffffff, 0x80000000, true, false },
		{ 0, 0x7fffffff, true, false },
		{ 0x80000001, 0, true, false },
		{ 0xfffffff0, 0x10, true, false },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		u32 a = cases[i].a, b = cases[i].b;
		u32 later = a, earlier = b;

		if (cases[i].lt)
			swap(later, earlier);
		KUNIT_EXPECT_EQ_MSG(test, seq_lt(a, b), cases[i].lt, "%u", i);
		KUNIT_EXPECT_EQ_MSG(test, seq_gt(a, b), cases[i].gt, "%u", i);
		KUNIT_EXPECT_EQ_MSG(test, seq_le(a, b), !cases[i].gt, "%u", i);
		KUNIT_EXPECT_EQ_MSG(test, seq_ge(a, b), !cases[i].lt, "%u", i);
		KUNIT_EXPECT_EQ_MSG(test, seq_max(a, b), later, "%u", i);
		KUNIT_EXPECT_EQ_MSG(test, seq_min(a, b), earlier, "%u", i);
	}
}

static void within__table(struct kunit *test)
{
	static const struct {
		u32 lo, seq, hi;
		bool in;
	} cases[] = {
		{ 5, 5, 5, true },
		{ 5, 4, 5, false },
		{ 5, 6, 5, false },
		{ 5, 7, 10, true },
		{ 5, 10, 10, true },
		{ 5, 11, 10, false },
		{ 0xfffffff0, 0, 0x10, true },
		{ 0xfffffff0, 0xffffffef, 0x10, false },
		{ 0xfffffff0, 0x11, 0x10, false },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		KUNIT_EXPECT_EQ_MSG(test, seq_within(cases[i].lo, cases[i].seq,
						     cases[i].hi),
				    cases[i].in, "%u", i);
}

static void us_since__table(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, us_since(10, 4), 6U);
	KUNIT_EXPECT_EQ(test, us_since(4, 4), 0U);
	KUNIT_EXPECT_EQ(test, us_since(4, 10), 0U);
	KUNIT_EXPECT_EQ(test, us_since(4, U32_MAX), 5U);
	KUNIT_EXPECT_EQ(test, us_since(0x7fffffff, 0), 0x7fffffffU);
}

static struct kunit_case seq_cases[] = {
	KUNIT_CASE(compare__table),
	KUNIT_CASE(within__table),
	KUNIT_CASE(us_since__table),
	{}
};

static struct kunit_suite seq_suite = {
	.name = "xtcp_seq",
	.test_cases = seq_cases,
};

kunit_test_suite(seq_suite);
