// SPDX-License-Identifier: GPL-2.0
/*
 * Round-trip time and retransmission time-out (RFC 6298).
 *
 * Two refinements to the RFC, which Linux made known. The variance that goes
 * into the time-out is the greatest mean deviation within a round trip, not
 * the last one: with many samples in a round trip the deviation itself decays
 * far too fast. And a sample below the mean raises the deviation little: a
 * path that becomes faster is no reason to wait longer.
 */
#include <linux/kernel.h>
#include "pure.h"

void xtcp_rtt_init(struct xtcp_rtt *r)
{
	*r = (struct xtcp_rtt) {};
}

/* RFC 6298, 2.2 */
static void first_sample(struct xtcp_rtt *r, u32 rtt_us, u32 rto_min_us,
			 u32 snd_nxt)
{
	r->srtt_us = rtt_us << 3;
	r->mdev_us = rtt_us << 1;	/* half the sample, times 4 */
	r->rttvar_us = max(r->mdev_us, rto_min_us);
	r->mdev_max_us = r->rttvar_us;
	r->seq = snd_nxt;
}

/* RFC 6298, 2.3: gains of 1/8 and 1/4 */
static void next_sample(struct xtcp_rtt *r, u32 rtt_us)
{
	s32 err = rtt_us - (r->srtt_us >> 3);
	s32 dev = abs(err) - (s32)(r->mdev_us >> 2);

	if (err < 0 && dev > 0)
		dev >>= 3;
	r->srtt_us += err;
	r->mdev_us += dev;
}

void xtcp_rtt_sample(struct xtcp_rtt *r, u32 rtt_us, u32 rto_min_us,
		     u32 snd_una, u32 snd_nxt)
{
	rtt_us = clamp_t(u32, rtt_us, 1, XTCP_RTO_MAX_US);

	if (!r->srtt_us) {
		first_sample(r, rtt_us, rto_min_us, snd_nxt);
		return;
	}

	next_sample(r, rtt_us);
	r->srtt_us = max_t(u32, r->srtt_us, 1);

	if (r->mdev_us > r->mdev_max_us) {
		r->mdev_max_us = r->mdev_us;
		r->rttvar_us = max(r->rttvar_us, r->mdev_max_us);
	}

	/* Once a round trip the variance sinks towards what was seen in it. */
	if (seq_gt(snd_una, r->seq)) {
		if (r->mdev_max_us < r->rttvar_us)
			r->rttvar_us -= (r->rttvar_us - r->mdev_max_us) >> 2;
		r->mdev_max_us = rto_min_us;
		r->seq = snd_nxt;
	}
}

u32 xtcp_rtt_rto_us(const struct xtcp_rtt *r, u8 backoff)
{
	u64 rto = XTCP_RTO_INIT_US;

	if (r->srtt_us)
		rto = (r->srtt_us >> 3) + r->rttvar_us;

	/* More doublings than this pass the bound from any RTO. */
	rto <<= min_t(u8, backoff, 31);
	return min_t(u64, rto, XTCP_RTO_MAX_US);
}

/*
 * s[0] is the least of the window, s[1] the least of those since s[0], s[2]
 * the least of those since s[1]: when s[0] grows too old, s[1] is at hand.
 */
void xtcp_minrtt_sample(struct xtcp_minrtt *m, u32 win_us, u32 now_us,
			u32 rtt_us)
{
	const typeof(m->s[0]) new = {
		.t_us = now_us,
		.v_us = max_t(u32, rtt_us, 1),
	};
	u32 age = now_us - m->s[0].t_us;

	if (!m->s[0].v_us || new.v_us <= m->s[0].v_us ||
	    now_us - m->s[2].t_us > win_us) {
		m->s[0] = new;
		m->s[1] = new;
		m->s[2] = new;
		return;
	}

	if (new.v_us <= m->s[1].v_us) {
		m->s[1] = new;
		m->s[2] = new;
	} else if (new.v_us <= m->s[2].v_us) {
		m->s[2] = new;
	}

	if (age > win_us) {
		m->s[0] = m->s[1];
		m->s[1] = m->s[2];
		m->s[2] = new;
		if (now_us - m->s[0].t_us > win_us) {
			m->s[0] = m->s[1];
			m->s[1] = m->s[2];
		}
	} else if (m->s[1].t_us == m->s[0].t_us && age > win_us / 4) {
		/* A quarter has passed without a second best: take this. */
		m->s[1] = new;
		m->s[2] = new;
	} else if (m->s[2].t_us == m->s[1].t_us && age > win_us / 2) {
		m->s[2] = new;
	}
}
