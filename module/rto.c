// SPDX-License-Identifier: GPL-2.0
/*
 * The retransmission timer (RFC 6298, section 5) and, on the same deadline,
 * the zero-window probe timer (RFC 9293, section 3.8.6.1): never both.
 */
#include "transmit.h"

u32 xtcp_rto_jiffies(const struct sock *sk)
{
	const struct xtcp_sock *xs = xtcp_sk(sk);

	return usecs_to_jiffies(xtcp_rtt_rto_us(&xs->rtt, xs->backoff));
}

void xtcp_rto_rearm(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	if (!xs->packets_out) {
		xs->rtx_kind = XTCP_RTX_NONE;
		xtcp_timer_disarm(sk, XTCP_DL_RTX);
		return;
	}
	xs->rtx_kind = XTCP_RTX_RTO;
	xtcp_timer_arm(sk, XTCP_DL_RTX, (u32)jiffies + xtcp_rto_jiffies(sk));
}

void xtcp_probe0_check(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	if (xs->packets_out || xs->rtx_kind != XTCP_RTX_NONE ||
	    !xtcp_sendq_head(sk))
		return;
	xs->rtx_kind = XTCP_RTX_PROBE0;
	xtcp_timer_arm(sk, XTCP_DL_RTX, (u32)jiffies + xtcp_rto_jiffies(sk));
}
