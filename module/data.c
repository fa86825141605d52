// SPDX-License-Identifier: GPL-2.0
/*
 * Segment text and FIN (RFC 9293, section 3.10.7.4, seventh and eighth check),
 * and the ACKs that are owed for them (section 3.8.6.3, RFC 5681, 4.2).
 */
#include <net/tcp.h>
#include "protocol.h"

/* ---- when to acknowledge ---- */

void xtcp_ack_quickly(struct sock *sk, u32 segs)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	u32 quick = xs->rcv_wnd / (2 * max_t(u32, xs->rcv_mss, 1));

	quick = clamp(quick, 2U, segs);
	xs->quick = max_t(u32, xs->quick, quick);
	xs->pingpong = 0;
	xs->ato_ms = XTCP_DELACK_MIN_MS;
}

static void ack_at_once(struct sock *sk)
{
	xtcp_sk(sk)->ack_pending |= XTCP_ACK_SCHED | XTCP_ACK_NOW;
}

void xtcp_delack_schedule(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	u32 ato = xs->ato_ms, srtt_ms = xs->rtt.srtt_us / 8000;

	/* A short path need not wait longer than a round trip or two. */
	if (xs->pingpong || !srtt_ms)
		ato = max_t(u32, ato, XTCP_DELACK_MIN_MS);
	else
		ato = clamp_t(u32, srtt_ms, XTCP_DELACK_MIN_MS, ato);
	if (xs->ack_pending & XTCP_ACK_TIMER)
		return;
	xs->ack_pending |= XTCP_ACK_SCHED | XTCP_ACK_TIMER;
	xtcp_timer_arm(sk, XTCP_DL_DELACK,
		       (u32)jiffies + msecs_to_jiffies(ato));
}

/* RFC 9293, MUST-58 and 59; every second full segment, RFC 5681, 4.2. */
static bool ack_is_due(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	if (xs->ack_pending & XTCP_ACK_NOW)
		return true;
	if (xs->quick && !xs->pingpong)
		return true;
	/* Out of order: each is acknowledged at once (RFC 5681, 4.2). */
	if (xs->ofo_last)
		return true;
	/*
	 * Two segments: but not while the reader will open the window in a
	 * moment and can say both in one.
	 */
	return xs->rcv_nxt - xs->rcv_wup > xs->rcv_mss &&
	       (xs->rcv_nxt - xs->copied_seq < sk->sk_rcvlowat ||
		xtcp_rwnd_offer(sk) >= xs->rcv_wnd);
}

void xtcp_ack_check(struct sock *sk)
{
	if (!(xtcp_sk(sk)->ack_pending & XTCP_ACK_SCHED))
		return;
	if (ack_is_due(sk))
		xtcp_xmit_ack(sk);
	else
		xtcp_delack_schedule(sk);
}

/* Is what is unread small enough that the window can be told again? */
static bool window_opened(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	u32 open = xtcp_rwnd_open(xs), offer;

	if (2 * open > xs->window_clamp)
		return false;
	offer = xtcp_rwnd_offer(sk);
	return offer && offer >= 2 * open;
}

void xtcp_ack_reader(struct sock *sk, int copied)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	bool due = false;

	if (xs->ack_pending & XTCP_ACK_SCHED) {
		/*
		 * Two segments wait, or the program has taken the end of a
		 * burst and seems to have no answer for it to ride on.
		 */
		due = xs->rcv_nxt - xs->rcv_wup > xs->rcv_mss ||
		      (copied > 0 && xs->push_ack && !xs->pingpong &&
		       !atomic_read(&sk->sk_rmem_alloc));
	}
	if (!due && copied > 0 && !(sk->sk_shutdown & RCV_SHUTDOWN))
		due = window_opened(sk);
	if (due)
		xtcp_xmit_ack(sk);
}

/* ---- what a receiver measures ---- */

