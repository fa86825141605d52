// SPDX-License-Identifier: GPL-2.0
/*
 * Walking over all endpoints of a namespace. Both tables are shared by all
 * namespaces; what belongs to another one is passed over.
 */
#include <linux/list.h>
#include <linux/list_nulls.h>
#include <linux/sched.h>
#include "walk.h"

static bool is_listen_bucket(unsigned int bucket)
{
	return bucket < xtcp_hash_nr_listen_buckets();
}

static unsigned int nr_buckets(void)
{
	return xtcp_hash_nr_listen_buckets() + xtcp_hash_nr_buckets();
}

static struct hlist_nulls_node *lock(unsigned int bucket)
{
	struct hlist_nulls_head *head;

	if (is_listen_bucket(bucket))
		head = xtcp_hash_listen_lock(bucket);
	else
		head = xtcp_hash_bucket_lock(bucket -
					     xtcp_hash_nr_listen_buckets());
	return head->first;
}

static void unlock(unsigned int bucket)
{
	if (is_listen_bucket(bucket))
		xtcp_hash_listen_unlock(bucket);
	else
		xtcp_hash_bucket_unlock(bucket - xtcp_hash_nr_listen_buckets());
}

static struct xtcp_ep *endpoint(const struct xtcp_walk *walk)
{
	if (is_listen_bucket(walk->bucket))
		return &hlist_nulls_entry(walk->node, struct xtcp_sock,
					  listen_node)->ep;

	return hlist_nulls_entry(walk->node, struct xtcp_ep, node);
}

static const struct net *net_of(const struct xtcp_ep *ep)
{
	/* A listener has no connection's header filled in. */
	return ep->kind == XTCP_EP_SOCK ? sock_net(&xtcp_ep_sk(ep)->inet.sk) :
					  ep->net;
}

static void step(struct xtcp_walk *walk)
{
	walk->node = walk->node->next;
	walk->pos++;
}

/* From where we stand on to the next of @net in this bucket, or its end. */
static struct xtcp_ep *find_in_bucket(struct xtcp_walk *walk,
				      const struct net *net)
{
	for (; !is_a_nulls(walk->node); step(walk)) {
		struct xtcp_ep *ep = endpoint(walk);

		if (net_eq(net_of(ep), net))
			return ep;
	}
	return NULL;
}

static void next_bucket(struct xtcp_walk *walk)
{
	xtcp_walk_stop(walk);
	walk->bucket++;
	walk->pos = 0;
	cond_resched();
}

static void enter_bucket(struct xtcp_walk *walk)
{
	unsigned int behind = walk->pos;

	walk->node = lock(walk->bucket);
	walk->pos = 0;
	while (walk->pos < behind && !is_a_nulls(walk->node))
		step(walk);
}

struct xtcp_ep *xtcp_walk_start(struct xtcp_walk *walk, const struct net *net)
{
	struct xtcp_ep *ep;

	for (; walk->bucket < nr_buckets(); next_bucket(walk)) {
		enter_bucket(walk);
		ep = find_in_bucket(walk, net);
		if (ep)
			return ep;
	}
	return NULL;
}

struct xtcp_ep *xtcp_walk_next(struct xtcp_walk *walk, const struct net *net)
{
	struct xtcp_ep *ep;

	step(walk);
	ep = find_in_bucket(walk, net);
	if (ep)
		return ep;

	next_bucket(walk);
	return xtcp_walk_start(walk, net);
}

void xtcp_walk_stop(struct xtcp_walk *walk)
{
	if (!walk->node)
		return;

	walk->node = NULL;
	unlock(walk->bucket);
}
