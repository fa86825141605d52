// SPDX-License-Identifier: GPL-2.0
/*
 * SEGMENT ARRIVES: RFC 9293, section 3.10.7, one function per step, in its
 * order. The fast path in front takes what nearly every segment is: the next
 * one expected, on an open connection, with nothing but an ACK and text.
 */
#include <net/tcp.h>
#include "protocol.h"

/* ---- the header ---- */

static bool header_ok(struct sk_buff *skb)
{
	const struct tcphdr *th;

	if (!pskb_may_pull(skb, sizeof(*th)))
		return false;
	th = tcp_hdr(skb);
	return th->doff >= sizeof(*th) / 4 &&
	       pskb_may_pull(skb, th->doff * 4);
}

static void fill_seg(struct sk_buff *skb)
{
	const struct tcphdr *th = tcp_hdr(skb);
	struct xtcp_seg *seg = XTCP_SEG(skb);

	seg->seq = ntohl(th->seq);
	seg->end_seq = seg->seq + th->syn + th->fin + skb->len - th->doff * 4;
	seg->flags = tcp_flag_byte(th);
	seg->sacked = 0;
	seg->rx.ack_seq = ntohl(th->ack_seq);
	seg->rx.has_ts = false;
}

static void parse_options(const struct sk_buff *skb, struct xtcp_options *o)
{
	const struct tcphdr *th = tcp_hdr(skb);

	xtcp_options_parse((const u8 *)(th + 1), th->doff * 4 - sizeof(*th),
			   th->syn, o);
}

/* ---- First, check the sequence number, and PAWS (RFC 7323, 5.3) ---- */

static bool paws_reject(struct sock *sk, const struct sk_buff *skb,
			const struct xtcp_options *opt)
{
	const struct xtcp_sock *xs = xtcp_sk(sk);

	return xs->ts_ok && opt->has_ts && xs->ts_recent_stamp &&
	       xtcp_paws_reject(opt->tsval, xs->ts_recent,
				xtcp_clock_s() - xs->ts_recent_stamp);
}

/*
 * A pure ACK that was overtaken has an old timestamp too; it is no duplicate
 * of data and not worth an answer.
 */
static bool overtaken_ack(const struct xtcp_sock *xs, const struct sk_buff *skb)
{
	const struct xtcp_seg *seg = XTCP_SEG(skb);

	return seg->flags == TCPHDR_ACK && seg->seq == seg->end_seq &&
	       seg->seq == xs->rcv_nxt && seg->rx.ack_seq == xs->snd_una;
}

static void answer_unacceptable(struct sock *sk, const struct sk_buff *skb)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	const struct xtcp_seg *seg = XTCP_SEG(skb);

	if (seg->flags & TCPHDR_RST)
		return;
	if (seg->seq != seg->end_seq && seq_lt(seg->seq, xs->rcv_nxt)) {
		xtcp_ack_quickly(sk, XTCP_QUICKACKS);
		xtcp_dsack(sk, seg->seq, seq_min(seg->end_seq, xs->rcv_nxt));
	}
	/* Data is answered each time, or a lost ACK could not be made good. */
	if (seg->seq != seg->end_seq && !(seg->flags & TCPHDR_SYN))
		xtcp_xmit_ack(sk);
	else if (!xtcp_oow_ratelimited(sock_net(sk), &xs->last_oow_ack))
		xtcp_xmit_ack(sk);
}

static bool check_sequence(struct sock *sk, struct sk_buff *skb,
			   const struct xtcp_options *opt)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	const struct xtcp_seg *seg = XTCP_SEG(skb);

	if (paws_reject(sk, skb, opt) && !(seg->flags & TCPHDR_RST)) {
		XTCP_INC(sock_net(sk), PAWSESTABREJECTED);
		if (!overtaken_ack(xs, skb))
			answer_unacceptable(sk, skb);
		return false;
	}
	if (xtcp_acceptable(seg->seq, seg->end_seq, xs->rcv_nxt, xs->rcv_wup,
			    xs->rcv_wnd))
		return true;
	answer_unacceptable(sk, skb);
	return false;
}

/* ---- Second, check the RST bit (RFC 5961, 3.2) ---- */

static bool check_rst(struct sock *sk, struct sk_buff *skb)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	const struct xtcp_seg *seg = XTCP_SEG(skb);

	if (!(seg->flags & TCPHDR_RST))
		return true;
	/* Just what is expected; or what would be if SACKed data had come. */
	if (seg->seq == xs->rcv_nxt ||
	    (xs->sack_rcv.nr && seg->seq == xs->sack_rcv.block[0].end))
		xtcp_reset(sk);
	else
		xtcp_xmit_challenge_ack(sk);
	return false;
}

