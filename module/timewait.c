// SPDX-License-Identifier: GPL-2.0
/*
 * TIME_WAIT: a small entry in the socket's place, for 2 MSL (RFC 9293, 3.6.1).
 * This file alone knows how the effective MSL comes about.
 *
 * An entry's fields change only here, by one CPU at a time: segments of one
 * connection may come in on several, but what they write is idempotent
 * (restart of the wheel, ts_recent), and FIN's arrival is guarded by the
 * wheel's lock through xtcp_tw_wheel_del().
 */
#include "protocol.h"

static bool in_fin_wait2(const struct xtcp_tw *tw)
{
	return tw->flags & XTCP_TW_FIN_WAIT2;
}

static void unhash_and_put(struct xtcp_tw *tw, enum xtcp_event event)
{
	struct net *net = tw->ep.net;

	xtcp_transition_count(net, in_fin_wait2(tw) ? TCP_FIN_WAIT2 :
						      TCP_TIME_WAIT, event);
	xtcp_hash_remove(&tw->ep);
	atomic_dec(&xtcp_pernet(net)->tw_count);
	xtcp_tw_put(tw);
}

static void expire(struct xtcp_tw *tw)
{
	XTCP_INC(tw->ep.net, TW);
	unhash_and_put(tw, in_fin_wait2(tw) ? XTCP_EV_TIMEOUT : XTCP_EV_2MSL);
}

int xtcp_tw_net_init(struct net *net)
{
	struct xtcp_net *xn = xtcp_pernet(net);

	xn->tw_wheel = xtcp_tw_wheel_new(expire);
	return xn->tw_wheel ? 0 : -ENOMEM;
}

void xtcp_tw_net_exit(struct net *net)
{
	xtcp_tw_wheel_free(xtcp_pernet(net)->tw_wheel);
}

void xtcp_tw_kill(struct xtcp_tw *tw, enum xtcp_event event)
{
	/* Whoever takes it off the wheel ends it. */
	if (!xtcp_tw_wheel_del(xtcp_pernet(tw->ep.net)->tw_wheel, tw))
		return;
	if (event == XTCP_EV_RCV_SYN)
		XTCP_INC(tw->ep.net, TWRECYCLED);
	else
		XTCP_INC(tw->ep.net, TWKILLED);
	unhash_and_put(tw, event);
}

u32 xtcp_msl_of(const struct sock *sk, enum xtcp_msl_source *source)
{
	const struct xtcp_sock *xs = xtcp_sk(sk);

	if (xs->msl_ms != XTCP_MSL_UNSET) {
		*source = XTCP_MSL_SOCKET;
		return xs->msl_ms;
	}
	*source = XTCP_MSL_NETNS;
	return READ_ONCE(xtcp_pernet(sock_net(sk))->sysctl_msl_ms);
}

static u32 two_msl(const struct xtcp_tw *tw)
{
	return 2 * tw->msl_ms;
}

static void fill(struct xtcp_tw *tw, struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	enum xtcp_msl_source source;

	tw->rcv_nxt = xs->rcv_nxt;
	tw->snd_nxt = xs->snd_nxt;
	tw->rcv_wnd = min_t(u32, xtcp_rwnd_open(xs) >> xs->rcv_wscale, U16_MAX);
	tw->ts_recent = xs->ts_recent;
	tw->ts_recent_stamp = xs->ts_recent_stamp;
	tw->ts_offset = xs->ts_offset;
	tw->flags = xs->ts_ok ? XTCP_TW_TS_OK : 0;
	tw->msl_ms = xtcp_msl_of(sk, &source);
	tw->msl_source = source;
	if (xs->port)
		tw->port = xtcp_port_hold(xs->port);
}

/* Take the socket's place in the table; the socket is left with nothing. */
static void hand_over(struct sock *sk, u8 flags, u32 ms)
{
	struct xtcp_net *xn = xtcp_pernet(sock_net(sk));
	struct xtcp_key key;
	struct xtcp_tw *tw;

	if (atomic_read(&xn->tw_count) >=
	    READ_ONCE(xn->sysctl_max_tw_buckets)) {
		XTCP_INC(sock_net(sk), TIMEWAITOVERFLOW);
		return;
	}
	xtcp_sk_key(sk, &key);
	tw = xtcp_tw_alloc(&key);
	if (!tw) {
		XTCP_INC(sock_net(sk), TIMEWAITOVERFLOW);
		return;
	}
	fill(tw, sk);
	tw->flags |= flags;
	/*
	 * Into the table first. Until it is on the wheel nobody can end it,
	 * since that takes taking it off the wheel; once there, it may be
	 * gone the next moment.
	 */
	if (WARN_ON_ONCE(!xtcp_hash_replace(&xtcp_sk(sk)->ep, &tw->ep))) {
		xtcp_tw_put(tw);
		return;
	}
	atomic_inc(&xn->tw_count);
	xtcp_tw_wheel_add(xn->tw_wheel, tw, ms);
}

void xtcp_tw_enter(struct sock *sk)
{
	enum xtcp_msl_source source;
	u32 msl = xtcp_msl_of(sk, &source);

	if (msl)
		hand_over(sk, 0, 2 * msl);
	else
		xtcp_transition_count(sock_net(sk), TCP_TIME_WAIT,
				      XTCP_EV_2MSL);
	xtcp_done(sk);
}

