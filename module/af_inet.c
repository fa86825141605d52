// SPDX-License-Identifier: GPL-2.0
/* IPv4 below XTCP: routes, the pseudo header, sending. */
#include <linux/netfilter.h>
#include <net/ip.h>
#include <net/route.h>
#include <net/tcp.h>
#include "stores.h"

static int check_addr(struct sockaddr *uaddr, int addr_len)
{
	if (addr_len < (int)sizeof(struct sockaddr_in))
		return -EINVAL;
	if (uaddr->sa_family != AF_INET)
		return -EAFNOSUPPORT;
	return 0;
}

static int af4_route_connect(struct sock *sk, struct sockaddr *uaddr,
			     int addr_len)
{
	struct sockaddr_in *usin = (struct sockaddr_in *)uaddr;
	struct inet_sock *inet = inet_sk(sk);
	struct flowi4 *fl4 = &inet->cork.fl.u.ip4;
	struct ip_options_rcu *opt;
	__be32 daddr, nexthop;
	struct rtable *rt;
	int err;

	err = check_addr(uaddr, addr_len);
	if (err)
		return err;

	daddr = usin->sin_addr.s_addr;
	nexthop = daddr;
	opt = rcu_dereference_protected(inet->inet_opt,
					lockdep_sock_is_held(sk));
	if (opt && opt->opt.srr) {
		if (!daddr)
			return -EINVAL;
		nexthop = opt->opt.faddr;
	}
	rt = ip_route_connect(fl4, nexthop, inet->inet_saddr,
			      sk->sk_bound_dev_if, IPPROTO_TCP,
			      inet->inet_sport, usin->sin_port, sk);
	if (IS_ERR(rt)) {
		err = PTR_ERR(rt);
		if (err == -ENETUNREACH)
			IP_INC_STATS(sock_net(sk), IPSTATS_MIB_OUTNOROUTES);
		return err;
	}
	if (rt->rt_flags & (RTCF_MULTICAST | RTCF_BROADCAST)) {
		ip_rt_put(rt);
		return -ENETUNREACH;
	}
	if (!opt || !opt->opt.srr)
		daddr = fl4->daddr;
	if (!inet->inet_saddr) {
		inet->inet_saddr = fl4->saddr;
		inet->inet_rcv_saddr = fl4->saddr;
	}
	inet->inet_daddr = daddr;
	inet->inet_dport = usin->sin_port;
	xtcp_sk(sk)->ext_hdr_len = opt ? opt->opt.optlen : 0;
	xtcp_sk(sk)->ep.v6 = false;
	sk->sk_gso_type = SKB_GSO_TCPV4;
	sk_setup_caps(sk, &rt->dst);
	return 0;
}

static int af4_route_ports(struct sock *sk, __be16 orig_sport)
{
	struct inet_sock *inet = inet_sk(sk);
	struct flowi4 *fl4 = &inet->cork.fl.u.ip4;
	struct rtable *rt = (struct rtable *)sk_dst_get(sk);

	/* Gives the old route's reference back if it makes a new one. */
	rt = ip_route_newports(fl4, rt, orig_sport, inet->inet_dport,
			       inet->inet_sport, inet->inet_dport, sk);
	if (IS_ERR(rt))
		return PTR_ERR(rt);
	sk_setup_caps(sk, &rt->dst);
	return 0;
}

static struct dst_entry *af4_reroute(struct sock *sk)
{
	struct inet_sock *inet = inet_sk(sk);
	struct ip_options_rcu *opt;
	struct rtable *rt;
	__be32 daddr = inet->inet_daddr;

	rcu_read_lock();
	opt = rcu_dereference(inet->inet_opt);
	if (opt && opt->opt.srr)
		daddr = opt->opt.faddr;
	rt = ip_route_output_ports(sock_net(sk), &inet->cork.fl.u.ip4, sk,
				   daddr, inet->inet_saddr, inet->inet_dport,
				   inet->inet_sport, IPPROTO_TCP,
				   ip_sock_rt_tos(sk), sk->sk_bound_dev_if);
	rcu_read_unlock();
	if (IS_ERR(rt))
		return NULL;
	sk_setup_caps(sk, &rt->dst);
	return &rt->dst;
}

static int af4_xmit(struct sock *sk, struct sk_buff *skb)
{
	struct inet_sock *inet = inet_sk(sk);

	return __ip_queue_xmit(sk, skb, &inet->cork.fl, inet->tos);
}

static void af4_check(const struct sock *sk, struct sk_buff *skb)
{
	tcp_hdr(skb)->check = ~tcp_v4_check(skb->len, inet_sk(sk)->inet_saddr,
					    sk->sk_daddr, 0);
	xtcp_af_set_partial(skb);
}

static struct dst_entry *af4_route_to(const struct sock *sk,
				      const struct xtcp_key *key, u32 mark,
				      u8 tos)
{
	struct flowi4 fl4;
	struct rtable *rt;

	flowi4_init_output(&fl4, key->dif, mark, tos & ~INET_ECN_MASK,
			   RT_SCOPE_UNIVERSE, IPPROTO_TCP,
			   inet_sk_flowi_flags(sk), key->raddr, key->laddr,
			   key->rport, key->lport, sock_net_uid(key->net, sk));
	xtcp_classify_flow(sk, flowi4_to_flowi_common(&fl4));
	rt = ip_route_output_flow(key->net, &fl4, sk);
	return IS_ERR(rt) ? NULL : &rt->dst;
}

static int af4_send_to(const struct sock *sk, struct sk_buff *skb,
		       const struct xtcp_key *key, struct dst_entry *dst,
		       u32 mark, u8 tos)
{
	skb_dst_set(skb, dst_clone(dst));
	skb->mark = mark;
	skb->ip_summed = CHECKSUM_PARTIAL;
	tcp_hdr(skb)->check = ~tcp_v4_check(skb->len, key->laddr, key->raddr,
					    0);
	xtcp_af_set_partial(skb);
	return ip_build_and_send_pkt(skb, sk, key->laddr, key->raddr, NULL,
				     tos);
}

static bool af4_csum_ok(struct sk_buff *skb)
{
	return !skb_checksum_init(skb, IPPROTO_TCP, inet_compute_pseudo) &&
	       !tcp_checksum_complete(skb);
}

const struct xtcp_af xtcp_af_inet = {
	.net_hdr_len	= sizeof(struct iphdr),
	.gso_type	= SKB_GSO_TCPV4,
	.route_connect	= af4_route_connect,
	.route_ports	= af4_route_ports,
	.reroute	= af4_reroute,
	.xmit		= af4_xmit,
	.check		= af4_check,
	.route_to	= af4_route_to,
	.send_to	= af4_send_to,
	.csum_ok	= af4_csum_ok,
};
