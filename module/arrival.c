// SPDX-License-Identifier: GPL-2.0
/*
 * A TCP segment at LOCAL_IN: whose it is, and how it comes from the kernel's
 * hands into ours. What the kernel would do between that hook and its TCP's
 * input is done here.
 */
#include <linux/netfilter.h>
#include <net/dst_metadata.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/route.h>
#include <net/xfrm.h>
#include "faces.h"

typedef int okfn_t(struct net *net, struct sock *sk, struct sk_buff *skb);

/* ip_local_deliver_finish() and its like, as our hooks were given them. */
static okfn_t *kernel_okfn_v4, *kernel_okfn_v6;

/* ---- whose is it ---- */

/**
 * struct arrival - a segment as the hook sees it
 * @key: its addresses
 * @thoff: offset of the TCP header from skb->data, which is at the IP header
 * @th: TCP header, in the packet or in @buf
 * @buf: room for it
 */
struct arrival {
	struct xtcp_key		key;
	int			thoff;
	const struct tcphdr	*th;
	struct tcphdr		buf;
};

/* A segment too short for a header is the kernel's to count and drop. */
static bool read_ports(struct arrival *a, struct sk_buff *skb)
{
	a->th = skb_header_pointer(skb, a->thoff, sizeof(a->buf), &a->buf);
	if (!a->th)
		return false;
	a->key.lport = a->th->dest;
	a->key.rport = a->th->source;
	return true;
}

static bool read_v4(struct arrival *a, struct net *net, struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);

	a->key = (struct xtcp_key) {
		.net	= net,
		.laddr	= iph->daddr,
		.raddr	= iph->saddr,
		.dif	= inet_iif(skb),
		.sdif	= inet_sdif(skb),
	};
	a->thoff = ip_hdrlen(skb);
	return read_ports(a, skb);
}

static bool read_v6(struct arrival *a, struct net *net, struct sk_buff *skb,
		    int thoff)
{
	a->key = (struct xtcp_key) {
		.net	= net,
		.v6	= true,
		.laddr6	= &ipv6_hdr(skb)->daddr,
		.raddr6	= &ipv6_hdr(skb)->saddr,
		.dif	= inet6_iif(skb),
		.sdif	= inet6_sdif(skb),
	};
	a->thoff = thoff;
	return read_ports(a, skb);
}

/* A connection begins between two single addresses of one family only. */
static bool may_begin(const struct arrival *a, const struct sk_buff *skb)
{
	if (!a->key.v6)
		return !(skb_rtable(skb)->rt_flags &
			 (RTCF_BROADCAST | RTCF_MULTICAST));
	return ipv6_unicast_destination(skb) &&
	       !ipv6_addr_v4mapped(a->key.raddr6);
}

/* Return: with a reference, or NULL if it is the kernel's. */
static struct xtcp_ep *find_endpoint(const struct arrival *a,
				     const struct sk_buff *skb)
{
	struct xtcp_ep *ep = xtcp_hash_find(&a->key);
	struct sock *sk;

	if (ep)
		return ep;
	sk = xtcp_hash_find_listener(&a->key);
	if (!sk)
		return NULL;
	/*
	 * A server may have moved to XTCP while the kernel still serves
	 * connections of its predecessor on the same port.
	 */
	if (skb_dst(skb) && may_begin(a, skb) &&
	    !xtcp_ktable_keeps(&a->key, a->th))
		return &xtcp_sk(sk)->ep;
	sock_put(sk);
	return NULL;
}

/*
 * Early demux has put a socket of the kernel's there, or TPROXY has. What is
 * only a TIME_WAIT entry need not have the last word.
 */
static bool is_spoken_for(const struct sk_buff *skb)
{
	return skb->sk && skb->sk->sk_state != TCP_TIME_WAIT;
}

/* ---- handing it over ---- */

/* The socket whose policy and settings hold: a request's are its listener's. */
static struct sock *governing_sock(struct xtcp_ep *ep)
{
	switch (ep->kind) {
	case XTCP_EP_SOCK:
		return &xtcp_ep_sk(ep)->inet.sk;
	case XTCP_EP_REQUEST:
		return container_of(ep, struct xtcp_req, ep)->listener;
	default:
		return NULL;
	}
}

/* RFC 5082 */
static bool ttl_too_low(const struct sock *sk, const struct sk_buff *skb,
			bool v6)
{
	if (v6)
		return ipv6_hdr(skb)->hop_limit <
		       READ_ONCE(inet6_sk(sk)->min_hopcount);
	return ip_hdr(skb)->ttl < READ_ONCE(inet_sk(sk)->min_ttl);
}