static void rcv_rtt_update(struct xtcp_rcvspace *r, u32 sample_us, bool by_window)
{
	u32 old = r->rtt_us, m = max(sample_us, 1U);

	if (!old)
		r->rtt_us = m << 3;
	else if (!by_window)
		r->rtt_us = old - (old >> 3) + m;
	else
		/* A window takes a round trip at least: the least is best. */
		r->rtt_us = min(old, m << 3);
}

static void rcv_rtt_measure(struct sock *sk, const struct xtcp_seg *seg)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct xtcp_rcvspace *r = &xs->rcvspace;

	if (xs->ts_ok && seg->rx.has_ts) {
		s32 ms;

		if (seg->rx.tsecr == r->rtt_seq ||
		    seg->end_seq - seg->seq < xs->rcv_mss)
			return;
		r->rtt_seq = seg->rx.tsecr;
		ms = xtcp_clock_ms() + xs->ts_offset - seg->rx.tsecr;
		if (ms >= 0 && ms < XTCP_RTO_MAX_US / 1000)
			rcv_rtt_update(r, max(ms, 1) * 1000, false);
		return;
	}
	if (r->rtt_time_us && seq_lt(xs->rcv_nxt, r->rtt_seq))
		return;
	if (r->rtt_time_us)
		rcv_rtt_update(r, us_since(xtcp_clock_us(), r->rtt_time_us),
			       true);
	r->rtt_seq = xs->rcv_nxt + xs->rcv_wnd;
	r->rtt_time_us = xtcp_clock_us() ?: 1;
}

/* Offer more as long as what comes is worth the memory it takes. */
static void grow_window(struct sock *sk, const struct sk_buff *skb)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	u32 most = min(xs->window_clamp, xtcp_rwnd_space(sk));
	u32 step;

	if (xs->rcv_ssthresh >= most || skb->truesize / 2 > skb->len ||
	    READ_ONCE(xtcp_memory_pressure))
		return;
	step = 2 * max_t(u32, xs->advmss, skb->len);
	xs->rcv_ssthresh += min(step, most - xs->rcv_ssthresh);
}

static void estimate_rcv_mss(struct xtcp_sock *xs, const struct sk_buff *skb)
{
	u32 len = skb_shinfo(skb)->gso_size ?: skb->len;

	if (len >= xs->rcv_mss)
		xs->rcv_mss = clamp_t(u32, len, XTCP_MIN_MSS, xs->advmss);
	else if (XTCP_SEG(skb)->flags & TCPHDR_PSH)
		xs->push_ack = 1;
}

static void adapt_ato(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	u32 gap_ms = jiffies_to_msecs((u32)jiffies - xs->last_rcv);

	if (!xs->ato_ms) {
		xtcp_ack_quickly(sk, XTCP_QUICKACKS);
	} else if (gap_ms <= XTCP_DELACK_MIN_MS / 2) {
		xs->ato_ms = xs->ato_ms / 2 + XTCP_DELACK_MIN_MS / 2;
	} else if (gap_ms < xs->ato_ms) {
		xs->ato_ms = min_t(u32, xs->ato_ms / 2 + gap_ms,
				   XTCP_DELACK_MAX_MS);
	} else if (gap_ms > jiffies_to_msecs(xtcp_rto_jiffies(sk))) {
		/* A long pause: the sender may be in slow start again. */
		xtcp_ack_quickly(sk, XTCP_QUICKACKS);
	}
}

static void data_received(struct sock *sk, struct sk_buff *skb)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	xs->ack_pending |= XTCP_ACK_SCHED;
	estimate_rcv_mss(xs, skb);
	rcv_rtt_measure(sk, XTCP_SEG(skb));
	adapt_ato(sk);
	xs->last_rcv = jiffies;
	grow_window(sk, skb);
}

