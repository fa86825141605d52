// SPDX-License-Identifier: GPL-2.0
#include <kunit/test.h>
#include <linux/string.h>
#include "../pure.h"

#define MS	1000U

/* @n samples of @rtt_us, a round trip each. */
static void feed(struct xtcp_rtt *r, u32 rtt_us, unsigned int n)
{
	u32 seq = r->seq;

	while (n--) {
		xtcp_rtt_sample(r, rtt_us, XTCP_RTO_MIN_US, seq + 1, seq + 2);
		seq += 2;
	}
}

static void rto_us__before_a_sample(struct kunit *test)
{
	struct xtcp_rtt r;

	memset(&r, 0xaa, sizeof(r));
	xtcp_rtt_init(&r);
	KUNIT_EXPECT_EQ(test, xtcp_rtt_rto_us(&r, 0), 1000 * MS);
	KUNIT_EXPECT_EQ(test, xtcp_rtt_rto_us(&r, 1), 2000 * MS);
	KUNIT_EXPECT_EQ(test, xtcp_rtt_rto_us(&r, 6), 64000 * MS);
	KUNIT_EXPECT_EQ(test, xtcp_rtt_rto_us(&r, 7), 120000 * MS);
	KUNIT_EXPECT_EQ(test, xtcp_rtt_rto_us(&r, 255), 120000 * MS);
}

/* RFC 6298, 2.2: SRTT = R, RTTVAR = R/2, RTO = SRTT + max(4 RTTVAR, min) */
static void sample__first(struct kunit *test)
{
	static const struct {
		u32 rtt_us, srtt_us, rto_us;
	} cases[] = {
		{ 0, 1, 200001 },
		{ 1, 1, 200001 },
		{ 100, 100, 200100 },
		{ 50 * MS, 50 * MS, 250 * MS },
		{ 100 * MS, 100 * MS, 300 * MS },
		{ 200 * MS, 200 * MS, 600 * MS },
		{ 1000 * MS, 1000 * MS, 3000 * MS },
		{ 100000 * MS, 100000 * MS, 120000 * MS },
		{ U32_MAX, 120000 * MS, 120000 * MS },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct xtcp_rtt r = {};

		xtcp_rtt_sample(&r, cases[i].rtt_us, XTCP_RTO_MIN_US, 1, 2);
		KUNIT_EXPECT_EQ_MSG(test, r.srtt_us >> 3, cases[i].srtt_us,
				    "case %u", i);
		KUNIT_EXPECT_EQ_MSG(test, xtcp_rtt_rto_us(&r, 0),
				    cases[i].rto_us, "case %u", i);
	}
}

static void sample__steady(struct kunit *test)
{
	struct xtcp_rtt r = {};

	feed(&r, 80 * MS, 100);
	KUNIT_EXPECT_EQ(test, r.srtt_us >> 3, 80 * MS);
	KUNIT_EXPECT_LE(test, r.mdev_us >> 2, 3U);
	/* The variance has sunk to the least RTO, and the RTO adds to that. */
	KUNIT_EXPECT_GE(test, xtcp_rtt_rto_us(&r, 0), 280 * MS);
	KUNIT_EXPECT_LE(test, xtcp_rtt_rto_us(&r, 0), 281 * MS);
	KUNIT_EXPECT_GE(test, xtcp_rtt_rto_us(&r, 1), 560 * MS);
}

/* RFC 6298, 2.3: a gain of 1/8 for SRTT, 1/4 for RTTVAR */
static void sample__gains(struct kunit *test)
{
	struct xtcp_rtt r = {};

	xtcp_rtt_sample(&r, 100 * MS, XTCP_RTO_MIN_US, 1, 2);
	xtcp_rtt_sample(&r, 180 * MS, XTCP_RTO_MIN_US, 1, 2);
	KUNIT_EXPECT_EQ(test, r.srtt_us >> 3, 110 * MS);
	/* 50 + (80 - 50) / 4 */
	KUNIT_EXPECT_EQ(test, r.mdev_us, 4 * 57500U);

	/* A path that becomes faster raises the deviation by an eighth of it. */
	memset(&r, 0, sizeof(r));
	feed(&r, 100 * MS, 100);
	xtcp_rtt_sample(&r, 20 * MS, XTCP_RTO_MIN_US, 1, 2);
	KUNIT_EXPECT_EQ(test, r.srtt_us >> 3, 90 * MS);
	KUNIT_EXPECT_LE(test, r.mdev_us, 10 * MS + 8);
	KUNIT_EXPECT_GE(test, r.mdev_us, 10 * MS - 8);
}

/* A spike raises the RTO at once; it sinks by a quarter each round trip. */
static void sample__spike(struct kunit *test)
{
	struct xtcp_rtt r = {};
	u32 calm, high, rto, i;

	feed(&r, 50 * MS, 50);
	calm = xtcp_rtt_rto_us(&r, 0);
	feed(&r, 1000 * MS, 1);
	high = xtcp_rtt_rto_us(&r, 0);
	KUNIT_EXPECT_GE(test, high, calm + 850 * MS);

	/* However many samples come within one round trip. */
	for (i = 0; i < 100; i++)
		xtcp_rtt_sample(&r, 50 * MS, XTCP_RTO_MIN_US, r.seq, r.seq);
	KUNIT_EXPECT_GE(test, r.rttvar_us, 900 * MS);

	for (rto = high, i = 0; i < 40; i++) {
		feed(&r, 50 * MS, 1);
		KUNIT_EXPECT_LE(test, xtcp_rtt_rto_us(&r, 0), rto);
		rto = xtcp_rtt_rto_us(&r, 0);
	}
	KUNIT_EXPECT_LE(test, rto, calm + 10 * MS);
}