static bool is_admitted(struct net *net, struct xtcp_ep *ep,
			struct sk_buff *skb, bool v6)
{
	struct sock *sk = governing_sock(ep);

	if (!xfrm_policy_check(sk, XFRM_POLICY_IN, skb,
			       v6 ? AF_INET6 : AF_INET)) {
		XTCP_INC(net, POLICYDROP);
		return false;
	}
	if (sk && ttl_too_low(sk, skb, v6)) {
		XTCP_INC(net, MINTTLDROP);
		return false;
	}
	return true;
}

static void count_delivered(struct net *net, struct sk_buff *skb, bool v6)
{
	if (v6)
		__IP6_INC_STATS(net, ip6_dst_idev(skb_dst(skb)),
				IPSTATS_MIB_INDELIVERS);
	else
		__IP_INC_STATS(net, IPSTATS_MIB_INDELIVERS);
}

/*
 * The whole header comes into the linear part here, so that the addresses, to
 * which the key points, stay where they are from now on. A header that is not
 * all there is the protocol's to refuse.
 */
static bool pull_header(struct arrival *a, struct sk_buff *skb)
{
	unsigned int len = max_t(unsigned int, sizeof(struct tcphdr),
				 __tcp_hdrlen(a->th));

	if (a->thoff + len > skb->len)
		len = sizeof(struct tcphdr);
	if (!pskb_may_pull(skb, a->thoff + len))
		return false;
	if (a->key.v6) {
		a->key.laddr6 = &ipv6_hdr(skb)->daddr;
		a->key.raddr6 = &ipv6_hdr(skb)->saddr;
	}
	return true;
}

/* What the kernel does between LOCAL_IN and its TCP's input; then ours. */
static void deliver(struct arrival *a, struct sk_buff *skb, struct xtcp_ep *ep)
{
	bool v6 = a->key.v6;

	skb_clear_delivery_time(skb);
	if (!is_admitted(a->key.net, ep, skb, v6) || !pull_header(a, skb)) {
		kfree_skb(skb);
		xtcp_ep_put(ep);
		return;
	}
	count_delivered(a->key.net, skb, v6);
	if (ep->kind == XTCP_EP_SOCK)
		xtcp_rxroute_learn(&xtcp_ep_sk(ep)->inet.sk, skb, v6);
	skb->skb_iif = a->key.dif;	/* the dst goes, cb is used anew */
	nf_reset_ct(skb);
	secpath_reset(skb);
	skb_dst_drop(skb);
	skb_orphan(skb);

	__skb_pull(skb, a->thoff);
	skb_reset_transport_header(skb);
	if (v6)
		skb_postpull_rcsum(skb, skb_network_header(skb), a->thoff);
	xtcp_input(skb, ep, &a->key);
}

/* ---- the way past hooks that are behind us, and around them ---- */

static bool read_arrival(struct arrival *a, struct net *net,
			 struct sk_buff *skb, bool v6)
{
	int thoff;
	u8 proto;

	if (!v6)
		return read_v4(a, net, skb);
	thoff = xtcp_exthdr_skip(skb, &proto);
	return thoff >= 0 && read_v6(a, net, skb, thoff);
}

static void give_back(struct net *net, struct sk_buff *skb, bool v6)
{
	okfn_t *okfn = READ_ONCE(*(v6 ? &kernel_okfn_v6 : &kernel_okfn_v4));

	okfn(net, NULL, skb);
}

/* It was in other hands meanwhile, so ask anew to whom it belongs. */
static void deliver_or_give_back(struct net *net, struct sk_buff *skb, bool v6)
{
	struct xtcp_ep *ep = NULL;
	struct arrival a;

	rcu_read_lock();
	local_bh_disable();
	if (read_arrival(&a, net, skb, v6))
		ep = find_endpoint(&a, skb);
	if (ep)
		deliver(&a, skb, ep);
	else
		give_back(net, skb, v6);
	local_bh_enable();
	rcu_read_unlock();
}

/*
 * GRO keeps segments for a host without the matching kernel socket as a list,
 * to be forwarded: headers and all stand before each one's data.
 */
static bool is_fraglist(const struct sk_buff *skb)
{
	return skb_is_gso(skb) &&
	       unlikely(skb_shinfo(skb)->gso_type & SKB_GSO_FRAGLIST);
}

