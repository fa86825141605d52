// SPDX-License-Identifier: GPL-2.0
/* What a program can ask without moving data: poll(), ioctl(). */
#include <linux/poll.h>
#include <linux/sockios.h>
#include <asm/ioctls.h>
#include "faces.h"

/* ---- poll ---- */

static __poll_t poll_writable(struct sock *sk)
{
	if (sk->sk_shutdown & SEND_SHUTDOWN)
		return EPOLLOUT | EPOLLWRNORM;
	if (__sk_stream_is_writeable(sk, 1))
		return EPOLLOUT | EPOLLWRNORM;
	sk_set_bit(SOCKWQ_ASYNC_NOSPACE, sk);
	set_bit(SOCK_NOSPACE, &sk->sk_socket->flags);
	/* Room that came before the bit was set would wake nobody. */
	smp_mb__after_atomic();
	return __sk_stream_is_writeable(sk, 1) ? EPOLLOUT | EPOLLWRNORM : 0;
}

static bool readable(const struct sock *sk)
{
	const struct xtcp_sock *xs = xtcp_sk(sk);
	int target = sock_rcvlowat(sk, 0, INT_MAX);
	s32 avail = READ_ONCE(xs->rcv_nxt) - READ_ONCE(xs->copied_seq);

	return avail > 0 && (avail >= target || sk_under_memory_pressure(sk));
}

__poll_t xtcp_poll(struct file *file, struct socket *sock,
			  poll_table *wait)
{
	struct sock *sk = sock->sk;
	__poll_t mask = 0;
	u8 shutdown;
	int state;

	sock_poll_wait(file, sock, wait);
	state = inet_sk_state_load(sk);
	if (state == TCP_LISTEN)
		return READ_ONCE(xtcp_sk(sk)->listener->qlen) ?
		       EPOLLIN | EPOLLRDNORM : 0;

	shutdown = READ_ONCE(sk->sk_shutdown);
	if (shutdown == SHUTDOWN_MASK || state == TCP_CLOSE)
		mask |= EPOLLHUP;
	if (shutdown & RCV_SHUTDOWN)
		mask |= EPOLLIN | EPOLLRDNORM | EPOLLRDHUP;
	if (state != TCP_SYN_SENT && state != TCP_SYN_RECV) {
		if (readable(sk))
			mask |= EPOLLIN | EPOLLRDNORM;
		mask |= poll_writable(sk);
	}
	/* Pairs with the barrier of who sets sk_err. */
	smp_rmb();
	if (READ_ONCE(sk->sk_err) || !skb_queue_empty_lockless(&sk->sk_error_queue))
		mask |= EPOLLERR;
	return mask;
}

/* ---- ioctl ---- */

static int count_for_ioctl(struct sock *sk, int cmd, int *count)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	bool fin = xs->fin_queued;

	if (sk->sk_state == TCP_LISTEN)
		return -EINVAL;
	switch (cmd) {
	case SIOCINQ:
		*count = sk->sk_state == TCP_SYN_SENT ? 0 :
			 xs->rcv_nxt - xs->copied_seq -
			 (sock_flag(sk, SOCK_DONE) &&
			  xs->rcv_nxt != xs->copied_seq);
		return 0;
	case SIOCOUTQ:
		*count = sk->sk_state == TCP_SYN_SENT ? 0 :
			 xs->write_seq - xs->snd_una -
			 (fin && xs->write_seq != xs->snd_una);
		return 0;
	case SIOCOUTQNSD:
		*count = sk->sk_state == TCP_SYN_SENT ? 0 :
			 xs->write_seq - xs->snd_nxt -
			 (fin && xs->write_seq != xs->snd_nxt);
		return 0;
	case SIOCATMARK:
		*count = 0;
		return 0;
	}
	return -ENOIOCTLCMD;
}

int xtcp_ioctl(struct sock *sk, int cmd, int *count)
{
	int err;

	lock_sock(sk);
	err = count_for_ioctl(sk, cmd, count);
	release_sock(sk);
	return err;
}
