// SPDX-License-Identifier: GPL-2.0
/*
 * The receive window as the socket's buffer gives it. Half of the buffer is
 * taken for data, half for what the kernel needs to hold it.
 */
#include "transmit.h"

static u32 window_of(int space)
{
	return space > 0 ? space >> 1 : 0;
}

u32 xtcp_rwnd_space(const struct sock *sk)
{
	return window_of(READ_ONCE(sk->sk_rcvbuf) -
			 READ_ONCE(sk->sk_backlog.len) -
			 atomic_read(&sk->sk_rmem_alloc));
}

u32 xtcp_rwnd_full_space(const struct sock *sk)
{
	return window_of(READ_ONCE(sk->sk_rcvbuf));
}

u32 xtcp_rwnd_open(const struct xtcp_sock *xs)
{
	s32 open = xs->rcv_wup + xs->rcv_wnd - xs->rcv_nxt;

	return max(open, 0);
}

u32 xtcp_rwnd_offer(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	u32 full = min(xs->window_clamp, xtcp_rwnd_full_space(sk));
	u32 space = xtcp_rwnd_space(sk);

	/* Memory is short: let the peer send no more than it may already. */
	if (READ_ONCE(xtcp_memory_pressure))
		xs->rcv_ssthresh = min(xs->rcv_ssthresh, 4U * xs->advmss);
	return xtcp_window_offer(space, full, xs->rcv_ssthresh,
				 xtcp_rwnd_open(xs), xs->rcv_mss,
				 xs->rcv_wscale);
}

u16 xtcp_rwnd_select(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	u32 before = xs->rcv_wnd;
	u32 wnd = xtcp_rwnd_offer(sk);

	if (!xs->wscale_ok)
		wnd = min(wnd, (u32)U16_MAX);
	else
		wnd = min(wnd, (u32)U16_MAX << xs->rcv_wscale);
	xs->rcv_wnd = wnd;
	xs->rcv_wup = xs->rcv_nxt;
	if (!wnd && before)
		XTCP_INC(sock_net(sk), TOZEROWINDOWADV);
	else if (wnd && !before)
		XTCP_INC(sock_net(sk), FROMZEROWINDOWADV);
	return wnd >> xs->rcv_wscale;
}

static u32 clamped(const struct sock *sk, u32 window)
{
	u32 clamp = READ_ONCE(xtcp_sk(sk)->window_clamp);

	return clamp ? min(window, clamp) : window;
}

/* The scale has to do for what autotuning may make of the buffer. */
u8 xtcp_rwnd_scale(const struct sock *sk)
{
	const struct xtcp_net *xn = xtcp_pernet(sock_net(sk));
	u32 most = max3((u32)READ_ONCE(xn->sysctl_rmem[2]),
			READ_ONCE(sysctl_rmem_max), xtcp_rwnd_full_space(sk));

	return xtcp_window_scale(clamped(sk, most));
}

u32 xtcp_rwnd_initial(const struct sock *sk, u32 mss)
{
	return xtcp_window_initial(clamped(sk, xtcp_rwnd_full_space(sk)), mss,
				   0);
}

void xtcp_rwnd_init(struct sock *sk, u32 mss)
{
	const struct xtcp_net *xn = xtcp_pernet(sock_net(sk));
	struct xtcp_sock *xs = xtcp_sk(sk);

	if (!xs->window_clamp)
		xs->window_clamp = (u32)U16_MAX << XTCP_MAX_WSCALE;
	xs->rcv_wscale = READ_ONCE(xn->sysctl_window_scaling) ?
			 xtcp_rwnd_scale(sk) : 0;
	xs->rcv_wnd = xtcp_rwnd_initial(sk, mss);
	xs->rcv_ssthresh = xs->rcv_wnd;
}
