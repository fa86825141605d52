// SPDX-License-Identifier: GPL-2.0
/*
 * Errors that ICMP reports for our segments (RFC 5461, RFC 5927). They may be
 * forged by anybody who guesses a 4-tuple, so the quoted sequence number has
 * to be one that is on its way; and they end a connection only before it is
 * established. Afterwards they are remembered, for the message when
 * retransmission gives up, or make segments smaller.
 */
#include <linux/errqueue.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <net/icmp.h>
#include <net/ip6_checksum.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/route.h>
#include "protocol.h"

/**
 * struct report - an error, the same for both families
 * @skb: ICMP packet, data at the quoted IP header
 * @key: the quoted segment's addresses
 * @th: quoted TCP header, of which only the first eight bytes need be there
 * @err: errno for the program, 0 if there is nothing to say
 * @info: what the program is told beside @err
 * @mtu: only segments up to this size pass, bytes; 0 if it is another error
 * @fatal: a request for which it comes is given up
 * @no_route: nobody knows a way there at the moment (RFC 6069)
 */
struct report {
	struct sk_buff		*skb;
	struct xtcp_key		key;
	const struct tcphdr	*th;
	int			err;
	u32			info;
	u32			mtu;
	bool			fatal;
	bool			no_route;
};

/* ---- path MTU (RFC 1191, RFC 8201) ---- */

static struct dst_entry *route_of(struct sock *sk)
{
	bool v6 = xtcp_sk(sk)->ep.v6;
	struct dst_entry *dst;

	dst = __sk_dst_check(sk, v6 ? inet6_sk(sk)->dst_cookie : 0);
	return dst ?: xtcp_af(v6)->reroute(sk);
}

/* The route knows how low an MTU may be believed: ask it for the result. */
static void reduce_mtu(struct sock *sk, u32 mtu)
{
	struct dst_entry *dst = route_of(sk);

	if (!dst)
		return;
	dst->ops->update_pmtu(dst, sk, NULL, mtu, true);
	dst = route_of(sk);
	if (dst)
		xtcp_mtu_reduced(sk, dst_mtu(dst));
}

static bool accepts_pmtu(const struct sock *sk)
{
	return xtcp_sk(sk)->ep.v6 ? ip6_sk_accept_pmtu(sk) :
				    ip_sk_accept_pmtu(sk);
}

/* Unlike other errors this one cannot be let go by while the lock is held. */
static void sock_mtu(struct sock *sk, u32 mtu)
{
	if (!accepts_pmtu(sk))
		return;
	if (!sock_owned_by_user(sk)) {
		reduce_mtu(sk, mtu);
		return;
	}
	WRITE_ONCE(xtcp_sk(sk)->mtu_info, mtu);
	if (!test_and_set_bit(XTCP_DEFER_MTU, &sk->sk_tsq_flags))
		sock_hold(sk);
}

void xtcp_icmp_run_deferred(struct sock *sk)
{
	if (!((1 << sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN)))
		reduce_mtu(sk, READ_ONCE(xtcp_sk(sk)->mtu_info));
	__sock_put(sk);
}

/* ---- the program ---- */

/* Where in the packet the address stands to which the segment was sent. */
static u16 quoted_daddr_offset(const struct report *r)
{
	const struct sk_buff *skb = r->skb;
	const u8 *addr;

	if (r->key.v6)
		addr = (u8 *)&((struct ipv6hdr *)skb->data)->daddr;
	else
		addr = (u8 *)&((struct iphdr *)skb->data)->daddr;
	return addr - skb_network_header(skb);
}

