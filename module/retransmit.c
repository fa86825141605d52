// SPDX-License-Identifier: GPL-2.0
/* Sending again what is in the retransmission queue. */
#include <net/tcp.h>
#include "transmit.h"

/* Add a segment to the sums over the queue, or take it out of them. */
static void count_in(struct xtcp_sock *xs, const struct xtcp_seg *seg, int sign)
{
	int n = sign * seg->segs;

	xs->packets_out += n;
	if (seg->sacked & XTCP_SEG_SACKED)
		xs->sacked_out += n;
	if (seg->sacked & XTCP_SEG_LOST)
		xs->lost_out += n;
	if (seg->sacked & XTCP_SEG_RETRANS)
		xs->retrans_out += n;
}

int xtcp_rtxq_split(struct sock *sk, struct sk_buff *skb, u32 len, u32 mss)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	int err;

	count_in(xs, XTCP_SEG(skb), -1);
	err = xtcp_sendq_split(sk, skb, len, mss, GFP_ATOMIC);
	count_in(xs, XTCP_SEG(skb), 1);
	if (!err)
		count_in(xs, XTCP_SEG(skb_rb_next(skb)), 1);
	return err;
}

/* The path takes shorter segments than when it was sent. */
static void resegment(struct sock *sk, struct sk_buff *skb, u32 mss)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	count_in(xs, XTCP_SEG(skb), -1);
	xtcp_seg_set_gso(skb, mss);
	count_in(xs, XTCP_SEG(skb), 1);
}

int xtcp_rtxq_trim(struct sock *sk, struct sk_buff *skb)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct xtcp_seg *seg = XTCP_SEG(skb);
	u32 mss = seg->mss;
	int err;

	/* The SYN's number is no byte of data. */
	if (WARN_ON_ONCE(seg->flags & TCPHDR_SYN))
		return -EINVAL;
	err = xtcp_sendq_trim(sk, skb, xs->snd_una - seg->seq);
	if (!err)
		resegment(sk, skb, mss);
	return err;
}

static void mark_retransmitted(struct sock *sk, struct xtcp_seg *seg)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	if (!(seg->sacked & XTCP_SEG_RETRANS)) {
		seg->sacked |= XTCP_SEG_RETRANS;
		xs->retrans_out += seg->segs;
	}
	seg->sacked |= XTCP_SEG_EVER_RETRANS;
	seg->tx.delivered = xs->delivered;
	seg->tx.delivered_us = xs->delivered_us;
	seg->tx.first_tx_us = xs->first_tx_us;
	if (!xs->retrans_stamp)
		xs->retrans_stamp = xtcp_clock_ms() ?: 1;
	xs->undo_retrans += seg->segs;
	xs->total_retrans += seg->segs;
	XTCP_ADD(sock_net(sk), RETRANSSEGS, seg->segs);
	if (seg->flags & TCPHDR_SYN)
		XTCP_INC(sock_net(sk), SYNRETRANS);
}

/* Bytes of @skb that may go: at least one segment probes a closed window. */
static u32 window_left(const struct xtcp_sock *xs, const struct xtcp_seg *seg,
		       u32 mss)
{
	s32 left = xs->snd_una + xs->snd_wnd - seg->seq;

	if (left >= (s32)mss)
		return left;
	return seg->seq == xs->snd_una ? mss : max(left, 0);
}

int xtcp_retransmit_skb(struct sock *sk, struct sk_buff *skb, u32 segs)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct xtcp_seg *seg = XTCP_SEG(skb);
	u32 mss = xtcp_mss_current(sk), limit;
	int err = 0;

	if (seq_lt(seg->seq, xs->snd_una))
		err = xtcp_rtxq_trim(sk, skb);
	if (err)
		return err;
	limit = min_t(u64, (u64)segs * mss, window_left(xs, seg, mss));
	if (limit > mss)
		limit = limit / mss * mss;
	if (!limit)
		return -EAGAIN;
	if (skb->len > limit)
		err = xtcp_rtxq_split(sk, skb, limit, mss);
	else if (seg->mss > mss)
		resegment(sk, skb, mss);
	if (!err)
		err = xtcp_xmit_skb(sk, skb, true, GFP_ATOMIC);
	/* Lost below is lost: the timer is running. But count what left. */
	if (err != -ENOMEM && err != -ENOBUFS)
		mark_retransmitted(sk, seg);
	return err;
}

static void count_retransmission(struct sock *sk, u32 segs)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	if (xs->ca_state == XTCP_CA_LOSS)
		XTCP_INC(sock_net(sk), SLOWSTARTRETRANS);
	else
		XTCP_INC(sock_net(sk), FASTRETRANS);
	xs->prr_out += segs;
}

void xtcp_retransmit_lost(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct sk_buff *skb;

	if (xs->lost_out <= xs->retrans_out)
		return;
	xtcp_rtxq_for_each(skb, sk) {
		struct xtcp_seg *seg = XTCP_SEG(skb);
		u32 in_flight = xtcp_in_flight(xs);

		if (in_flight >= xs->cc.cwnd)
			break;
		if (!(seg->sacked & XTCP_SEG_LOST)) {
			/* Marked lost from the left: nothing follows. */
			if (xs->lost_out <= xs->retrans_out)
				break;
			continue;
		}
		if (seg->sacked & (XTCP_SEG_SACKED | XTCP_SEG_RETRANS))
			continue;
		if (xtcp_tsq_throttled(sk, skb))
			break;
		if (xtcp_retransmit_skb(sk, skb, xs->cc.cwnd - in_flight))
			break;
		count_retransmission(sk, seg->segs);
		if (xs->lost_out <= xs->retrans_out)
			break;
	}
	/* RFC 6298, 5.1: it runs while anything is outstanding. */
	if (!xtcp_timer_armed(xs, XTCP_DL_RTX))
		xtcp_rto_rearm(sk);
}
