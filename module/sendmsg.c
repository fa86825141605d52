// SPDX-License-Identifier: GPL-2.0
/* SEND (RFC 9293, section 3.10.2): copy from the program to the send queue. */
#include <net/tcp.h>
#include "faces.h"

/* The segment of the queue's end, if it has room for more. */
static struct sk_buff *tail_with_room(struct sock *sk, u32 goal)
{
	struct sk_buff *skb = xtcp_sendq_tail(sk);

	if (!skb || skb->len >= goal || XTCP_SEG(skb)->eor ||
	    (XTCP_SEG(skb)->flags & TCPHDR_FIN))
		return NULL;
	return skb;
}

static struct sk_buff *new_tail(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	bool first = RB_EMPTY_ROOT(&sk->tcp_rtx_queue) &&
		     skb_queue_empty(&sk->sk_write_queue);
	struct sk_buff *skb;

	if (!sk_stream_memory_free(sk))
		return NULL;
	/* One segment goes even when memory is short, or nothing would. */
	skb = xtcp_sendq_alloc(sk, sk->sk_allocation, first);
	if (!skb)
		return NULL;
	XTCP_SEG(skb)->seq = xs->write_seq;
	XTCP_SEG(skb)->end_seq = xs->write_seq;
	XTCP_SEG(skb)->flags = TCPHDR_ACK;
	xtcp_sendq_append(sk, skb);
	return skb;
}

static void forget_empty_tail(struct sock *sk)
{
	struct sk_buff *skb = xtcp_sendq_tail(sk);

	if (skb && !skb->len && !(XTCP_SEG(skb)->flags & TCPHDR_FIN)) {
		__skb_unlink(skb, &sk->sk_write_queue);
		xtcp_sendq_free(sk, skb);
	}
}

/*
 * Copy up to @want bytes into @skb's page fragments.
 *
 * Return: bytes copied, 0 if @skb is full, -ENOBUFS to wait for memory,
 * -EFAULT.
 */
static int copy_some(struct sock *sk, struct sk_buff *skb, struct msghdr *msg,
		     int want)
{
	struct page_frag *pfrag = sk_page_frag(sk);
	int i = skb_shinfo(skb)->nr_frags, err;
	bool merge;

	if (!sk_page_frag_refill(sk, pfrag))
		return -ENOBUFS;
	merge = skb_can_coalesce(skb, i, pfrag->page, pfrag->offset);
	if (!merge && i >= MAX_SKB_FRAGS)
		return 0;
	want = min_t(int, want, pfrag->size - pfrag->offset);
	if (!sk_wmem_schedule(sk, want))
		return -ENOBUFS;
	err = skb_copy_to_page_nocache(sk, &msg->msg_iter, skb, pfrag->page,
				       pfrag->offset, want);
	if (err)
		return err;
	if (merge) {
		skb_frag_size_add(&skb_shinfo(skb)->frags[i - 1], want);
	} else {
		skb_fill_page_desc(skb, i, pfrag->page, pfrag->offset, want);
		page_ref_inc(pfrag->page);
	}
	pfrag->offset += want;
	return want;
}

static void mark_push(struct xtcp_sock *xs, struct sk_buff *skb)
{
	XTCP_SEG(skb)->flags |= TCPHDR_PSH;
	xs->pushed_seq = xs->write_seq;
}

/* A full skb: send it unless more of a burst can be gathered first. */
static void push_full(struct sock *sk, struct sk_buff *skb, u32 mss)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	/* RFC 9293, 3.9.1.2: no peer waits for half a window to be pushed. */
	if (seq_gt(xs->write_seq, xs->pushed_seq + (xs->max_window >> 1))) {
		mark_push(xs, skb);
		xtcp_push(sk, XTCP_NAGLE_OFF);
	} else if (skb == xtcp_sendq_head(sk)) {
		xtcp_output(sk, mss, XTCP_NAGLE_OFF, true, sk->sk_allocation);
	}
}

