// SPDX-License-Identifier: GPL-2.0
#include <kunit/test.h>
#include "../pure.h"

/* Times are relative to a start, which goes round the circle. */
static const u32 starts[] = { 0, 0x7ffffff0, 0x80000000, 0xfffffff0 };

static struct xtcp_seg seg(u32 sent_us, u32 end_seq, u8 sacked)
{
	struct xtcp_seg s = {
		.seq = end_seq - 10,
		.end_seq = end_seq,
		.sacked = sacked,
	};

	s.tx.sent_us = sent_us;
	return s;
}

static void deliver(struct xtcp_rack *r, u32 sent_us, u32 end_seq, u8 sacked,
		    u32 now_us, u32 min_rtt_us)
{
	struct xtcp_seg s = seg(sent_us, end_seq, sacked);

	xtcp_rack_delivered(r, &s, now_us, min_rtt_us);
}

static void delivered__latest_sent(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(starts); i++) {
		struct xtcp_rack r = {};
		u32 t = starts[i];

		deliver(&r, t, 10, 0, t + 100, 0);
		KUNIT_EXPECT_EQ(test, r.xmit_us, t);
		KUNIT_EXPECT_EQ(test, r.rtt_us, 100U);
		KUNIT_EXPECT_TRUE(test, r.advanced);
		r.advanced = false;

		/* Sent later, in whatever order of an ACK. */
		deliver(&r, t + 20, 30, 0, t + 150, 100);
		deliver(&r, t + 10, 20, 0, t + 150, 100);
		KUNIT_EXPECT_EQ(test, r.xmit_us, t + 20);
		KUNIT_EXPECT_EQ(test, r.end_seq, 30U);
		KUNIT_EXPECT_EQ(test, r.rtt_us, 130U);
		KUNIT_EXPECT_TRUE(test, r.advanced);
		r.advanced = false;

		/* Sent at the same time: the sequence number tells. */
		deliver(&r, t + 20, 25, 0, t + 160, 100);
		KUNIT_EXPECT_FALSE(test, r.advanced);
		deliver(&r, t + 20, 35, 0, t + 160, 100);
		KUNIT_EXPECT_TRUE(test, r.advanced);
		KUNIT_EXPECT_EQ(test, r.end_seq, 35U);
	}
}

static void delivered__retransmission(struct kunit *test)
{
	struct xtcp_rack r = {};

	/* Acknowledged faster than is possible: the original was. */
	deliver(&r, 1000, 10, XTCP_SEG_EVER_RETRANS, 1050, 100);
	KUNIT_EXPECT_FALSE(test, r.advanced);
	KUNIT_EXPECT_EQ(test, r.rtt_us, 0U);

	deliver(&r, 1000, 10, XTCP_SEG_EVER_RETRANS, 1100, 100);
	KUNIT_EXPECT_TRUE(test, r.advanced);
	KUNIT_EXPECT_EQ(test, r.rtt_us, 100U);

	/* One that was never sent again may well be faster than before. */
	deliver(&r, 2000, 20, 0, 2050, 100);
	KUNIT_EXPECT_EQ(test, r.rtt_us, 50U);
}

static void delivered__after_long_idleness(struct kunit *test)
{
	struct xtcp_rack r = {};

	deliver(&r, 1000, 10, 0, 2000, 0);
	r.advanced = false;
	/* 40 minutes later, past half of the circle */
	deliver(&r, 1000 + 2400000000U, 20, 0, 2000 + 2400000000U, 0);
	KUNIT_EXPECT_TRUE(test, r.advanced);
	KUNIT_EXPECT_EQ(test, r.xmit_us, 1000 + 2400000000U);
}

static void lost__table(struct kunit *test)
{
	/* Delivered: sent at 1000, ending at 100, RTT 500. */
	static const struct {
		const char *name;
		u32 sent_us, end_seq, reo_wnd_us, now_us;
		bool lost;
		u32 left_us;
	} cases[] = {
		{ "sent later", 1001, 10, 0, 1000000, false, 0 },
		{ "sent at the same time, behind", 1000, 110, 0, 1000000, false, 0 },
		{ "the same", 1000, 100, 0, 1000000, false, 0 },
		{ "sent at the same time, before", 1000, 90, 0, 1500, true, 0 },
		{ "earlier, time used up", 900, 90, 0, 1500, true, 0 },
		{ "earlier, just used up", 900, 90, 0, 1400, true, 0 },
		{ "earlier, time left", 999, 90, 100, 1500, false, 99 },
		{ "one left", 999, 90, 100, 1598, false, 1 },
		{ "none left", 999, 90, 100, 1599, true, 0 },
	};
	unsigned int n;

	for (n = 0; n < ARRAY_SIZE(starts) * ARRAY_SIZE(cases); n++) {
		u32 start = starts[n / ARRAY_SIZE(cases)], left = 77;
		unsigned int i = n % ARRAY_SIZE(cases);
		struct xtcp_seg s = seg(start + cases[i].sent_us,
					cases[i].end_seq, 0);
		struct xtcp_rack r = {};

		deliver(&r, start + 1000, 100, 0, start + 1500, 0);
		KUNIT_EXPECT_EQ_MSG(test,
				    xtcp_rack_lost(&r, &s, cases[i].reo_wnd_us,
						   start + cases[i].now_us,
						   &left),
				    cases[i].lost, "%s", cases[i].name);
		KUNIT_EXPECT_EQ_MSG(test, left, cases[i].left_us, "%s",
				    cases[i].name);
	}
}

