// SPDX-License-Identifier: GPL-2.0
/* listen() and accept(): RFC 9293, section 3.10.1, passive OPEN. */
#include "faces.h"

static int listen_start(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct xtcp_listener *l = xs->listener;
	int err;

	if (!l) {
		l = kzalloc(sizeof(*l), GFP_KERNEL_ACCOUNT);
		if (!l)
			return -ENOBUFS;
		spin_lock_init(&l->lock);
		INIT_LIST_HEAD(&l->queue);
		xs->listener = l;
		xtcp_object_made(XTCP_OBJ_LISTENER);
	}
	if (!inet_sk(sk)->inet_num)
		err = sk->sk_prot->get_port(sk, 0);
	else
		err = xtcp_port_may_listen(sk);
	if (err)
		return err;
	inet_sk(sk)->inet_sport = htons(inet_sk(sk)->inet_num);
	sk->sk_ack_backlog = 0;
	sk_dst_reset(sk);
	xtcp_transition(sk, XTCP_EV_PASSIVE_OPEN);
	xtcp_hash_listen(sk);
	return 0;
}

int xtcp_listen(struct socket *sock, int backlog)
{
	struct sock *sk = sock->sk;
	int err = -EINVAL;

	lock_sock(sk);
	if (sock->state != SS_UNCONNECTED || sock->type != SOCK_STREAM ||
	    !((1 << sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN)))
		goto out;
	WRITE_ONCE(sk->sk_max_ack_backlog, backlog);
	err = sk->sk_state == TCP_LISTEN ? 0 : listen_start(sk);
out:
	release_sock(sk);
	return err;
}

static void end_child(struct sock *child)
{
	sock_hold(child);
	local_bh_disable();
	bh_lock_sock(child);
	xtcp_orphan(child);
	if (child->sk_state == TCP_CLOSE)
		xtcp_destroy(child);
	else
		xtcp_abort(child, ECONNABORTED);
	bh_unlock_sock(child);
	local_bh_enable();
	sock_put(child);
}

/* No more come in; those that wait for accept() are reset. */
void xtcp_listen_stop(struct sock *sk)
{
	struct xtcp_listener *l = xtcp_sk(sk)->listener;
	struct xtcp_sock *xs, *next;
	LIST_HEAD(queue);

	xtcp_hash_unlisten(sk);
	spin_lock_bh(&l->lock);
	xtcp_transition(sk, XTCP_EV_CLOSE);
	list_splice_init(&l->queue, &queue);
	WRITE_ONCE(l->qlen, 0);
	spin_unlock_bh(&l->lock);

	list_for_each_entry_safe(xs, next, &queue, queue_node) {
		list_del_init(&xs->queue_node);
		sk_acceptq_removed(sk);
		end_child(&xs->inet.sk);
		cond_resched();
	}
}

static struct sock *dequeue_child(struct sock *sk)
{
	struct xtcp_listener *l = xtcp_sk(sk)->listener;
	struct xtcp_sock *xs;

	spin_lock_bh(&l->lock);
	xs = list_first_entry_or_null(&l->queue, struct xtcp_sock, queue_node);
	if (xs) {
		list_del_init(&xs->queue_node);
		WRITE_ONCE(l->qlen, l->qlen - 1);
		sk_acceptq_removed(sk);
	}
	spin_unlock_bh(&l->lock);
	return xs ? &xs->inet.sk : NULL;
}

static int wait_for_child(struct sock *sk, long timeo)
{
	const struct xtcp_listener *l = xtcp_sk(sk)->listener;
	DEFINE_WAIT(wait);
	int err = 0;

	for (;;) {
		prepare_to_wait_exclusive(sk_sleep(sk), &wait,
					  TASK_INTERRUPTIBLE);
		release_sock(sk);
		if (!READ_ONCE(l->qlen))
			timeo = schedule_timeout(timeo);
		sched_annotate_sleep();
		lock_sock(sk);
		if (READ_ONCE(l->qlen))
			break;
		err = -EINVAL;
		if (sk->sk_state != TCP_LISTEN)
			break;
		err = sock_intr_errno(timeo);
		if (signal_pending(current))
			break;
		err = -EAGAIN;
		if (!timeo)
			break;
		err = 0;
	}
	finish_wait(sk_sleep(sk), &wait);
	return err;
}

struct sock *xtcp_accept(struct sock *sk, int flags, int *err)
{
	struct sock *child = NULL;
	long timeo;

	lock_sock(sk);
	*err = -EINVAL;
	if (sk->sk_state != TCP_LISTEN)
		goto out;
	timeo = sock_rcvtimeo(sk, flags & O_NONBLOCK);
	*err = 0;
	while (!(child = dequeue_child(sk))) {
		*err = timeo ? wait_for_child(sk, timeo) : -EAGAIN;
		if (*err)
			break;
	}
out:
	release_sock(sk);
	return child;
}
