// SPDX-License-Identifier: GPL-2.0
/*
 * What has come in: in order on sk_receive_queue, out of order in a tree by
 * sequence number. Ranges in the tree may overlap at their edges; the reader
 * finds its place by sequence number.
 */
#include <net/tcp.h>
#include "stores.h"

static bool ends_stream(const struct sk_buff *skb)
{
	return XTCP_SEG(skb)->flags & (TCPHDR_FIN | TCPHDR_SYN);
}

/* Add @from to @to if they are neighbours and its pages fit. */
static bool coalesce(struct sock *sk, struct sk_buff *to, struct sk_buff *from)
{
	bool stolen;
	int delta;

	if (XTCP_SEG(from)->seq != XTCP_SEG(to)->end_seq ||
	    ends_stream(to) || ends_stream(from) ||
	    !skb_try_coalesce(to, from, &stolen, &delta))
		return false;
	atomic_add(delta, &sk->sk_rmem_alloc);
	sk_mem_charge(sk, delta);
	XTCP_SEG(to)->end_seq = XTCP_SEG(from)->end_seq;
	XTCP_INC(sock_net(sk), RCVCOALESCE);
	kfree_skb_partial(from, stolen);
	return true;
}

bool xtcp_recvq_charge(struct sock *sk, struct sk_buff *skb)
{
	return atomic_read(&sk->sk_rmem_alloc) <= READ_ONCE(sk->sk_rcvbuf) &&
	       sk_rmem_schedule(sk, skb, skb->truesize);
}

void xtcp_recvq_append(struct sock *sk, struct sk_buff *skb)
{
	struct sk_buff *tail = skb_peek_tail(&sk->sk_receive_queue);

	if (tail && coalesce(sk, tail, skb))
		return;
	skb_set_owner_r(skb, sk);
	__skb_queue_tail(&sk->sk_receive_queue, skb);
}

/* ---- out of order ---- */

static void ofo_link(struct sock *sk, struct sk_buff *skb,
		     struct rb_node *parent, struct rb_node **p)
{
	rb_link_node(&skb->rbnode, parent, p);
	rb_insert_color(&skb->rbnode, &xtcp_sk(sk)->ofo_queue);
	skb_set_owner_r(skb, sk);
}

static void ofo_unlink(struct sock *sk, struct sk_buff *skb)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	if (skb == xs->ofo_last)
		xs->ofo_last = skb_rb_prev(skb);
	rb_erase(&skb->rbnode, &xs->ofo_queue);
	RB_CLEAR_NODE(&skb->rbnode);
	/* The node lay over it, and who watches drops would follow it. */
	skb->dev = NULL;
}

static void ofo_drop(struct sock *sk, struct sk_buff *skb)
{
	ofo_unlink(sk, skb);
	kfree_skb(skb);
}

static void set_dup(struct xtcp_sack_block *dup, u32 start, u32 end)
{
	if (dup->start == dup->end) {
		dup->start = start;
		dup->end = end;
	} else if (seq_gt(end, dup->end)) {
		dup->end = end;
	}
}

/* Drop what follows @skb and is covered by it. */
static void ofo_swallow(struct sock *sk, struct sk_buff *skb,
			struct xtcp_sack_block *dup)
{
	u32 end = XTCP_SEG(skb)->end_seq;
	struct sk_buff *next;

	while ((next = skb_rb_next(skb))) {
		struct xtcp_seg *n = XTCP_SEG(next);

		if (seq_le(end, n->seq))
			return;
		if (seq_lt(end, n->end_seq)) {
			set_dup(dup, n->seq, end);
			return;
		}
		set_dup(dup, n->seq, n->end_seq);
		ofo_drop(sk, next);
	}
	xtcp_sk(sk)->ofo_last = skb;
}

/*
 * Find where @skb goes: the link to hang it on, or NULL if there is nothing
 * new in it.
 */
static struct rb_node **ofo_place(struct sock *sk, struct sk_buff *skb,
				  struct rb_node **parent,
				  struct xtcp_sack_block *dup)
{
	struct rb_node **p = &xtcp_sk(sk)->ofo_queue.rb_node;
	const struct xtcp_seg *new = XTCP_SEG(skb);

	*parent = NULL;
	while (*p) {
		const struct xtcp_seg *s = XTCP_SEG(rb_to_skb(*p));

		*parent = *p;
		if (seq_lt(new->seq, s->seq)) {
			p = &(*p)->rb_left;
			continue;
		}
		if (seq_lt(new->seq, s->end_seq)) {
			if (seq_le(new->end_seq, s->end_seq)) {
				set_dup(dup, new->seq, new->end_seq);
				return NULL;
			}
			set_dup(dup, new->seq, s->end_seq);
		}
		p = &(*p)->rb_right;
	}
	return p;
}

void xtcp_ofo_insert(struct sock *sk, struct sk_buff *skb,
		     struct xtcp_sack_block *dup)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct sk_buff *last = xs->ofo_last;
	struct rb_node **p, *parent;

	dup->start = 0;
	dup->end = 0;
	if (last && coalesce(sk, last, skb))
		return;
	if (last && seq_ge(XTCP_SEG(skb)->seq, XTCP_SEG(last)->end_seq)) {
		parent = &last->rbnode;
		p = &parent->rb_right;
	} else {
		p = ofo_place(sk, skb, &parent, dup);
	}
	if (!p) {
		XTCP_INC(sock_net(sk), OFODROP);
		kfree_skb(skb);
		return;
	}
	ofo_link(sk, skb, parent, p);
	ofo_swallow(sk, skb, dup);
}

bool xtcp_ofo_drain(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct sk_buff *skb, *tail;
	bool fin = false;

	while (!fin && (skb = skb_rb_first(&xs->ofo_queue))) {
		struct xtcp_seg *seg = XTCP_SEG(skb);

		if (seq_gt(seg->seq, xs->rcv_nxt))
			break;
		if (seq_le(seg->end_seq, xs->rcv_nxt)) {
			ofo_drop(sk, skb);
			continue;
		}
		ofo_unlink(sk, skb);
		fin = seg->flags & TCPHDR_FIN;
		xs->rcv_nxt = seg->end_seq;
		tail = skb_peek_tail(&sk->sk_receive_queue);
		/* It has been the socket's since it was queued out of order. */
		if (!tail || !coalesce(sk, tail, skb))
			__skb_queue_tail(&sk->sk_receive_queue, skb);
	}
	return fin;
}

/*
 * Give up the newest quarter of the buffer's worth of what is out of order
 * (the peer will send it again), never what was acknowledged.
 */
bool xtcp_ofo_prune(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	int goal = READ_ONCE(sk->sk_rcvbuf) >> 3;
	struct sk_buff *last;

	if (!xs->ofo_last)
		return false;
	while ((last = xs->ofo_last)) {
		goal -= last->truesize;
		ofo_drop(sk, last);
		if (goal <= 0 && atomic_read(&sk->sk_rmem_alloc) <=
		    READ_ONCE(sk->sk_rcvbuf))
			break;
	}
	XTCP_INC(sock_net(sk), RCVPRUNED);
	/* What was reported by SACK may be gone: report anew from here. */
	xs->sack_rcv.nr = 0;
	return true;
}

void xtcp_recvq_purge(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	while (xs->ofo_last)
		ofo_drop(sk, xs->ofo_last);
	__skb_queue_purge(&sk->sk_receive_queue);
}