static void deliver_fraglist(struct net *net, struct sk_buff *skb, bool v6)
{
	struct sk_buff *segs, *seg, *next;

	__skb_push(skb, -skb_mac_offset(skb));
	segs = __skb_gso_segment(skb, NETIF_F_SG | NETIF_F_HW_CSUM, false);
	if (IS_ERR_OR_NULL(segs)) {
		XTCP_INC(net, NOMEM);
		kfree_skb(skb);
		return;
	}
	consume_skb(skb);
	skb_list_walk_safe(segs, seg, next) {
		skb_mark_not_on_list(seg);
		__skb_pull(seg, skb_network_offset(seg));
		deliver_or_give_back(net, seg, v6);
	}
}

static int okfn_v4(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	if (is_fraglist(skb))
		deliver_fraglist(net, skb, false);
	else
		deliver_or_give_back(net, skb, false);
	return 0;
}

static int okfn_v6(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	if (is_fraglist(skb))
		deliver_fraglist(net, skb, true);
	else
		deliver_or_give_back(net, skb, true);
	return 0;
}

static const struct nf_hook_entries *hook_entries(const struct nf_hook_state *s)
{
	if (s->pf == NFPROTO_IPV6)
		return rcu_dereference(s->net->nf.hooks_ipv6[s->hook]);
	return rcu_dereference(s->net->nf.hooks_ipv4[s->hook]);
}

/* Return: index of the first entry behind @self, or 0 if there is none. */
static unsigned int first_behind(const struct nf_hook_entries *e,
				 nf_hookfn *self)
{
	unsigned int i;

	if (!e)
		return 0;
	for (i = e->num_hook_entries; i > 0; i--)
		if (e->hooks[i - 1].hook == self)
			return i < e->num_hook_entries ? i : 0;
	return 0;
}

/*
 * What we steal the hooks behind us would never see: conntrack's confirm, if
 * it was there first. So they have their turn now. Who queues the packet lets
 * it go on with our okfn.
 *
 * Return: true if @skb goes on, false if it is gone.
 */
static bool pass_hooks_behind(struct sk_buff *skb, nf_hookfn *self,
			      const struct nf_hook_state *state)
{
	const struct nf_hook_entries *e = hook_entries(state);
	unsigned int i = first_behind(e, self);
	struct nf_hook_state copy = *state;

	if (likely(!i))
		return true;
	copy.okfn = state->pf == NFPROTO_IPV6 ? okfn_v6 : okfn_v4;
	return nf_hook_slow(skb, &copy, e, i) == 1;
}

static void remember_okfn(okfn_t **p, okfn_t *okfn)
{
	if (unlikely(READ_ONCE(*p) != okfn))
		WRITE_ONCE(*p, okfn);
}

/* It is ours. */
static void take(struct arrival *a, struct sk_buff *skb, struct xtcp_ep *ep,
		 nf_hookfn *self, const struct nf_hook_state *state)
{
	bool v6 = a->key.v6;

	if (!pass_hooks_behind(skb, self, state)) {
		xtcp_ep_put(ep);
	} else if (is_fraglist(skb)) {
		xtcp_ep_put(ep);
		deliver_fraglist(state->net, skb, v6);
	} else {
		deliver(a, skb, ep);
	}
}

static unsigned int steer(struct arrival *a, struct sk_buff *skb,
			  nf_hookfn *self, const struct nf_hook_state *state)
{
	struct xtcp_ep *ep;

	/* A packet that was queued to a program comes in process context. */
	local_bh_disable();
	ep = find_endpoint(a, skb);
	if (ep)
		take(a, skb, ep, self, state);
	local_bh_enable();
	return ep ? NF_STOLEN : NF_ACCEPT;
}

unsigned int xtcp_arrival_v4(struct sk_buff *skb, nf_hookfn *self,
			     const struct nf_hook_state *state)
{
	struct arrival a;

	if (is_spoken_for(skb) || !read_v4(&a, state->net, skb))
		return NF_ACCEPT;
	remember_okfn(&kernel_okfn_v4, state->okfn);
	return steer(&a, skb, self, state);
}

unsigned int xtcp_arrival_v6(struct sk_buff *skb, int thoff, nf_hookfn *self,
			     const struct nf_hook_state *state)
{
	struct arrival a;

	if (is_spoken_for(skb) || !read_v6(&a, state->net, skb, thoff))
		return NF_ACCEPT;
	remember_okfn(&kernel_okfn_v6, state->okfn);
	return steer(&a, skb, self, state);
}
