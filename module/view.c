// SPDX-License-Identifier: GPL-2.0
/*
 * What is shown of an endpoint. A socket is read without its lock, so what is
 * shown together need not have been true at one instant.
 */
#include <linux/sock_diag.h>
#include "listing.h"

/* ---- sockets ---- */

static void view_sock_queues(struct xtcp_view *view, const struct sock *sk)
{
	const struct xtcp_sock *xs = xtcp_sk(sk);

	if (view->state == TCP_LISTEN) {
		view->rx_queue = READ_ONCE(sk->sk_ack_backlog);
		view->tx_queue = READ_ONCE(sk->sk_max_ack_backlog);
		return;
	}
	/* Either may be read just before the other moves past it. */
	view->rx_queue = max_t(int, 0, READ_ONCE(xs->rcv_nxt) -
				       READ_ONCE(xs->copied_seq));
	view->tx_queue = max_t(int, 0, READ_ONCE(xs->write_seq) -
				       READ_ONCE(xs->snd_una));
}

static void view_timer(struct xtcp_view *view, enum xtcp_timer_kind kind,
		       u32 expires, u32 retransmits)
{
	view->timer = kind;
	view->expires = expires;
	view->retransmits = retransmits;
}

/* As the kernel's TCP shows them: the timer that says most comes first. */
static void view_sock_timer(struct xtcp_view *view, const struct xtcp_sock *xs)
{
	u8 armed = READ_ONCE(xs->deadlines);

	if (armed & BIT(XTCP_DL_RTX) &&
	    READ_ONCE(xs->rtx_kind) == XTCP_RTX_PROBE0)
		view_timer(view, XTCP_TIMER_KIND_PROBE,
			   READ_ONCE(xs->deadline[XTCP_DL_RTX]),
			   READ_ONCE(xs->probes_out));
	else if (armed & BIT(XTCP_DL_RTX))
		view_timer(view, XTCP_TIMER_KIND_RETRANSMIT,
			   READ_ONCE(xs->deadline[XTCP_DL_RTX]),
			   READ_ONCE(xs->retransmits));
	else if (armed & BIT(XTCP_DL_REO))
		view_timer(view, XTCP_TIMER_KIND_RETRANSMIT,
			   READ_ONCE(xs->deadline[XTCP_DL_REO]), 0);
	else if (armed & BIT(XTCP_DL_KEEP))
		view_timer(view, XTCP_TIMER_KIND_KEEPALIVE,
			   READ_ONCE(xs->deadline[XTCP_DL_KEEP]),
			   READ_ONCE(xs->probes_out));
}

static void view_sock_addrs(struct xtcp_view *view, const struct sock *sk)
{
	view->family = sk->sk_family;
	view->lport = sk->sk_num;
	view->rport = ntohs(sk->sk_dport);
	view->dif = READ_ONCE(sk->sk_bound_dev_if);
	if (sk->sk_family == AF_INET6) {
		view->laddr = sk->sk_v6_rcv_saddr;
		view->raddr = sk->sk_v6_daddr;
	} else {
		view->laddr.s6_addr32[0] = sk->sk_rcv_saddr;
		view->raddr.s6_addr32[0] = sk->sk_daddr;
	}
}

static void view_sock_msl(struct xtcp_view *view, const struct sock *sk)
{
	view->msl_ms = xtcp_msl_of(sk, &view->msl_source);
}

static u64 cookie(struct sock *sk)
{
	u32 words[2];

	sock_diag_save_cookie(sk, words);
	return (u64)words[1] << 32 | words[0];
}

static void view_sock(struct xtcp_view *view, struct sock *sk)
{
	view->state = inet_sk_state_load(sk);
	view_sock_addrs(view, sk);
	view_sock_queues(view, sk);
	view_sock_timer(view, xtcp_sk(sk));
	view_sock_msl(view, sk);
	view->uid = sock_i_uid(sk);
	view->inode = sock_i_ino(sk);
	view->cookie = cookie(sk);
}

/* ---- requests and TIME_WAIT entries ---- */

static void view_ep_addrs(struct xtcp_view *view, const struct xtcp_ep *ep)
{
	view->family = ep->v6 ? AF_INET6 : AF_INET;
	view->lport = ntohs(ep->lport);
	view->rport = ntohs(ep->rport);
	view->dif = ep->dif;
	if (ep->v6) {
		view->laddr = *xtcp_ep_laddr6(ep);
		view->raddr = *xtcp_ep_raddr6(ep);
	} else {
		view->laddr.s6_addr32[0] = ep->laddr;
		view->raddr.s6_addr32[0] = ep->raddr;
	}
}

static void view_req(struct xtcp_view *view, const struct xtcp_req *req)
{
	view->state = TCP_SYN_RECV;
	view_ep_addrs(view, &req->ep);
	view_timer(view, XTCP_TIMER_KIND_RETRANSMIT,
		   READ_ONCE(req->timer.expires), req->retrans);
	view_sock_msl(view, req->listener);
	view->uid = sock_i_uid(req->listener);
}

static void view_tw(struct xtcp_view *view, const struct xtcp_tw *tw)
{
	view->state = READ_ONCE(tw->flags) & XTCP_TW_FIN_WAIT2 ?
		      TCP_FIN_WAIT2 : TCP_TIME_WAIT;
	view_ep_addrs(view, &tw->ep);
	view_timer(view, XTCP_TIMER_KIND_TIME_WAIT, READ_ONCE(tw->ends), 0);
	view->msl_ms = tw->msl_ms;
	view->msl_source = tw->msl_source;
	view->uid = GLOBAL_ROOT_UID;
}

void xtcp_view_fill(struct xtcp_view *view, const struct xtcp_ep *ep)
{
	memset(view, 0, sizeof(*view));
	switch (ep->kind) {
	case XTCP_EP_SOCK:
		view_sock(view, &xtcp_ep_sk(ep)->inet.sk);
		break;
	case XTCP_EP_REQUEST:
		view_req(view, container_of(ep, struct xtcp_req, ep));
		break;
	case XTCP_EP_TIMEWAIT:
		view_tw(view, container_of(ep, struct xtcp_tw, ep));
		break;
	}
}

u32 xtcp_view_time_left(const struct xtcp_view *view)
{
	s32 left = view->expires - (u32)jiffies;

	return view->timer == XTCP_TIMER_KIND_NONE ? 0 : max(left, 0);
}
