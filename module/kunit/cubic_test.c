// SPDX-License-Identifier: GPL-2.0
/* cc/cubic.c */
#include <kunit/test.h>
#include "../../include/xtcp_cc.h"
#include "../pure.h"

/* A sender whose window is full, on a path of one round-trip time. */
struct flow {
	struct xtcp_cc cc;
	u32 now_us;
	u32 rtt_us;
	bool idle;		/* the program has less to send than cwnd */
};

static void flow_init(struct flow *p, u32 cwnd, u32 rtt_us)
{
	*p = (struct flow) {
		.cc = {
			.cwnd = cwnd,
			.ssthresh = 2,
			.cwnd_clamp = U32_MAX,
			.srtt_us = rtt_us,
		},
		.now_us = 0xfff00000,	/* the clock wraps in a second */
		.rtt_us = rtt_us,
	};
}

/* An ACK for each of cwnd segments, spread over the round trip. */
static void round_trip(struct flow *p)
{
	u32 n, cwnd = p->cc.cwnd, start = p->now_us;

	for (n = 1; n <= cwnd; n++) {
		struct xtcp_cc_sample s = {
			.now_us = start + (u64)p->rtt_us * n / cwnd,
			.acked = 1,
			.cwnd_limited = !p->idle,
		};

		xtcp_cc_cubic.on_ack(&p->cc, &s);
	}
	p->now_us = start + p->rtt_us;
}

static void run_ms(struct flow *p, u32 ms)
{
	u32 n;

	for (n = ms * 1000 / p->rtt_us; n; n--)
		round_trip(p);
}

static void event(struct flow *p, enum xtcp_cc_event ev)
{
	xtcp_cc_cubic.on_event(&p->cc, ev, p->now_us);
}

/* What the recovery floor does about a loss. */
static void lose(struct flow *p)
{
	event(p, XTCP_CC_EV_LOSS);
	p->cc.cwnd = p->cc.ssthresh;
	event(p, XTCP_CC_EV_RECOVERED);
}

static void expect_near(struct kunit *test, u32 got, u32 want, u32 off,
			const char *what)
{
	KUNIT_EXPECT_GE_MSG(test, got, want - min(off, want), "%s", what);
	KUNIT_EXPECT_LE_MSG(test, got, want + off, "%s", what);
}

/* Equation 1 with W_max 1000, from 700: K = cbrt(300 / 0.4) = 9.09 s. */
static void on_ack__curve(struct kunit *test)
{
	static const struct {
		u32 at_ms, cwnd;
	} want[] = {
		{ 0, 700 },
		{ 1000, 788 },
		{ 3000, 910 },
		{ 5000, 973 },
		{ 7000, 996 },
		{ 9000, 1000 },
		{ 11000, 1003 },
		{ 13000, 1024 },
		{ 15000, 1082 },
		{ 18000, 1283 },
	};
	struct flow p;
	u32 i, at_ms = 0;

	flow_init(&p, 1000, 100000);
	lose(&p);
	for (i = 0; i < ARRAY_SIZE(want); i++) {
		run_ms(&p, want[i].at_ms - at_ms);
		at_ms = want[i].at_ms;
		expect_near(test, p.cc.cwnd, want[i].cwnd, 12, "curve");
	}
}

/* The window in time does not depend on the round-trip time (5.1). */
static void on_ack__rtt_fair(struct kunit *test)
{
	static const u32 rtts[] = { 50000, 100000, 200000 };
	struct flow p;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(rtts); i++) {
		flow_init(&p, 2000, rtts[i]);
		lose(&p);
		run_ms(&p, 6000);
		/* K = 11.447 s; 2000 - 0.4 * 5.447^3 = 1935 */
		expect_near(test, p.cc.cwnd, 1935, 25, "6 s");
	}
}

/* Short round trips, small windows: as much as Reno with beta 0.7 (4.3). */
static void on_ack__reno_friendly(struct kunit *test)
{
	struct flow p;
	u32 i;

	flow_init(&p, 100, 1000);
	lose(&p);
	KUNIT_EXPECT_EQ(test, p.cc.cwnd, 70U);

	/* 9/17 of a segment a round trip until W_max is reached */
	for (i = 0; i < 34; i++)
		round_trip(&p);
	expect_near(test, p.cc.cwnd, 88, 1, "34 round trips");

	/* and a whole one from there. */
	for (; i < 57; i++)
		round_trip(&p);
	expect_near(test, p.cc.cwnd, 100, 1, "57 round trips");
	for (; i < 77; i++)
		round_trip(&p);
	expect_near(test, p.cc.cwnd, 120, 2, "77 round trips");
}