void xtcp_data_init(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	xs->rcv_mss = clamp_t(u32, min_t(u32, xs->advmss, xs->rcv_wnd / 2),
			      XTCP_MIN_MSS, XTCP_DEFAULT_MSS_V4);
	xs->rcvspace.space = min_t(u32, xs->rcv_wnd,
				   XTCP_INIT_CWND * xs->advmss);
	xs->rcvspace.seq = xs->copied_seq;
	xs->rcvspace.time_us = xtcp_clock_us();
	xs->last_rcv = jiffies;
}

void xtcp_rcvspace_adjust(struct sock *sk)
{
	struct xtcp_net *xn = xtcp_pernet(sock_net(sk));
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct xtcp_rcvspace *r = &xs->rcvspace;
	u32 now_us = xtcp_clock_us(), copied, most;
	u64 want;

	if (!r->rtt_us || us_since(now_us, r->time_us) < r->rtt_us >> 3)
		return;
	copied = xs->copied_seq - r->seq;
	if (copied > r->space) {
		/*
		 * Twice what was read in a round trip, since the sender can
		 * double in the next; more if it is growing; twice that for
		 * what it takes to hold it.
		 */
		want = 2ULL * copied + 16 * xs->advmss;
		want += 2 * want * (copied - r->space) / r->space;
		most = READ_ONCE(xn->sysctl_rmem[2]);
		want = min_t(u64, 2 * want, most);
		if (READ_ONCE(xn->sysctl_moderate_rcvbuf) &&
		    !(sk->sk_userlocks & SOCK_RCVBUF_LOCK) &&
		    want > sk->sk_rcvbuf)
			WRITE_ONCE(sk->sk_rcvbuf, want);
		r->space = copied;
	}
	r->seq = xs->copied_seq;
	r->time_us = now_us;
}

/* ---- FIN ---- */

static void fin(struct sock *sk)
{
	u16 actions;

	WRITE_ONCE(sk->sk_shutdown, sk->sk_shutdown | RCV_SHUTDOWN);
	sock_set_flag(sk, SOCK_DONE);
	ack_at_once(sk);
	actions = xtcp_transition(sk, XTCP_EV_RCV_FIN);
	if (actions & XTCP_ACT_TIME_WAIT)
		xtcp_xmit_ack(sk);	/* while it is a connection still */
	if ((actions & XTCP_ACT_EOF) && !sock_flag(sk, SOCK_DEAD)) {
		sk->sk_state_change(sk);
		if (sk->sk_shutdown == SHUTDOWN_MASK ||
		    sk->sk_state == TCP_CLOSE)
			sk_wake_async(sk, SOCK_WAKE_WAITD, POLL_HUP);
		else
			sk_wake_async(sk, SOCK_WAKE_WAITD, POLL_IN);
	}
	if (actions & XTCP_ACT_TIME_WAIT)
		xtcp_tw_enter(sk);
}

/* ---- text ---- */

/* Tell the program if there is as much as it asked for (SO_RCVLOWAT). */
static void wake_reader(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	if ((s32)(xs->rcv_nxt - xs->copied_seq) < sk->sk_rcvlowat &&
	    !sock_flag(sk, SOCK_DONE) && !sk_under_memory_pressure(sk))
		return;
	sk->sk_data_ready(sk);
}

static void drop(struct sock *sk, struct sk_buff *skb)
{
	sk_drops_add(sk, skb);
	kfree_skb(skb);
}

void xtcp_dsack(struct sock *sk, u32 start, u32 end)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	if (!xs->sack_ok || !READ_ONCE(xtcp_pernet(sock_net(sk))->sysctl_dsack))
		return;
	XTCP_INC(sock_net(sk), DSACKOLDSENT);
	xs->sack_rcv.dup.start = start;
	xs->sack_rcv.dup.end = end;
}

static bool make_room(struct sock *sk, struct sk_buff *skb)
{
	return xtcp_recvq_charge(sk, skb) ||
	       (xtcp_ofo_prune(sk) && xtcp_recvq_charge(sk, skb));
}

