// SPDX-License-Identifier: GPL-2.0
/*
 * The connection table: sockets, requests and TIME_WAIT entries by 4-tuple,
 * in one chain, so that a look-up sees a connection in just one of its forms;
 * and the table of listening sockets by port.
 *
 * Readers use RCU and nulls lists, since objects may move from chain to chain
 * under their feet (see struct xtcp_ep): they take a reference, compare once
 * more, and begin anew when a chain ends elsewhere than it began. Writers hold
 * the bucket's lock, with BH off.
 */
#include <linux/jhash.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/rculist_nulls.h>
#include <net/netns/hash.h>
#include "stores.h"

#define LISTEN_BUCKETS	512
#define NR_LOCKS	512

static unsigned int hash_buckets;
module_param(hash_buckets, uint, 0444);
MODULE_PARM_DESC(hash_buckets, "buckets of the connection table (default: by memory)");

static struct hlist_nulls_head *table __read_mostly;
static unsigned int table_mask __read_mostly;
static u32 listen_secret __read_mostly;
static spinlock_t *locks __read_mostly;	/* of @table, NR_LOCKS buckets apart */

static struct {
	spinlock_t		lock;	/* protects the chain */
	struct hlist_nulls_head	head;
} *listen_table __read_mostly;

static spinlock_t *bucket_lock(unsigned int bucket)
{
	return &locks[bucket & (NR_LOCKS - 1)];
}

/* One bucket per 16 KiB of memory: 64 Ki of them in a guest of 1 GiB. */
static unsigned int default_buckets(void)
{
	return clamp(totalram_pages() * (PAGE_SIZE >> 12) / 4,
		     1UL << 12, 1UL << 20);
}

int xtcp_hash_init(void)
{
	unsigned int i, n;

	n = roundup_pow_of_two(hash_buckets ?: default_buckets());
	n = clamp(n, 64U, 1U << 24);
	table = kvmalloc_array(n, sizeof(*table), GFP_KERNEL);
	locks = kvmalloc_array(NR_LOCKS, sizeof(*locks), GFP_KERNEL);
	listen_table = kvmalloc_array(LISTEN_BUCKETS, sizeof(*listen_table),
				      GFP_KERNEL);
	if (!table || !locks || !listen_table) {
		xtcp_hash_exit();
		return -ENOMEM;
	}
	for (i = 0; i < n; i++)
		INIT_HLIST_NULLS_HEAD(&table[i], i);
	for (i = 0; i < NR_LOCKS; i++)
		spin_lock_init(&locks[i]);
	for (i = 0; i < LISTEN_BUCKETS; i++) {
		spin_lock_init(&listen_table[i].lock);
		INIT_HLIST_NULLS_HEAD(&listen_table[i].head, i);
	}
	table_mask = n - 1;
	listen_secret = get_random_u32();
	return 0;
}

void xtcp_hash_exit(void)
{
	kvfree(listen_table);
	kvfree(locks);
	kvfree(table);
}

/* ---- comparing ---- */

static bool dev_matches(int bound, const struct xtcp_key *key)
{
	return inet_sk_bound_dev_eq(key->net, bound, key->dif, key->sdif);
}

static bool ep_matches(const struct xtcp_ep *ep, const struct xtcp_key *key)
{
	if (ep->lport != key->lport || ep->rport != key->rport ||
	    ep->v6 != key->v6 || ep->net != key->net ||
	    !dev_matches(ep->dif, key))
		return false;
	if (!key->v6)
		return ep->laddr == key->laddr && ep->raddr == key->raddr;
	return ipv6_addr_equal(xtcp_ep_raddr6(ep), key->raddr6) &&
	       ipv6_addr_equal(xtcp_ep_laddr6(ep), key->laddr6);
}

static bool same_tuple(const struct xtcp_ep *a, const struct xtcp_ep *b)
{
	if (a->hash != b->hash || a->lport != b->lport ||
	    a->rport != b->rport || a->v6 != b->v6 || a->net != b->net ||
	    (a->dif && b->dif && a->dif != b->dif))
		return false;
	if (!a->v6)
		return a->laddr == b->laddr && a->raddr == b->raddr;
	return ipv6_addr_equal(xtcp_ep_raddr6(a), xtcp_ep_raddr6(b)) &&
	       ipv6_addr_equal(xtcp_ep_laddr6(a), xtcp_ep_laddr6(b));
}

/* ---- references ---- */