/* For recvmsg(MSG_ERRQUEUE), in the form that ip(7) and ipv6(7) tell. */
static void queue_error(struct sock *sk, const struct report *r)
{
	/* Type and code stand at the same place in both. */
	const struct icmphdr *icmph = icmp_hdr(r->skb);
	unsigned int quoted = (u8 *)r->th - r->skb->data;
	struct sock_exterr_skb *serr;
	struct sk_buff *skb;

	skb = skb_clone(r->skb, GFP_ATOMIC);
	if (!skb)
		return;
	serr = SKB_EXT_ERR(skb);
	memset(serr, 0, sizeof(*serr));
	serr->ee.ee_errno = r->err;
	serr->ee.ee_origin = r->key.v6 ? SO_EE_ORIGIN_ICMP6 : SO_EE_ORIGIN_ICMP;
	serr->ee.ee_type = icmph->type;
	serr->ee.ee_code = icmph->code;
	serr->ee.ee_info = r->info;
	serr->addr_offset = quoted_daddr_offset(r);
	serr->port = r->key.rport;
	skb->protocol = htons(r->key.v6 ? ETH_P_IPV6 : ETH_P_IP);

	__skb_pull(skb, quoted);
	skb_reset_transport_header(skb);
	if (sock_queue_err_skb(sk, skb))
		kfree_skb(skb);
}

/* RFC 5461, 4.1: while the connection is being made, an error ends it. */
static void fail_open(struct sock *sk, const struct report *r)
{
	if (!r->key.v6 || xtcp_sk_recverr(sk, true))
		queue_error(sk, r);
	if (sock_owned_by_user(sk)) {
		WRITE_ONCE(sk->sk_err_soft, r->err);
		return;
	}
	XTCP_INC(sock_net(sk), ATTEMPTFAILS);
	xtcp_abort(sk, r->err);
}

/* RFC 5461, 4.2: afterwards it is a hint, unless the program wants to know. */
static void tell_connected(struct sock *sk, const struct report *r)
{
	if (!sock_owned_by_user(sk) && xtcp_sk_recverr(sk, r->key.v6)) {
		WRITE_ONCE(sk->sk_err, r->err);
		sk_error_report(sk);
	} else {
		WRITE_ONCE(sk->sk_err_soft, r->err);
	}
}

/*
 * RFC 6069: the segment was not lost to congestion but for want of a route,
 * so its back-off is taken back by one step.
 */
static void revert_backoff(struct sock *sk, const struct report *r)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct sk_buff *skb = xtcp_rtxq_head(sk);
	u32 since, rto;

	if (sock_owned_by_user(sk) || !skb || !xs->retransmits ||
	    !xs->backoff || xs->rtx_kind != XTCP_RTX_RTO ||
	    ntohl(r->th->seq) != xs->snd_una)
		return;
	xs->backoff--;
	rto = xtcp_rto_jiffies(sk);
	since = usecs_to_jiffies(us_since(xtcp_clock_us(),
					  XTCP_SEG(skb)->tx.sent_us));
	xtcp_timer_arm(sk, XTCP_DL_RTX,
		       (u32)jiffies + (rto > since ? rto - since : 0));
}

static void tell(struct sock *sk, const struct report *r)
{
	if (!r->err)
		return;
	if (r->no_route)
		revert_backoff(sk, r);
	if ((1 << sk->sk_state) & (TCPF_SYN_SENT | TCPF_SYN_RECV))
		fail_open(sk, r);
	else
		tell_connected(sk, r);
}

/* ---- whom it concerns ---- */

static bool ttl_too_low(const struct sock *sk, const struct report *r)
{
	const struct sk_buff *skb = r->skb;

	if (r->key.v6)
		return ipv6_hdr(skb)->hop_limit <
		       READ_ONCE(inet6_sk(sk)->min_hopcount);
	return ((struct iphdr *)skb->data)->ttl <
	       READ_ONCE(inet_sk(sk)->min_ttl);
}

/* The socket is bh-locked, maybe owned. */
static void sock_report(struct sock *sk, const struct report *r)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	if ((1 << sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN))
		return;
	if (ttl_too_low(sk, r)) {
		XTCP_INC(sock_net(sk), MINTTLDROP);
		return;
	}
	if (!seq_within(xs->snd_una, ntohl(r->th->seq), xs->snd_nxt)) {
		XTCP_INC(sock_net(sk), OUTOFWINDOWICMPS);
		return;
	}
	if (r->mtu) {
		sock_mtu(sk, r->mtu);
		return;
	}
	if (sock_owned_by_user(sk))
		XTCP_INC(sock_net(sk), LOCKDROPPEDICMPS);
	tell(sk, r);
}