/* ---- Fourth, check the SYN bit (RFC 5961, 4.2) ---- */

static bool check_syn(struct sock *sk, struct sk_buff *skb)
{
	const struct xtcp_seg *seg = XTCP_SEG(skb);

	if (!(seg->flags & TCPHDR_SYN))
		return true;
	/* Simultaneous open: the peer's SYN-ACK acknowledges ours. */
	if (sk->sk_state == TCP_SYN_RECV && (seg->flags & TCPHDR_ACK) &&
	    seg->seq + 1 == xtcp_sk(sk)->rcv_nxt)
		return true;
	XTCP_INC(sock_net(sk), SYNCHALLENGE);
	xtcp_xmit_challenge_ack(sk);
	return false;
}

/* ---- Fifth, check the ACK field ---- */

static void established_by_ack(struct sock *sk, struct sk_buff *skb)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	xs->snd_wnd = (u32)ntohs(tcp_hdr(skb)->window) << xs->snd_wscale;
	xs->snd_wl1 = XTCP_SEG(skb)->seq;
	xs->max_window = max(xs->max_window, xs->snd_wnd);
	xtcp_mss_sync(sk, xs->pmtu);
	xtcp_transition(sk, XTCP_EV_RCV_ACK_OF_SYN);
	xtcp_data_init(sk);
	xtcp_connected(sk);
}

static bool fin_acked(const struct xtcp_sock *xs)
{
	return xs->fin_queued && xs->snd_una == xs->write_seq;
}

/* Our FIN is acknowledged: what remains is the peer's. */
static void enter_fin_wait2(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	u32 fin_time;

	WRITE_ONCE(sk->sk_shutdown, sk->sk_shutdown | SEND_SHUTDOWN);
	sk_dst_confirm(sk);
	if (!sock_flag(sk, SOCK_DEAD)) {
		sk->sk_state_change(sk);	/* close() may linger */
		return;
	}
	if (xs->linger2 < 0) {
		xtcp_done(sk);
		return;
	}
	fin_time = xtcp_fin_time(sk);
	xtcp_tw_enter_fin_wait2(sk, jiffies_to_msecs(fin_time));
}

/* Return: false if the connection has ended. */
static bool ack_of_fin(struct sock *sk)
{
	u16 actions = xtcp_transition(sk, XTCP_EV_RCV_ACK_OF_FIN);

	if (actions & XTCP_ACT_TIME_WAIT) {
		xtcp_tw_enter(sk);
		return false;
	}
	if (actions & XTCP_ACT_CLOSED) {
		xtcp_done(sk);
		return false;
	}
	enter_fin_wait2(sk);
	return sk->sk_state != TCP_CLOSE;
}

static bool check_ack(struct sock *sk, struct sk_buff *skb,
		      const struct xtcp_options *opt)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	u32 prior_una = xs->snd_una;
	int ok;

	if (!(XTCP_SEG(skb)->flags & TCPHDR_ACK))
		return false;
	ok = xtcp_ack(sk, skb, opt);
	if (sk->sk_state == TCP_SYN_RECV) {
		/* SND.UNA < SEG.ACK =< SND.NXT: our SYN is acknowledged. */
		if (ok <= 0 || xs->snd_una == prior_una) {
			xtcp_reply_rst_from(sk, skb);
			return false;
		}
		established_by_ack(sk, skb);
	}
	if (ok < 0) {
		xtcp_xmit_challenge_ack(sk);
		return false;
	}
	if (fin_acked(xs))
		return ack_of_fin(sk);
	return true;
}

/* ---- Seventh, the segment text; eighth, the FIN bit ---- */

/*
 * Return: false if there is nobody to take the text: the program has closed,
 * so the peer is told by RST (RFC 9293, 3.10.4; RFC 1122, 4.2.2.13).
 */
static bool text_wanted(struct sock *sk, const struct sk_buff *skb)
{
	const struct xtcp_seg *seg = XTCP_SEG(skb);
	const struct xtcp_sock *xs = xtcp_sk(sk);
	u32 text_end = seg->end_seq - !!(seg->flags & TCPHDR_FIN);

	if (!(sk->sk_shutdown & RCV_SHUTDOWN) || !sock_flag(sk, SOCK_DEAD))
		return true;
	return !seq_gt(text_end, xs->rcv_nxt);
}