/* What waited out of order follows now. Return: true if FIN was in it. */
static bool drain(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	bool ends;

	if (!xs->ofo_last && RB_EMPTY_ROOT(&xs->ofo_queue))
		return false;
	ends = xtcp_ofo_drain(sk);
	/* A hole was filled: the sender waits to hear of it (RFC 5681, 4.2). */
	if (!xs->ofo_last)
		ack_at_once(sk);
	xtcp_sack_rcv_advance(&xs->sack_rcv, xs->rcv_nxt);
	return ends;
}

void xtcp_data_in_order(struct sock *sk, struct sk_buff *skb)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	bool ends = XTCP_SEG(skb)->flags & TCPHDR_FIN, text = skb->len;

	xs->rcv_nxt = XTCP_SEG(skb)->end_seq;
	if (text) {
		data_received(sk, skb);
		xtcp_recvq_append(sk, skb);
	} else {
		kfree_skb(skb);
	}
	if (!ends)
		ends = drain(sk);
	if (text && !sock_flag(sk, SOCK_DEAD))
		wake_reader(sk);
	if (ends)
		fin(sk);
}

static void queue_in_order(struct sock *sk, struct sk_buff *skb)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	if (skb->len && !xtcp_rwnd_open(xs)) {
		/* A window probe: say what is expected, take nothing. */
		XTCP_INC(sock_net(sk), ZEROWINDOWDROP);
		ack_at_once(sk);
		drop(sk, skb);
		return;
	}
	if (!make_room(sk, skb)) {
		XTCP_INC(sock_net(sk), RCVQDROP);
		ack_at_once(sk);
		wake_reader(sk);
		drop(sk, skb);
		return;
	}
	xtcp_data_in_order(sk, skb);
}

static void queue_out_of_order(struct sock *sk, struct sk_buff *skb)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct xtcp_seg *seg = XTCP_SEG(skb);
	u32 start = seg->seq, end = seg->end_seq;
	struct xtcp_sack_block dup;

	ack_at_once(sk);
	if (!make_room(sk, skb)) {
		XTCP_INC(sock_net(sk), OFODROP);
		drop(sk, skb);
		return;
	}
	XTCP_INC(sock_net(sk), OFOQUEUE);
	estimate_rcv_mss(xs, skb);
	xtcp_ofo_insert(sk, skb, &dup);
	if (!xs->sack_ok)
		return;
	if (dup.start != dup.end)
		xtcp_dsack(sk, dup.start, dup.end);
	xtcp_sack_rcv_add(&xs->sack_rcv, start, end);
}

void xtcp_data(struct sock *sk, struct sk_buff *skb)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct xtcp_seg *seg = XTCP_SEG(skb);

	if (seg->seq == seg->end_seq) {
		kfree_skb(skb);
		return;
	}
	__skb_pull(skb, tcp_hdr(skb)->doff * 4);

	if (seq_le(seg->end_seq, xs->rcv_nxt)) {
		/* All of it is here already (RFC 2883, 4.1). */
		xtcp_dsack(sk, seg->seq, seg->end_seq);
		xtcp_ack_quickly(sk, XTCP_QUICKACKS);
		ack_at_once(sk);
		drop(sk, skb);
		return;
	}
	if (seq_ge(seg->seq, xs->rcv_nxt + xtcp_rwnd_open(xs)) &&
	    seg->seq != xs->rcv_nxt) {
		xtcp_ack_quickly(sk, XTCP_QUICKACKS);
		ack_at_once(sk);
		drop(sk, skb);
		return;
	}
	if (seq_gt(seg->seq, xs->rcv_nxt)) {
		queue_out_of_order(sk, skb);
		return;
	}
	if (seq_lt(seg->seq, xs->rcv_nxt))
		xtcp_dsack(sk, seg->seq, xs->rcv_nxt);
	queue_in_order(sk, skb);
}