void xtcp_tw_enter_fin_wait2(struct sock *sk, u32 ms)
{
	hand_over(sk, XTCP_TW_FIN_WAIT2, ms);
	xtcp_done(sk);
}

static void answer(struct xtcp_tw *tw)
{
	/* Duplicates that cross must not answer each other for ever. */
	if (!xtcp_oow_ratelimited(tw->ep.net, &tw->last_oow_ack))
		xtcp_reply_tw_ack(tw);
}

static void reject(struct xtcp_tw *tw, struct sk_buff *skb)
{
	struct xtcp_key key;

	xtcp_ep_key(&tw->ep, &key);
	xtcp_reply_rst(skb, &key);
	xtcp_tw_kill(tw, XTCP_EV_ABORT);
}

static void take_ts(struct xtcp_tw *tw, const struct xtcp_options *opt)
{
	if (!opt->has_ts)
		return;
	tw->ts_recent = opt->tsval;
	tw->ts_recent_stamp = xtcp_clock_s();
}

/* FIN_WAIT_2 of an orphan: nothing but FIN is expected any more. */
static void fin_wait2_input(struct xtcp_tw *tw, struct sk_buff *skb,
			    const struct xtcp_options *opt)
{
	const struct tcphdr *th = tcp_hdr(skb);
	struct xtcp_seg *seg = XTCP_SEG(skb);

	if (!xtcp_acceptable(seg->seq, seg->end_seq, tw->rcv_nxt, tw->rcv_nxt,
			     tw->rcv_wnd)) {
		if (!th->rst)
			answer(tw);
		return;
	}
	if (th->rst) {
		xtcp_tw_kill(tw, XTCP_EV_RCV_RST);
		return;
	}
	if (th->syn) {
		reject(tw, skb);
		return;
	}
	if (!th->ack || seg->seq == seg->end_seq ||
	    seq_le(seg->end_seq, tw->rcv_nxt))
		return;
	/* New data, but the program that should read it is gone. */
	if (!th->fin || seg->end_seq != tw->rcv_nxt + 1) {
		reject(tw, skb);
		return;
	}
	if (!xtcp_tw_wheel_del(xtcp_pernet(tw->ep.net)->tw_wheel, tw))
		return;
	xtcp_transition_count(tw->ep.net, TCP_FIN_WAIT2, XTCP_EV_RCV_FIN);
	tw->rcv_nxt = seg->end_seq;
	tw->flags &= ~XTCP_TW_FIN_WAIT2;
	take_ts(tw, opt);
	xtcp_tw_wheel_add(xtcp_pernet(tw->ep.net)->tw_wheel, tw, two_msl(tw));
	xtcp_reply_tw_ack(tw);
}

/*
 * RFC 9293, 3.10.7.4 (TIME-WAIT, a new SYN) and RFC 6191: it is not an old
 * duplicate if its sequence number or its timestamp is new.
 */
static bool new_syn(const struct xtcp_tw *tw, const struct sk_buff *skb,
		    const struct xtcp_options *opt, bool paws)
{
	const struct tcphdr *th = tcp_hdr(skb);

	if (!th->syn || th->ack || paws)
		return false;
	return seq_gt(XTCP_SEG(skb)->seq, tw->rcv_nxt) ||
	       ((tw->flags & XTCP_TW_TS_OK) && opt->has_ts &&
		seq_gt(opt->tsval, tw->ts_recent));
}

bool xtcp_tw_input(struct xtcp_tw *tw, struct sk_buff *skb,
		   const struct xtcp_options *opt, u32 *isn)
{
	struct xtcp_net *xn = xtcp_pernet(tw->ep.net);
	const struct tcphdr *th = tcp_hdr(skb);
	const struct xtcp_seg *seg = XTCP_SEG(skb);
	bool paws;

	if (in_fin_wait2(tw)) {
		fin_wait2_input(tw, skb, opt);
		return false;
	}
	paws = opt->has_ts && (tw->flags & XTCP_TW_TS_OK) &&
	       xtcp_paws_reject(opt->tsval, tw->ts_recent,
				xtcp_clock_s() - tw->ts_recent_stamp);
	if (paws)
		XTCP_INC(tw->ep.net, PAWSESTABREJECTED);
	if (th->rst) {
		/* RFC 1337: an old RST must not end TIME_WAIT. */
		if (!READ_ONCE(xn->sysctl_rfc1337) && !paws &&
		    seg->seq == tw->rcv_nxt)
			xtcp_tw_kill(tw, XTCP_EV_RCV_RST);
		return false;
	}
	if (new_syn(tw, skb, opt, paws)) {
		/* Beyond all that the old connection used. */
		*isn = tw->snd_nxt + 65535 + 2;
		*isn += !*isn;
		xtcp_tw_kill(tw, XTCP_EV_RCV_SYN);
		return true;
	}
	if (th->fin && seg->end_seq == tw->rcv_nxt) {
		/* The peer has not seen the ACK of its FIN. */
		xtcp_tw_wheel_restart(xn->tw_wheel, tw, two_msl(tw));
		answer(tw);
	} else if (seg->seq != seg->end_seq || th->syn ||
		   seg->seq != tw->rcv_nxt) {
		answer(tw);
	}
	return false;
}