static void req_report(struct xtcp_req *req, const struct report *r)
{
	if (ntohl(r->th->seq) != req->isn)
		XTCP_INC(r->key.net, OUTOFWINDOWICMPS);
	else if (r->fatal)
		xtcp_req_drop(req);
}

static void deliver_report(const struct report *r)
{
	struct xtcp_ep *ep = xtcp_hash_find(&r->key);
	struct sock *sk;

	if (!ep)
		return;
	XTCP_INC(r->key.net, ICMPERRS);
	switch (ep->kind) {
	case XTCP_EP_SOCK:
		sk = &xtcp_ep_sk(ep)->inet.sk;
		bh_lock_sock(sk);
		sock_report(sk, r);
		bh_unlock_sock(sk);
		break;
	case XTCP_EP_REQUEST:
		req_report(container_of(ep, struct xtcp_req, ep), r);
		break;
	case XTCP_EP_TIMEWAIT:
		break;
	}
	xtcp_ep_put(ep);
}

/* ---- IPv4 ---- */

/* net.ipv4.ip_no_pmtu_disc: 0, and 3 for who checks as we do, believe it. */
static bool believes_frag_needed(const struct net *net)
{
	int mode = READ_ONCE(net->ipv4.sysctl_ip_no_pmtu_disc);

	return !mode || mode == 3;
}

/* Return: false if the message does not concern TCP. */
static bool parse_unreach(struct report *r, const struct icmphdr *icmph)
{
	if (icmph->code > NR_ICMP_UNREACH)
		return false;
	if (icmph->code == ICMP_FRAG_NEEDED) {
		/* Old routers send 0: the least that is ever believed, then. */
		r->mtu = ntohs(icmph->un.frag.mtu) ?: 1;
		return believes_frag_needed(r->key.net);
	}
	r->err = icmp_err_convert[icmph->code].errno;
	r->no_route = icmph->code == ICMP_NET_UNREACH ||
		      icmph->code == ICMP_HOST_UNREACH;
	r->fatal = r->no_route;
	return true;
}

static bool parse_icmp_v4(struct report *r)
{
	const struct icmphdr *icmph = icmp_hdr(r->skb);

	switch (icmph->type) {
	case ICMP_DEST_UNREACH:
		return parse_unreach(r, icmph);
	case ICMP_TIME_EXCEEDED:
		r->err = EHOSTUNREACH;
		r->fatal = true;
		return icmph->code != ICMP_EXC_FRAGTIME;
	case ICMP_PARAMETERPROB:
		r->err = EPROTO;
		r->info = ntohl(icmph->un.gateway) >> 24;
		r->fatal = true;
		return true;
	}
	return false;
}

static void icmp_v4(struct net *net, struct sk_buff *skb)
{
	struct report r = { .skb = skb, .key.net = net };
	const struct iphdr *iph;
	unsigned int len;

	if (!pskb_may_pull(skb, sizeof(*iph)))
		return;
	iph = (struct iphdr *)skb->data;
	len = iph->ihl * 4;
	/* Of a fragment only the first quotes our header. */
	if (iph->protocol != IPPROTO_TCP || len < sizeof(*iph) ||
	    iph->frag_off & htons(IP_OFFSET) || !pskb_may_pull(skb, len + 8) ||
	    !parse_icmp_v4(&r))
		return;

	iph = (struct iphdr *)skb->data;
	r.th = (struct tcphdr *)(skb->data + len);
	r.key.laddr = iph->saddr;
	r.key.raddr = iph->daddr;
	r.key.lport = r.th->source;
	r.key.rport = r.th->dest;
	r.key.dif = inet_iif(skb);
	r.key.sdif = inet_sdif(skb);
	deliver_report(&r);
}

/* ---- IPv6 ---- */