static refcount_t *ep_refcnt(struct xtcp_ep *ep)
{
	switch (ep->kind) {
	case XTCP_EP_SOCK:
		return &xtcp_ep_sk(ep)->inet.sk.sk_refcnt;
	case XTCP_EP_REQUEST:
		return &container_of(ep, struct xtcp_req, ep)->refcnt;
	default:
		return &container_of(ep, struct xtcp_tw, ep)->refcnt;
	}
}

bool xtcp_ep_get(struct xtcp_ep *ep)
{
	return refcount_inc_not_zero(ep_refcnt(ep));
}

void xtcp_ep_put(struct xtcp_ep *ep)
{
	switch (ep->kind) {
	case XTCP_EP_SOCK:
		sock_put(&xtcp_ep_sk(ep)->inet.sk);
		break;
	case XTCP_EP_REQUEST:
		xtcp_req_put(container_of(ep, struct xtcp_req, ep));
		break;
	case XTCP_EP_TIMEWAIT:
		xtcp_tw_put(container_of(ep, struct xtcp_tw, ep));
		break;
	}
}

/* ---- connections ---- */

struct xtcp_ep *xtcp_hash_find(const struct xtcp_key *key)
{
	u32 hash = xtcp_key_hash(key);
	unsigned int bucket = hash & table_mask;
	const struct hlist_nulls_node *node;
	struct xtcp_ep *ep;

	rcu_read_lock();
begin:
	hlist_nulls_for_each_entry_rcu(ep, node, &table[bucket], node) {
		if (ep->hash != hash || !ep_matches(ep, key))
			continue;
		if (unlikely(!xtcp_ep_get(ep)))
			continue;
		if (likely(ep->hash == hash && ep_matches(ep, key)))
			goto out;
		xtcp_ep_put(ep);
		goto begin;
	}
	/* The object moved to another chain while we looked at it. */
	if (get_nulls_value(node) != bucket)
		goto begin;
	ep = NULL;
out:
	rcu_read_unlock();
	return ep;
}

/* Lock the endpoint's bucket, BH off. */
static unsigned int lock_ep(const struct xtcp_ep *ep)
{
	unsigned int bucket = ep->hash & table_mask;

	spin_lock_bh(bucket_lock(bucket));
	return bucket;
}

static void unlock(unsigned int bucket)
{
	spin_unlock_bh(bucket_lock(bucket));
}

struct xtcp_ep *xtcp_hash_insert_unique(struct xtcp_ep *ep)
{
	const struct hlist_nulls_node *node;
	unsigned int bucket = lock_ep(ep);
	struct xtcp_ep *other;

	hlist_nulls_for_each_entry(other, node, &table[bucket], node)
		if (same_tuple(other, ep) && xtcp_ep_get(other))
			goto out;
	hlist_nulls_add_head_rcu(&ep->node, &table[bucket]);
	other = NULL;
out:
	unlock(bucket);
	return other;
}

/* As list_replace_rcu(): who stands on @old goes on to what follows it. */
static void nulls_replace_rcu(struct hlist_nulls_node *old,
			      struct hlist_nulls_node *new)
{
	struct hlist_nulls_node *next = old->next;

	WRITE_ONCE(new->next, next);
	WRITE_ONCE(new->pprev, old->pprev);
	rcu_assign_pointer(*(struct hlist_nulls_node __rcu **)new->pprev, new);
	if (!is_a_nulls(next))
		WRITE_ONCE(next->pprev, &new->next);
	WRITE_ONCE(old->pprev, NULL);
}

bool xtcp_hash_replace(struct xtcp_ep *old, struct xtcp_ep *new)
{
	unsigned int bucket = lock_ep(old);
	bool hashed = !hlist_nulls_unhashed(&old->node);

	if (hashed)
		nulls_replace_rcu(&old->node, &new->node);
	unlock(bucket);
	return hashed;
}

bool xtcp_hash_remove(struct xtcp_ep *ep)
{
	unsigned int bucket;
	bool hashed;

	if (hlist_nulls_unhashed_lockless(&ep->node))
		return false;
	bucket = lock_ep(ep);
	hashed = !hlist_nulls_unhashed(&ep->node);
	if (hashed)
		hlist_nulls_del_init_rcu(&ep->node);
	unlock(bucket);
	return hashed;
}

/* ---- listeners ---- */

static unsigned int listen_bucket(const struct net *net, __be16 lport)
{
	return jhash_1word((__force u32)lport, listen_secret ^ net_hash_mix(net)) &
	       (LISTEN_BUCKETS - 1);
}

