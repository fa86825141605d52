// SPDX-License-Identifier: GPL-2.0
/* SEG.ACK: RFC 9293, section 3.10.7.4, fifth check. */
#include <net/tcp.h>
#include "protocol.h"

#define MINRTT_WINDOW_US	(300U * USEC_PER_SEC)

static void update_window(struct sock *sk, const struct sk_buff *skb, u32 ack,
			  struct xtcp_ack_info *info)
{
	const struct tcphdr *th = tcp_hdr(skb);
	struct xtcp_sock *xs = xtcp_sk(sk);
	u32 seq = XTCP_SEG(skb)->seq, wnd = ntohs(th->window);

	if (likely(!th->syn))
		wnd <<= xs->snd_wscale;
	if (!xtcp_window_update_ok(ack, seq, wnd, xs->snd_una, xs->snd_wl1,
				   xs->snd_wnd))
		return;
	xs->snd_wl1 = seq;
	if (xs->snd_wnd == wnd)
		return;
	info->wnd_update = true;
	xs->snd_wnd = wnd;
	if (wnd > xs->max_window) {
		xs->max_window = wnd;
		xtcp_mss_sync(sk, xs->pmtu);
	}
}

/* One skb of the queue has been acknowledged whole. */
static void account_acked(struct xtcp_sock *xs, const struct xtcp_seg *seg,
			  struct xtcp_ack_info *info, u32 *first_us)
{
	if (seg->sacked & XTCP_SEG_RETRANS)
		xs->retrans_out -= seg->segs;
	if (seg->sacked & XTCP_SEG_LOST)
		xs->lost_out -= seg->segs;
	if (seg->sacked & XTCP_SEG_EVER_RETRANS)
		info->retrans_acked = true;
	if (seg->sacked & XTCP_SEG_SACKED) {
		xs->sacked_out -= seg->segs;
	} else {
		xs->delivered += seg->segs;
		xtcp_rack_delivered(&xs->rack, seg, info->now_us,
				    xs->cc.min_rtt_us);
		if (!info->cum_acked)
			*first_us = seg->tx.sent_us;
		/* Karn: a second transmission makes the time ambiguous. */
		if (!(seg->sacked & XTCP_SEG_EVER_RETRANS) &&
		    !info->retrans_acked)
			info->rtt_us = max(us_since(info->now_us, *first_us),
					   1U);
	}
	xs->packets_out -= seg->segs;
	info->cum_acked += seg->segs;
}

/* Part of an skb is acknowledged: keep the rest. */
static void trim_head(struct sock *sk, struct sk_buff *skb,
		      struct xtcp_ack_info *info)
{
	struct xtcp_seg *seg = XTCP_SEG(skb);
	u32 before = seg->segs, gone;

	if (seg->segs <= 1 || xtcp_sk(sk)->snd_una - seg->seq < seg->mss)
		return;
	if (xtcp_rtxq_trim(sk, skb))
		return;
	gone = before - seg->segs;
	if (!(seg->sacked & XTCP_SEG_SACKED))
		xtcp_sk(sk)->delivered += gone;
	info->cum_acked += gone;
}

static void clean_queue(struct sock *sk, struct xtcp_ack_info *info)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct sk_buff *skb;
	u32 first_us = 0;

	while ((skb = xtcp_rtxq_head(sk))) {
		const struct xtcp_seg *seg = XTCP_SEG(skb);

		if (seq_gt(seg->end_seq, xs->snd_una)) {
			if (seq_lt(seg->seq, xs->snd_una))
				trim_head(sk, skb, info);
			break;
		}
		account_acked(xs, seg, info, &first_us);
		xtcp_rtxq_done(sk, skb);
	}
	if (info->retrans_acked)
		info->rtt_us = 0;
}

/* RFC 7323, 4.1: the echo tells which transmission was acknowledged. */
static u32 rtt_by_timestamp(const struct xtcp_sock *xs,
			    const struct xtcp_options *opt)
{
	s32 ms;

	if (!xs->ts_ok || !opt->has_ts || !opt->tsecr)
		return 0;
	ms = xtcp_clock_ms() + xs->ts_offset - opt->tsecr;
	if (ms < 0 || ms > XTCP_RTO_MAX_US / 1000)
		return 0;
	return max(ms, 1) * 1000;
}

