// SPDX-License-Identifier: GPL-2.0
/* One segment out: the header, the options, the pseudo header's checksum. */
#include <net/tcp.h>
#include "transmit.h"

static void syn_options(struct sock *sk, struct xtcp_options *o, bool ack)
{
	struct xtcp_net *xn = xtcp_pernet(sock_net(sk));
	struct xtcp_sock *xs = xtcp_sk(sk);

	/* A SYN-ACK only takes up what the peer's SYN offered. */
	o->mss = xs->advmss;
	o->has_ts = ack ? xs->ts_ok : !!READ_ONCE(xn->sysctl_timestamps);
	o->sack_perm = ack ? xs->sack_ok : !!READ_ONCE(xn->sysctl_sack);
	o->has_wscale = ack ? xs->wscale_ok :
			      !!READ_ONCE(xn->sysctl_window_scaling);
	o->wscale = xs->rcv_wscale;
}

/* SACK blocks ride only where they make no segment too long. */
static void sack_option(struct xtcp_sock *xs, struct xtcp_options *o,
			const struct sk_buff *skb)
{
	u32 room = XTCP_MAX_SACKS;

	if (!xs->sack_ok || (!xs->sack_rcv.nr &&
			     xs->sack_rcv.dup.start == xs->sack_rcv.dup.end))
		return;
	if (o->has_ts)
		room--;
	if (skb->len) {
		u32 left = xs->mss - min_t(u32, skb->len, xs->mss);

		room = left < 12 ? 0 : min(room, (left - 4) / 8);
	}
	o->nr_sacks = xtcp_sack_rcv_fill(&xs->sack_rcv, o->sack, room);
}

static void fill_options(struct sock *sk, const struct sk_buff *skb,
			 struct xtcp_options *o)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	u8 flags = XTCP_SEG(skb)->flags;

	o->mss = 0;
	o->has_wscale = 0;
	o->sack_perm = 0;
	o->nr_sacks = 0;
	o->has_ts = xs->ts_ok;
	if (flags & TCPHDR_SYN)
		syn_options(sk, o, flags & TCPHDR_ACK);
	else
		sack_option(xs, o, skb);
	if (o->has_ts) {
		o->tsval = xtcp_clock_ms() + xs->ts_offset;
		o->tsecr = xs->ts_recent;
	}
}

static u16 window_field(struct sock *sk, u8 flags)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	/* RFC 7323, 2.2: a SYN's window is never scaled. */
	if (flags & TCPHDR_SYN) {
		xs->rcv_wup = xs->rcv_nxt;
		return min_t(u32, xs->rcv_wnd, U16_MAX);
	}
	return xtcp_rwnd_select(sk);
}

static void build_header(struct sock *sk, struct sk_buff *skb, u8 flags,
			 u32 seq)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct xtcp_options o;
	unsigned int len;
	struct tcphdr *th;

	fill_options(sk, skb, &o);
	len = sizeof(*th) + xtcp_options_len(&o);
	th = skb_push(skb, len);
	skb_reset_transport_header(skb);
	th->source = inet_sk(sk)->inet_sport;
	th->dest = inet_sk(sk)->inet_dport;
	th->seq = htonl(seq);
	th->ack_seq = flags & TCPHDR_ACK ? htonl(xs->rcv_nxt) : 0;
	((__be16 *)th)[6] = htons((len >> 2) << 12 | flags);
	th->window = htons(window_field(sk, flags));
	th->urg_ptr = 0;
	if (len > sizeof(*th))
		xtcp_options_write((__be32 *)(th + 1), &o);
	skb->ip_summed = CHECKSUM_PARTIAL;
	xtcp_af(xs->ep.v6)->check(sk, skb);
}

static void set_gso(struct sock *sk, struct sk_buff *skb,
		    const struct xtcp_seg *seg)
{
	struct skb_shared_info *sh = skb_shinfo(skb);
	bool gso = seg->segs > 1;

	/* Shared with what is kept: it may say what held before a split. */
	sh->gso_size = gso ? seg->mss : 0;
	sh->gso_segs = gso ? seg->segs : 0;
	sh->gso_type = gso ? sk->sk_gso_type : 0;
}

/* What was owed is paid by this segment. */
static void ack_sent(struct sock *sk, u32 segs)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	if (xs->quick)
		xs->quick -= min_t(u32, xs->quick, segs);
	xs->ack_pending = 0;
	xs->push_ack = 0;
	xtcp_timer_disarm(sk, XTCP_DL_DELACK);
}

/* The program answers what it reads: its ACKs can ride on the answers. */
static void data_sent(struct xtcp_sock *xs)
{
	u32 now = jiffies;

	xs->last_sent = now;
	if (now - xs->last_rcv < msecs_to_jiffies(xs->ato_ms))
		xs->pingpong = 1;
}

/* A header in use below cannot be written again: then copy instead. */
static struct sk_buff *clone_of(struct sk_buff *skb, gfp_t gfp)
{
	return unlikely(skb_cloned(skb)) ? pskb_copy(skb, gfp) :
					   skb_clone(skb, gfp);
}

