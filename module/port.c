// SPDX-License-Identifier: GPL-2.0
/*
 * Local ports and who holds them.
 *
 * A port that a program was bound to has a record, struct xtcp_port, in a
 * hash of (namespace, port). Its sockets, bound ones and the children of
 * listeners, stand in a list for the check of conflicts; TIME_WAIT entries
 * are only counted. A guard keeps the kernel's TCP off the port as long as
 * there is a socket. The ephemeral port of a connect() has no record: its
 * 4-tuple in the connection table is enough (ephemeral.c).
 */
#include <linux/jhash.h>
#include <linux/mutex.h>
#include <linux/random.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <net/addrconf.h>
#include <net/inet_hashtables.h>
#include <net/ip.h>
#include <net/sock_reuseport.h>
#include "stores.h"

#define NR_BUCKETS	512

/**
 * struct xtcp_port - a port with an owner
 * @node: in its bucket; RCU readers
 * @net: namespace; not held, the sockets hold it
 * @num: host byte order
 * @ref: one for each socket and each TIME_WAIT entry
 * @tw: TIME_WAIT entries
 * @sockets: by sk_bind_node; the bucket's lock
 * @guard: there while @sockets is not empty; the bucket's lock
 * @rcu: readers may still look at it
 */
struct xtcp_port {
	struct hlist_node	node;
	struct net		*net;
	u16			num;
	refcount_t		ref;
	atomic_t		tw;
	struct hlist_head	sockets;
	struct xtcp_guard	*guard;
	struct rcu_head		rcu;
};

/* A guard is made with @binding held, which may sleep, and without @lock. */
struct bucket {
	/* Protects the records and the list of them, with BH off. */
	spinlock_t		lock;
	struct hlist_head	ports;
	/* One binder at a time; ports are given up under @lock alone. */
	struct mutex		binding;
};

static struct bucket buckets[NR_BUCKETS];
static u32 bucket_seed __read_mostly;
static struct kmem_cache *port_cache;

static struct bucket *bucket_of(const struct net *net, u16 num)
{
	u32 hash = jhash_2words(net_hash_mix(net), num, bucket_seed);

	return &buckets[hash % NR_BUCKETS];
}

/* The bucket's lock or RCU. */
static struct xtcp_port *find_port(struct bucket *b, const struct net *net,
				   u16 num)
{
	struct xtcp_port *port;

	hlist_for_each_entry_rcu(port, &b->ports, node,
				 lockdep_is_held(&b->lock))
		if (port->num == num && net_eq(port->net, net))
			return port;
	return NULL;
}

static void free_port_rcu(struct rcu_head *rcu)
{
	kmem_cache_free(port_cache, container_of(rcu, struct xtcp_port, rcu));
	xtcp_object_freed(XTCP_OBJ_PORT);
}

/* The last reference goes under the bucket's lock, so nobody finds a dead one. */
static void put_port(struct xtcp_port *port)
{
	struct bucket *b = bucket_of(port->net, port->num);

	local_bh_disable();
	if (refcount_dec_and_lock(&port->ref, &b->lock)) {
		hlist_del_rcu(&port->node);
		spin_unlock(&b->lock);
		call_rcu(&port->rcu, free_port_rcu);
	}
	local_bh_enable();
}

/* ---- conflicts: who may share a port, as in the kernel's TCP ---- */

/*
 * A socket that was put into a reuseport group before it was bound may only
 * join another where one has left a place behind.
 */
static bool reuseport_may_join(const struct sock *sk)
{
	struct sock_reuseport *group;
	bool may;

	rcu_read_lock();
	group = rcu_dereference(sk->sk_reuseport_cb);
	may = !group || READ_ONCE(group->num_closed_socks);
	rcu_read_unlock();
	return may;
}

/* Two that ask for leave to listen at once must not miss each other. */
static bool is_listening(const struct sock *sk)
{
	return READ_ONCE(sk->sk_state) == TCP_LISTEN || xtcp_sk(sk)->listens;
}

static bool share_reuseaddr(const struct sock *sk, const struct sock *other)
{
	return sk->sk_reuse && other->sk_reuse && !is_listening(other);
}

static bool share_reuseport(struct sock *sk, struct sock *other)
{
	return sk->sk_reuseport && other->sk_reuseport &&
	       reuseport_may_join(sk) &&
	       uid_eq(sock_i_uid(sk), sock_i_uid(other));
}

