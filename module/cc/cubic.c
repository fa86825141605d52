// SPDX-License-Identifier: GPL-2.0
/*
 * CUBIC (RFC 9438). Section numbers in this file are that RFC's.
 *
 *	W_cubic(t) = C (t - K)^3 + W_max,  C = 0.4, beta = 0.7
 *
 * in segments and seconds. Here times are milliseconds and W_cubic(t) carries
 * FRAC bits of fraction: 0.4 (t / 1000)^3 = t^3 / 2.5e9.
 */
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/module.h>
#include "../../include/xtcp_cc.h"
#include "../pure.h"

#define FRAC		10
#define MS3_PER_SEG	2500000000U	/* 1000^3 / C */
#define BETA_NUM	7
#define BETA_DEN	10
#define ALPHA_NUM	9		/* 3 (1 - beta) / (1 + beta) = 9/17 */
#define ALPHA_DEN	17
#define MIN_SSTHRESH	2

/* Farther from the plateau than this the cube, with FRAC, passes 64 bits. The
 * curve is 7 million segments away by then and growth is bounded otherwise.
 */
#define MAX_DISTANCE_MS	((1U << 18) - 1)

/* What a spurious congestion event gets back (4.9.1). */
struct epoch {
	u32	t_ms;		/* t */
	u32	k_ms;		/* K */
	u32	w_max;		/* segments, 0: none yet */
	u32	cwnd_prior;	/* cwnd before it was last reduced */
	u32	w_est;		/* segments: what Reno would have */
	bool	running;	/* a stage of congestion avoidance */
};

struct cubic {
	struct epoch	e;
	struct epoch	saved;
	bool		have_saved;
	bool		seen;		/* last_us holds */
	u32		last_us;	/* the last ACK */
	u32		t_rest_us;	/* of t, beyond e.t_ms */
	u32		est_credit;	/* towards one more in w_est */
	u64		credit;		/* towards one more in cwnd */
};

/* The largest y with y^3 <= a, a digit of y at a time from the top. */
static u32 cube_root(u64 a)
{
	int shift;
	u64 y = 0;

	for (shift = 63; shift >= 0; shift -= 3) {
		u64 step = 3 * 2 * y * (2 * y + 1) + 1;	/* (2y+1)^3 - (2y)^3 */

		y *= 2;
		if (a >> shift >= step) {
			a -= step << shift;
			y++;
		}
	}
	return y;
}

/*
 * t runs only while cwnd is put to use: neither idle nor application-limited
 * time counts (4.2, 5.8).
 */
static void clock_advance(struct cubic *ca, const struct xtcp_cc_sample *s)
{
	u32 gap_us = ca->seen ? us_since(s->now_us, ca->last_us) : 0;

	ca->seen = true;
	ca->last_us = s->now_us;
	if (!s->cwnd_limited || !ca->e.running)
		return;

	ca->t_rest_us += gap_us;
	if (ca->t_rest_us >= 1000) {
		ca->e.t_ms += ca->t_rest_us / 1000;
		ca->t_rest_us %= 1000;
	}
}

/* The beginning of a stage of congestion avoidance (4.2) */
static void epoch_start(struct cubic *ca, u32 cwnd)
{
	struct epoch *e = &ca->e;

	if (cwnd < e->w_max) {
		e->k_ms = cube_root((u64)(e->w_max - cwnd) * MS3_PER_SEG);
	} else {
		e->k_ms = 0;
		e->w_max = cwnd;
	}
	e->t_ms = 0;
	e->w_est = cwnd;
	e->running = true;
	ca->have_saved = false;
	ca->t_rest_us = 0;
	ca->est_credit = 0;
	ca->credit = 0;
}

/* W_cubic(@t_ms), FRAC bits of fraction (equation 1) */
static u64 w_cubic(const struct epoch *e, u32 t_ms)
{
	bool before = t_ms < e->k_ms;
	u64 d = before ? e->k_ms - t_ms : t_ms - e->k_ms;
	u64 plateau = (u64)e->w_max << FRAC;
	u64 rise;

	d = min_t(u64, d, MAX_DISTANCE_MS);
	rise = div_u64(d * d * d << FRAC, MS3_PER_SEG);
	if (!before)
		return plateau + rise;
	return plateau > rise ? plateau - rise : 0;
}