static void on_ack__slow_start(struct kunit *test)
{
	struct flow p;

	flow_init(&p, 10, 10000);
	p.cc.ssthresh = 80;
	round_trip(&p);
	KUNIT_EXPECT_EQ(test, p.cc.cwnd, 20U);
	round_trip(&p);
	round_trip(&p);
	KUNIT_EXPECT_EQ(test, p.cc.cwnd, 80U);

	/* Without a loss the curve starts at its plateau: as Reno at first. */
	round_trip(&p);
	expect_near(test, p.cc.cwnd, 81, 1, "congestion avoidance");
}

/* At most half as much again in a round trip (4.2), and never over the clamp. */
static void on_ack__bounds(struct kunit *test)
{
	struct flow p;
	u32 i, before;

	flow_init(&p, 20, 400000);
	lose(&p);
	for (i = 0; i < 100 && p.cc.cwnd < 10000; i++) {
		before = p.cc.cwnd;
		round_trip(&p);
		KUNIT_EXPECT_GE(test, p.cc.cwnd, before);
		/* target moves with cwnd: 1.5 compounds to e^0.5 */
		KUNIT_EXPECT_LE(test, p.cc.cwnd, before * 166 / 100 + 2);
	}
	KUNIT_EXPECT_GE(test, p.cc.cwnd, 10000U);

	p.cc.cwnd_clamp = p.cc.cwnd + 5;
	round_trip(&p);
	KUNIT_EXPECT_EQ(test, p.cc.cwnd, p.cc.cwnd_clamp);
	p.cc.cwnd_clamp -= 100;
	before = p.cc.cwnd;
	round_trip(&p);
	KUNIT_EXPECT_EQ(test, p.cc.cwnd, before);
}

/* Time in which the window is not used is no time of the curve's (5.8). */
static void on_ack__not_limited(struct kunit *test)
{
	struct flow busy, lazy;
	u32 before;

	flow_init(&busy, 1000, 100000);
	lose(&busy);
	run_ms(&busy, 2000);
	lazy = busy;

	lazy.idle = true;
	before = lazy.cc.cwnd;
	run_ms(&lazy, 20000);
	KUNIT_EXPECT_EQ(test, lazy.cc.cwnd, before);
	lazy.idle = false;

	/* Silence, told by the event, counts no more than that. */
	lazy.now_us += 30000000;
	event(&lazy, XTCP_CC_EV_IDLE_RESTART);

	run_ms(&lazy, 3000);
	run_ms(&busy, 3000);
	expect_near(test, lazy.cc.cwnd, busy.cc.cwnd, 6, "after idleness");
}