int xtcp_xmit_skb(struct sock *sk, struct sk_buff *skb, bool clone, gfp_t gfp)
{
	struct xtcp_seg *kept = XTCP_SEG(skb);
	struct xtcp_sock *xs = xtcp_sk(sk);
	u32 segs = max_t(u32, kept->segs, 1);
	struct xtcp_seg seg;
	bool data = skb->len;
	int err;

	if (clone) {
		kept->tx.sent_us = xtcp_clock_us();
		skb = clone_of(skb, gfp);
		if (unlikely(!skb))
			return -ENOBUFS;
		/* The queue's tree node lies over it (struct sk_buff). */
		skb->dev = NULL;
	}
	seg = *kept;
	build_header(sk, skb, seg.flags, seg.seq);
	set_gso(sk, skb, &seg);
	/* The network layer finds its control block empty. */
	memset(skb->cb, 0, sizeof(skb->cb));
	skb_set_owner_w(skb, sk);

	if (seg.flags & TCPHDR_ACK)
		ack_sent(sk, segs);
	if (data)
		data_sent(xs);
	XTCP_ADD(sock_net(sk), OUTSEGS, segs);

	err = xtcp_af(xs->ep.v6)->xmit(sk, skb);
	/* Dropped or congested below is as good as lost on the way. */
	return err > 0 ? 0 : err;
}

static struct sk_buff *bare_segment(u32 seq, u8 flags, gfp_t gfp)
{
	struct sk_buff *skb = alloc_skb(MAX_TCP_HEADER, gfp);

	if (unlikely(!skb))
		return NULL;
	skb_reserve(skb, MAX_TCP_HEADER);
	memset(XTCP_SEG(skb), 0, sizeof(struct xtcp_seg));
	XTCP_SEG(skb)->seq = seq;
	XTCP_SEG(skb)->end_seq = seq;
	XTCP_SEG(skb)->flags = flags;
	return skb;
}

/* SND.NXT, but no more than the peer's window lets it accept. */
static u32 acceptable_seq(const struct xtcp_sock *xs)
{
	u32 wnd_end = xs->snd_una + xs->snd_wnd;

	return seq_lt(wnd_end, xs->snd_nxt) ? wnd_end : xs->snd_nxt;
}

void xtcp_xmit_ack(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct sk_buff *skb;

	if (sk->sk_state == TCP_CLOSE)
		return;
	skb = bare_segment(acceptable_seq(xs), TCPHDR_ACK,
			   sk_gfp_mask(sk, GFP_ATOMIC | __GFP_NOWARN));
	if (unlikely(!skb)) {
		/* Come back when the delayed-ACK time is over. */
		xs->ack_pending |= XTCP_ACK_SCHED | XTCP_ACK_TIMER;
		xtcp_timer_arm(sk, XTCP_DL_DELACK, (u32)jiffies +
			       msecs_to_jiffies(XTCP_DELACK_MAX_MS));
		return;
	}
	xtcp_xmit_skb(sk, skb, false, 0);
}

void xtcp_xmit_rst(struct sock *sk, gfp_t gfp)
{
	struct sk_buff *skb;

	skb = bare_segment(acceptable_seq(xtcp_sk(sk)),
			   TCPHDR_ACK | TCPHDR_RST, gfp);
	if (!skb) {
		XTCP_INC(sock_net(sk), NOMEM);
		return;
	}
	XTCP_INC(sock_net(sk), OUTRSTS);
	xtcp_xmit_skb(sk, skb, false, 0);
}

void xtcp_xmit_probe(struct sock *sk)
{
	struct sk_buff *skb;

	skb = bare_segment(xtcp_sk(sk)->snd_una - 1, TCPHDR_ACK,
			   GFP_ATOMIC | __GFP_NOWARN);
	if (skb)
		xtcp_xmit_skb(sk, skb, false, 0);
}

bool xtcp_oow_ratelimited(struct net *net, u32 *last)
{
	u32 limit = msecs_to_jiffies(READ_ONCE(xtcp_pernet(net)->
					       sysctl_invalid_ratelimit_ms));
	u32 now = jiffies;

	if (*last && now - *last < limit)
		return true;
	*last = now ?: 1;
	return false;
}

/*
 * RFC 5961, 7: a limit per namespace, with a random share of it in each
 * second so that counting challenge ACKs tells an attacker nothing.
 */
bool xtcp_challenge_ratelimited(struct xtcp_net *xn)
{
	u32 limit = READ_ONCE(xn->sysctl_challenge_ack_limit);
	u32 now = (u32)(jiffies / HZ), count;

	if (limit == INT_MAX)
		return false;
	if (!limit)
		return true;
	if (now != READ_ONCE(xn->challenge_stamp)) {
		WRITE_ONCE(xn->challenge_stamp, now);
		WRITE_ONCE(xn->challenge_count, limit / 2 +
			   get_random_u32_below(limit));
	}
	count = READ_ONCE(xn->challenge_count);
	if (!count)
		return true;
	WRITE_ONCE(xn->challenge_count, count - 1);
	return false;
}

void xtcp_xmit_challenge_ack(struct sock *sk)
{
	struct net *net = sock_net(sk);

	if (xtcp_oow_ratelimited(net, &xtcp_sk(sk)->last_oow_ack) ||
	    xtcp_challenge_ratelimited(xtcp_pernet(net)))
		return;
	XTCP_INC(net, CHALLENGEACK);
	xtcp_xmit_ack(sk);
}
