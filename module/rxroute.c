// SPDX-License-Identifier: GPL-2.0
/*
 * The inbound route of a connection: all its segments take the same, so it is
 * kept with the socket (sk_rx_dst) and given to those that come, last at
 * PRE_ROUTING, which spares the look-up. The kernel's TCP does so by early
 * demux and obeys the same two sysctls.
 *
 * Only the dst is set: the kernel's TCP takes any skb->sk for one of its own.
 */
#include <net/dst.h>
#include <net/ip.h>
#include <net/ip6_fib.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include "faces.h"

static u32 route_cookie(const struct dst_entry *dst, bool v6)
{
	return v6 ? rt6_get_cookie((const struct rt6_info *)dst) : 0;
}

/*
 * No lock: whoever finds the place empty fills it in. The route counts only
 * with its interface, which is written last and taken back first.
 */
void xtcp_rxroute_learn(struct sock *sk, const struct sk_buff *skb, bool v6)
{
	struct dst_entry *dst = skb_dst(skb);

	if (likely(rcu_access_pointer(sk->sk_rx_dst)) || !dst ||
	    !((1 << READ_ONCE(sk->sk_state)) & TCPF_ESTABLISHED) ||
	    !dst_hold_safe(dst))
		return;
	if (cmpxchg((struct dst_entry **)&sk->sk_rx_dst, NULL, dst)) {
		dst_release(dst);
		return;
	}
	sk->sk_rx_dst_cookie = route_cookie(dst, v6);
	/* Pairs with apply(): who sees the interface sees the cookie. */
	smp_store_release(&sk->sk_rx_dst_ifindex, skb->skb_iif);
}

void xtcp_rxroute_forget(struct sock *sk)
{
	struct dst_entry *dst;

	WRITE_ONCE(sk->sk_rx_dst_ifindex, 0);
	dst = xchg((struct dst_entry **)&sk->sk_rx_dst, NULL);
	dst_release(dst);
}

static void apply(struct sock *sk, struct sk_buff *skb)
{
	struct dst_entry *dst = rcu_dereference(sk->sk_rx_dst);

	if (!dst)
		return;
	/* Pairs with xtcp_rxroute_learn(). */
	if (smp_load_acquire(&sk->sk_rx_dst_ifindex) == skb->skb_iif &&
	    dst_check(dst, sk->sk_rx_dst_cookie))
		skb_dst_set_noref(skb, dst);
	else
		xtcp_rxroute_forget(sk);
}

static void apply_to(struct sk_buff *skb, struct xtcp_key *key, int thoff)
{
	const __be16 *ports;
	struct xtcp_ep *ep;
	__be16 buf[2];

	ports = skb_header_pointer(skb, thoff, sizeof(buf), buf);
	if (!ports)
		return;
	key->rport = ports[0];
	key->lport = ports[1];
	ep = xtcp_hash_find(key);
	if (!ep)
		return;
	if (ep->kind == XTCP_EP_SOCK)
		apply(&xtcp_ep_sk(ep)->inet.sk, skb);
	xtcp_ep_put(ep);
}

static bool is_wanted(const struct net *net, const struct sk_buff *skb)
{
	return !skb_dst(skb) && !skb->sk && skb->pkt_type == PACKET_HOST &&
	       READ_ONCE(net->ipv4.sysctl_ip_early_demux) &&
	       READ_ONCE(net->ipv4.sysctl_tcp_early_demux);
}

unsigned int xtcp_rxroute_v4(void *priv, struct sk_buff *skb,
			     const struct nf_hook_state *state)
{
	const struct iphdr *iph = ip_hdr(skb);
	struct xtcp_key key;

	if (iph->protocol != IPPROTO_TCP || ip_is_fragment(iph) ||
	    !is_wanted(state->net, skb))
		return NF_ACCEPT;
	key = (struct xtcp_key) {
		.net	= state->net,
		.laddr	= iph->daddr,
		.raddr	= iph->saddr,
		.dif	= skb->skb_iif,
		.sdif	= inet_sdif(skb),
	};
	apply_to(skb, &key, ip_hdrlen(skb));
	return NF_ACCEPT;
}

/* With extension headers the kernel has to look first. */
unsigned int xtcp_rxroute_v6(void *priv, struct sk_buff *skb,
			     const struct nf_hook_state *state)
{
	const struct ipv6hdr *hdr = ipv6_hdr(skb);
	struct xtcp_key key;

	if (hdr->nexthdr != IPPROTO_TCP || !is_wanted(state->net, skb))
		return NF_ACCEPT;
	key = (struct xtcp_key) {
		.net	= state->net,
		.v6	= true,
		.laddr6	= &hdr->daddr,
		.raddr6	= &hdr->saddr,
		.dif	= inet6_iif(skb),
		.sdif	= inet6_sdif(skb),
	};
	apply_to(skb, &key, sizeof(*hdr));
	return NF_ACCEPT;
}
