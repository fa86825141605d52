// SPDX-License-Identifier: GPL-2.0
/*
 * Loss detection and recovery: the scoreboard (RFC 6675), RACK (RFC 8985),
 * NewReno where the peer has no SACK (RFC 6582), proportional rate reduction
 * (RFC 9937), undo by DSACK and by timestamps (RFC 3708, 4015).
 */
#include <net/tcp.h>
#include "protocol.h"

/* ---- the scoreboard ---- */

static void mark_lost(struct xtcp_sock *xs, struct xtcp_seg *seg)
{
	if (seg->sacked & XTCP_SEG_RETRANS) {
		seg->sacked &= ~XTCP_SEG_RETRANS;
		xs->retrans_out -= seg->segs;
	}
	if (seg->sacked & XTCP_SEG_LOST)
		return;
	seg->sacked |= XTCP_SEG_LOST;
	xs->lost_out += seg->segs;
	xs->lost += seg->segs;
}

static void mark_sacked(struct xtcp_sock *xs, struct xtcp_seg *seg,
			u32 prior_fack, struct xtcp_ack_info *info)
{
	if (seg->sacked & XTCP_SEG_RETRANS)
		xs->retrans_out -= seg->segs;
	if (seg->sacked & XTCP_SEG_LOST)
		xs->lost_out -= seg->segs;
	if (!(seg->sacked & XTCP_SEG_EVER_RETRANS))
		info->sack_rtt_us = us_since(info->now_us, seg->tx.sent_us);
	xtcp_rack_detect_reordering(&xs->rack, seg, prior_fack);
	xtcp_rack_delivered(&xs->rack, seg, info->now_us, xs->cc.min_rtt_us);
	seg->sacked &= ~(XTCP_SEG_RETRANS | XTCP_SEG_LOST);
	seg->sacked |= XTCP_SEG_SACKED;
	if (!xs->sacked_out || seq_gt(seg->end_seq, xs->fack))
		xs->fack = seg->end_seq;
	xs->sacked_out += seg->segs;
	xs->delivered += seg->segs;
	info->new_sack = true;
}

/*
 * Cut @skb so that it lies within the block, at segment borders, so that a
 * peer that reports odd ranges cannot make us cut ever smaller.
 *
 * Return: the skb that is covered, or NULL if no whole segment is.
 */
static struct sk_buff *cut_to_block(struct sock *sk, struct sk_buff *skb,
				    const struct xtcp_sack_block *b)
{
	struct xtcp_seg *seg = XTCP_SEG(skb);
	u32 mss = seg->mss, len;

	if (seq_lt(seg->seq, b->start)) {
		len = roundup(b->start - seg->seq, mss);
		if (len >= skb->len || xtcp_rtxq_split(sk, skb, len, mss))
			return NULL;
		skb = skb_rb_next(skb);
		seg = XTCP_SEG(skb);
	}
	if (seq_gt(seg->end_seq, b->end)) {
		if (seq_ge(seg->seq, b->end))
			return NULL;
		len = rounddown(b->end - seg->seq, mss);
		if (!len || len >= skb->len ||
		    xtcp_rtxq_split(sk, skb, len, mss))
			return NULL;
	}
	return skb;
}

static bool covered(const struct xtcp_seg *seg, const struct xtcp_sack_block *b)
{
	return seq_ge(seg->seq, b->start) && seq_le(seg->end_seq, b->end);
}

static void tag_block(struct sock *sk, const struct xtcp_sack_block *b,
		      u32 prior_fack, struct xtcp_ack_info *info)
{
	struct sk_buff *skb = xtcp_rtxq_find(sk, b->start), *part;

	for (; skb && seq_lt(XTCP_SEG(skb)->seq, b->end);
	     skb = skb_rb_next(skb)) {
		if (XTCP_SEG(skb)->sacked & XTCP_SEG_SACKED)
			continue;
		part = skb;
		if (!covered(XTCP_SEG(skb), b))
			part = cut_to_block(sk, skb, b);
		if (!part)
			continue;
		skb = part;
		mark_sacked(xtcp_sk(sk), XTCP_SEG(skb), prior_fack, info);
	}
}

static void take_dsack(struct xtcp_sock *xs, const struct xtcp_sack_block *dup,
		       struct xtcp_ack_info *info)
{
	info->dsack = true;
	xtcp_rack_dsack(&xs->rack, xs->snd_una, xs->snd_nxt);
	XTCP_INC(xs->ep.net, DSACKRECV);
	/* A duplicate before the episode tells nothing of it. */
	if (xs->undo_marker && seq_ge(dup->end, xs->undo_marker) &&
	    xs->undo_retrans)
		xs->undo_retrans -= min_t(u32, xs->undo_retrans,
					  max(1U, (dup->end - dup->start) /
						  max(xs->mss, (u16)1)));
}

