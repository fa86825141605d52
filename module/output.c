// SPDX-License-Identifier: GPL-2.0
/*
 * What of the send queue may go: congestion window, the peer's window, Nagle
 * and silly windows, small queues (RFC 9293, sections 3.7.4 and 3.8.6.2.1).
 */
#include <net/tcp.h>
#include "transmit.h"

enum xtcp_nagle xtcp_nagle_mode(const struct xtcp_sock *xs)
{
	if (xs->cork)
		return XTCP_NAGLE_CORK;
	return xs->nodelay ? XTCP_NAGLE_OFF : XTCP_NAGLE_ON;
}

static bool small_in_flight(const struct xtcp_sock *xs)
{
	return seq_gt(xs->snd_sml, xs->snd_una) &&
	       seq_le(xs->snd_sml, xs->snd_nxt);
}

/* cwnd has shown to be the limit, or may not grow (RFC 7661 later). */
static void note_cwnd_use(struct xtcp_sock *xs, bool limited)
{
	if (seq_ge(xs->snd_una, xs->max_packets_seq) ||
	    xs->packets_out > xs->max_packets_out || limited) {
		xs->max_packets_out = xs->packets_out;
		xs->max_packets_seq = xs->snd_nxt;
		xs->cwnd_limited = limited;
	}
}

void xtcp_output_sent(struct sock *sk, struct sk_buff *skb)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct xtcp_seg *seg = XTCP_SEG(skb);
	bool idle = !xs->packets_out;

	if (idle) {
		xs->first_tx_us = seg->tx.sent_us;
		xs->delivered_us = seg->tx.sent_us;
	}
	seg->tx.first_tx_us = xs->first_tx_us;
	seg->tx.delivered_us = xs->delivered_us;
	seg->tx.delivered = xs->delivered;
	xs->snd_nxt = seg->end_seq;
	xs->packets_out += seg->segs;
	xs->prr_out += seg->segs;
	xtcp_rtxq_insert(sk, skb);
	if (idle || xs->rtx_kind != XTCP_RTX_RTO)
		xtcp_rto_rearm(sk);
}

/* Bytes of @skb that the windows let go, in whole segments where possible. */
static u32 allowed_bytes(const struct xtcp_sock *xs, const struct sk_buff *skb,
			 u32 mss, u32 quota)
{
	u32 window = xs->snd_una + xs->snd_wnd - XTCP_SEG(skb)->seq;
	u32 max_len = min_t(u64, (u64)quota * mss, window);

	if (skb->len <= max_len)
		return skb->len;
	return max_len < mss ? max_len : max_len / mss * mss;
}

/*
 * More can be sent at once when the next ACK has opened a window: wait for it
 * unless what may go now is a fair share already.
 */
static bool defer(const struct xtcp_sock *xs, const struct sk_buff *skb,
		  u32 allowed, u32 mss)
{
	u32 share = min3((u32)skb->len, xs->cc.cwnd * mss / 2,
			 xs->snd_wnd / 2);

	return allowed < skb->len && allowed < share &&
	       xs->ca_state < XTCP_CA_RECOVERY;
}

static bool first_fits_window(const struct xtcp_sock *xs,
			      const struct sk_buff *skb, u32 mss)
{
	const struct xtcp_seg *seg = XTCP_SEG(skb);
	u32 end = skb->len > mss ? seg->seq + mss : seg->end_seq;

	return seq_le(end, xs->snd_una + xs->snd_wnd);
}

static void note_small(struct xtcp_sock *xs, const struct sk_buff *skb, u32 mss)
{
	if (skb->len < XTCP_SEG(skb)->segs * mss)
		xs->snd_sml = XTCP_SEG(skb)->end_seq;
}

/* Send the first of the queue. Return: true if it went. */
static bool send_head(struct sock *sk, struct sk_buff *skb, u32 mss, gfp_t gfp)
{
	xtcp_seg_set_gso(skb, mss);
	if (unlikely(xtcp_xmit_skb(sk, skb, true, gfp) == -ENOBUFS)) {
		XTCP_SEG(skb)->segs = 0;
		return false;
	}
	__skb_unlink(skb, &sk->sk_write_queue);
	note_small(xtcp_sk(sk), skb, mss);
	xtcp_output_sent(sk, skb);
	return true;
}

