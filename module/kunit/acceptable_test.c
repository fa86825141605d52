// SPDX-License-Identifier: GPL-2.0
#include <kunit/test.h>
#include "../pure.h"

/* Sequence numbers are relative to a base, which goes round the circle. */
static const u32 bases[] = { 0, 1, 0x7fffffff, 0x80000000, 0xfffffff0, U32_MAX };

static void acceptable__table(struct kunit *test)
{
	/* rcv_wup is 100, the window then offered 50: the edge is 150. */
	static const struct {
		const char *name;
		s32 seq, end_seq, rcv_nxt;
		u32 wnd;
		bool ok;
	} cases[] = {
		{ "next in order", 100, 110, 100, 50, true },
		{ "a pure ACK", 100, 100, 100, 50, true },
		{ "fills the window", 100, 150, 100, 50, true },
		{ "starts at the edge, no data", 150, 150, 100, 50, true },
		{ "beyond the edge", 151, 152, 100, 50, false },
		{ "begins before, ends in", 90, 101, 100, 50, true },
		{ "all old", 80, 99, 100, 50, false },
		{ "keepalive: one old byte's place", 99, 99, 100, 50, false },
		{ "ends where the window begins", 90, 100, 100, 50, true },
		{ "old, but not before the last ACK", 105, 110, 120, 50, true },
		{ "zero window, pure ACK", 100, 100, 100, 0, true },
		{ "zero window, a probe", 100, 101, 100, 0, true },
		{ "zero window, beyond", 101, 102, 100, 0, false },
		{ "more came than was offered", 160, 160, 160, 50, true },
		{ "more came, and beyond", 161, 161, 160, 50, false },
		{ "half the circle away", 100 - 0x7fffff00, 0, 100, 50, false },
	};
	unsigned int i, b;
	bool ok;

	for (b = 0; b < ARRAY_SIZE(bases); b++) {
		for (i = 0; i < ARRAY_SIZE(cases); i++) {
			ok = xtcp_acceptable(bases[b] + cases[i].seq,
					     bases[b] + cases[i].end_seq,
					     bases[b] + cases[i].rcv_nxt,
					     bases[b] + 100, cases[i].wnd);
			KUNIT_EXPECT_EQ_MSG(test, ok, cases[i].ok,
					    "%s, base %u", cases[i].name,
					    bases[b]);
		}
	}
}

static void acceptable__large_window(struct kunit *test)
{
	u32 wnd = 65535U << XTCP_MAX_WSCALE;
	unsigned int b;

	for (b = 0; b < ARRAY_SIZE(bases); b++) {
		u32 nxt = bases[b];

		KUNIT_EXPECT_TRUE(test, xtcp_acceptable(nxt + wnd, nxt + wnd,
							nxt, nxt, wnd));
		KUNIT_EXPECT_FALSE(test, xtcp_acceptable(nxt + wnd + 1,
							 nxt + wnd + 2, nxt,
							 nxt, wnd));
		KUNIT_EXPECT_FALSE(test, xtcp_acceptable(nxt - 2, nxt - 1, nxt,
							 nxt, wnd));
	}
}

static void paws_reject__table(struct kunit *test)
{
	static const struct {
		const char *name;
		u32 tsval, ts_recent, age_s;
		bool reject;
	} cases[] = {
		{ "the same", 1000, 1000, 0, false },
		{ "newer", 1001, 1000, 0, false },
		{ "one older: reordered within a tick", 999, 1000, 0, false },
		{ "two older", 998, 1000, 0, true },
		{ "much older", 1, 1000, 0, true },
		{ "no ts_recent", 0xf0000000, 0, 0, false },
		{ "wrapped, newer", 5, 0xfffffff0, 0, false },
		{ "wrapped, older", 0xfffffff0, 5, 0, true },
		{ "half round, newer", 0x80000000, 1, 0, false },
		{ "half round, older", 0x80000002, 1, 0, true },
		{ "24 days less a second", 998, 1000, XTCP_PAWS_24DAYS_S - 1,
		  true },
		{ "24 days", 998, 1000, XTCP_PAWS_24DAYS_S, false },
		{ "years", 998, 1000, U32_MAX, false },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		KUNIT_EXPECT_EQ_MSG(test,
				    xtcp_paws_reject(cases[i].tsval,
						     cases[i].ts_recent,
						     cases[i].age_s),
				    cases[i].reject, "%s", cases[i].name);
}

static struct kunit_case acceptable_cases[] = {
	KUNIT_CASE(acceptable__table),
	KUNIT_CASE(acceptable__large_window),
	KUNIT_CASE(paws_reject__table),
	{}
};

static struct kunit_suite acceptable_suite = {
	.name = "xtcp_acceptable",
	.test_cases = acceptable_cases,
};

kunit_test_suite(acceptable_suite);
