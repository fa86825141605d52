// SPDX-License-Identifier: GPL-2.0
/*
 * Reno: slow start and congestion avoidance as in RFC 5681. Fast recovery (RFC
 * 6582, RFC 6675) is the recovery floor's; here is what it does to ssthresh.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include "../../include/xtcp_cc.h"
#include "../pure.h"

static void reno_on_ack(struct xtcp_cc *cc, const struct xtcp_cc_sample *s)
{
	u32 acked = s->acked;

	/* RFC 7661: a window that is not used is not validated by its ACKs. */
	if (!s->cwnd_limited)
		return;

	acked = xtcp_cc_slow_start(cc, acked);
	if (acked)
		xtcp_cc_additive_increase(cc, cc->cwnd, acked);
}

static void reno_on_event(struct xtcp_cc *cc, enum xtcp_cc_event ev, u32 now_us)
{
	switch (ev) {
	case XTCP_CC_EV_LOSS:
	case XTCP_CC_EV_RTO:
	case XTCP_CC_EV_ECN:
		cc->ssthresh = max_t(u32, cc->cwnd / 2, 2);	/* equation 4 */
		cc->cwnd_cnt = 0;
		break;
	default:
		break;
	}
}

struct xtcp_cc_ops xtcp_cc_reno = {
	.name		= "reno",
	.owner		= THIS_MODULE,
	.on_ack		= reno_on_ack,
	.on_event	= reno_on_event,
};