static bool same_device(const struct sock *sk, const struct sock *other)
{
	int dif = READ_ONCE(other->sk_bound_dev_if);

	return !sk->sk_bound_dev_if || !dif || sk->sk_bound_dev_if == dif;
}

static bool sockets_conflict(struct sock *sk, struct sock *other)
{
	return sk != other && same_device(sk, other) &&
	       !share_reuseaddr(sk, other) && !share_reuseport(sk, other) &&
	       inet_rcv_saddr_equal(sk, other, true);
}

/* The bucket's lock. TIME_WAIT entries yield to whoever says he will share. */
static bool port_conflicts(struct sock *sk, struct xtcp_port *port)
{
	struct sock *other;

	if (atomic_read(&port->tw) && !sk->sk_reuse && !sk->sk_reuseport)
		return true;
	sk_for_each_bound(other, &port->sockets)
		if (sockets_conflict(sk, other))
			return true;
	return false;
}

/* ---- bind ---- */

/* The bucket's lock. */
static void add_socket(struct xtcp_port *port, struct sock *sk)
{
	sk_add_bind_node(sk, &port->sockets);
	xtcp_sk(sk)->port = port;
}

static struct xtcp_port *new_port(struct net *net, u16 num)
{
	struct xtcp_port *port = kmem_cache_zalloc(port_cache, GFP_KERNEL);

	if (!port)
		return NULL;
	port->net = net;
	port->num = num;
	refcount_set(&port->ref, 1);
	xtcp_object_made(XTCP_OBJ_PORT);
	return port;
}

/*
 * Find the port's record or make it. Return: with a reference, which becomes
 * the socket's; @shared tells that sockets have it already.
 */
static struct xtcp_port *get_port(struct bucket *b, struct net *net, u16 num)
{
	struct xtcp_port *port;

	spin_lock_bh(&b->lock);
	port = find_port(b, net, num);
	if (port)
		refcount_inc(&port->ref);
	spin_unlock_bh(&b->lock);
	if (port)
		return port;

	/* None but binders put records in, and we are the only one here. */
	port = new_port(net, num);
	if (!port)
		return NULL;
	spin_lock_bh(&b->lock);
	hlist_add_head_rcu(&port->node, &b->ports);
	spin_unlock_bh(&b->lock);
	return port;
}

/* Return: 0 if the socket is in, 1 if a guard is needed first, or -errno. */
static int try_bind(struct bucket *b, struct xtcp_port *port, struct sock *sk,
		    bool alone, struct xtcp_guard *guard)
{
	int ret = 0;

	spin_lock_bh(&b->lock);
	if (port_conflicts(sk, port) ||
	    (alone && !hlist_empty(&port->sockets))) {
		ret = -EADDRINUSE;
	} else if (!port->guard && !guard) {
		ret = 1;
	} else {
		if (guard)
			port->guard = guard;
		add_socket(port, sk);
	}
	spin_unlock_bh(&b->lock);
	return ret;
}

/* ->binding held. */
static int bind_guarded(struct bucket *b, struct xtcp_port *port,
			struct sock *sk, bool alone)
{
	struct xtcp_guard *guard = NULL;
	int ret;

	for (;;) {
		ret = try_bind(b, port, sk, alone, guard);
		if (ret <= 0)
			break;
		/*
		 * The sockets before us may go, and their guard with them,
		 * between our looks; but a new guard only we can bring.
		 */
		guard = xtcp_guard_new(port->net, port->num, sk->sk_reuse);
		if (IS_ERR(guard))
			return PTR_ERR(guard);
	}
	if (ret && guard)
		xtcp_guard_free(guard);
	return ret;
}

/* @alone: the port is to have no other socket. */
static int bind_to(struct sock *sk, u16 num, bool alone)
{
	struct net *net = sock_net(sk);
	struct bucket *b = bucket_of(net, num);
	struct xtcp_port *port;
	int err = -ENOMEM;

	mutex_lock(&b->binding);
	port = get_port(b, net, num);
	if (port) {
		err = bind_guarded(b, port, sk, alone);
		if (err)
			put_port(port);
	}
	mutex_unlock(&b->binding);
	return err;
}

/* The namespace's range, narrowed by IP_LOCAL_PORT_RANGE where they overlap. */
void xtcp_port_range(const struct sock *sk, int *low, int *high)
{
	struct xtcp_net *xn = xtcp_pernet(sock_net(sk));
	int sk_low, sk_high;

	*low = READ_ONCE(xn->sysctl_ip_local_port_range[0]);
	*high = READ_ONCE(xn->sysctl_ip_local_port_range[1]);
	if (*high < *low)	/* read while it was being written */
		*high = *low;
	if (!xtcp_sk_local_port_range(sk, &sk_low, &sk_high))
		return;
	if (sk_low >= *low && sk_low <= *high)
		*low = sk_low;
	if (sk_high >= *low && sk_high <= *high)
		*high = sk_high;
}

