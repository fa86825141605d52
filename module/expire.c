// SPDX-License-Identifier: GPL-2.0
/* What happens when a connection's deadline comes; sock lock held, BH off. */
#include <net/tcp.h>
#include "protocol.h"

/* ---- retransmission ---- */

/* Orphans of a peer that is gone are not kept as long. */
static int orphan_retries(struct sock *sk, bool alive)
{
	int retries = READ_ONCE(xtcp_pernet(sock_net(sk))->
				sysctl_orphan_retries);

	if (sk->sk_err_soft && !alive)
		return 0;
	return !retries && alive ? 8 : retries;
}

static int retries_allowed(struct sock *sk)
{
	const struct xtcp_net *xn = xtcp_pernet(sock_net(sk));
	const struct xtcp_sock *xs = xtcp_sk(sk);
	bool alive;

	if (sk->sk_state == TCP_SYN_SENT)
		return xs->syn_retries ?: READ_ONCE(xn->sysctl_syn_retries);
	if (sk->sk_state == TCP_SYN_RECV)
		return xs->syn_retries ?: READ_ONCE(xn->sysctl_synack_retries);
	if (sock_flag(sk, SOCK_DEAD)) {
		alive = xtcp_rtt_rto_us(&xs->rtt, xs->backoff) <
			XTCP_RTO_MAX_US;
		return orphan_retries(sk, alive);
	}
	return READ_ONCE(xn->sysctl_retries2);
}

/*
 * As in the kernel, retries2 stands for the time that so many retransmissions
 * take when RTO is at its least, doubling up to its greatest: not for their
 * number.
 */
static u32 patience_ms(int retries)
{
	const int doublings = ilog2(XTCP_RTO_MAX_US / XTCP_RTO_MIN_US);
	u64 us = ((2ULL << min(retries, doublings)) - 1) * XTCP_RTO_MIN_US;

	if (retries > doublings)
		us += (u64)(retries - doublings) * XTCP_RTO_MAX_US;
	return us / USEC_PER_MSEC;
}

static bool out_of_patience(struct sock *sk)
{
	const struct xtcp_sock *xs = xtcp_sk(sk);
	int retries = retries_allowed(sk);

	if ((1 << sk->sk_state) & (TCPF_SYN_SENT | TCPF_SYN_RECV))
		return xs->retransmits >= retries;
	if (!xs->retransmits || !xs->retrans_stamp)
		return false;
	return xtcp_clock_ms() - xs->retrans_stamp >=
	       (xs->user_timeout_ms ?: patience_ms(retries));
}

static void rto_expired(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct sk_buff *head;

	if (!xs->packets_out)
		return;
	if (out_of_patience(sk)) {
		xtcp_timed_out(sk);
		return;
	}
	XTCP_INC(sock_net(sk), TIMEOUTS);
	if (xs->retransmits >= READ_ONCE(xtcp_pernet(sock_net(sk))->
					 sysctl_retries1)) {
		/* Another route, another path by hash may do (RFC 1122). */
		dst_negative_advice(sk);
		sk_rethink_txhash(sk);
	}
	xtcp_recovery_rto(sk);
	head = xtcp_rtxq_head(sk);
	if (xs->retransmits < U8_MAX)
		xs->retransmits++;
	xtcp_retransmit_skb(sk, head, 1);
	/* RFC 6298, 5.5 and 5.6 */
	if (xs->backoff < 20)
		xs->backoff++;
	xtcp_rto_rearm(sk);
}

/* ---- zero-window probes: RFC 9293, 3.8.6.1 ---- */

static void probe0_expired(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	u32 limit_ms = xs->user_timeout_ms;
	int most;

	if (xs->packets_out || !xtcp_sendq_head(sk)) {
		xs->probes_out = 0;
		return;
	}
	/* Held back by TCP_CORK or for want of memory: not any longer. */
	xtcp_output(sk, xtcp_mss_current(sk), XTCP_NAGLE_OFF, false,
		    GFP_ATOMIC);
	if (xs->packets_out) {
		xs->probes_out = 0;
		return;
	}
	/*
	 * A peer that answers may keep its window closed as long as it likes,
	 * but not to a program that has gone.
	 */
	most = READ_ONCE(xtcp_pernet(sock_net(sk))->sysctl_retries2);
	if (sock_flag(sk, SOCK_DEAD)) {
		most = orphan_retries(sk, xtcp_rtt_rto_us(&xs->rtt, xs->backoff)
				      < XTCP_RTO_MAX_US);
		if (xtcp_too_many_orphans(sk)) {
			XTCP_INC(sock_net(sk), ABORTONMEMORY);
			xtcp_abort(sk, ETIMEDOUT);
			return;
		}
	}
	if (limit_ms && xs->probes_out &&
	    xtcp_clock_ms() - xs->retrans_stamp >= limit_ms)
		most = 0;
	if (xs->probes_out >= most) {
		xtcp_timed_out(sk);
		return;
	}
	if (!xs->probes_out)
		xs->retrans_stamp = xtcp_clock_ms() ?: 1;
	XTCP_INC(sock_net(sk), WINPROBE);
	xtcp_xmit_probe(sk);
	if (xs->probes_out < U8_MAX)
		xs->probes_out++;
	if (xs->backoff < 20)
		xs->backoff++;
	xtcp_probe0_check(sk);
}