static bool parse_icmp_v6(struct report *r)
{
	const struct icmp6hdr *icmph = icmp6_hdr(r->skb);

	r->info = ntohl(icmph->icmp6_mtu);
	if (icmph->icmp6_type == ICMPV6_PKT_TOOBIG) {
		r->mtu = r->info;
		return r->mtu >= IPV6_MIN_MTU;	/* RFC 8201, 4 */
	}
	r->fatal = icmpv6_err_convert(icmph->icmp6_type, icmph->icmp6_code,
				      &r->err);
	r->no_route = icmph->icmp6_type == ICMPV6_DEST_UNREACH &&
		      icmph->icmp6_code == ICMPV6_NOROUTE;
	return true;
}

/* Return: offset of the quoted TCP header from skb->data, or -1. */
static int quoted_tcp_v6(struct sk_buff *skb)
{
	int off = sizeof(struct ipv6hdr);
	__be16 frag_off = 0;
	u8 nexthdr;

	if (!pskb_may_pull(skb, off))
		return -1;
	nexthdr = ((struct ipv6hdr *)skb->data)->nexthdr;
	if (ipv6_ext_hdr(nexthdr))
		off = ipv6_skip_exthdr(skb, off, &nexthdr, &frag_off);
	if (off < 0 || nexthdr != IPPROTO_TCP ||
	    frag_off & htons(IP6_OFFSET) || !pskb_may_pull(skb, off + 8))
		return -1;
	return off;
}

static void icmp_v6(struct net *net, struct sk_buff *skb)
{
	struct report r = { .skb = skb, .key.net = net };
	const struct ipv6hdr *hdr;
	int off = quoted_tcp_v6(skb);

	if (off < 0 || !parse_icmp_v6(&r))
		return;
	hdr = (struct ipv6hdr *)skb->data;
	r.th = (struct tcphdr *)(skb->data + off);
	r.key.v6 = true;
	r.key.laddr6 = &hdr->saddr;
	r.key.raddr6 = &hdr->daddr;
	r.key.lport = r.th->source;
	r.key.rport = r.th->dest;
	r.key.dif = inet6_iif(skb);
	r.key.sdif = inet6_sdif(skb);
	deliver_report(&r);
}

/* ---- the packet, as the hook sees it ---- */

static bool icmp_csum_ok(struct sk_buff *skb, int off, bool v6)
{
	int len = skb->len - off;
	__wsum sum;

	if (skb_csum_unnecessary(skb))
		return true;
	sum = skb_checksum(skb, off, len, 0);
	if (!v6)
		return !csum_fold(sum);
	return !csum_ipv6_magic(&ipv6_hdr(skb)->saddr, &ipv6_hdr(skb)->daddr,
				len, IPPROTO_ICMPV6, sum);
}

static bool is_icmp_error(struct sk_buff *skb, int off, bool v6)
{
	const u8 *type;
	u8 buf;

	type = skb_header_pointer(skb, off, sizeof(buf), &buf);
	if (!type)
		return false;
	if (v6)
		return *type >= ICMPV6_DEST_UNREACH &&
		       *type <= ICMPV6_PARAMPROB;
	return *type == ICMP_DEST_UNREACH || *type == ICMP_TIME_EXCEEDED ||
	       *type == ICMP_PARAMETERPROB;
}

/* Show the error to the protocol as the kernel would, and put all back. */
void xtcp_icmp_look(struct net *net, struct sk_buff *skb, int off, bool v6)
{
	/* Both kinds of header are 8 bytes. */
	int quoted = off + sizeof(struct icmphdr);
	int saved = skb_transport_offset(skb);

	if (!is_icmp_error(skb, off, v6) || !pskb_may_pull(skb, quoted) ||
	    !icmp_csum_ok(skb, off, v6))
		return;
	local_bh_disable();
	skb_set_transport_header(skb, off);
	__skb_pull(skb, quoted);
	if (v6)
		icmp_v6(net, skb);
	else
		icmp_v4(net, skb);
	__skb_push(skb, quoted);
	skb_set_transport_header(skb, saved);
	local_bh_enable();
}