/* How well a listener fits: 0 not at all, higher is better. */
static int listener_score(const struct sock *sk, const struct xtcp_key *key)
{
	int score = 1;

	if (sk->sk_num != ntohs(key->lport) || !net_eq(sock_net(sk), key->net))
		return 0;
	if (sk->sk_bound_dev_if) {
		if (!dev_matches(sk->sk_bound_dev_if, key))
			return 0;
		score += 4;
	}
	if (key->v6) {
		if (sk->sk_family != AF_INET6)
			return 0;
		if (ipv6_addr_any(&sk->sk_v6_rcv_saddr))
			return score;
		return ipv6_addr_equal(&sk->sk_v6_rcv_saddr, key->laddr6) ?
		       score + 8 : 0;
	}
	if (sk->sk_family == AF_INET)
		score++;
	else if (sk->sk_ipv6only)
		return 0;
	if (!sk->sk_rcv_saddr)
		return sk->sk_family == AF_INET ||
		       ipv6_addr_any(&sk->sk_v6_rcv_saddr) ||
		       ipv6_addr_v4mapped(&sk->sk_v6_rcv_saddr) ? score : 0;
	return sk->sk_rcv_saddr == key->laddr ? score + 8 : 0;
}

/*
 * The best listener; among equals that share the port by SO_REUSEPORT one by
 * hash, each with the same chance.
 */
static struct sock *best_listener(const struct xtcp_key *key,
				  unsigned int bucket)
{
	const struct hlist_nulls_node *node;
	struct xtcp_sock *xs;
	struct sock *best;
	u32 phash = 0;
	int hiscore, score, equals = 0;

begin:
	best = NULL;
	hiscore = 0;
	hlist_nulls_for_each_entry_rcu(xs, node, &listen_table[bucket].head,
				       listen_node) {
		struct sock *sk = &xs->inet.sk;

		score = listener_score(sk, key);
		if (score > hiscore) {
			best = sk;
			hiscore = score;
			equals = 1;
			phash = sk->sk_reuseport ? xtcp_key_hash(key) : 0;
		} else if (score && score == hiscore && sk->sk_reuseport) {
			if (reciprocal_scale(phash, ++equals) == 0)
				best = sk;
			phash = next_pseudo_random32(phash);
		}
	}
	if (get_nulls_value(node) != bucket)
		goto begin;
	return best;
}

struct sock *xtcp_hash_find_listener(const struct xtcp_key *key)
{
	unsigned int bucket = listen_bucket(key->net, key->lport);
	struct sock *sk;

	rcu_read_lock();
	/* Listeners are freed after a grace period (SOCK_RCU_FREE). */
	sk = best_listener(key, bucket);
	if (sk && !refcount_inc_not_zero(&sk->sk_refcnt))
		sk = NULL;
	rcu_read_unlock();
	return sk;
}

void xtcp_hash_listen(struct sock *sk)
{
	unsigned int bucket = listen_bucket(sock_net(sk), htons(sk->sk_num));

	spin_lock_bh(&listen_table[bucket].lock);
	hlist_nulls_add_head_rcu(&xtcp_sk(sk)->listen_node,
				 &listen_table[bucket].head);
	spin_unlock_bh(&listen_table[bucket].lock);
}

void xtcp_hash_unlisten(struct sock *sk)
{
	unsigned int bucket = listen_bucket(sock_net(sk), htons(sk->sk_num));
	struct hlist_nulls_node *node = &xtcp_sk(sk)->listen_node;

	spin_lock_bh(&listen_table[bucket].lock);
	if (!hlist_nulls_unhashed(node))
		hlist_nulls_del_init_rcu(node);
	spin_unlock_bh(&listen_table[bucket].lock);
}

/* ---- walks ---- */

unsigned int xtcp_hash_nr_buckets(void)
{
	return table_mask + 1;
}

unsigned int xtcp_hash_nr_listen_buckets(void)
{
	return LISTEN_BUCKETS;
}

struct hlist_nulls_head *xtcp_hash_bucket_lock(unsigned int bucket)
{
	spin_lock_bh(bucket_lock(bucket));
	return &table[bucket];
}

void xtcp_hash_bucket_unlock(unsigned int bucket)
{
	unlock(bucket);
}

struct hlist_nulls_head *xtcp_hash_listen_lock(unsigned int bucket)
{
	spin_lock_bh(&listen_table[bucket].lock);
	return &listen_table[bucket].head;
}

void xtcp_hash_listen_unlock(unsigned int bucket)
{
	spin_unlock_bh(&listen_table[bucket].lock);
}