void xtcp_sack_tag(struct sock *sk, const struct xtcp_options *opt, u32 ack,
		   struct xtcp_ack_info *info)
{
	struct xtcp_sack_block b[XTCP_MAX_SACKS], dup;
	struct xtcp_sock *xs = xtcp_sk(sk);
	u32 prior_fack = xs->sacked_out ? xs->fack : info->prior_una;
	unsigned int i, n;

	memcpy(b, opt->sack, opt->nr_sacks * sizeof(b[0]));
	n = xtcp_sack_sanitize(b, opt->nr_sacks, ack, info->prior_una,
			       xs->snd_nxt, xs->max_window, &dup);
	if (dup.start != dup.end)
		take_dsack(xs, &dup, info);
	for (i = 0; i < n; i++)
		tag_block(sk, &b[i], prior_fack, info);
}

/* ---- what is lost ---- */

static void arm_reo_timer(struct sock *sk, u32 wait_us)
{
	if (wait_us)
		xtcp_timer_arm(sk, XTCP_DL_REO,
			       (u32)jiffies + usecs_to_jiffies(wait_us) + 1);
	else
		xtcp_timer_disarm(sk, XTCP_DL_REO);
}

/* RFC 8985, 6.2, step 5, over the queue. */
static void rack_mark_lost(struct sock *sk, u32 now_us)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	u32 reo_wnd_us, left_us, wait_us = 0;
	struct sk_buff *skb;

	if (!xs->rack.advanced)
		return;
	xs->rack.advanced = false;
	reo_wnd_us = xtcp_rack_reo_wnd_us(&xs->rack, xs->rtt.srtt_us >> 3,
					  xs->cc.min_rtt_us,
					  xs->ca_state >= XTCP_CA_RECOVERY,
					  xs->sacked_out >= XTCP_DUPTHRESH);
	xtcp_rtxq_for_each(skb, sk) {
		struct xtcp_seg *seg = XTCP_SEG(skb);

		if ((seg->sacked & XTCP_SEG_SACKED) ||
		    ((seg->sacked & XTCP_SEG_LOST) &&
		     !(seg->sacked & XTCP_SEG_RETRANS)))
			continue;
		if (xtcp_rack_lost(&xs->rack, seg, reo_wnd_us, now_us,
				   &left_us)) {
			mark_lost(xs, seg);
		} else if (left_us) {
			wait_us = max(wait_us, left_us);
		} else if (!(seg->sacked & XTCP_SEG_EVER_RETRANS)) {
			/*
			 * Sent after what was delivered last; and so was all
			 * that follows, in order or again.
			 */
			break;
		}
	}
	arm_reo_timer(sk, wait_us);
}

static void mark_head_lost(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct sk_buff *head = xtcp_rtxq_head(sk);

	if (!head || (XTCP_SEG(head)->sacked & XTCP_SEG_LOST))
		return;
	/* Of a long skb only the first segment is known to be missing. */
	if (XTCP_SEG(head)->segs > 1 &&
	    xtcp_rtxq_split(sk, head, XTCP_SEG(head)->mss,
			    XTCP_SEG(head)->mss))
		return;
	mark_lost(xs, XTCP_SEG(head));
}

/* Without SACK each duplicate ACK stands for one segment that has arrived. */
static void newreno_dupack(struct xtcp_sock *xs,
			   const struct xtcp_ack_info *info)
{
	if (info->cum_acked) {
		u32 holes = info->cum_acked - 1;

		xs->sacked_out -= min(xs->sacked_out, holes);
		if (seq_ge(xs->snd_una, xs->high_seq))
			xs->sacked_out = 0;
	} else if (!info->data && !info->wnd_update && xs->packets_out &&
		   xs->sacked_out + xs->lost_out < xs->packets_out) {
		xs->sacked_out++;
		xs->delivered++;
	}
	xs->sacked_out = min(xs->sacked_out, xs->packets_out - xs->lost_out);
}

static void newreno_mark_lost(struct sock *sk, const struct xtcp_ack_info *info)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	if (xs->ca_state < XTCP_CA_RECOVERY) {
		if (xs->sacked_out >= XTCP_DUPTHRESH)
			mark_head_lost(sk);
	} else if (info->cum_acked) {
		/* RFC 6582, 3.2, step 3: a partial ACK shows the next hole. */
		mark_head_lost(sk);
	}
}

/* ---- episodes ---- */