static void on_event__ssthresh(struct kunit *test)
{
	static const struct {
		enum xtcp_cc_event ev;
		u32 cwnd, ssthresh;
	} cases[] = {
		{ XTCP_CC_EV_LOSS, 100, 70 },
		{ XTCP_CC_EV_RTO, 100, 70 },
		{ XTCP_CC_EV_ECN, 100, 70 },
		{ XTCP_CC_EV_LOSS, 3, 2 },
		{ XTCP_CC_EV_RTO, 1, 2 },
		{ XTCP_CC_EV_LOSS, 0x70000000, 0x4e666666 },
		{ XTCP_CC_EV_RECOVERED, 100, 77 },
		{ XTCP_CC_EV_UNDO, 100, 77 },
		{ XTCP_CC_EV_IDLE_RESTART, 100, 77 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct flow p;

		flow_init(&p, cases[i].cwnd, 10000);
		p.cc.ssthresh = 77;
		event(&p, cases[i].ev);
		KUNIT_EXPECT_EQ_MSG(test, p.cc.ssthresh, cases[i].ssthresh,
				    "case %u", i);
		KUNIT_EXPECT_EQ_MSG(test, p.cc.cwnd, cases[i].cwnd, "case %u",
				    i);
	}
}

/* A loss below the last plateau lowers the next one below the loss (4.7). */
static void on_event__fast_convergence(struct kunit *test)
{
	struct flow p;

	flow_init(&p, 2000, 100000);
	lose(&p);
	run_ms(&p, 1000);
	p.cc.cwnd = 1000;
	lose(&p);
	KUNIT_EXPECT_EQ(test, p.cc.cwnd, 700U);

	/* W_max is 850, K = cbrt(150 / 0.4) = 7.21 s */
	run_ms(&p, 5000);
	expect_near(test, p.cc.cwnd, 846, 8, "5 s");
	run_ms(&p, 2200);
	expect_near(test, p.cc.cwnd, 850, 8, "K");
}

/* After a time-out the curve begins at its plateau (4.8). */
static void on_event__timeout(struct kunit *test)
{
	struct flow p;

	flow_init(&p, 1000, 100000);
	event(&p, XTCP_CC_EV_RTO);
	KUNIT_EXPECT_EQ(test, p.cc.ssthresh, 700U);
	p.cc.cwnd = 1;
	event(&p, XTCP_CC_EV_RECOVERED);

	run_ms(&p, 900);
	KUNIT_EXPECT_GE(test, p.cc.cwnd, 500U);
	run_ms(&p, 100);
	expect_near(test, p.cc.cwnd, 700, 5, "slow start's end");
	run_ms(&p, 3000);
	/* 700 + 0.4 * 3^3, or Reno: 30 * 9/17 */
	expect_near(test, p.cc.cwnd, 713, 8, "3 s");
}

/* A spurious episode leaves no trace (4.9.1). */
static void on_event__undo(struct kunit *test)
{
	static const enum xtcp_cc_event events[] = {
		XTCP_CC_EV_LOSS, XTCP_CC_EV_RTO, XTCP_CC_EV_ECN,
	};
	struct flow plain, undone;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(events); i++) {
		flow_init(&plain, 1000, 100000);
		lose(&plain);
		run_ms(&plain, 4000);
		undone = plain;

		/* a loss and, in the same episode, a time-out or so */
		event(&undone, XTCP_CC_EV_LOSS);
		undone.cc.cwnd = 10;
		event(&undone, events[i]);
		undone.cc.cwnd = 1;
		event(&undone, XTCP_CC_EV_UNDO);
		undone.cc.cwnd = plain.cc.cwnd;
		undone.cc.ssthresh = plain.cc.ssthresh;

		run_ms(&plain, 8000);
		run_ms(&undone, 8000);
		expect_near(test, undone.cc.cwnd, plain.cc.cwnd, 3, "undone");
	}
}

/* Undone too late: no harm but a new start from the window there is. */
static void on_event__undo_late(struct kunit *test)
{
	struct flow p;
	u32 before;

	flow_init(&p, 1000, 100000);
	lose(&p);
	run_ms(&p, 1000);
	p.cc.cwnd = 1000;
	event(&p, XTCP_CC_EV_UNDO);
	before = p.cc.cwnd;
	run_ms(&p, 1000);
	KUNIT_EXPECT_GE(test, p.cc.cwnd, before);
	KUNIT_EXPECT_LE(test, p.cc.cwnd, before + 20);
}

/* Hours without a loss, windows beyond reason: it grows and nothing wraps. */
static void on_ack__extremes(struct kunit *test)
{
	struct flow p;
	u32 i, before, start;

	flow_init(&p, 0x40000000, 1000);
	lose(&p);
	start = p.cc.cwnd;
	for (i = 0; i < 100000; i++) {
		struct xtcp_cc_sample s = {
			.now_us = p.now_us += 1000000,
			.acked = 1000,
			.cwnd_limited = true,
		};

		before = p.cc.cwnd;
		xtcp_cc_cubic.on_ack(&p.cc, &s);
		if (p.cc.cwnd < before || p.cc.cwnd > before + 1000)
			KUNIT_EXPECT_TRUE_MSG(test, false, "%u: %u to %u", i,
					      before, p.cc.cwnd);
	}
	KUNIT_EXPECT_GT(test, p.cc.cwnd, start);
}

static struct kunit_case cubic_cases[] = {
	KUNIT_CASE(on_ack__curve),
	KUNIT_CASE(on_ack__rtt_fair),
	KUNIT_CASE(on_ack__reno_friendly),
	KUNIT_CASE(on_ack__slow_start),
	KUNIT_CASE(on_ack__bounds),
	KUNIT_CASE(on_ack__not_limited),
	KUNIT_CASE(on_event__ssthresh),
	KUNIT_CASE(on_event__fast_convergence),
	KUNIT_CASE(on_event__timeout),
	KUNIT_CASE(on_event__undo),
	KUNIT_CASE(on_event__undo_late),
	KUNIT_CASE(on_ack__extremes),
	{}
};

static struct kunit_suite cubic_suite = {
	.name = "xtcp_cc_cubic",
	.test_cases = cubic_cases,
};

kunit_test_suite(cubic_suite);