static int bind_to_any(struct sock *sk)
{
	struct net *net = sock_net(sk);
	int low, high, n, i, err;
	u32 offset;
	u16 num;

	xtcp_port_range(sk, &low, &high);
	n = high - low + 1;
	offset = get_random_u32();
	for (i = 0; i < n; i++, cond_resched()) {
		num = low + (offset + i) % n;
		if (inet_is_local_reserved_port(net, num) ||
		    xtcp_port_is_bound(net, num))
			continue;
		err = bind_to(sk, num, true);
		if (!err) {
			inet_sk(sk)->inet_num = num;
			return 0;
		}
		if (err != -EADDRINUSE)
			return err;
	}
	XTCP_INC(net, PORTEXHAUSTED);
	return -EADDRINUSE;
}

int xtcp_port_bind(struct sock *sk, unsigned short snum)
{
	int err;

	if (!snum)
		return bind_to_any(sk);
	err = bind_to(sk, snum, false);
	if (!err)
		inet_sk(sk)->inet_num = snum;
	return err;
}

int xtcp_port_may_listen(struct sock *sk)
{
	struct xtcp_port *port = xtcp_sk(sk)->port;
	struct bucket *b;
	bool conflict;

	if (!port)
		return -EADDRINUSE;
	b = bucket_of(port->net, port->num);
	spin_lock_bh(&b->lock);
	conflict = port_conflicts(sk, port);
	xtcp_sk(sk)->listens = !conflict;
	spin_unlock_bh(&b->lock);
	return conflict ? -EADDRINUSE : 0;
}

/* ---- more holders, and giving up ---- */

/*
 * By number and not by the listener's pointer: the listener may be closing on
 * another CPU. If it has gone and the port with it, the child has none.
 */
void xtcp_port_inherit(struct sock *child, struct sock *listener)
{
	struct net *net = sock_net(child);
	u16 num = inet_sk(child)->inet_num;
	struct bucket *b = bucket_of(net, num);
	struct xtcp_port *port;

	xtcp_sk(child)->port = NULL;
	spin_lock_bh(&b->lock);
	port = find_port(b, net, num);
	if (port) {
		refcount_inc(&port->ref);
		add_socket(port, child);
	}
	spin_unlock_bh(&b->lock);
}

void xtcp_port_release(struct sock *sk)
{
	struct xtcp_port *port = xtcp_sk(sk)->port;
	struct xtcp_guard *guard = NULL;
	struct bucket *b;

	if (!port)
		return;
	b = bucket_of(port->net, port->num);
	spin_lock_bh(&b->lock);
	xtcp_sk(sk)->port = NULL;
	hlist_del_init(&sk->sk_bind_node);
	if (hlist_empty(&port->sockets))
		swap(guard, port->guard);
	spin_unlock_bh(&b->lock);
	if (guard)
		xtcp_guard_free(guard);
	put_port(port);
}

struct xtcp_port *xtcp_port_hold(struct xtcp_port *port)
{
	refcount_inc(&port->ref);
	atomic_inc(&port->tw);
	return port;
}

void xtcp_port_drop(struct xtcp_port *port)
{
	atomic_dec(&port->tw);
	put_port(port);
}

bool xtcp_port_is_bound(struct net *net, u16 num)
{
	struct xtcp_port *port;
	bool bound;

	rcu_read_lock();
	port = find_port(bucket_of(net, num), net, num);
	bound = port && !hlist_empty(&port->sockets);
	rcu_read_unlock();
	return bound;
}

int xtcp_port_init(void)
{
	unsigned int i;

	port_cache = KMEM_CACHE(xtcp_port, 0);
	if (!port_cache)
		return -ENOMEM;
	get_random_bytes(&bucket_seed, sizeof(bucket_seed));
	for (i = 0; i < NR_BUCKETS; i++) {
		spin_lock_init(&buckets[i].lock);
		mutex_init(&buckets[i].binding);
		INIT_HLIST_HEAD(&buckets[i].ports);
	}
	return 0;
}

void xtcp_port_exit(void)
{
	xtcp_guard_flush();
	rcu_barrier();
	kmem_cache_destroy(port_cache);
}