static void cc_event(struct sock *sk, enum xtcp_cc_event ev)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	xs->cc.ops->on_event(&xs->cc, ev, (u32)xtcp_clock_us());
}

static void begin_episode(struct sock *sk, enum xtcp_cc_event ev)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	xs->prior_ssthresh = xs->cc.ssthresh;
	xs->cc.prior_cwnd = xs->cc.cwnd;
	xs->undo_marker = xs->snd_una;
	xs->undo_retrans = 0;
	xs->retrans_stamp = 0;
	cc_event(sk, ev);
}

static void enter_recovery(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	if (xs->sack_ok)
		XTCP_INC(sock_net(sk), SACKRECOVERY);
	else
		XTCP_INC(sock_net(sk), RENORECOVERY);
	begin_episode(sk, XTCP_CC_EV_LOSS);
	xs->high_seq = xs->snd_nxt;
	xs->prr_delivered = 0;
	xs->prr_out = 0;
	xs->cc.cwnd_cnt = 0;
	xs->ca_state = XTCP_CA_RECOVERY;
}

static void end_episode(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	if (xs->ca_state == XTCP_CA_RECOVERY &&
	    xs->cc.ssthresh < XTCP_INFINITE_SSTHRESH)
		xs->cc.cwnd = max(xs->cc.ssthresh, 1U);
	if (xs->ca_state == XTCP_CA_RECOVERY)
		xtcp_rack_recovered(&xs->rack, xs->snd_una);
	xs->undo_marker = 0;
	xs->retrans_stamp = 0;
	xs->ca_state = XTCP_CA_OPEN;
	cc_event(sk, XTCP_CC_EV_RECOVERED);
}

/*
 * All retransmissions were needless if each was reported as a duplicate, or if
 * what was acknowledged was sent before the first of them (Eifel).
 */
static bool was_spurious(const struct xtcp_sock *xs,
			 const struct xtcp_options *opt,
			 const struct xtcp_ack_info *info)
{
	if (!xs->undo_marker)
		return false;
	if (info->dsack && !xs->undo_retrans && xs->retrans_stamp)
		return true;
	return xs->retrans_stamp && xs->ts_ok && opt->has_ts && opt->tsecr &&
	       seq_lt(info->prior_una, xs->snd_una) &&
	       seq_lt(opt->tsecr - xs->ts_offset, xs->retrans_stamp);
}

static void undo(struct sock *sk, const struct xtcp_ack_info *info)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct sk_buff *skb;

	if (info->dsack)
		XTCP_INC(sock_net(sk), DSACKUNDO);
	else
		XTCP_INC(sock_net(sk), LOSSUNDO);
	xtcp_rtxq_for_each(skb, sk)
		XTCP_SEG(skb)->sacked &= ~XTCP_SEG_LOST;
	xs->lost_out = 0;
	xs->cc.cwnd = max(xs->cc.cwnd, xs->cc.prior_cwnd);
	xs->cc.ssthresh = max(xs->cc.ssthresh, xs->prior_ssthresh);
	cc_event(sk, XTCP_CC_EV_UNDO);
	xs->undo_marker = 0;
	xs->retrans_stamp = 0;
	xs->backoff = 0;
	xs->ca_state = xs->sacked_out ? XTCP_CA_DISORDER : XTCP_CA_OPEN;
}

/* RFC 9937: send in proportion to what is delivered. */
static void prr(struct xtcp_sock *xs, u32 delivered, u32 newly_lost,
		bool una_advanced)
{
	u32 in_flight = xtcp_in_flight(xs), ssthresh = xs->cc.ssthresh;
	s32 quota;

	xs->prr_delivered += delivered;
	if (in_flight > ssthresh) {
		quota = DIV_ROUND_UP_ULL((u64)ssthresh * xs->prr_delivered,
					 max(xs->cc.prior_cwnd, 1U)) -
			xs->prr_out;
	} else {
		s32 room = max_t(s32, xs->prr_delivered - xs->prr_out,
				 delivered);

		if (una_advanced && !newly_lost)
			room++;
		quota = min_t(s32, ssthresh - in_flight, room);
	}
	/* The first retransmission goes at once. */
	quota = max(quota, xs->prr_out ? 0 : 1);
	xs->cc.cwnd = in_flight + quota;
}

