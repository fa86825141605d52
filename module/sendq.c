// SPDX-License-Identifier: GPL-2.0
/*
 * What is to be sent (sk_write_queue) and what has been sent but is not
 * acknowledged (tcp_rtx_queue, a tree by sequence number). Segments carry
 * their data in page fragments only, so that they can be cut anywhere.
 */
#include <net/tcp.h>
#include "stores.h"

/*
 * FIN and what else must go out does so however little memory there is: the
 * amount is bounded by one segment per socket.
 */
static void charge_forced(struct sock *sk, int size)
{
	int pages;

	if (size <= sk->sk_forward_alloc)
		return;
	pages = sk_mem_pages(size);
	atomic_long_add(pages, &xtcp_memory_allocated);
	sk_mem_uncharge(sk, pages << PAGE_SHIFT);
}

struct sk_buff *xtcp_sendq_alloc(struct sock *sk, gfp_t gfp, bool force)
{
	struct sk_buff *skb = alloc_skb_fclone(MAX_TCP_HEADER, gfp);

	if (!skb)
		return NULL;
	if (force) {
		charge_forced(sk, skb->truesize);
	} else if (!sk_wmem_schedule(sk, skb->truesize)) {
		__kfree_skb(skb);
		return NULL;
	}
	skb_reserve(skb, MAX_TCP_HEADER);
	skb->ip_summed = CHECKSUM_PARTIAL;
	memset(XTCP_SEG(skb), 0, sizeof(struct xtcp_seg));
	return skb;
}

static void charge(struct sock *sk, struct sk_buff *skb)
{
	sk_wmem_queued_add(sk, skb->truesize);
	sk_mem_charge(sk, skb->truesize);
}

void xtcp_sendq_append(struct sock *sk, struct sk_buff *skb)
{
	charge(sk, skb);
	__skb_queue_tail(&sk->sk_write_queue, skb);
}

void xtcp_sendq_free(struct sock *sk, struct sk_buff *skb)
{
	sk_wmem_queued_add(sk, -skb->truesize);
	sk_mem_uncharge(sk, skb->truesize);
	__kfree_skb(skb);
}

void xtcp_rtxq_insert(struct sock *sk, struct sk_buff *skb)
{
	struct rb_node **p = &sk->tcp_rtx_queue.rb_node;
	struct rb_node *parent = NULL;

	while (*p) {
		parent = *p;
		if (seq_lt(XTCP_SEG(skb)->seq,
			   XTCP_SEG(rb_to_skb(parent))->seq))
			p = &parent->rb_left;
		else
			p = &parent->rb_right;
	}
	rb_link_node(&skb->rbnode, parent, p);
	rb_insert_color(&skb->rbnode, &sk->tcp_rtx_queue);
}

void xtcp_rtxq_done(struct sock *sk, struct sk_buff *skb)
{
	rb_erase(&skb->rbnode, &sk->tcp_rtx_queue);
	xtcp_sendq_free(sk, skb);
}

struct sk_buff *xtcp_rtxq_find(struct sock *sk, u32 seq)
{
	struct rb_node *p = sk->tcp_rtx_queue.rb_node;
	struct sk_buff *skb, *found = NULL;

	while (p) {
		skb = rb_to_skb(p);
		if (seq_gt(XTCP_SEG(skb)->end_seq, seq)) {
			found = skb;
			p = p->rb_left;
		} else {
			p = p->rb_right;
		}
	}
	return found;
}

void xtcp_sendq_purge(struct sock *sk)
{
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(&sk->sk_write_queue)))
		xtcp_sendq_free(sk, skb);
	while ((skb = xtcp_rtxq_head(sk)))
		xtcp_rtxq_done(sk, skb);
}

void xtcp_seg_set_gso(struct sk_buff *skb, u32 mss)
{
	struct xtcp_seg *seg = XTCP_SEG(skb);

	seg->mss = mss;
	seg->segs = skb->len <= mss ? 1 : DIV_ROUND_UP(skb->len, mss);
}

/* FIN and PSH belong to the last byte. */
static void split_seg(struct sk_buff *skb, struct sk_buff *rest, u32 len)
{
	struct xtcp_seg *a = XTCP_SEG(skb);
	struct xtcp_seg *b = XTCP_SEG(rest);

	*b = *a;
	b->seq = a->seq + len;
	a->end_seq = b->seq;
	a->flags &= ~(TCPHDR_FIN | TCPHDR_PSH);
	a->eor = 0;
}

int xtcp_sendq_split(struct sock *sk, struct sk_buff *skb, u32 len, u32 mss,
		     gfp_t gfp)
{
	bool sent = XTCP_SEG(skb)->segs;
	struct sk_buff *rest;
	u32 moved;

	if (WARN_ON_ONCE(len >= skb->len))
		return -EINVAL;
	if (skb_unclone(skb, gfp))
		return -ENOMEM;
	rest = xtcp_sendq_alloc(sk, gfp, true);
	if (!rest)
		return -ENOMEM;

	moved = skb->len - len;
	skb_split(skb, rest, len);
	charge(sk, rest);
	/* The charge for the data moves along with it. */
	rest->truesize += moved;
	skb->truesize -= moved;
	split_seg(skb, rest, len);

	if (sent) {
		xtcp_seg_set_gso(skb, mss);
		xtcp_seg_set_gso(rest, mss);
		xtcp_rtxq_insert(sk, rest);
	} else {
		__skb_queue_after(&sk->sk_write_queue, skb, rest);
	}
	return 0;
}

/* Drop bytes from the front of page fragments. */
static void eat_frags(struct sk_buff *skb, u32 len)
{
	struct skb_shared_info *sh = skb_shinfo(skb);
	int i = 0, kept = 0;

	for (; i < sh->nr_frags; i++) {
		u32 size = skb_frag_size(&sh->frags[i]);

		if (size <= len) {
			skb_frag_unref(skb, i);
			len -= size;
			continue;
		}
		sh->frags[kept] = sh->frags[i];
		if (len) {
			skb_frag_off_add(&sh->frags[kept], len);
			skb_frag_size_sub(&sh->frags[kept], len);
			len = 0;
		}
		kept++;
	}
	sh->nr_frags = kept;
}

int xtcp_sendq_trim(struct sock *sk, struct sk_buff *skb, u32 len)
{
	if (WARN_ON_ONCE(len > skb->len))
		return -EINVAL;
	if (skb_unclone(skb, GFP_ATOMIC))
		return -ENOMEM;
	eat_frags(skb, len);
	skb->len -= len;
	skb->data_len = skb->len;
	XTCP_SEG(skb)->seq += len;

	skb->truesize -= len;
	sk_wmem_queued_add(sk, -(int)len);
	sk_mem_uncharge(sk, len);
	return 0;
}

void xtcp_sendq_wake(struct sock *sk)
{
	struct socket *sock = sk->sk_socket;
	struct socket_wq *wq;

	if (!sock || !sk_stream_is_writeable(sk))
		return;
	clear_bit(SOCK_NOSPACE, &sock->flags);
	rcu_read_lock();
	wq = rcu_dereference(sk->sk_wq);
	if (skwq_has_sleeper(wq))
		wake_up_interruptible_poll(&wq->wait, EPOLLOUT | EPOLLWRNORM |
						      EPOLLWRBAND);
	rcu_read_unlock();
	if (!(sk->sk_shutdown & SEND_SHUTDOWN))
		sk_wake_async(sk, SOCK_WAKE_SPACE, POLL_OUT);
}
