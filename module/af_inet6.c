// SPDX-License-Identifier: GPL-2.0
/* IPv6 below XTCP: routes, the pseudo header, sending. */
#include <net/addrconf.h>
#include <net/ip6_checksum.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/tcp.h>
#include <net/transp_v6.h>
#include "stores.h"

/* The flow of a connected socket, or one that is about to connect. */
static void flow_of_sk(const struct sock *sk, struct flowi6 *fl6)
{
	const struct ipv6_pinfo *np = inet6_sk(sk);

	memset(fl6, 0, sizeof(*fl6));
	fl6->flowi6_proto = IPPROTO_TCP;
	fl6->daddr = sk->sk_v6_daddr;
	fl6->saddr = np->saddr;
	fl6->flowlabel = ip6_make_flowinfo(np->tclass, np->flow_label);
	fl6->flowi6_oif = sk->sk_bound_dev_if;
	fl6->flowi6_mark = READ_ONCE(sk->sk_mark);
	fl6->fl6_dport = sk->sk_dport;
	fl6->fl6_sport = inet_sk(sk)->inet_sport;
	fl6->flowi6_uid = sk->sk_uid;
	xtcp_classify_flow(sk, flowi6_to_flowi_common(fl6));
}

/* Find the route of @fl6 and cache it; source address filled in if any. */
static struct dst_entry *route_flow(struct sock *sk, struct flowi6 *fl6)
{
	struct in6_addr *final_p, final;
	struct dst_entry *dst;

	rcu_read_lock();
	final_p = fl6_update_dst(fl6, rcu_dereference(inet6_sk(sk)->opt),
				 &final);
	rcu_read_unlock();
	dst = ip6_dst_lookup_flow(sock_net(sk), sk, fl6, final_p);
	if (!IS_ERR(dst))
		ip6_dst_store(sk, dst, NULL, NULL);
	return dst;
}

static int check_link_local(struct sock *sk, const struct sockaddr_in6 *usin,
			    int addr_len)
{
	if (!(ipv6_addr_type(&usin->sin6_addr) & IPV6_ADDR_LINKLOCAL))
		return 0;
	if (addr_len >= (int)sizeof(struct sockaddr_in6) &&
	    usin->sin6_scope_id) {
		if (!sk_dev_equal_l3scope(sk, usin->sin6_scope_id))
			return -EINVAL;
		sk->sk_bound_dev_if = usin->sin6_scope_id;
	}
	return sk->sk_bound_dev_if ? 0 : -EINVAL;
}

static int take_flow_label(struct sock *sk, const struct sockaddr_in6 *usin)
{
	struct ipv6_pinfo *np = inet6_sk(sk);
	struct ip6_flowlabel *label;
	__be32 flowinfo;

	if (!xtcp_sndflow(sk))
		return 0;
	flowinfo = usin->sin6_flowinfo & IPV6_FLOWINFO_MASK;
	if (flowinfo & IPV6_FLOWLABEL_MASK) {
		label = fl6_sock_lookup(sk, flowinfo & IPV6_FLOWLABEL_MASK);
		if (IS_ERR(label))
			return -EINVAL;
		fl6_sock_release(label);
	}
	np->flow_label = flowinfo & IPV6_FLOWLABEL_MASK;
	return 0;
}

/* An IPv6 socket connects to an IPv4 peer, ::ffff:a.b.c.d. */
static int connect_mapped(struct sock *sk, const struct sockaddr_in6 *usin)
{
	struct ipv6_pinfo *np = inet6_sk(sk);
	struct sockaddr_in sin = {
		.sin_family = AF_INET,
		.sin_port = usin->sin6_port,
		.sin_addr.s_addr = usin->sin6_addr.s6_addr32[3],
	};
	int err;

	if (ipv6_only_sock(sk))
		return -ENETUNREACH;
	err = xtcp_af_inet.route_connect(sk, (struct sockaddr *)&sin,
					 sizeof(sin));
	if (err)
		return err;
	sk->sk_v6_daddr = usin->sin6_addr;
	ipv6_addr_set_v4mapped(inet_sk(sk)->inet_saddr, &np->saddr);
	ipv6_addr_set_v4mapped(sk->sk_rcv_saddr, &sk->sk_v6_rcv_saddr);
	return 0;
}

static int connect_native(struct sock *sk, const struct sockaddr_in6 *usin)
{
	struct ipv6_pinfo *np = inet6_sk(sk);
	struct ipv6_txoptions *opt;
	struct dst_entry *dst;
	struct flowi6 fl6;

	xtcp_sk(sk)->ep.v6 = true;
	sk->sk_gso_type = SKB_GSO_TCPV6;
	sk->sk_v6_daddr = usin->sin6_addr;
	if (ipv6_addr_any(&sk->sk_v6_daddr))	/* this host, as BSD has it */
		sk->sk_v6_daddr = in6addr_loopback;
	sk->sk_dport = usin->sin6_port;
	if (!ipv6_addr_any(&sk->sk_v6_rcv_saddr))
		np->saddr = sk->sk_v6_rcv_saddr;

	flow_of_sk(sk, &fl6);
	dst = route_flow(sk, &fl6);
	if (IS_ERR(dst))
		return PTR_ERR(dst);
	if (ipv6_addr_any(&sk->sk_v6_rcv_saddr))
		sk->sk_v6_rcv_saddr = fl6.saddr;
	np->saddr = fl6.saddr;
	inet_sk(sk)->inet_rcv_saddr = LOOPBACK4_IPV6;

	opt = rcu_dereference_protected(np->opt, lockdep_sock_is_held(sk));
	xtcp_sk(sk)->ext_hdr_len = opt ? opt->opt_flen + opt->opt_nflen : 0;
	return 0;
}