static void rtx_expired(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	u8 kind = xs->rtx_kind;

	xs->rtx_kind = XTCP_RTX_NONE;
	if (sk->sk_state == TCP_CLOSE || sk->sk_state == TCP_LISTEN)
		return;
	if (kind == XTCP_RTX_RTO)
		rto_expired(sk);
	else if (kind == XTCP_RTX_PROBE0)
		probe0_expired(sk);
}

/* ---- delayed ACK ---- */

static void delack_expired(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	xs->ack_pending &= ~XTCP_ACK_TIMER;
	if (sk->sk_state == TCP_CLOSE || !(xs->ack_pending & XTCP_ACK_SCHED))
		return;
	/* It did not ride on an answer: do not count on one next time. */
	if (xs->pingpong) {
		xs->pingpong = 0;
		xs->ato_ms = XTCP_DELACK_MIN_MS;
	} else {
		xs->ato_ms = min_t(u32, 2 * xs->ato_ms, XTCP_DELACK_MAX_MS);
	}
	XTCP_INC(sock_net(sk), DELAYEDACKS);
	xtcp_xmit_ack(sk);
}

/* ---- keepalive: RFC 9293, 3.8.4; and FIN_WAIT_2 of an orphan ---- */

static u32 keepalive_time(const struct sock *sk)
{
	return xtcp_sk(sk)->keepalive_time ?:
	       READ_ONCE(xtcp_pernet(sock_net(sk))->sysctl_keepalive_time);
}

static u32 keepalive_intvl(const struct sock *sk)
{
	return xtcp_sk(sk)->keepalive_intvl ?:
	       READ_ONCE(xtcp_pernet(sock_net(sk))->sysctl_keepalive_intvl);
}

static int probes_allowed(const struct sock *sk)
{
	return xtcp_sk(sk)->keepalive_probes ?:
	       READ_ONCE(xtcp_pernet(sock_net(sk))->sysctl_keepalive_probes);
}

static u32 idle_for(const struct xtcp_sock *xs)
{
	u32 now = jiffies;

	return min(now - xs->last_rcv, now - xs->last_ack_rcv);
}

void xtcp_keepalive_start(struct sock *sk)
{
	xtcp_timer_arm(sk, XTCP_DL_KEEP, (u32)jiffies + keepalive_time(sk));
}

static bool keepalive_failed(const struct sock *sk, u32 idle)
{
	const struct xtcp_sock *xs = xtcp_sk(sk);

	if (xs->user_timeout_ms)
		return xs->probes_out &&
		       idle >= msecs_to_jiffies(xs->user_timeout_ms);
	return xs->probes_out >= probes_allowed(sk);
}

static void keep_expired(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	u32 idle = idle_for(xs), next;

	if (sk->sk_state == TCP_FIN_WAIT2 && sock_flag(sk, SOCK_DEAD)) {
		xtcp_timed_out(sk);
		return;
	}
	if (!sock_flag(sk, SOCK_KEEPOPEN) ||
	    ((1 << sk->sk_state) & (TCPF_CLOSE | TCPF_SYN_SENT | TCPF_LISTEN)))
		return;
	next = keepalive_time(sk);
	/* What is outstanding has a timer of its own. */
	if (xs->packets_out || xtcp_sendq_head(sk))
		goto rearm;
	if (idle < next) {
		next -= idle;
		goto rearm;
	}
	if (keepalive_failed(sk, idle)) {
		xtcp_xmit_rst(sk, GFP_ATOMIC);
		xtcp_timed_out(sk);
		return;
	}
	XTCP_INC(sock_net(sk), KEEPALIVE);
	xtcp_xmit_probe(sk);
	xs->probes_out++;
	next = keepalive_intvl(sk);
rearm:
	xtcp_timer_arm(sk, XTCP_DL_KEEP, (u32)jiffies + next);
}

/* Some of what sat below has left (tsq.c). */
static void resume(struct sock *sk)
{
	if ((1 << sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN | TCPF_SYN_SENT |
				   TCPF_SYN_RECV | TCPF_FIN_WAIT2))
		return;
	xtcp_retransmit_lost(sk);
	xtcp_push_pending(sk);
}

void xtcp_expire_init(void)
{
	static const xtcp_expire_t handlers[XTCP_NR_DEADLINES] = {
		[XTCP_DL_RTX] = rtx_expired,
		[XTCP_DL_DELACK] = delack_expired,
		[XTCP_DL_KEEP] = keep_expired,
		[XTCP_DL_REO] = xtcp_recovery_reo_timeout,
	};

	xtcp_timer_set_handlers(handlers);
	xtcp_tsq_init(resume);
}