/* Segments by which the cubic function lets cwnd grow now (4.4, 4.5) */
static u32 cubic_growth(struct cubic *ca, const struct xtcp_cc *cc, u32 acked)
{
	u64 cwnd = (u64)cc->cwnd << FRAC;
	u64 target = w_cubic(&ca->e, ca->e.t_ms + cc->srtt_us / 1000);
	u64 segs;

	/* target is one RTT ahead and is reached within it: each segment
	 * acknowledged brings (target - cwnd) / cwnd.
	 */
	target = clamp(target, cwnd, cwnd + cwnd / 2);
	ca->credit += (target - cwnd) * acked;
	segs = div64_u64(ca->credit, cwnd);
	ca->credit -= segs * cwnd;
	return segs;
}

/* What Reno would have by now (4.3, equation 4) */
static u32 reno_estimate(struct cubic *ca, u32 cwnd, u32 acked)
{
	/* Having caught up with the window before the loss, it is plain Reno
	 * from there: alpha is 1.
	 */
	bool caught_up = ca->e.w_est >= ca->e.cwnd_prior;
	u64 credit = ca->est_credit +
		     (u64)acked * (caught_up ? ALPHA_DEN : ALPHA_NUM);
	u64 segs = div64_u64(credit, (u64)cwnd * ALPHA_DEN);

	ca->est_credit = credit - segs * cwnd * ALPHA_DEN;
	ca->e.w_est += segs;
	return ca->e.w_est;
}

static void avoid_congestion(struct xtcp_cc *cc, struct cubic *ca, u32 acked)
{
	u32 cwnd = cc->cwnd, growth, reno;

	if (!ca->e.running)
		epoch_start(ca, cwnd);

	growth = cubic_growth(ca, cc, acked);
	reno = reno_estimate(ca, cwnd, acked);

	/* Where Reno is ahead, as fast as Reno (4.3). */
	cwnd = max(cwnd + growth, reno);
	cc->cwnd = max(min(cwnd, cc->cwnd_clamp), cc->cwnd);
}

static void cubic_on_ack(struct xtcp_cc *cc, const struct xtcp_cc_sample *s)
{
	struct cubic *ca = xtcp_cc_priv(cc, struct cubic);
	u32 acked;

	clock_advance(ca, s);
	if (!s->cwnd_limited)
		return;

	acked = xtcp_cc_slow_start(cc, s->acked);
	if (acked)
		avoid_congestion(cc, ca, acked);
}

static void reduce(struct xtcp_cc *cc, struct cubic *ca, bool timeout)
{
	struct epoch *e = &ca->e;

	/* A second event of one episode finds the stage ended already. */
	if (e->running || !ca->have_saved) {
		ca->saved = *e;
		ca->have_saved = true;
	}

	/* After a time-out K is 0 and W_max what the next stage starts from
	 * (4.8). Else, if the last plateau was not reached, others need room:
	 * fast convergence (4.7) makes it (1 + beta) / 2 of cwnd.
	 */
	if (timeout)
		e->w_max = 0;
	else if (cc->cwnd < e->w_max)
		e->w_max = (u64)cc->cwnd * (BETA_DEN + BETA_NUM) /
			   (2 * BETA_DEN);
	else
		e->w_max = cc->cwnd;

	e->cwnd_prior = cc->cwnd;
	e->running = false;
	cc->ssthresh = max_t(u32, (u64)cc->cwnd * BETA_NUM / BETA_DEN,
			     MIN_SSTHRESH);
}

static void undo(struct cubic *ca)
{
	if (ca->have_saved)
		ca->e = ca->saved;
	else
		ca->e.running = false;
	ca->have_saved = false;
	ca->seen = false;
}

static void cubic_on_event(struct xtcp_cc *cc, enum xtcp_cc_event ev,
			   u32 now_us)
{
	struct cubic *ca = xtcp_cc_priv(cc, struct cubic);

	switch (ev) {
	case XTCP_CC_EV_LOSS:
	case XTCP_CC_EV_ECN:
		reduce(cc, ca, false);
		break;
	case XTCP_CC_EV_RTO:
		reduce(cc, ca, true);
		break;
	case XTCP_CC_EV_UNDO:
		undo(ca);
		break;
	case XTCP_CC_EV_RECOVERED:
		ca->have_saved = false;
		fallthrough;
	case XTCP_CC_EV_IDLE_RESTART:
		ca->seen = false;	/* the time until now is no part of t */
		break;
	}
}

struct xtcp_cc_ops xtcp_cc_cubic = {
	.name		= "cubic",
	.owner		= THIS_MODULE,
	.on_ack		= cubic_on_ack,
	.on_event	= cubic_on_event,
};
