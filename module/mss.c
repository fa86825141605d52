// SPDX-License-Identifier: GPL-2.0
/* How much fits into a segment (RFC 9293, sections 3.7.1 and 3.7.2). */
#include <net/dst.h>
#include <net/tcp.h>
#include "transmit.h"

static u32 header_len(const struct xtcp_sock *xs)
{
	return xtcp_af(xs->ep.v6)->net_hdr_len + sizeof(struct tcphdr) +
	       xs->ext_hdr_len;
}

/*
 * A peer with a small window gets segments of at most half of it, or the
 * window would open in steps too small to use.
 */
static u32 bound_to_half_window(const struct xtcp_sock *xs, u32 len)
{
	u32 half = xs->max_window >> (xs->max_window > XTCP_DEFAULT_MSS_V4);

	return xs->max_window ? min(len, max(half, 68U)) : len;
}

void xtcp_mss_sync(struct sock *sk, u32 pmtu)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	u32 mss = pmtu > header_len(xs) ? pmtu - header_len(xs) : 0;

	mss = min_t(u32, mss, xs->mss_clamp);
	mss = max_t(u32, mss, XTCP_MIN_SND_MSS);
	if (xs->ts_ok)
		mss -= XTCP_OPTLEN_TS;
	xs->pmtu = pmtu;
	xs->mss = bound_to_half_window(xs, mss);
	xs->cc.mss = xs->mss;
}

u32 xtcp_mss_current(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct dst_entry *dst = __sk_dst_get(sk);

	if (dst) {
		u32 mtu = dst_mtu(dst);

		if (mtu != xs->pmtu)
			xtcp_mss_sync(sk, mtu);
	}
	return xs->mss;
}

/* ICMP has lowered the route's MTU already, where it was believable. */
void xtcp_mtu_reduced(struct sock *sk, u32 mtu)
{
	struct dst_entry *dst = __sk_dst_get(sk);

	if (!dst)
		dst = xtcp_af(xtcp_sk(sk)->ep.v6)->reroute(sk);
	if (dst)
		mtu = min(mtu, dst_mtu(dst));
	if (mtu < xtcp_sk(sk)->pmtu)
		xtcp_mss_sync(sk, mtu);
}

u16 xtcp_mss_to_advertise(struct sock *sk)
{
	const struct xtcp_sock *xs = xtcp_sk(sk);
	const struct dst_entry *dst = __sk_dst_get(sk);
	u32 mss = dst ? dst_metric_advmss(dst) : XTCP_DEFAULT_MSS_V4;

	return xs->user_mss ? min_t(u32, mss, xs->user_mss) : mss;
}

u32 xtcp_size_goal(const struct sock *sk, u32 mss)
{
	u32 goal;

	if (!sk_can_gso(sk) || sk->sk_gso_max_segs <= 1)
		return mss;
	goal = bound_to_half_window(xtcp_sk(sk), sk->sk_gso_max_size);
	return max(min(goal / mss, (u32)sk->sk_gso_max_segs), 1U) * mss;
}
