// SPDX-License-Identifier: GPL-2.0
/*
 * Which segments are let in (RFC 9293, 3.4 and 3.10.7.4; RFC 7323, 5).
 */
#include <linux/kernel.h>
#include "pure.h"

bool xtcp_acceptable(u32 seq, u32 end_seq, u32 rcv_nxt, u32 rcv_wup,
		     u32 rcv_wnd)
{
	u32 edge = seq_max(rcv_wup + rcv_wnd, rcv_nxt);

	return seq_ge(end_seq, rcv_wup) && seq_le(seq, edge);
}

bool xtcp_paws_reject(u32 tsval, u32 ts_recent, u32 age_s)
{
	if ((s32)(ts_recent - tsval) <= XTCP_PAWS_WINDOW)
		return false;

	/* A peer's clock may have run half way round in that time. */
	if (age_s >= XTCP_PAWS_24DAYS_S)
		return false;

	/* Some stacks send 0 in the SYN and the true value afterwards. */
	return ts_recent != 0;
}