static void sample__round_trip_ends(struct kunit *test)
{
	struct xtcp_rtt r = {};

	xtcp_rtt_sample(&r, 400 * MS, XTCP_RTO_MIN_US, 0xfffffff0, 8);
	KUNIT_EXPECT_EQ(test, r.seq, 8U);
	xtcp_rtt_sample(&r, 400 * MS, XTCP_RTO_MIN_US, 8, 20);
	KUNIT_EXPECT_EQ(test, r.seq, 8U);
	KUNIT_EXPECT_EQ(test, r.rttvar_us, 800 * MS);
	xtcp_rtt_sample(&r, 400 * MS, XTCP_RTO_MIN_US, 9, 30);
	KUNIT_EXPECT_EQ(test, r.seq, 30U);
	KUNIT_EXPECT_EQ(test, r.mdev_max_us, (u32)XTCP_RTO_MIN_US);
}

static void sample__least_rto(struct kunit *test)
{
	struct xtcp_rtt r = {};
	u32 i;

	for (i = 0; i < 100; i++)
		xtcp_rtt_sample(&r, 100, 5 * MS, 2 * i + 1, 2 * i + 2);
	KUNIT_EXPECT_GE(test, xtcp_rtt_rto_us(&r, 0), 5100U);
	KUNIT_EXPECT_LE(test, xtcp_rtt_rto_us(&r, 0), 5200U);
}

/* Nothing wraps, whatever comes. */
static void sample__extremes(struct kunit *test)
{
	static const u32 rtts[] = { 0, U32_MAX, 1, 0x80000000, 0x7fffffff, 5 };
	struct xtcp_rtt r = {};
	u32 i, rto;

	for (i = 0; i < 600; i++) {
		feed(&r, rtts[i % ARRAY_SIZE(rtts)], 1 + i % 7);
		rto = xtcp_rtt_rto_us(&r, 0);
		KUNIT_EXPECT_GE(test, rto, (u32)XTCP_RTO_MIN_US);
		KUNIT_EXPECT_LE(test, rto, (u32)XTCP_RTO_MAX_US);
		KUNIT_EXPECT_GE(test, r.srtt_us, 1U);
		KUNIT_EXPECT_LE(test, r.srtt_us >> 3, (u32)XTCP_RTO_MAX_US);
	}
}

static void minrtt_sample__window(struct kunit *test)
{
	static const struct {
		u32 at_us, rtt_us, min_us;
	} cases[] = {
		{ 0, 500, 500 },
		{ 100, 400, 400 },	/* lower: at once */
		{ 200, 600, 400 },
		{ 5000, 450, 400 },
		{ 10100, 700, 400 },	/* just within the window */
		{ 10101, 700, 450 },	/* the second best takes over */
		{ 15002, 800, 700 },
		{ 16000, 300, 300 },
		{ 99999, 900, 900 },	/* all are out of date */
		{ 100000, 0, 1 },
	};
	static const u32 starts[] = { 0, 1000000, 0xffffff00, 0x7fffffff };
	unsigned int i, s;

	for (s = 0; s < ARRAY_SIZE(starts); s++) {
		struct xtcp_minrtt m = {};

		for (i = 0; i < ARRAY_SIZE(cases); i++) {
			xtcp_minrtt_sample(&m, 10000, starts[s] + cases[i].at_us,
					   cases[i].rtt_us);
			KUNIT_EXPECT_EQ_MSG(test, m.s[0].v_us, cases[i].min_us,
					    "start %u, case %u", starts[s], i);
		}
	}
}

/* Against the plain minimum over the window: never below, and near above. */
static void minrtt_sample__bounds(struct kunit *test)
{
	static u32 rtts[2000];
	struct xtcp_minrtt m = {};
	u32 i, j, x = 1, plain;

	for (i = 0; i < ARRAY_SIZE(rtts); i++) {
		x = x * 1664525 + 1013904223;
		rtts[i] = 1000 + (x >> 16) % 1000;
		xtcp_minrtt_sample(&m, 100, i, rtts[i]);

		plain = U32_MAX;
		for (j = i > 100 ? i - 100 : 0; j <= i; j++)
			plain = min(plain, rtts[j]);
		KUNIT_EXPECT_GE(test, m.s[0].v_us, plain);
		KUNIT_EXPECT_LE(test, m.s[0].v_us, plain + 200);
		KUNIT_EXPECT_LE(test, i - m.s[0].t_us, 100U);
		KUNIT_EXPECT_LE(test, m.s[0].v_us, m.s[1].v_us);
		KUNIT_EXPECT_LE(test, m.s[1].v_us, m.s[2].v_us);
	}
}

static struct kunit_case rtt_cases[] = {
	KUNIT_CASE(rto_us__before_a_sample),
	KUNIT_CASE(sample__first),
	KUNIT_CASE(sample__steady),
	KUNIT_CASE(sample__gains),
	KUNIT_CASE(sample__spike),
	KUNIT_CASE(sample__round_trip_ends),
	KUNIT_CASE(sample__least_rto),
	KUNIT_CASE(sample__extremes),
	KUNIT_CASE(minrtt_sample__window),
	KUNIT_CASE(minrtt_sample__bounds),
	{}
};

static struct kunit_suite rtt_suite = {
	.name = "xtcp_rtt",
	.test_cases = rtt_cases,
};

kunit_test_suite(rtt_suite);
