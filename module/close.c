// SPDX-License-Identifier: GPL-2.0
/*
 * shutdown(), close() and the disconnect of connect(AF_UNSPEC): RFC 9293,
 * sections 3.10.4 (CLOSE) and 3.10.5 (ABORT).
 */
#include <net/tcp.h>
#include "faces.h"

/* ---- shutdown, close ---- */

void xtcp_shutdown(struct sock *sk, int how)
{
	if (!(how & SEND_SHUTDOWN))
		return;
	if (!((1 << sk->sk_state) & (TCPF_ESTABLISHED | TCPF_SYN_RECV |
				     TCPF_CLOSE_WAIT)))
		return;
	if (xtcp_transition(sk, XTCP_EV_CLOSE) & XTCP_ACT_SND_FIN)
		xtcp_send_fin(sk);
}

static bool discard_unread(struct sock *sk)
{
	bool unread = false;
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(&sk->sk_receive_queue))) {
		const struct xtcp_seg *seg = XTCP_SEG(skb);
		u32 end = seg->end_seq - !!(seg->flags & TCPHDR_FIN);

		unread |= seq_gt(end, xtcp_sk(sk)->copied_seq);
		__kfree_skb(skb);
	}
	return unread;
}

static void abort_owned(struct sock *sk, int err)
{
	local_bh_disable();
	xtcp_abort(sk, err);
	local_bh_enable();
}

/* The program closes: FIN, or RST where something is thrown away. */
static void close_connection(struct sock *sk, long timeout)
{
	bool unread = discard_unread(sk);

	if (sk->sk_state == TCP_CLOSE)
		return;
	if (unread) {
		/* RFC 2525, 2.17: data is lost, and the peer is to know. */
		XTCP_INC(sock_net(sk), ABORTONCLOSE);
		abort_owned(sk, ECONNRESET);
	} else if (sock_flag(sk, SOCK_LINGER) && !sk->sk_lingertime) {
		XTCP_INC(sock_net(sk), ABORTONLINGER);
		abort_owned(sk, ECONNRESET);
	} else if (xtcp_transition_actions(sk, XTCP_EV_CLOSE) &
		   XTCP_ACT_SND_FIN) {
		xtcp_transition(sk, XTCP_EV_CLOSE);
		xtcp_send_fin(sk);
	} else if (sk->sk_state == TCP_SYN_SENT) {
		xtcp_transition(sk, XTCP_EV_CLOSE);
		xtcp_sendq_purge(sk);
		local_bh_disable();
		xtcp_done(sk);
		local_bh_enable();
	}
	sk_stream_wait_close(sk, timeout);
}

/* No program has it: it lives on its own until its last state is over. */
static void release_orphan(struct sock *sk, u8 state)
{
	if (state != TCP_CLOSE && sk->sk_state == TCP_CLOSE)
		return;		/* the backlog has ended and destroyed it */
	if (sk->sk_state == TCP_CLOSE) {
		xtcp_destroy(sk);
		return;
	}
	if (sk->sk_state == TCP_FIN_WAIT2) {
		if (xtcp_sk(sk)->linger2 < 0) {
			XTCP_INC(sock_net(sk), ABORTONLINGER);
			xtcp_abort(sk, ECONNRESET);
		} else {
			u32 wait = xtcp_fin_time(sk);

			xtcp_tw_enter_fin_wait2(sk, jiffies_to_msecs(wait));
		}
		return;
	}
	if (xtcp_too_many_orphans(sk)) {
		XTCP_INC(sock_net(sk), ABORTONMEMORY);
		xtcp_abort(sk, ECONNRESET);
	}
}

void xtcp_close(struct sock *sk, long timeout)
{
	u8 state;

	lock_sock(sk);
	WRITE_ONCE(sk->sk_shutdown, SHUTDOWN_MASK);
	if (sk->sk_state == TCP_LISTEN)
		xtcp_listen_stop(sk);
	else
		close_connection(sk, timeout);

	state = sk->sk_state;
	sock_hold(sk);
	local_bh_disable();
	xtcp_orphan(sk);
	local_bh_enable();
	/* The last time: the backlog is worked off here. */
	release_sock(sk);

	local_bh_disable();
	bh_lock_sock(sk);
	release_orphan(sk, state);
	bh_unlock_sock(sk);
	local_bh_enable();
	sock_put(sk);
	xtcp_guard_settle();
}

/* ---- disconnect ---- */

static void forget_addresses(struct sock *sk)
{
	struct inet_sock *inet = inet_sk(sk);

	inet->inet_dport = 0;
	inet->inet_daddr = 0;
	if (!(sk->sk_userlocks & SOCK_BINDADDR_LOCK)) {
		inet->inet_rcv_saddr = 0;
		inet->inet_saddr = 0;
		if (sk->sk_family == AF_INET6) {
			memset(&sk->sk_v6_rcv_saddr, 0,
			       sizeof(sk->sk_v6_rcv_saddr));
			memset(&inet6_sk(sk)->saddr, 0,
			       sizeof(inet6_sk(sk)->saddr));
		}
	}
	if (!(sk->sk_userlocks & SOCK_BINDPORT_LOCK)) {
		xtcp_port_release(sk);
		inet->inet_num = 0;
		inet->inet_sport = 0;
	}
}

/* The connection's part begins anew; congestion control is kept. */
static void forget_connection(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	const struct xtcp_cc_ops *ops = xs->cc.ops;

	xtcp_sendq_purge(sk);
	xtcp_recvq_purge(sk);
	if (ops->release)
		ops->release(&xs->cc);
	memset_startat(xs, 0, rcv_nxt);
	xs->ofo_queue = RB_ROOT;
	xs->cc.ops = ops;
}

int xtcp_disconnect(struct sock *sk, int flags)
{
	u8 state = sk->sk_state;
	int err = sk->sk_err;

	if (state == TCP_LISTEN) {
		xtcp_listen_stop(sk);
	} else if (state != TCP_CLOSE) {
		if (xtcp_transition_actions(sk, XTCP_EV_ABORT) &
		    XTCP_ACT_SND_RST)
			xtcp_xmit_rst(sk, sk_gfp_mask(sk, GFP_ATOMIC));
		xtcp_transition(sk, XTCP_EV_ABORT);
		err = ECONNRESET;
	}
	local_bh_disable();
	xtcp_timer_stop(sk);
	xtcp_hash_remove(&xtcp_sk(sk)->ep);
	forget_connection(sk);
	local_bh_enable();
	forget_addresses(sk);
	sk_dst_reset(sk);
	xtcp_rxroute_forget(sk);
	WRITE_ONCE(sk->sk_shutdown, 0);
	sock_reset_flag(sk, SOCK_DONE);
	WRITE_ONCE(sk->sk_err, state == TCP_LISTEN ? 0 : err);
	sk->sk_err_soft = 0;
	sk_error_report(sk);
	return 0;
}
