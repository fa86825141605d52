// SPDX-License-Identifier: GPL-2.0
/*
 * What congestion controls share: how a window grows (RFC 5681, 3.1).
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include "../../include/xtcp_cc.h"

static void grow(struct xtcp_cc *cc, u32 segs)
{
	u32 room = cc->cwnd_clamp > cc->cwnd ? cc->cwnd_clamp - cc->cwnd : 0;

	cc->cwnd += min(segs, room);
}

u32 xtcp_cc_slow_start(struct xtcp_cc *cc, u32 acked)
{
	u32 used = 0;

	if (xtcp_cc_in_slow_start(cc))
		used = min(acked, cc->ssthresh - cc->cwnd);
	grow(cc, used);
	return acked - used;
}
EXPORT_SYMBOL_GPL(xtcp_cc_slow_start);

void xtcp_cc_additive_increase(struct xtcp_cc *cc, u32 w, u32 acked)
{
	u32 count;

	w = max_t(u32, w, 1);

	/* What was credited under a larger @w counts for one segment now. */
	if (cc->cwnd_cnt >= w) {
		cc->cwnd_cnt = 0;
		grow(cc, 1);
	}

	count = cc->cwnd_cnt + acked;
	cc->cwnd_cnt = count % w;
	grow(cc, count / w);
}
EXPORT_SYMBOL_GPL(xtcp_cc_additive_increase);
