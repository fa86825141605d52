// SPDX-License-Identifier: GPL-2.0
/*
 * Time-based loss detection (RFC 8985, RACK): a segment is lost if one sent
 * sufficiently later has been delivered.
 *
 * "Sent later" is told by ages, that is by times before now: modulo 2^32 those
 * hold for 71 minutes, while comparing two times holds for half of that only.
 */
#include <linux/kernel.h>
#include "pure.h"

#define REO_WND_PERSIST	16	/* RFC 8985, 6.2, step 4 */

/* RACK_sent_after() of RFC 8985, 6.1, for what was delivered against @seg. */
static bool delivered_sent_after(const struct xtcp_rack *r,
				 const struct xtcp_seg *seg, u32 now_us)
{
	u32 seg_age = now_us - seg->tx.sent_us;
	u32 age = now_us - r->xmit_us;

	return age < seg_age ||
	       (age == seg_age && seq_gt(r->end_seq, seg->end_seq));
}

void xtcp_rack_delivered(struct xtcp_rack *r, const struct xtcp_seg *seg,
			 u32 now_us, u32 min_rtt_us)
{
	u32 rtt_us = us_since(now_us, seg->tx.sent_us);

	/* Faster than the path is: it is the original that was delivered. */
	if ((seg->sacked & XTCP_SEG_EVER_RETRANS) && rtt_us < min_rtt_us)
		return;
	if (r->rtt_us && delivered_sent_after(r, seg, now_us))
		return;

	r->xmit_us = seg->tx.sent_us;
	r->end_seq = seg->end_seq;
	r->rtt_us = max_t(u32, rtt_us, 1);
	r->advanced = true;
}

void xtcp_rack_detect_reordering(struct xtcp_rack *r,
				 const struct xtcp_seg *seg, u32 prior_fack)
{
	if (seq_lt(seg->end_seq, prior_fack) &&
	    !(seg->sacked & XTCP_SEG_EVER_RETRANS))
		r->reord = true;
}

void xtcp_rack_dsack(struct xtcp_rack *r, u32 snd_una, u32 snd_nxt)
{
	if (r->dsack_round && seq_lt(snd_una, r->dsack_seq))
		return;

	r->dsack_round = true;
	r->dsack_seq = snd_nxt;
	r->reo_wnd_persist = REO_WND_PERSIST;
	r->reo_wnd_steps = max_t(u8, r->reo_wnd_steps, 1);
	if (r->reo_wnd_steps < U8_MAX)
		r->reo_wnd_steps++;
}

void xtcp_rack_recovered(struct xtcp_rack *r, u32 snd_una)
{
	if (r->dsack_round && seq_ge(snd_una, r->dsack_seq))
		r->dsack_round = false;

	if (r->reo_wnd_persist && !--r->reo_wnd_persist)
		r->reo_wnd_steps = 1;
}

u32 xtcp_rack_reo_wnd_us(const struct xtcp_rack *r, u32 srtt_us, u32 min_rtt_us,
			 bool in_recovery, bool dupthresh_reached)
{
	u64 wnd;

	if (!r->reord && (in_recovery || dupthresh_reached))
		return 0;

	wnd = (u64)min_rtt_us * max_t(u8, r->reo_wnd_steps, 1) / 4;
	return min_t(u64, wnd, srtt_us);
}

bool xtcp_rack_lost(const struct xtcp_rack *r, const struct xtcp_seg *seg,
		    u32 reo_wnd_us, u32 now_us, u32 *left_us)
{
	u32 age = now_us - seg->tx.sent_us;
	u32 limit = r->rtt_us + reo_wnd_us;

	*left_us = 0;
	if (!r->rtt_us || !delivered_sent_after(r, seg, now_us))
		return false;
	if (age >= limit)
		return true;
	*left_us = limit - age;
	return false;
}
