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

__poll_t xtcp_poll(struct file *file, struct socket *sock, poll_table *wait)
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

/* SO_RCVLOWAT: no more than the buffer can come to hold. */
int xtcp_set_rcvlowat(struct sock *sk, int val)
{
	int most = READ_ONCE(xtcp_pernet(sock_net(sk))->sysctl_rmem[2]) >> 1;

	if (sk->sk_userlocks & SOCK_RCVBUF_LOCK)
		most = sk->sk_rcvbuf >> 1;
	if (val < 0)
		val = INT_MAX;
	val = min(val, most) ?: 1;
	WRITE_ONCE(sk->sk_rcvlowat, val);
	if (readable(sk))
		sk->sk_data_ready(sk);
	/* Half of the buffer is for data: it has to hold what is asked for. */
	if (!(sk->sk_userlocks & SOCK_RCVBUF_LOCK) && val << 1 > sk->sk_rcvbuf)
		WRITE_ONCE(sk->sk_rcvbuf, val << 1);
	return 0;
}

/* ---- ioctl ---- */

/* Bytes from @from up to @to, without the FIN that ends them. */
static int bytes(const struct sock *sk, u32 from, u32 to, bool fin)
{
	if (sk->sk_state == TCP_SYN_SENT || from == to)
		return 0;
	return to - from - fin;
}

static int count_for_ioctl(struct sock *sk, int cmd, int *count)
{
	const struct xtcp_sock *xs = xtcp_sk(sk);

	switch (cmd) {
	case SIOCINQ:
		*count = bytes(sk, xs->copied_seq, xs->rcv_nxt,
			       sock_flag(sk, SOCK_DONE));
		break;
	case SIOCOUTQ:
		*count = bytes(sk, xs->snd_una, xs->write_seq, xs->fin_queued);
		break;
	case SIOCOUTQNSD:
		*count = bytes(sk, xs->snd_nxt, xs->write_seq, xs->fin_queued);
		break;
	case SIOCATMARK:
		*count = 0;
		return 0;
	default:
		return -ENOIOCTLCMD;
	}
	return sk->sk_state == TCP_LISTEN ? -EINVAL : 0;
}

int xtcp_ioctl(struct sock *sk, int cmd, int *count)
{
	int err;

	lock_sock(sk);
	err = count_for_ioctl(sk, cmd, count);
	release_sock(sk);
	return err;
}
