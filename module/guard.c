// SPDX-License-Identifier: GPL-2.0
/*
 * A guard keeps the kernel's TCP off a port that XTCP is bound to: it is a
 * kernel TCP socket, bound to the dual-stack wildcard, that never listens.
 *
 * Releasing a socket sleeps while ports are given up in any context, so the
 * release is left to a work item.
 */
#include <linux/in6.h>
#include <linux/ipv6.h>
#include <linux/llist.h>
#include <linux/net.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include "stores.h"

struct xtcp_guard {
	struct socket		*sock;
	struct llist_node	dead;
};

static LLIST_HEAD(dead_guards);
static atomic_t nr_dead = ATOMIC_INIT(0);

static void release_guards(struct work_struct *work)
{
	struct llist_node *list = llist_del_all(&dead_guards);
	struct xtcp_guard *guard, *tmp;

	llist_for_each_entry_safe(guard, tmp, list, dead) {
		sock_release(guard->sock);
		kfree(guard);
		xtcp_object_freed(XTCP_OBJ_GUARD);
		atomic_dec(&nr_dead);
	}
}

static DECLARE_WORK(release_work, release_guards);

static int make_socket(struct net *net, struct socket **sock)
{
	int err;

	err = sock_create_kern(net, AF_INET6, SOCK_STREAM, IPPROTO_TCP, sock);
	if (err == -EAFNOSUPPORT)	/* booted with ipv6.disable=1 */
		err = sock_create_kern(net, AF_INET, SOCK_STREAM, IPPROTO_TCP,
				       sock);
	return err;
}

/*
 * The port is taken by the protocol's own call and not by bind(): whether this
 * program may have it was asked at the XTCP socket already, and a cgroup's BPF
 * program must not move the guard elsewhere.
 */
static int take_port(struct sock *sk, u16 port, bool reuse)
{
	int err;

	lock_sock(sk);
	sk->sk_ipv6only = 0;
	sk->sk_reuse = reuse ? SK_CAN_REUSE : SK_NO_REUSE;
	err = sk->sk_prot->get_port(sk, port) ? -EADDRINUSE : 0;
	if (!err) {
		inet_sk(sk)->inet_sport = htons(port);
		/*
		 * From now on unshared: what the kernel's TCP still has on
		 * this port (TIME_WAIT) may stay, but none may listen.
		 */
		sk->sk_reuse = SK_NO_REUSE;
	}
	release_sock(sk);
	return err;
}

static int try_new(struct net *net, u16 port, bool reuse, struct socket **sock)
{
	int err;

	err = make_socket(net, sock);
	if (err)
		return err == -ENOMEM || err == -ENOBUFS ? -ENOMEM :
							   -EADDRINUSE;
	err = take_port((*sock)->sk, port, reuse);
	if (err)
		sock_release(*sock);
	return err;
}

struct xtcp_guard *xtcp_guard_new(struct net *net, u16 port, bool reuse)
{
	struct xtcp_guard *guard = kmalloc(sizeof(*guard), GFP_KERNEL);
	int err;

	if (!guard)
		return ERR_PTR(-ENOMEM);
	err = try_new(net, port, reuse, &guard->sock);
	if (err == -EADDRINUSE) {
		/* In the way may be a guard of ours that is on its way out. */
		xtcp_guard_flush();
		err = try_new(net, port, reuse, &guard->sock);
	}
	if (err) {
		kfree(guard);
		return ERR_PTR(err);
	}
	xtcp_object_made(XTCP_OBJ_GUARD);
	return guard;
}

void xtcp_guard_free(struct xtcp_guard *guard)
{
	atomic_inc(&nr_dead);
	if (llist_add(&guard->dead, &dead_guards))
		queue_work(system_unbound_wq, &release_work);
}

void xtcp_guard_settle(void)
{
	if (atomic_read(&nr_dead))
		flush_work(&release_work);
}

void xtcp_guard_flush(void)
{
	flush_work(&release_work);
}
