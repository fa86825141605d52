// SPDX-License-Identifier: GPL-2.0
/*
 * How segments come in. IP protocol 6 is the kernel's TCP's: these netfilter
 * hooks, last at LOCAL_IN, take out of its stream what belongs to an XTCP
 * endpoint and pass on everything else untouched. Errors of ICMP are looked
 * at and passed on always.
 */
#include <linux/netfilter.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/netfilter/ipv6/nf_defrag_ipv6.h>
#include "faces.h"

/* ---- the hooks ---- */

static unsigned int local_in_v4(void *priv, struct sk_buff *skb,
				const struct nf_hook_state *state)
{
	if (skb->pkt_type != PACKET_HOST)
		return NF_ACCEPT;
	switch (ip_hdr(skb)->protocol) {
	case IPPROTO_TCP:
		return xtcp_arrival_v4(skb, local_in_v4, state);
	case IPPROTO_ICMP:
		xtcp_icmp_look(state->net, skb, ip_hdrlen(skb), false);
		break;
	}
	return NF_ACCEPT;
}

static unsigned int local_in_v6(void *priv, struct sk_buff *skb,
				const struct nf_hook_state *state)
{
	u8 proto;
	int off;

	if (skb->pkt_type != PACKET_HOST)
		return NF_ACCEPT;
	off = xtcp_exthdr_skip(skb, &proto);
	if (off < 0)
		return NF_ACCEPT;
	if (proto == IPPROTO_TCP)
		return xtcp_arrival_v6(skb, off, local_in_v6, state);
	xtcp_icmp_look(state->net, skb, off, true);
	return NF_ACCEPT;
}

static const struct nf_hook_ops hooks[] = {
	{
		.hook		= xtcp_rxroute_v4,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_PRE_ROUTING,
		.priority	= INT_MAX,
	},
	{
		.hook		= xtcp_rxroute_v6,
		.pf		= NFPROTO_IPV6,
		.hooknum	= NF_INET_PRE_ROUTING,
		.priority	= INT_MAX,
	},
	{
		.hook		= local_in_v4,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_LOCAL_IN,
		.priority	= INT_MAX,
	},
	{
		.hook		= local_in_v6,
		.pf		= NFPROTO_IPV6,
		.hooknum	= NF_INET_LOCAL_IN,
		.priority	= INT_MAX,
	},
};

/* ---- when they are there ---- */

/* ->steer_lock held. Fragments of IPv6 reach LOCAL_IN whole only if asked. */
static int hooks_on(struct xtcp_net *xn)
{
	int err;

	err = nf_defrag_ipv6_enable(xn->net);
	if (err)
		return err;
	err = nf_register_net_hooks(xn->net, hooks, ARRAY_SIZE(hooks));
	if (err)
		nf_defrag_ipv6_disable(xn->net);
	else
		WRITE_ONCE(xn->steer_on, true);
	return err;
}

/* ->steer_lock held. */
static void hooks_off(struct xtcp_net *xn)
{
	nf_unregister_net_hooks(xn->net, hooks, ARRAY_SIZE(hooks));
	nf_defrag_ipv6_disable(xn->net);
}

static void steer_off(struct work_struct *work)
{
	struct xtcp_net *xn = container_of(to_delayed_work(work),
					   struct xtcp_net, steer_off_work);

	mutex_lock(&xn->steer_lock);
	if (xn->steer_on) {
		WRITE_ONCE(xn->steer_on, false);
		smp_mb();	/* pairs with xtcp_steer_get() */
		if (atomic_read(&xn->users))
			WRITE_ONCE(xn->steer_on, true);
		else
			hooks_off(xn);
	}
	mutex_unlock(&xn->steer_lock);
}

int xtcp_steer_get(struct net *net)
{
	struct xtcp_net *xn = xtcp_pernet(net);
	int err = 0;

	/* Either the work sees our user or we see that it means to go. */
	smp_mb();
	if (likely(READ_ONCE(xn->steer_on)))
		return 0;
	mutex_lock(&xn->steer_lock);
	if (!xn->steer_on)
		err = hooks_on(xn);
	mutex_unlock(&xn->steer_lock);
	return err;
}

void xtcp_steer_net_init(struct net *net)
{
	struct xtcp_net *xn = xtcp_pernet(net);

	mutex_init(&xn->steer_lock);
	INIT_DELAYED_WORK(&xn->steer_off_work, steer_off);
	xn->steer_on = false;
}

void xtcp_steer_net_pre_exit(struct net *net)
{
	struct xtcp_net *xn = xtcp_pernet(net);

	cancel_delayed_work_sync(&xn->steer_off_work);
	mutex_lock(&xn->steer_lock);
	if (xn->steer_on)
		hooks_off(xn);
	xn->steer_on = false;
	mutex_unlock(&xn->steer_lock);
	xtcp_guard_flush();
}