static void take_text(struct sock *sk, struct sk_buff *skb)
{
	switch (sk->sk_state) {
	case TCP_ESTABLISHED:
	case TCP_FIN_WAIT1:
	case TCP_FIN_WAIT2:
		if (!text_wanted(sk, skb)) {
			XTCP_INC(sock_net(sk), ABORTONDATA);
			xtcp_abort(sk, ECONNRESET);
			break;
		}
		xtcp_data(sk, skb);
		return;
	case TCP_CLOSE_WAIT:
	case TCP_CLOSING:
	case TCP_LAST_ACK:
		/* FIN has come: nothing may follow it. */
		break;
	}
	kfree_skb(skb);
}

/* RFC 7323, 4.3: from a segment that reaches what was acknowledged last. */
static void update_ts_recent(struct xtcp_sock *xs, const struct sk_buff *skb,
			     const struct xtcp_options *opt)
{
	if (!xs->ts_ok || !opt->has_ts ||
	    seq_gt(XTCP_SEG(skb)->seq, xs->rcv_wup) ||
	    seq_lt(opt->tsval, xs->ts_recent))
		return;
	xs->ts_recent = opt->tsval;
	xs->ts_recent_stamp = xtcp_clock_s();
}

static void otherwise(struct sock *sk, struct sk_buff *skb,
		      const struct xtcp_options *opt)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	if (!check_sequence(sk, skb, opt) || !check_rst(sk, skb) ||
	    !check_syn(sk, skb))
		goto drop;
	update_ts_recent(xs, skb, opt);
	if (!check_ack(sk, skb, opt))
		goto drop;
	xs->last_ack_rcv = jiffies;
	if (XTCP_SEG(skb)->flags & TCPHDR_SYN)
		goto drop;
	XTCP_SEG(skb)->rx.has_ts = opt->has_ts;
	XTCP_SEG(skb)->rx.tsecr = opt->tsecr;
	take_text(sk, skb);
	if (sk->sk_state == TCP_CLOSE)
		return;
	xtcp_push_pending(sk);
	xtcp_ack_check(sk);
	return;
drop:
	kfree_skb(skb);
}

/* ---- the fast path ---- */

#define FAST_FLAGS_MASK	(TCPHDR_FIN | TCPHDR_SYN | TCPHDR_RST | TCPHDR_URG | \
			 TCPHDR_ACK)

/*
 * The next segment expected, with an ACK, text or both, timestamps and
 * nothing else. Everything it asks is asked by the steps above as well.
 */
static bool fast_path(struct sock *sk, struct sk_buff *skb)
{
	const struct tcphdr *th = tcp_hdr(skb);
	struct xtcp_seg *seg = XTCP_SEG(skb);
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct xtcp_options opt;
	u32 hdr = sizeof(*th);

	if ((seg->flags & FAST_FLAGS_MASK) != TCPHDR_ACK ||
	    seg->seq != xs->rcv_nxt || xs->ofo_last ||
	    (sk->sk_shutdown & RCV_SHUTDOWN))
		return false;
	opt.has_ts = false;
	opt.nr_sacks = 0;
	if (xs->ts_ok) {
		hdr += XTCP_OPTLEN_TS;
		if (th->doff * 4 != hdr ||
		    !xtcp_options_parse_ts((__be32 *)(th + 1), &opt.tsval,
					   &opt.tsecr) ||
		    seq_lt(opt.tsval, xs->ts_recent))
			return false;
		opt.has_ts = true;
	} else if (th->doff * 4 != hdr) {
		return false;
	}
	if (skb->len > hdr &&
	    (seg->end_seq - xs->rcv_nxt > xtcp_rwnd_open(xs) ||
	     !xtcp_recvq_charge(sk, skb)))
		return false;

	if (opt.has_ts && seq_le(seg->seq, xs->rcv_wup)) {
		xs->ts_recent = opt.tsval;
		xs->ts_recent_stamp = xtcp_clock_s();
	}
	seg->rx.has_ts = opt.has_ts;
	seg->rx.tsecr = opt.tsecr;
	if (xtcp_ack(sk, skb, &opt) < 0) {
		xtcp_xmit_challenge_ack(sk);
		kfree_skb(skb);
		return true;
	}
	xs->last_ack_rcv = jiffies;
	if (skb->len > hdr) {
		XTCP_INC(sock_net(sk), HPHITS);
		__skb_pull(skb, hdr);
		xtcp_data_in_order(sk, skb);
	} else {
		XTCP_INC(sock_net(sk), PUREACKS);
		kfree_skb(skb);
	}
	xtcp_push_pending(sk);
	xtcp_ack_check(sk);
	return true;
}

/* ---- by state ---- */

