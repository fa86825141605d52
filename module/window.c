// SPDX-License-Identifier: GPL-2.0
/*
 * Windows: what is offered to the peer, what of its offer is used, and silly
 * windows avoided on both sides (RFC 9293, 3.8.6; RFC 7323, 2).
 */
#include <linux/kernel.h>
#include "pure.h"

#define MAX_UNSCALED	65535U

u8 xtcp_window_scale(u32 space)
{
	u8 shift = 0;

	while (shift < XTCP_MAX_WSCALE && space >> shift > MAX_UNSCALED)
		shift++;
	return shift;
}

u32 xtcp_window_initial(u32 space, u32 mss, u32 init_segs)
{
	u32 wnd = min(space, MAX_UNSCALED);

	mss = max_t(u32, mss, 1);
	if (wnd > mss)
		wnd -= wnd % mss;
	if (init_segs && init_segs < wnd / mss)
		wnd = init_segs * mss;
	return wnd;
}

/* What there is to offer, whatever was offered before. */
static u32 window_wanted(u32 free_space, u32 full_space, u32 rcv_ssthresh,
			 u32 mss, u8 wscale)
{
	if (free_space < full_space / 2) {
		/* Less than this is not worth a segment to the peer. */
		free_space = round_down(free_space, 1U << wscale);
		if (free_space < full_space / 16 || free_space < mss)
			return 0;
	}
	return min(free_space, rcv_ssthresh);
}

u32 xtcp_window_offer(u32 free_space, u32 full_space, u32 rcv_ssthresh,
		      u32 cur_win, u32 mss, u8 wscale)
{
	u32 most = MAX_UNSCALED << wscale;
	u32 wnd;

	/* Callers subtract what is charged, which may be more than all. */
	if ((s32)free_space < 0)
		free_space = 0;
	mss = max_t(u32, min(mss, full_space), 1);

	wnd = window_wanted(free_space, full_space, rcv_ssthresh, mss, wscale);
	wnd = min(wnd, most);

	/* With a scale, windows do not line up with segments anyway. Without,
	 * or where room is scarce, the right edge moves by segments only.
	 */
	if (!wscale || free_space < full_space / 2) {
		if (wnd > cur_win && wnd - cur_win < min(mss, full_space / 2))
			wnd = cur_win;
		else if (!wscale && wnd > mss)
			wnd -= wnd % mss;
	}

	/* RFC 9293, SHLD-14: never take back what was offered. Upwards, so
	 * that the scale does not shift the last bytes away.
	 */
	wnd = round_up(max(wnd, cur_win), 1U << wscale);
	return min(wnd, most);
}

bool xtcp_window_may_send(u32 len, u32 mss, bool fin, bool small_in_flight,
			  enum xtcp_nagle nagle)
{
	if (len >= mss || fin || nagle == XTCP_NAGLE_OFF)
		return true;
	return nagle == XTCP_NAGLE_ON && !small_in_flight;
}