static void grow(struct sock *sk, const struct xtcp_ack_info *info)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct xtcp_cc_sample s = {
		.now_us = info->now_us,
		.acked = xs->delivered - info->prior_delivered,
		.cum_acked = info->cum_acked,
		.lost = xs->lost - info->prior_lost,
		.in_flight = info->prior_in_flight,
		.rtt_us = info->rtt_us,
		.delivered = xs->delivered,
	};

	if (!s.acked)
		return;
	/* In slow start half of a used window shows that it can double. */
	s.cwnd_limited = xs->cwnd_limited ||
			 (xtcp_cc_in_slow_start(&xs->cc) &&
			  xs->cc.cwnd < 2 * xs->max_packets_out);
	xs->cc.ops->on_ack(&xs->cc, &s);
}

static bool episode_over(const struct xtcp_sock *xs)
{
	/*
	 * Without SACK a late duplicate ACK at high_seq would begin another
	 * one: wait for something beyond it (RFC 6582, 3.2).
	 */
	if (!xs->sack_ok && xs->packets_out && xs->ca_state == XTCP_CA_RECOVERY)
		return seq_gt(xs->snd_una, xs->high_seq);
	return seq_ge(xs->snd_una, xs->high_seq);
}

void xtcp_recovery_ack(struct sock *sk, const struct xtcp_options *opt,
		       struct xtcp_ack_info *info)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	u32 delivered, newly_lost;

	if (!xs->sack_ok)
		newreno_dupack(xs, info);
	if (xs->ca_state >= XTCP_CA_RECOVERY && was_spurious(xs, opt, info))
		undo(sk, info);
	if (xs->ca_state >= XTCP_CA_RECOVERY && episode_over(xs))
		end_episode(sk);

	if (xs->sack_ok)
		rack_mark_lost(sk, info->now_us);
	else
		newreno_mark_lost(sk, info);

	if (xs->ca_state < XTCP_CA_RECOVERY) {
		if (xs->lost_out)
			enter_recovery(sk);
		else
			xs->ca_state = xs->sacked_out ? XTCP_CA_DISORDER :
							XTCP_CA_OPEN;
	}
	delivered = xs->delivered - info->prior_delivered;
	newly_lost = xs->lost - info->prior_lost;
	if (xs->ca_state == XTCP_CA_RECOVERY)
		prr(xs, delivered, newly_lost,
		    seq_lt(info->prior_una, xs->snd_una));
	else
		grow(sk, info);
}

void xtcp_recovery_rto(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct sk_buff *skb, *head = xtcp_rtxq_head(sk);
	bool reneged = head && (XTCP_SEG(head)->sacked & XTCP_SEG_SACKED);

	/* RFC 5681, 3.1: ssthresh is set at the first time-out only. */
	if (xs->ca_state < XTCP_CA_RECOVERY ||
	    seq_ge(xs->snd_una, xs->high_seq) ||
	    (xs->ca_state == XTCP_CA_LOSS && !xs->retransmits))
		begin_episode(sk, XTCP_CC_EV_RTO);
	if (!xs->sack_ok)
		xs->sacked_out = 0;
	xtcp_rtxq_for_each(skb, sk) {
		struct xtcp_seg *seg = XTCP_SEG(skb);

		/* RFC 2018, 8: the receiver gave up what it had reported. */
		if (reneged && (seg->sacked & XTCP_SEG_SACKED)) {
			seg->sacked &= ~XTCP_SEG_SACKED;
			xs->sacked_out -= seg->segs;
		}
		if (!(seg->sacked & XTCP_SEG_SACKED))
			mark_lost(xs, seg);
	}
	xs->cc.cwnd = xtcp_in_flight(xs) + 1;
	xs->cc.cwnd_cnt = 0;
	xs->high_seq = xs->snd_nxt;
	xs->ca_state = XTCP_CA_LOSS;
	xtcp_timer_disarm(sk, XTCP_DL_REO);
}

void xtcp_recovery_reo_timeout(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	u32 before = xs->lost;

	xs->rack.advanced = true;
	rack_mark_lost(sk, xtcp_clock_us());
	if (xs->lost == before)
		return;
	if (xs->ca_state < XTCP_CA_RECOVERY) {
		enter_recovery(sk);
		prr(xs, 0, xs->lost - before, false);
	}
	xtcp_retransmit_lost(sk);
	xtcp_rto_rearm(sk);
}

void xtcp_recovery_init(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	/* RFC 6928, 2 and RFC 5681, 3.1: a lost SYN means one segment. */
	xs->cc.cwnd = xs->total_retrans > 1 ? 1 : XTCP_INIT_CWND;
	xs->cc.ssthresh = XTCP_INFINITE_SSTHRESH;
	xs->cc.cwnd_clamp = ~0U;
	xs->ca_state = XTCP_CA_OPEN;
	xs->high_seq = xs->snd_nxt;
	if (xs->cc.ops->init)
		xs->cc.ops->init(&xs->cc);
}