static int af6_route_connect(struct sock *sk, struct sockaddr *uaddr,
			     int addr_len)
{
	struct sockaddr_in6 *usin = (struct sockaddr_in6 *)uaddr;
	int err;

	if (addr_len < SIN6_LEN_RFC2133)
		return -EINVAL;
	if (usin->sin6_family != AF_INET6)
		return -EAFNOSUPPORT;
	if (ipv6_addr_v4mapped(&usin->sin6_addr))
		return connect_mapped(sk, usin);
	if (ipv6_addr_is_multicast(&usin->sin6_addr))
		return -ENETUNREACH;
	err = take_flow_label(sk, usin);
	if (!err)
		err = check_link_local(sk, usin, addr_len);
	if (!err)
		err = connect_native(sk, usin);
	return err;
}

static struct dst_entry *af6_reroute(struct sock *sk)
{
	struct dst_entry *dst;
	struct flowi6 fl6;

	flow_of_sk(sk, &fl6);
	dst = route_flow(sk, &fl6);
	return IS_ERR(dst) ? NULL : dst;
}

/* Routes of IPv6 are found anew only where they depend on ports (IPsec). */
static int af6_route_ports(struct sock *sk, __be16 orig_sport)
{
	if (orig_sport == inet_sk(sk)->inet_sport)
		return 0;
	return af6_reroute(sk) ? 0 : -EHOSTUNREACH;
}

static int af6_xmit(struct sock *sk, struct sk_buff *skb)
{
	struct ipv6_pinfo *np = inet6_sk(sk);
	struct dst_entry *dst;
	struct flowi6 fl6;
	int err;

	flow_of_sk(sk, &fl6);
	dst = __sk_dst_check(sk, np->dst_cookie);
	if (!dst) {
		dst = route_flow(sk, &fl6);
		if (IS_ERR(dst)) {
			kfree_skb(skb);
			return PTR_ERR(dst);
		}
	}
	rcu_read_lock();
	skb_dst_set_noref(skb, dst);
	/* Routing headers put the final destination back. */
	fl6.daddr = sk->sk_v6_daddr;
	err = ip6_xmit(sk, skb, &fl6, READ_ONCE(sk->sk_mark),
		       rcu_dereference(np->opt), np->tclass,
		       READ_ONCE(sk->sk_priority));
	rcu_read_unlock();
	return err;
}

static void af6_check(const struct sock *sk, struct sk_buff *skb)
{
	tcp_hdr(skb)->check = ~tcp_v6_check(skb->len, &inet6_sk(sk)->saddr,
					    &sk->sk_v6_daddr, 0);
	xtcp_af_set_partial(skb);
}

/* Link-local peers are answered through the interface they are on. */
static int out_interface(const struct xtcp_key *key)
{
	if (ipv6_addr_type(key->raddr6) &
	    (IPV6_ADDR_MULTICAST | IPV6_ADDR_LINKLOCAL))
		return key->sdif ?: key->dif;
	return key->dif;
}

static void flow_of_key(const struct sock *sk, const struct xtcp_key *key,
			u32 mark, struct flowi6 *fl6)
{
	memset(fl6, 0, sizeof(*fl6));
	fl6->flowi6_proto = IPPROTO_TCP;
	fl6->saddr = *key->laddr6;
	fl6->daddr = *key->raddr6;
	fl6->fl6_sport = key->lport;
	fl6->fl6_dport = key->rport;
	fl6->flowi6_oif = out_interface(key);
	fl6->flowi6_mark = mark;
	fl6->flowi6_uid = sock_net_uid(key->net, sk);
	xtcp_classify_flow(sk, flowi6_to_flowi_common(fl6));
}

static struct dst_entry *af6_route_to(const struct sock *sk,
				      const struct xtcp_key *key, u32 mark,
				      u8 tos)
{
	struct dst_entry *dst;
	struct flowi6 fl6;

	flow_of_key(sk, key, mark, &fl6);
	dst = ip6_dst_lookup_flow(key->net, sk, &fl6, NULL);
	return IS_ERR(dst) ? NULL : dst;
}

static int af6_send_to(const struct sock *sk, struct sk_buff *skb,
		       const struct xtcp_key *key, struct dst_entry *dst,
		       u32 mark, u8 tos)
{
	struct flowi6 fl6;
	int err;

	flow_of_key(sk, key, mark, &fl6);
	skb_dst_set(skb, dst_clone(dst));
	skb->ip_summed = CHECKSUM_PARTIAL;
	tcp_hdr(skb)->check = ~tcp_v6_check(skb->len, key->laddr6, key->raddr6,
					    0);
	xtcp_af_set_partial(skb);
	rcu_read_lock();
	err = ip6_xmit(sk, skb, &fl6, mark, NULL, tos,
		       READ_ONCE(sk->sk_priority));
	rcu_read_unlock();
	return err;
}

static bool af6_csum_ok(struct sk_buff *skb)
{
	return !skb_checksum_init(skb, IPPROTO_TCP, ip6_compute_pseudo) &&
	       !tcp_checksum_complete(skb);
}

const struct xtcp_af xtcp_af_inet6 = {
	.net_hdr_len	= sizeof(struct ipv6hdr),
	.gso_type	= SKB_GSO_TCPV6,
	.route_connect	= af6_route_connect,
	.route_ports	= af6_route_ports,
	.reroute	= af6_reroute,
	.xmit		= af6_xmit,
	.check		= af6_check,
	.route_to	= af6_route_to,
	.send_to	= af6_send_to,
	.csum_ok	= af6_csum_ok,
};
