// SPDX-License-Identifier: GPL-2.0
/* cc/reno.c */
#include <kunit/test.h>
#include "../../include/xtcp_cc.h"
#include "../pure.h"

/* One round trip: cwnd segments, an ACK each. */
static void round_trip(struct xtcp_cc *cc, bool limited)
{
	struct xtcp_cc_sample s = { .acked = 1, .cwnd_limited = limited };
	u32 n;

	for (n = cc->cwnd; n; n--)
		xtcp_cc_reno.on_ack(cc, &s);
}

/* The textbook: doubling up to ssthresh, then one segment a round trip. */
static void on_ack__textbook(struct kunit *test)
{
	static const u32 want[] = { 1, 2, 4, 8, 16, 17, 18, 19, 20, 21, 22 };
	struct xtcp_cc cc = { .cwnd = 1, .ssthresh = 16, .cwnd_clamp = U32_MAX };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(want); i++) {
		KUNIT_EXPECT_EQ_MSG(test, cc.cwnd, want[i], "round trip %u", i);
		round_trip(&cc, true);
	}
}

/* An ACK of many segments counts as many, RFC 3465 without a limit. */
static void on_ack__stretched(struct kunit *test)
{
	struct xtcp_cc cc = { .cwnd = 10, .ssthresh = 16, .cwnd_clamp = U32_MAX };
	struct xtcp_cc_sample s = { .acked = 10, .cwnd_limited = true };

	xtcp_cc_reno.on_ack(&cc, &s);
	KUNIT_EXPECT_EQ(test, cc.cwnd, 16U);
	KUNIT_EXPECT_EQ(test, cc.cwnd_cnt, 4U);
	s.acked = 12;
	xtcp_cc_reno.on_ack(&cc, &s);
	KUNIT_EXPECT_EQ(test, cc.cwnd, 17U);
	KUNIT_EXPECT_EQ(test, cc.cwnd_cnt, 0U);
}

static void on_ack__not_limited(struct kunit *test)
{
	struct xtcp_cc cc = { .cwnd = 10, .ssthresh = 100, .cwnd_clamp = U32_MAX };

	round_trip(&cc, false);
	KUNIT_EXPECT_EQ(test, cc.cwnd, 10U);
}

static void on_event__ssthresh(struct kunit *test)
{
	static const struct {
		enum xtcp_cc_event ev;
		u32 cwnd, ssthresh;
	} cases[] = {
		{ XTCP_CC_EV_LOSS, 24, 12 },
		{ XTCP_CC_EV_RTO, 24, 12 },
		{ XTCP_CC_EV_ECN, 24, 12 },
		{ XTCP_CC_EV_LOSS, 25, 12 },
		{ XTCP_CC_EV_LOSS, 3, 2 },
		{ XTCP_CC_EV_RTO, 1, 2 },
		{ XTCP_CC_EV_RECOVERED, 24, 77 },
		{ XTCP_CC_EV_UNDO, 24, 77 },
		{ XTCP_CC_EV_IDLE_RESTART, 24, 77 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct xtcp_cc cc = {
			.cwnd = cases[i].cwnd,
			.ssthresh = 77,
			.cwnd_clamp = U32_MAX,
		};

		xtcp_cc_reno.on_event(&cc, cases[i].ev, 0);
		KUNIT_EXPECT_EQ_MSG(test, cc.ssthresh, cases[i].ssthresh,
				    "case %u", i);
		KUNIT_EXPECT_EQ_MSG(test, cc.cwnd, cases[i].cwnd, "case %u", i);
	}
}

static struct kunit_case reno_cases[] = {
	KUNIT_CASE(on_ack__textbook),
	KUNIT_CASE(on_ack__stretched),
	KUNIT_CASE(on_ack__not_limited),
	KUNIT_CASE(on_event__ssthresh),
	{}
};

static struct kunit_suite reno_suite = {
	.name = "xtcp_cc_reno",
	.test_cases = reno_cases,
};

kunit_test_suite(reno_suite);
