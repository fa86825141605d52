// SPDX-License-Identifier: GPL-2.0
#include <kunit/test.h>
#include "../pure.h"

static void scale__table(struct kunit *test)
{
	static const struct {
		u32 space;
		u8 scale;
	} cases[] = {
		{ 0, 0 },
		{ 65535, 0 },
		{ 65536, 1 },
		{ 131071, 1 },
		{ 131072, 2 },
		{ 6291456, 7 },		/* tcp_rmem[2] of Linux */
		{ 65535U << 14, 14 },
		{ U32_MAX, 14 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		KUNIT_EXPECT_EQ_MSG(test, xtcp_window_scale(cases[i].space),
				    cases[i].scale, "case %u", i);
}

static void initial__table(struct kunit *test)
{
	static const struct {
		u32 space, mss, init_segs, wnd;
	} cases[] = {
		{ 65536, 1460, 0, 64240 },
		{ 1 << 20, 1460, 0, 64240 },
		{ 1 << 20, 1460, 10, 14600 },
		{ 1 << 20, 1460, 1000, 64240 },
		{ 10000, 1460, 10, 8760 },
		{ 1460, 1460, 0, 1460 },
		{ 1000, 1460, 10, 1000 },
		{ 1 << 20, 65483, 10, 65483 },
		{ 1 << 20, 70000, 10, 65535 },
		{ 0, 1460, 10, 0 },
		{ 5000, 0, 0, 5000 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		KUNIT_EXPECT_EQ_MSG(test,
				    xtcp_window_initial(cases[i].space,
							cases[i].mss,
							cases[i].init_segs),
				    cases[i].wnd, "case %u", i);
}

static void offer__table(struct kunit *test)
{
	static const struct {
		const char *name;
		u32 free, full, ssthresh, cur, mss;
		u8 wscale;
		u32 want;
	} cases[] = {
		{ "all free, scaled", 100000, 100000, 100000, 0, 1460, 7, 100096 },
		{ "bounded by ssthresh", 100000, 100000, 20000, 0, 1460, 7, 20096 },
		{ "all free, unscaled", 60000, 60000, 60000, 0, 1460, 0, 59860 },
		{ "never shrinks", 10000, 100000, 100000, 50000, 1000, 0, 50000 },
		{ "never shrinks to 0", 0, 100000, 100000, 50000, 1460, 0, 50000 },
		{ "what is kept keeps its last bytes", 0, 100000, 100000, 50001,
		  1460, 7, 50048 },
		{ "less than a segment free", 1459, 20000, 20000, 0, 1460, 0, 0 },
		{ "just a segment free", 1460, 20000, 20000, 0, 1460, 0, 1460 },
		{ "less than 1/16 free", 6000, 100000, 100000, 0, 1460, 7, 0 },
		{ "just 1/16 free", 6272, 100000, 100000, 0, 1460, 7, 6272 },
		{ "scarce: rounded down to the scale", 10300, 100000, 100000, 0,
		  1460, 8, 10240 },
		{ "scarce: less than a segment more", 11000, 100000, 100000,
		  10000, 1460, 3, 10000 },
		{ "scarce: a segment more", 11464, 100000, 100000, 10000, 1460,
		  3, 11464 },
		{ "unscaled: less than a segment more", 60000, 64000, 64000,
		  59000, 1460, 0, 59000 },
		{ "unscaled: a segment more", 60000, 64000, 64000, 58400, 1460,
		  0, 59860 },
		{ "plenty: a byte more", 90000, 100000, 100000, 89000, 1460, 7,
		  90112 },
		{ "small buffer: half of it will do", 700, 1000, 1000, 100,
		  1460, 0, 700 },
		{ "small buffer: less than half", 700, 1000, 1000, 300, 1460,
		  0, 300 },
		{ "no buffer", 0, 0, 0, 0, 1460, 7, 0 },
		{ "no buffer, but offered", 0, 0, 0, 10, 1460, 0, 10 },
		{ "more charged than there is", -5000U, 100000, 100000, 0, 1460,
		  7, 0 },
		{ "no more than 16 bits", 1 << 20, 1 << 20, 1 << 20, 0, 1460, 0,
		  65535 - 65535 % 1460 },
		{ "no more than 16 bits scaled", 1 << 20, 1 << 20, 1 << 20, 0,
		  1460, 2, 65535 << 2 },
		{ "MSS unknown", 100, 100, 100, 0, 0, 0, 100 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		KUNIT_EXPECT_EQ_MSG(test,
				    xtcp_window_offer(cases[i].free,
						      cases[i].full,
						      cases[i].ssthresh,
						      cases[i].cur,
						      cases[i].mss,
						      cases[i].wscale),
				    cases[i].want, "%s", cases[i].name);
}

/* What holds for any arguments. */
static void offer__invariants(struct kunit *test)
{
	static const u32 sizes[] = {
		0, 1, 100, 536, 1460, 4000, 30000, 65535, 200000, 6291456,
	};
	static const u8 scales[] = { 0, 1, 7, 14 };
	unsigned int n;

	/* A digit of n for each argument */
	for (n = 0; n < 100000 * ARRAY_SIZE(scales); n++) {
		u32 full = sizes[n % 10];
		u32 room = min(sizes[n / 10 % 10], full);
		u32 ssthresh = sizes[n / 100 % 10];
		u32 mss = sizes[n / 1000 % 10];
		u8 scale = scales[n / 100000];
		u32 most = 65535U << scale, unit = 1 << scale;
		u32 cur = min(sizes[n / 10000 % 10], most);
		u32 got = xtcp_window_offer(room, full, ssthresh, cur, mss,
					    scale);

		if (got < cur || got > most || got % unit ||
		    got >= max(min(room, ssthresh), cur) + unit)
			KUNIT_EXPECT_TRUE_MSG(test, false, "round %u: %u", n,
					      got);
	}
}

static void may_send__table(struct kunit *test)
{
	static const struct {
		u32 len;
		bool fin, small;
		bool off, on, cork;
	} cases[] = {
		{ 1460, false, false, true, true, true },
		{ 1460, false, true, true, true, true },
		{ 14600, false, true, true, true, true },
		{ 1, false, false, true, true, false },
		{ 1, false, true, true, false, false },
		{ 1459, false, true, true, false, false },
		{ 1, true, true, true, true, true },
		{ 0, true, true, true, true, true },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		u32 len = cases[i].len;
		bool fin = cases[i].fin, small = cases[i].small;

		KUNIT_EXPECT_EQ_MSG(test,
				    xtcp_window_may_send(len, 1460, fin, small,
							 XTCP_NAGLE_OFF),
				    cases[i].off, "off, case %u", i);
		KUNIT_EXPECT_EQ_MSG(test,
				    xtcp_window_may_send(len, 1460, fin, small,
							 XTCP_NAGLE_ON),
				    cases[i].on, "on, case %u", i);
		KUNIT_EXPECT_EQ_MSG(test,
				    xtcp_window_may_send(len, 1460, fin, small,
							 XTCP_NAGLE_CORK),
				    cases[i].cork, "cork, case %u", i);
	}
}

static void update_ok__table(struct kunit *test)
{
	/* snd_una 100, snd_wl1 200, snd_wnd 1000 */
	static const struct {
		const char *name;
		s32 ack, seq;
		u32 wnd;
		bool ok;
	} cases[] = {
		{ "new ACK", 101, 200, 500, true },
		{ "new ACK, older segment", 101, 190, 500, true },
		{ "newer segment, smaller window", 100, 201, 500, true },
		{ "older segment", 100, 199, 5000, false },
		{ "same, larger window", 100, 200, 1001, true },
		{ "same, same window", 100, 200, 1000, false },
		{ "same, smaller window", 100, 200, 999, false },
		{ "same, closed window", 100, 200, 0, true },
		{ "old ACK, newer segment", 99, 300, 5000, false },
		{ "old ACK", 99, 200, 5000, false },
	};
	static const u32 bases[] = { 0, 0x7fffffa0, 0xffffff9f, 0xffffff38 };
	unsigned int i, b;
	bool ok;

	for (b = 0; b < ARRAY_SIZE(bases); b++) {
		for (i = 0; i < ARRAY_SIZE(cases); i++) {
			ok = xtcp_window_update_ok(bases[b] + cases[i].ack,
						   bases[b] + cases[i].seq,
						   cases[i].wnd, bases[b] + 100,
						   bases[b] + 200, 1000);
			KUNIT_EXPECT_EQ_MSG(test, ok, cases[i].ok,
					    "%s, base %u", cases[i].name,
					    bases[b]);
		}
	}
}

static struct kunit_case window_cases[] = {
	KUNIT_CASE(scale__table),
	KUNIT_CASE(initial__table),
	KUNIT_CASE(offer__table),
	KUNIT_CASE(offer__invariants),
	KUNIT_CASE(may_send__table),
	KUNIT_CASE(update_ok__table),
	{}
};

static struct kunit_suite window_suite = {
	.name = "xtcp_window",
	.test_cases = window_cases,
};

kunit_test_suite(window_suite);