static void update_rtt(struct sock *sk, const struct xtcp_options *opt,
		       struct xtcp_ack_info *info)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	u32 rtt_us = info->rtt_us ?: info->sack_rtt_us;

	if (!rtt_us && info->cum_acked)
		rtt_us = rtt_by_timestamp(xs, opt);
	if (!rtt_us)
		return;
	xtcp_rtt_sample(&xs->rtt, rtt_us, XTCP_RTO_MIN_US, xs->snd_una,
			xs->snd_nxt);
	xtcp_minrtt_sample(&xs->minrtt, MINRTT_WINDOW_US, info->now_us, rtt_us);
	xs->cc.srtt_us = xs->rtt.srtt_us >> 3;
	xs->cc.min_rtt_us = xs->minrtt.s[0].v_us;
	xs->backoff = 0;	/* RFC 6298, 5.7 by way of a new sample */
	info->rtt_us = rtt_us;
}

/* Nothing is outstanding: does the ACK open a window that was closed? */
static void ack_probe(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct sk_buff *head = xtcp_sendq_head(sk);

	xs->probes_out = 0;
	if (xs->rtx_kind != XTCP_RTX_PROBE0 || !head)
		return;
	if (seq_le(XTCP_SEG(head)->seq + min_t(u32, head->len, xs->mss),
		   xs->snd_una + xs->snd_wnd)) {
		xs->backoff = 0;
		xs->rtx_kind = XTCP_RTX_NONE;
		xtcp_timer_disarm(sk, XTCP_DL_RTX);
	}
}

/* The buffer follows cwnd, so that it never is what limits (autotuning). */
void xtcp_sndbuf_grow(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	u32 per_mss = roundup_pow_of_two(SKB_TRUESIZE(xs->mss +
						      MAX_TCP_HEADER));
	u32 want = 2 * max_t(u32, xs->cc.cwnd, XTCP_INIT_CWND) * per_mss;
	u32 most = READ_ONCE(xtcp_pernet(sock_net(sk))->sysctl_wmem[2]);

	if ((sk->sk_userlocks & SOCK_SNDBUF_LOCK) || sk_under_memory_pressure(sk))
		return;
	if ((u32)sk->sk_sndbuf < want)
		WRITE_ONCE(sk->sk_sndbuf, max_t(u32, sk->sk_sndbuf,
						min(want, most)));
}

/* Who waits for room to write hears of it. */
static void wake_writer(struct sock *sk)
{
	if (!sk->sk_socket || !test_bit(SOCK_NOSPACE, &sk->sk_socket->flags))
		return;
	xtcp_sndbuf_grow(sk);
	xtcp_sendq_wake(sk);
}

static void after_progress(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	xs->retransmits = 0;
	xs->probes_out = 0;
	sk->sk_err_soft = 0;
	sk_dst_confirm(sk);
	xtcp_rto_rearm(sk);
}

/* An ACK from before snd_una: only its SACK blocks may tell something. */
static int old_ack(struct sock *sk, const struct xtcp_options *opt, u32 ack,
		   struct xtcp_ack_info *info)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	/* RFC 5961, 5.2 */
	if (seq_lt(ack, xs->snd_una - xs->max_window)) {
		xtcp_xmit_challenge_ack(sk);
		return -1;
	}
	if (xs->sack_ok && opt->nr_sacks && xs->packets_out) {
		xtcp_sack_tag(sk, opt, ack, info);
		xtcp_recovery_ack(sk, opt, info);
		xtcp_retransmit_lost(sk);
	}
	return 0;
}

int xtcp_ack(struct sock *sk, struct sk_buff *skb,
	     const struct xtcp_options *opt)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	u32 ack = XTCP_SEG(skb)->rx.ack_seq;
	struct xtcp_ack_info info = {
		.prior_una = xs->snd_una,
		.prior_in_flight = xtcp_in_flight(xs),
		.prior_delivered = xs->delivered,
		.prior_lost = xs->lost,
		.data = skb->len > tcp_hdrlen(skb),
	};

	info.now_us = xtcp_clock_us();
	if (seq_lt(ack, xs->snd_una))
		return old_ack(sk, opt, ack, &info);
	if (seq_gt(ack, xs->snd_nxt)) {
		XTCP_INC(sock_net(sk), BADACK);
		return -1;
	}
	update_window(sk, skb, ack, &info);
	xs->snd_una = ack;
	if (!xs->packets_out) {
		ack_probe(sk);
		return 1;
	}
	if (xs->sack_ok && opt->nr_sacks)
		xtcp_sack_tag(sk, opt, ack, &info);
	if (ack != info.prior_una)
		clean_queue(sk, &info);
	update_rtt(sk, opt, &info);
	xtcp_recovery_ack(sk, opt, &info);
	if (ack != info.prior_una)
		after_progress(sk);
	if (xs->lost_out > xs->retrans_out)
		xtcp_retransmit_lost(sk);
	if (ack != info.prior_una)
		wake_writer(sk);
	return 1;
}