static void lost__nothing_delivered(struct kunit *test)
{
	struct xtcp_seg s = seg(0xfffffff0, 10, 0);
	struct xtcp_rack r = {};
	u32 left = 77;

	KUNIT_EXPECT_FALSE(test, xtcp_rack_lost(&r, &s, 0, 5000, &left));
	KUNIT_EXPECT_EQ(test, left, 0U);
}

static void reo_wnd_us__table(struct kunit *test)
{
	static const struct {
		bool reord, recovery, dupthresh;
		u8 steps;
		u32 srtt_us, min_rtt_us, want;
	} cases[] = {
		{ false, false, false, 0, 1000, 800, 200 },
		{ false, false, false, 1, 1000, 800, 200 },
		{ false, true, false, 1, 1000, 800, 0 },
		{ false, false, true, 1, 1000, 800, 0 },
		{ true, true, true, 1, 1000, 800, 200 },
		{ true, true, true, 3, 1000, 800, 600 },
		{ true, true, true, 5, 1000, 800, 1000 },
		{ true, false, false, 255, 1000, 800, 1000 },
		{ true, false, false, 255, U32_MAX, U32_MAX, U32_MAX },
		{ true, false, false, 1, 1000, 0, 0 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct xtcp_rack r = {
			.reord = cases[i].reord,
			.reo_wnd_steps = cases[i].steps,
		};

		KUNIT_EXPECT_EQ_MSG(test,
				    xtcp_rack_reo_wnd_us(&r, cases[i].srtt_us,
							 cases[i].min_rtt_us,
							 cases[i].recovery,
							 cases[i].dupthresh),
				    cases[i].want, "case %u", i);
	}
}

static void detect_reordering__table(struct kunit *test)
{
	static const struct {
		u32 end_seq, prior_fack;
		u8 sacked;
		bool reord;
	} cases[] = {
		{ 100, 90, 0, false },
		{ 100, 100, 0, false },
		{ 90, 100, 0, true },
		{ 90, 100, XTCP_SEG_EVER_RETRANS, false },
		{ 0xfffffff0, 5, 0, true },
		{ 5, 0xfffffff0, 0, false },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct xtcp_seg s = seg(0, cases[i].end_seq, cases[i].sacked);
		struct xtcp_rack r = {};

		xtcp_rack_detect_reordering(&r, &s, cases[i].prior_fack);
		KUNIT_EXPECT_EQ_MSG(test, r.reord, cases[i].reord, "case %u",
				    i);
	}
}

/* RFC 8985, 6.2, step 4: wider with each round trip that has a DSACK, back to
 * a quarter after 16 recoveries without.
 */
static void dsack__adapts(struct kunit *test)
{
	struct xtcp_rack r = { .reord = true };
	unsigned int i;

	xtcp_rack_dsack(&r, 10, 20);
	KUNIT_EXPECT_EQ(test, r.reo_wnd_steps, 2);
	xtcp_rack_dsack(&r, 19, 30);	/* the same round trip */
	KUNIT_EXPECT_EQ(test, r.reo_wnd_steps, 2);
	xtcp_rack_dsack(&r, 20, 30);
	KUNIT_EXPECT_EQ(test, r.reo_wnd_steps, 3);
	KUNIT_EXPECT_EQ(test, xtcp_rack_reo_wnd_us(&r, 10000, 400, true, true),
			300U);

	for (i = 0; i < 15; i++)
		xtcp_rack_recovered(&r, 40);
	KUNIT_EXPECT_EQ(test, r.reo_wnd_steps, 3);
	xtcp_rack_recovered(&r, 40);
	KUNIT_EXPECT_EQ(test, r.reo_wnd_steps, 1);
	xtcp_rack_recovered(&r, 40);
	KUNIT_EXPECT_EQ(test, r.reo_wnd_steps, 1);

	for (i = 0; i < 1000; i++)
		xtcp_rack_dsack(&r, 100 + i, 100 + i);
	KUNIT_EXPECT_EQ(test, r.reo_wnd_steps, U8_MAX);
}

static struct kunit_case rack_cases[] = {
	KUNIT_CASE(delivered__latest_sent),
	KUNIT_CASE(delivered__retransmission),
	KUNIT_CASE(delivered__after_long_idleness),
	KUNIT_CASE(lost__table),
	KUNIT_CASE(lost__nothing_delivered),
	KUNIT_CASE(reo_wnd_us__table),
	KUNIT_CASE(detect_reordering__table),
	KUNIT_CASE(dsack__adapts),
	{}
};

static struct kunit_suite rack_suite = {
	.name = "xtcp_rack",
	.test_cases = rack_cases,
};

kunit_test_suite(rack_suite);
