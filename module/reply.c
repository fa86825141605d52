// SPDX-License-Identifier: GPL-2.0
/*
 * Segments that belong to no connection: RST for what has no business here,
 * SYN-ACK of a request, ACK of a request or a TIME_WAIT entry. They are sent
 * by the listener or by a control socket of the namespace.
 */
#include <net/inet_common.h>
#include <net/tcp.h>
#include "transmit.h"

int xtcp_reply_net_init(struct net *net)
{
	struct xtcp_net *xn = xtcp_pernet(net);
	int err;

	err = inet_ctl_sock_create(&xn->ctl4, AF_INET, SOCK_RAW, IPPROTO_TCP,
				   net);
	if (err)
		return err;
	/* Without IPv6 in the kernel there is nobody to answer. */
	err = inet_ctl_sock_create(&xn->ctl6, AF_INET6, SOCK_RAW, IPPROTO_TCP,
				   net);
	if (err)
		xn->ctl6 = NULL;
	return 0;
}

void xtcp_reply_net_exit(struct net *net)
{
	struct xtcp_net *xn = xtcp_pernet(net);

	if (xn->ctl6)
		inet_ctl_sock_destroy(xn->ctl6);
	inet_ctl_sock_destroy(xn->ctl4);
}

struct reply {
	u32	seq;
	u32	ack;
	u16	flags;
	u16	window;
	u32	mark;
	u8	tos;
};

/* @key: local is where the reply comes from. @dst: by which route. */
static int send_on(const struct sock *sk, const struct xtcp_key *key,
		   struct dst_entry *dst, const struct reply *r,
		   struct xtcp_options *o)
{
	unsigned int len = sizeof(struct tcphdr) + xtcp_options_len(o);
	struct sk_buff *skb;
	struct tcphdr *th;

	skb = alloc_skb(MAX_TCP_HEADER, GFP_ATOMIC | __GFP_NOWARN);
	if (!skb) {
		XTCP_INC(key->net, NOMEM);
		return -ENOBUFS;
	}
	skb_reserve(skb, MAX_TCP_HEADER);
	th = skb_push(skb, len);
	skb_reset_transport_header(skb);
	th->source = key->lport;
	th->dest = key->rport;
	th->seq = htonl(r->seq);
	th->ack_seq = htonl(r->ack);
	((__be16 *)th)[6] = htons((len >> 2) << 12 | r->flags);
	th->window = htons(r->window);
	th->urg_ptr = 0;
	if (len > sizeof(*th))
		xtcp_options_write((__be32 *)(th + 1), o);
	XTCP_INC(key->net, OUTSEGS);
	return xtcp_af(key->v6)->send_to(sk, skb, key, dst, r->mark, r->tos);
}

static void send_by_ctl(const struct xtcp_key *key, const struct reply *r,
			struct xtcp_options *o)
{
	struct xtcp_net *xn = xtcp_pernet(key->net);
	struct sock *sk = key->v6 ? xn->ctl6 : xn->ctl4;
	struct dst_entry *dst;

	if (!sk)
		return;
	dst = xtcp_af(key->v6)->route_to(sk, key, r->mark, r->tos);
	if (!dst)
		return;
	send_on(sk, key, dst, r, o);
	dst_release(dst);
}

void xtcp_reply_rst(struct sk_buff *skb, const struct xtcp_key *key)
{
	const struct tcphdr *th = tcp_hdr(skb);
	struct xtcp_options none = {};
	struct reply r = {
		.flags = TCPHDR_RST,
		.mark = key->v6 ? IP6_REPLY_MARK(key->net, skb->mark) :
				  IP4_REPLY_MARK(key->net, skb->mark),
	};

	if (th->rst)	/* no RST in answer to an RST */
		return;
	if (th->ack) {
		r.seq = ntohl(th->ack_seq);
	} else {
		r.flags |= TCPHDR_ACK;
		r.ack = ntohl(th->seq) + th->syn + th->fin + skb->len -
			(th->doff << 2);
	}
	XTCP_INC(key->net, OUTRSTS);
	send_by_ctl(key, &r, &none);
}

void xtcp_reply_rst_from(const struct sock *sk, struct sk_buff *skb)
{
	struct xtcp_key key;

	xtcp_sk_key(sk, &key);
	xtcp_reply_rst(skb, &key);
}

void xtcp_reply_tw_ack(struct xtcp_tw *tw)
{
	struct xtcp_options o = {};
	struct reply r = {
		.flags = TCPHDR_ACK,
		.seq = tw->snd_nxt,
		.ack = tw->rcv_nxt,
		.window = tw->rcv_wnd,
	};
	struct xtcp_key key;

	if (tw->flags & XTCP_TW_TS_OK) {
		o.has_ts = 1;
		o.tsval = xtcp_clock_ms() + tw->ts_offset;
		o.tsecr = tw->ts_recent;
	}
	xtcp_ep_key(&tw->ep, &key);
	send_by_ctl(&key, &r, &o);
}

static void req_options(const struct xtcp_req *req, struct xtcp_options *o)
{
	memset(o, 0, sizeof(*o));
	if (!req->ts_ok)
		return;
	o->has_ts = 1;
	o->tsval = xtcp_clock_ms() + req->ts_offset;
	o->tsecr = req->ts_recent;
}

bool xtcp_reply_route(struct xtcp_req *req)
{
	struct dst_entry *dst = req->dst;
	struct xtcp_key key;

	if (dst && !(dst->obsolete && !dst->ops->check(dst, 0)))
		return true;
	dst_release(dst);
	xtcp_ep_key(&req->ep, &key);
	req->dst = xtcp_af(key.v6)->route_to(req->listener, &key, req->mark,
					     req->tos);
	return req->dst;
}

static int send_for_req(struct xtcp_req *req, const struct reply *r,
			struct xtcp_options *o)
{
	struct dst_entry *dst = NULL;
	struct xtcp_key key;
	int err;

	spin_lock_bh(&req->lock);
	if (xtcp_reply_route(req))
		dst = dst_clone(req->dst);
	spin_unlock_bh(&req->lock);
	if (!dst)
		return -EHOSTUNREACH;
	xtcp_ep_key(&req->ep, &key);
	err = send_on(req->listener, &key, dst, r, o);
	dst_release(dst);
	return err;
}

int xtcp_reply_synack(struct xtcp_req *req)
{
	struct xtcp_options o;
	struct reply r = {
		.flags = TCPHDR_SYN | TCPHDR_ACK,
		.seq = req->isn,
		.ack = req->irs + 1,
		.window = min_t(u32, req->rcv_wnd, U16_MAX),
		.mark = req->mark,
		.tos = req->tos,
	};

	req_options(req, &o);
	o.mss = req->advmss;
	o.sack_perm = req->sack_ok;
	o.has_wscale = req->wscale_ok;
	o.wscale = req->rcv_wscale;
	return send_for_req(req, &r, &o);
}

void xtcp_reply_req_ack(struct xtcp_req *req)
{
	struct xtcp_options o;
	struct reply r = {
		.flags = TCPHDR_ACK,
		.seq = req->isn + 1,
		.ack = req->irs + 1,
		.window = req->rcv_wnd >> req->rcv_wscale,
		.mark = req->mark,
		.tos = req->tos,
	};

	req_options(req, &o);
	send_for_req(req, &r, &o);
}
