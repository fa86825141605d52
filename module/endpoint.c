// SPDX-License-Identifier: GPL-2.0
/*
 * Requests and TIME_WAIT entries as objects: made, counted, freed. The IPv6
 * addresses stand behind the structure, so that an IPv4 entry does not pay for
 * them.
 */
#include <linux/slab.h>
#include <net/dst.h>
#include "stores.h"

static struct kmem_cache *req_cache[2] __read_mostly;	/* IPv4, IPv6 */
static struct kmem_cache *tw_cache[2] __read_mostly;

/* What a TIME_WAIT entry may cost: see Documentation/timewait.rst. */
static_assert(sizeof(struct xtcp_tw) <= 128);
static_assert(sizeof(struct xtcp_tw) + 2 * sizeof(struct in6_addr) <= 160);

static struct kmem_cache *cache(const char *name, size_t size)
{
	return kmem_cache_create(name, size, 0,
				 SLAB_TYPESAFE_BY_RCU | SLAB_ACCOUNT, NULL);
}

int xtcp_endpoint_init(void)
{
	const size_t v6 = 2 * sizeof(struct in6_addr);

	req_cache[0] = cache("xtcp_req", sizeof(struct xtcp_req));
	req_cache[1] = cache("xtcp_req6", sizeof(struct xtcp_req) + v6);
	tw_cache[0] = cache("xtcp_tw", sizeof(struct xtcp_tw));
	tw_cache[1] = cache("xtcp_tw6", sizeof(struct xtcp_tw) + v6);
	if (req_cache[0] && req_cache[1] && tw_cache[0] && tw_cache[1])
		return 0;
	xtcp_endpoint_exit();
	return -ENOMEM;
}

void xtcp_endpoint_exit(void)
{
	int i;

	for (i = 0; i < 2; i++) {
		kmem_cache_destroy(req_cache[i]);
		kmem_cache_destroy(tw_cache[i]);
	}
}

struct xtcp_req *xtcp_req_alloc(const struct xtcp_key *key)
{
	struct xtcp_req *req = kmem_cache_alloc(req_cache[key->v6], GFP_ATOMIC);

	if (!req)
		return NULL;
	/* A look-up may still hold the old object's header in its hands. */
	memset((char *)req + sizeof(req->ep), 0, sizeof(*req) - sizeof(req->ep));
	req->ep.kind = XTCP_EP_REQUEST;
	if (key->v6) {
		req->v6[0] = *key->laddr6;
		req->v6[1] = *key->raddr6;
	}
	xtcp_key_set(&req->ep, key);
	req->ep.node.pprev = NULL;
	spin_lock_init(&req->lock);
	xtcp_object_made(XTCP_OBJ_REQUEST);
	xtcp_net_user_get(key->net);
	/* From here on a look-up may take a reference. */
	refcount_set_release(&req->refcnt, 1);
	return req;
}

void xtcp_req_put(struct xtcp_req *req)
{
	if (!refcount_dec_and_test(&req->refcnt))
		return;
	dst_release(req->dst);
	if (req->listener)
		sock_put(req->listener);
	xtcp_net_user_put(req->ep.net);
	xtcp_object_freed(XTCP_OBJ_REQUEST);
	kmem_cache_free(req_cache[req->ep.v6], req);
}

struct xtcp_tw *xtcp_tw_alloc(const struct xtcp_key *key)
{
	struct xtcp_tw *tw = kmem_cache_alloc(tw_cache[key->v6], GFP_ATOMIC);

	if (!tw)
		return NULL;
	memset((char *)tw + sizeof(tw->ep), 0, sizeof(*tw) - sizeof(tw->ep));
	tw->ep.kind = XTCP_EP_TIMEWAIT;
	if (key->v6) {
		tw->v6[0] = *key->laddr6;
		tw->v6[1] = *key->raddr6;
	}
	xtcp_key_set(&tw->ep, key);
	tw->ep.node.pprev = NULL;
	xtcp_object_made(XTCP_OBJ_TIMEWAIT);
	xtcp_net_user_get(key->net);
	refcount_set_release(&tw->refcnt, 1);
	return tw;
}

void xtcp_tw_put(struct xtcp_tw *tw)
{
	if (!refcount_dec_and_test(&tw->refcnt))
		return;
	if (tw->port)
		xtcp_port_drop(tw->port);
	xtcp_net_user_put(tw->ep.net);
	xtcp_object_freed(XTCP_OBJ_TIMEWAIT);
	kmem_cache_free(tw_cache[tw->ep.v6], tw);
}