int xtcp_input_backlog(struct sock *sk, struct sk_buff *skb)
{
	struct xtcp_options opt;

	if (likely(sk->sk_state == TCP_ESTABLISHED) && fast_path(sk, skb))
		return 0;
	parse_options(skb, &opt);
	switch (sk->sk_state) {
	case TCP_CLOSE:		/* 3.10.7.1 */
	case TCP_LISTEN:
		kfree_skb(skb);
		break;
	case TCP_SYN_SENT:	/* 3.10.7.3 */
		xtcp_synsent_input(sk, skb, &opt);
		break;
	default:		/* 3.10.7.4 */
		otherwise(sk, skb, &opt);
	}
	return 0;
}

/* ---- by kind of endpoint ---- */

static bool backlog(struct sock *sk, struct sk_buff *skb)
{
	u32 limit = READ_ONCE(sk->sk_rcvbuf) + READ_ONCE(sk->sk_sndbuf) +
		    64 * 1024;

	if (!sk_add_backlog(sk, skb, limit))
		return true;
	XTCP_INC(sock_net(sk), BACKLOGDROP);
	return false;
}

static void input_sock(struct sock *sk, struct sk_buff *skb)
{
	/* It may be queued for longer than the device lives. */
	skb->dev = NULL;
	bh_lock_sock_nested(sk);
	if (!sock_owned_by_user(sk)) {
		xtcp_input_backlog(sk, skb);
		skb = NULL;
	} else if (backlog(sk, skb)) {
		skb = NULL;
	}
	bh_unlock_sock(sk);
	kfree_skb(skb);
}

/* The child sees the segment that made it; then accept() hears of it. */
static void input_child(struct sock *child, struct sock *listener,
			struct sk_buff *skb)
{
	skb->dev = NULL;
	if (!sock_owned_by_user(child)) {
		xtcp_input_backlog(child, skb);
		skb = NULL;
	} else if (backlog(child, skb)) {
		skb = NULL;
	}
	bh_unlock_sock(child);
	listener->sk_data_ready(listener);
	sock_put(child);
	kfree_skb(skb);
}

static void input_req(struct xtcp_req *req, struct sk_buff *skb)
{
	struct xtcp_options opt;
	struct sock *child;

	parse_options(skb, &opt);
	child = xtcp_req_input(req, skb, &opt);
	if (child)
		input_child(child, req->listener, skb);
	else
		kfree_skb(skb);
}

static void input_listener(struct sock *sk, struct sk_buff *skb,
			   const struct xtcp_key *key, u32 isn)
{
	struct xtcp_options opt;

	parse_options(skb, &opt);
	xtcp_listen_input(sk, skb, key, &opt, isn);
}

static void input_tw(struct xtcp_tw *tw, struct sk_buff *skb,
		     const struct xtcp_key *key)
{
	struct xtcp_options opt;
	struct sock *listener;
	u32 isn;

	parse_options(skb, &opt);
	if (xtcp_tw_input(tw, skb, &opt, &isn)) {
		listener = xtcp_hash_find_listener(key);
		/* Without one the peer tries again and meets the kernel's. */
		if (listener) {
			xtcp_listen_input(listener, skb, key, &opt, isn);
			sock_put(listener);
		}
	}
	kfree_skb(skb);
}

static bool filter_ok(struct sock *sk, struct sk_buff *skb)
{
	const struct tcphdr *th = tcp_hdr(skb);

	if (likely(!sk_filter_trim_cap(sk, skb, th->doff * 4)))
		return true;
	XTCP_INC(sock_net(sk), FILTERDROP);
	return false;
}

void xtcp_input(struct sk_buff *skb, struct xtcp_ep *ep,
		const struct xtcp_key *key)
{
	struct sock *sk = ep->kind == XTCP_EP_SOCK ?
			  &xtcp_ep_sk(ep)->inet.sk : NULL;

	XTCP_INC(key->net, INSEGS);
	if (unlikely(!header_ok(skb))) {
		XTCP_INC(key->net, INERRS);
		XTCP_INC(key->net, BADHDR);
		goto drop;
	}
	if (unlikely(!xtcp_af(key->v6)->csum_ok(skb))) {
		XTCP_INC(key->net, INERRS);
		XTCP_INC(key->net, INCSUMERRORS);
		goto drop;
	}
	if (sk && !filter_ok(sk, skb))
		goto drop;
	fill_seg(skb);
	if (sk && sk->sk_state != TCP_LISTEN) {
		input_sock(sk, skb);
	} else if (sk) {
		input_listener(sk, skb, key, 0);
		kfree_skb(skb);
	} else if (ep->kind == XTCP_EP_REQUEST) {
		input_req(container_of(ep, struct xtcp_req, ep), skb);
	} else {
		input_tw(container_of(ep, struct xtcp_tw, ep), skb, key);
	}
	xtcp_ep_put(ep);
	return;
drop:
	kfree_skb(skb);
	xtcp_ep_put(ep);
}