bool xtcp_output(struct sock *sk, u32 mss, enum xtcp_nagle nagle, bool one,
		 gfp_t gfp)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	bool cwnd_limited = false;
	struct sk_buff *skb;
	u32 sent = 0;

	while ((skb = xtcp_sendq_head(sk))) {
		bool last = skb_queue_is_last(&sk->sk_write_queue, skb);
		u32 in_flight = xtcp_in_flight(xs), allowed;

		if (in_flight >= xs->cc.cwnd) {
			cwnd_limited = true;
			break;
		}
		if (!first_fits_window(xs, skb, mss))
			break;
		if (last && !xtcp_window_may_send(skb->len, mss,
						  XTCP_SEG(skb)->flags &
						  TCPHDR_FIN,
						  small_in_flight(xs), nagle))
			break;
		allowed = allowed_bytes(xs, skb, mss,
					xs->cc.cwnd - in_flight);
		if (in_flight && defer(xs, skb, allowed, mss)) {
			cwnd_limited = true;
			break;
		}
		if (skb->len > allowed &&
		    xtcp_sendq_split(sk, skb, allowed, mss, gfp))
			break;
		if (xtcp_tsq_throttled(sk, skb) ||
		    !send_head(sk, skb, mss, gfp))
			break;
		sent++;
		if (one)
			break;
	}
	if (sent || cwnd_limited)
		note_cwnd_use(xs, cwnd_limited);
	return !xs->packets_out && xtcp_sendq_head(sk);
}

void xtcp_push(struct sock *sk, enum xtcp_nagle nagle)
{
	if (xtcp_output(sk, xtcp_mss_current(sk), nagle, false,
			sk_gfp_mask(sk, GFP_ATOMIC)))
		xtcp_probe0_check(sk);
}

void xtcp_push_pending(struct sock *sk)
{
	if (xtcp_sendq_head(sk))
		xtcp_push(sk, xtcp_nagle_mode(xtcp_sk(sk)));
}

/* FIN rides on the last segment that is not sent yet, or goes alone. */
void xtcp_send_fin(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct sk_buff *skb = xtcp_sendq_tail(sk);

	if (xs->fin_queued)
		return;
	if (!skb) {
		skb = xtcp_sendq_alloc(sk, sk->sk_allocation, true);
		if (!skb)
			skb = xtcp_sendq_alloc(sk, GFP_ATOMIC | __GFP_HIGH |
					       __GFP_MEMALLOC, true);
		if (!skb) {
			/* Without it the peer would wait: end it with RST. */
			XTCP_INC(sock_net(sk), NOMEM);
			return;
		}
		XTCP_SEG(skb)->seq = xs->write_seq;
		XTCP_SEG(skb)->end_seq = xs->write_seq;
		XTCP_SEG(skb)->flags = TCPHDR_ACK;
		xtcp_sendq_append(sk, skb);
	}
	XTCP_SEG(skb)->flags |= TCPHDR_FIN | TCPHDR_PSH;
	XTCP_SEG(skb)->end_seq++;
	xs->write_seq++;
	xs->fin_queued = 1;
	xtcp_push(sk, XTCP_NAGLE_OFF);
}

int xtcp_send_syn(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct sk_buff *skb;

	skb = xtcp_sendq_alloc(sk, sk->sk_allocation, true);
	if (!skb)
		return -ENOBUFS;
	XTCP_SEG(skb)->seq = xs->write_seq;
	XTCP_SEG(skb)->end_seq = ++xs->write_seq;
	XTCP_SEG(skb)->flags = TCPHDR_SYN;
	xtcp_seg_set_gso(skb, xs->mss);
	sk_wmem_queued_add(sk, skb->truesize);
	sk_mem_charge(sk, skb->truesize);
	/* Lost or refused below: the timer sends it again. */
	xtcp_xmit_skb(sk, skb, true, sk->sk_allocation);
	xtcp_output_sent(sk, skb);
	return 0;
}
