// SPDX-License-Identifier: GPL-2.0
/* How sockets end: closed, reset, aborted, timed out; and their last moment. */
#include <net/xfrm.h>
#include "protocol.h"

void xtcp_orphan(struct sock *sk)
{
	sock_orphan(sk);
	atomic_inc(&xtcp_pernet(sock_net(sk))->orphan_count);
}

void xtcp_destroy(struct sock *sk)
{
	WARN_ON(sk->sk_state != TCP_CLOSE);
	WARN_ON(!sock_flag(sk, SOCK_DEAD));

	atomic_dec(&xtcp_pernet(sock_net(sk))->orphan_count);
	sk->sk_prot->destroy(sk);
	sk_stream_kill_queues(sk);
	xfrm_sk_free_policy(sk);
	sock_put(sk);
}

void xtcp_done(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	/* Time passed or a hand-over: not each way to CLOSED is an edge. */
	xtcp_state_close(sk);
	xtcp_timer_stop(sk);
	xtcp_hash_remove(&xs->ep);
	if (!(sk->sk_userlocks & SOCK_BINDPORT_LOCK))
		xtcp_port_release(sk);
	WRITE_ONCE(sk->sk_shutdown, SHUTDOWN_MASK);

	if (!sock_flag(sk, SOCK_DEAD))
		sk->sk_state_change(sk);
	else
		xtcp_destroy(sk);
}

static void fail(struct sock *sk, int err)
{
	WRITE_ONCE(sk->sk_err, err);
	/* Pairs with the barrier in poll(). */
	smp_wmb();
	xtcp_sendq_purge(sk);
	if (!sock_flag(sk, SOCK_DEAD))
		sk_error_report(sk);
	xtcp_done(sk);
}

void xtcp_reset(struct sock *sk)
{
	int err;

	switch (sk->sk_state) {
	case TCP_SYN_SENT:
		err = ECONNREFUSED;
		break;
	case TCP_CLOSE_WAIT:
		err = EPIPE;
		break;
	case TCP_CLOSE:
		return;
	default:
		err = ECONNRESET;
	}
	if ((1 << sk->sk_state) & (TCPF_ESTABLISHED | TCPF_CLOSE_WAIT))
		XTCP_INC(sock_net(sk), ESTABRESETS);
	else if ((1 << sk->sk_state) & (TCPF_SYN_SENT | TCPF_SYN_RECV))
		XTCP_INC(sock_net(sk), ATTEMPTFAILS);
	xtcp_transition(sk, XTCP_EV_RCV_RST);
	fail(sk, err);
}

void xtcp_abort(struct sock *sk, int err)
{
	u16 actions = xtcp_transition_actions(sk, XTCP_EV_ABORT);

	/* RST takes its numbers and ports from the connection as it stands. */
	if (actions & XTCP_ACT_SND_RST)
		xtcp_xmit_rst(sk, GFP_ATOMIC);
	xtcp_transition(sk, XTCP_EV_ABORT);
	fail(sk, err);
}

void xtcp_timed_out(struct sock *sk)
{
	int err = sk->sk_err_soft ?: ETIMEDOUT;

	XTCP_INC(sock_net(sk), ABORTONTIMEOUT);
	xtcp_transition(sk, XTCP_EV_TIMEOUT);
	fail(sk, err);
}

/* How long an orphan waits in FIN_WAIT_2, jiffies: some round trips at least. */
u32 xtcp_fin_time(const struct sock *sk)
{
	const struct xtcp_sock *xs = xtcp_sk(sk);
	u32 t = xs->linger2 ?: READ_ONCE(xtcp_pernet(sock_net(sk))->
					 sysctl_fin_timeout);
	u32 rto = usecs_to_jiffies(xtcp_rtt_rto_us(&xs->rtt, 0));

	return max(t, (rto << 2) - (rto >> 1));
}

bool xtcp_too_many_orphans(struct sock *sk)
{
	struct xtcp_net *xn = xtcp_pernet(sock_net(sk));

	return atomic_read(&xn->orphan_count) >
	       READ_ONCE(xn->sysctl_max_orphans) ||
	       (sk->sk_wmem_queued > SOCK_MIN_SNDBUF &&
		sk_memory_allocated(sk) > sk_prot_mem_limits(sk, 2));
}
