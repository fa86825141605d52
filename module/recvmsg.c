// SPDX-License-Identifier: GPL-2.0
/* RECEIVE (RFC 9293, section 3.10.3): copy from the receive queue. */
#include <net/inet_common.h>
#include <net/tcp.h>
#include "faces.h"

/* The skb in which @seq lies, and where; its FIN counts. */
static struct sk_buff *find(struct sock *sk, u32 seq, u32 *offset)
{
	struct sk_buff *skb;

	skb_queue_walk(&sk->sk_receive_queue, skb) {
		*offset = seq - XTCP_SEG(skb)->seq;
		if (*offset < skb->len ||
		    ((XTCP_SEG(skb)->flags & TCPHDR_FIN) &&
		     *offset == skb->len))
			return skb;
	}
	return NULL;
}

/*
 * Nothing to read is there. Return: 1 to wait for more, 0 for the end of what
 * this call can give, -errno.
 */
static int nothing_left(struct sock *sk, int copied, long timeo)
{
	if (copied) {
		if (sk->sk_err || sk->sk_state == TCP_CLOSE ||
		    (sk->sk_shutdown & RCV_SHUTDOWN) || !timeo ||
		    signal_pending(current))
			return 0;
		return 1;
	}
	if (sock_flag(sk, SOCK_DONE))
		return 0;
	if (sk->sk_err)
		return sock_error(sk);
	if (sk->sk_shutdown & RCV_SHUTDOWN)
		return 0;
	if (sk->sk_state == TCP_CLOSE)
		return -ENOTCONN;	/* never connected */
	if (!timeo)
		return -EAGAIN;
	if (signal_pending(current))
		return sock_intr_errno(timeo);
	return 1;
}

static void eat(struct sock *sk, struct sk_buff *skb)
{
	__skb_unlink(skb, &sk->sk_receive_queue);
	__kfree_skb(skb);
}

/* One skb's worth. Return: bytes taken or -EFAULT; *@end at FIN. */
static int take(struct sock *sk, struct sk_buff *skb, u32 offset,
		struct msghdr *msg, size_t len, int flags, bool *end)
{
	int n = min_t(size_t, skb->len - offset, len);

	if (n && !(flags & MSG_TRUNC) &&
	    skb_copy_datagram_msg(skb, offset, msg, n))
		return -EFAULT;
	if (offset + n < skb->len)
		return n;
	*end = XTCP_SEG(skb)->flags & TCPHDR_FIN;
	return n;
}

static int wait_for_more(struct sock *sk, int copied, int target, long *timeo,
			 struct sk_buff *last)
{
	if (copied >= target) {
		/* Enough, but the backlog may hold more: look once. */
		release_sock(sk);
		lock_sock(sk);
		return 0;
	}
	xtcp_ack_reader(sk, copied);
	return sk_wait_data(sk, timeo, last);
}

static int recv_locked(struct sock *sk, struct msghdr *msg, size_t len,
		       int flags, long timeo)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	int target = sock_rcvlowat(sk, flags & MSG_WAITALL, len);
	u32 peek_seq = xs->copied_seq, offset;
	u32 *seq = flags & MSG_PEEK ? &peek_seq : &xs->copied_seq;
	int copied = 0, n = 0;
	bool end = false;

	if (sk->sk_state == TCP_LISTEN)
		return -ENOTCONN;
	do {
		struct sk_buff *last = skb_peek_tail(&sk->sk_receive_queue);
		struct sk_buff *skb = find(sk, *seq, &offset);

		if (!skb) {
			if (copied >= target && !sk->sk_backlog.tail)
				break;
			n = nothing_left(sk, copied, timeo);
			if (n <= 0)
				break;
			wait_for_more(sk, copied, target, &timeo, last);
			continue;
		}
		n = take(sk, skb, offset, msg, len, flags, &end);
		if (n < 0)
			break;
		WRITE_ONCE(*seq, *seq + n + end);
		copied += n;
		len -= n;
		if (flags & MSG_PEEK)
			continue;
		if (offset + n >= skb->len)
			eat(sk, skb);
		xtcp_rcvspace_adjust(sk);
	} while (len && !end);
	if (!(flags & MSG_PEEK))
		xtcp_ack_reader(sk, copied);
	return copied ?: min(n, 0);
}

int xtcp_recvmsg(struct sock *sk, struct msghdr *msg, size_t len, int flags,
		 int *addr_len)
{
	int ret;

	if (unlikely(flags & MSG_ERRQUEUE))
		return inet_recv_error(sk, msg, len, addr_len);
	if (flags & MSG_OOB)
		return -EINVAL;
	lock_sock(sk);
	ret = recv_locked(sk, msg, len, flags,
			  sock_rcvtimeo(sk, flags & MSG_DONTWAIT));
	release_sock(sk);
	return ret;
}