static void push_rest(struct sock *sk, int flags)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct sk_buff *skb = xtcp_sendq_tail(sk);

	if (!skb)
		return;
	if (flags & MSG_MORE) {
		xtcp_push(sk, XTCP_NAGLE_CORK);
		return;
	}
	mark_push(xs, skb);
	xtcp_push(sk, xtcp_nagle_mode(xs));
}

static int wait_for_room(struct sock *sk, long *timeo, int copied)
{
	set_bit(SOCK_NOSPACE, &sk->sk_socket->flags);
	forget_empty_tail(sk);
	/* What is queued has to leave, or there will be no room. */
	if (copied)
		xtcp_push(sk, XTCP_NAGLE_OFF);
	return sk_stream_wait_memory(sk, timeo);
}

static int may_send(struct sock *sk, long *timeo)
{
	int err;

	if ((1 << sk->sk_state) & (TCPF_ESTABLISHED | TCPF_CLOSE_WAIT))
		return 0;
	err = sk_stream_wait_connect(sk, timeo);
	return err;
}

/* One step: bytes copied, or an error that ends the call. */
static int send_step(struct sock *sk, struct msghdr *msg, long *timeo,
		     int copied, u32 mss, u32 goal)
{
	struct sk_buff *skb = tail_with_room(sk, goal);
	int n = -ENOBUFS;

	if (!skb)
		skb = new_tail(sk);
	if (skb)
		n = copy_some(sk, skb, msg, min_t(size_t, goal - skb->len,
						  msg_data_left(msg)));
	if (n == -ENOBUFS)
		return wait_for_room(sk, timeo, copied);
	if (n < 0)
		return n;
	if (!n) {
		/* No fragment is left in it: the next bytes go to a new one. */
		XTCP_SEG(skb)->eor = 1;
		mark_push(xtcp_sk(sk), skb);
		return 0;
	}
	xtcp_sk(sk)->write_seq += n;
	XTCP_SEG(skb)->end_seq += n;
	if (skb->len >= goal && msg_data_left(msg))
		push_full(sk, skb, mss);
	return n;
}

static int send_locked(struct sock *sk, struct msghdr *msg)
{
	int flags = msg->msg_flags, copied = 0, n;
	long timeo = sock_sndtimeo(sk, flags & MSG_DONTWAIT);
	u32 mss, goal;

	n = may_send(sk, &timeo);
	if (n)
		goto failed;
	/* Clear it before looking for room: who frees some sets it anew. */
	sk_clear_bit(SOCKWQ_ASYNC_NOSPACE, sk);
	while (msg_data_left(msg)) {
		n = -EPIPE;
		if (sk->sk_err || (sk->sk_shutdown & SEND_SHUTDOWN))
			goto failed;
		mss = xtcp_mss_current(sk);
		goal = xtcp_size_goal(sk, mss);
		n = send_step(sk, msg, &timeo, copied, mss, goal);
		if (n < 0)
			goto failed;
		copied += n;
	}
	if ((flags & MSG_EOR) && xtcp_sendq_tail(sk))
		XTCP_SEG(xtcp_sendq_tail(sk))->eor = 1;
	if (copied)
		push_rest(sk, flags);
	return copied;
failed:
	forget_empty_tail(sk);
	if (copied) {
		push_rest(sk, flags);
		return copied;
	}
	n = sk_stream_error(sk, flags, n);
	/* Who waits for POLLOUT must hear of room that nobody took. */
	if (!xtcp_sendq_head(sk) && n == -EAGAIN)
		xtcp_sendq_wake(sk);
	return n;
}

int xtcp_sendmsg(struct sock *sk, struct msghdr *msg, size_t len)
{
	int ret;

	if (msg->msg_flags & (MSG_OOB | MSG_FASTOPEN))
		return -EOPNOTSUPP;
	lock_sock(sk);
	ret = send_locked(sk, msg);
	release_sock(sk);
	return ret;
}
