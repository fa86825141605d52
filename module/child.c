// SPDX-License-Identifier: GPL-2.0
/*
 * The third segment of a passive open: a request in SYN-RECEIVED becomes a
 * connection (RFC 9293, section 3.10.7.4).
 */
#include <net/ipv6.h>
#include <net/tcp.h>
#include <net/transp_v6.h>
#include "protocol.h"

/* ---- the child ---- */

static void child_inet(struct sock *child, const struct xtcp_req *req)
{
	struct inet_sock *inet = inet_sk(child);

	inet->inet_daddr = req->ep.raddr;
	inet->inet_rcv_saddr = req->ep.laddr;
	inet->inet_saddr = req->ep.laddr;
	inet->inet_dport = req->ep.rport;
	inet->inet_sport = req->ep.lport;
	inet->inet_num = ntohs(req->ep.lport);
	RCU_INIT_POINTER(inet->inet_opt, NULL);
	RCU_INIT_POINTER(inet->mc_list, NULL);
	memset(&inet->cork, 0, sizeof(inet->cork));
	inet->cork.fl.u.ip4.daddr = req->ep.raddr;
	inet->cork.fl.u.ip4.saddr = req->ep.laddr;
	xtcp_set_inet_id(child);
}

static void child_inet6(struct sock *child, const struct sock *listener,
			const struct xtcp_req *req)
{
	struct inet_sock *inet = inet_sk(child);
	struct ipv6_pinfo *np = &((struct xtcp6_sock *)child)->inet6;

	*np = *inet6_sk(listener);
	inet->pinet6 = np;
	xtcp_forget_flow_labels(child);
	np->ipv6_mc_list = NULL;
	np->ipv6_ac_list = NULL;
	np->pktoptions = NULL;
	np->flow_label = 0;
	RCU_INIT_POINTER(np->opt, NULL);
	if (req->ep.v6) {
		np->saddr = req->v6[0];
		child->sk_v6_rcv_saddr = req->v6[0];
		child->sk_v6_daddr = req->v6[1];
		inet->inet_daddr = LOOPBACK4_IPV6;
		inet->inet_saddr = LOOPBACK4_IPV6;
		inet->inet_rcv_saddr = LOOPBACK4_IPV6;
	} else {
		ipv6_addr_set_v4mapped(req->ep.laddr, &np->saddr);
		ipv6_addr_set_v4mapped(req->ep.raddr, &child->sk_v6_daddr);
		child->sk_v6_rcv_saddr = np->saddr;
	}
}

/* A clone of the listener: clear what was the listener's alone. */
static void child_forget(struct sock *child)
{
	struct xtcp_sock *xs = xtcp_sk(child);

	memset(&xs->ep, 0, sizeof(xs->ep));
	xs->ep.kind = XTCP_EP_SOCK;
	memset_startat(xs, 0, rcv_nxt);
	xs->ofo_queue = RB_ROOT;
	xs->listener = NULL;
	xs->defer_accept = 0;
	xs->port = NULL;
	INIT_LIST_HEAD(&xs->queue_node);
	xs->listen_node.pprev = NULL;
	child->tcp_rtx_queue = RB_ROOT;
	child->sk_tsq_flags = 0;
	atomic64_set(&child->sk_cookie, 0);
	child->sk_shutdown = 0;
	xtcp_timer_setup(child);
	xtcp_net_user_get(sock_net(child));
	xtcp_object_made(XTCP_OBJ_SOCK);
}

static void child_sequence(struct sock *child, const struct xtcp_req *req)
{
	struct xtcp_sock *xs = xtcp_sk(child);

	xs->rcv_nxt = req->irs + 1;
	xs->rcv_wup = xs->rcv_nxt;
	xs->copied_seq = xs->rcv_nxt;
	xs->snd_una = req->isn;
	xs->snd_nxt = req->isn + 1;
	xs->snd_sml = xs->snd_nxt;
	xs->write_seq = xs->snd_nxt;
	xs->pushed_seq = xs->snd_nxt;
	xs->snd_wl1 = req->irs;
	xs->rcv_wnd = req->rcv_wnd;
	xs->rcv_ssthresh = req->rcv_wnd;
	xs->ts_offset = req->ts_offset;
	xs->ts_ok = req->ts_ok;
	xs->sack_ok = req->sack_ok;
	xs->wscale_ok = req->wscale_ok;
	xs->snd_wscale = req->wscale_ok ? req->snd_wscale : 0;
	xs->rcv_wscale = req->rcv_wscale;
	xs->ts_recent = req->ts_recent;
	xs->ts_recent_stamp = xs->ts_ok ? xtcp_clock_s() : 0;
	xs->advmss = req->advmss;
	xs->total_retrans = req->retrans;
	if (!xs->window_clamp)
		xs->window_clamp = (u32)U16_MAX << XTCP_MAX_WSCALE;
}

static void child_path(struct sock *child, struct xtcp_req *req)
{
	struct xtcp_sock *xs = xtcp_sk(child);

	xtcp_rtt_init(&xs->rtt);
	if (!req->retrans)
		xtcp_rtt_sample(&xs->rtt,
				max(us_since(xtcp_clock_us(), req->sent_us), 1U),
				XTCP_RTO_MIN_US, xs->snd_una, xs->snd_nxt);
	child->sk_mark = req->mark;
	child->sk_bound_dev_if = req->ep.dif;
	child->sk_gso_type = xtcp_af(req->ep.v6)->gso_type;
	xs->mss_clamp = req->mss;
	if (xs->user_mss)
		xs->mss_clamp = min(xs->mss_clamp, xs->user_mss);
	/* The request's reference becomes the child's. */
	sk_setup_caps(child, req->dst);
	if (req->ep.v6)
		inet6_sk(child)->dst_cookie = xtcp_dst_cookie(req->dst);
	xtcp_mss_sync(child, dst_mtu(req->dst));
	req->dst = NULL;
	sk_set_txhash(child);
}

/* The listener is not locked: its control may be changed at this moment. */
static void child_cc(struct sock *child, struct sock *listener)
{
	const struct xtcp_cc_ops *ops;

	rcu_read_lock();
	ops = READ_ONCE(xtcp_sk(listener)->cc.ops);
	if (!xtcp_cc_try_get(ops))
		ops = &xtcp_cc_reno;
	rcu_read_unlock();
	xtcp_sk(child)->cc.ops = ops;
}

static struct sock *child_new(struct xtcp_req *req)
{
	struct sock *listener = req->listener, *child;
	struct xtcp_key key;

	child = sk_clone_lock(listener, GFP_ATOMIC);
	if (!child)
		return NULL;
	child_forget(child);
	xtcp_state_adopt(child);
	child_inet(child, req);
	if (child->sk_family == AF_INET6)
		child_inet6(child, listener, req);
	xtcp_ep_key(&req->ep, &key);
	xtcp_key_set(&xtcp_sk(child)->ep, &key);
	child_cc(child, listener);
	xtcp_port_inherit(child, listener);
	child_sequence(child, req);
	child_path(child, req);
	return child;
}

/* ---- the accept queue ---- */

static bool queue_child(struct sock *listener, struct sock *child)
{
	struct xtcp_listener *l = xtcp_sk(listener)->listener;
	bool listening;

	spin_lock(&l->lock);
	listening = listener->sk_state == TCP_LISTEN;
	if (listening) {
		list_add_tail(&xtcp_sk(child)->queue_node, &l->queue);
		WRITE_ONCE(l->qlen, l->qlen + 1);
		sk_acceptq_added(listener);
	}
	spin_unlock(&l->lock);
	return listening;
}

/* Its ACK came, but the child cannot be made now: SYN-ACK will ask again. */
static void req_acked(struct xtcp_req *req)
{
	if (req->acked)
		return;
	req->acked = 1;
	atomic_dec(&xtcp_sk(req->listener)->listener->young);
}

/* Nobody will take the child: it ends before it began. */
static void orphan_child(struct sock *child)
{
	xtcp_orphan(child);
	xtcp_abort(child, ECONNABORTED);
	bh_unlock_sock(child);
	sock_put(child);
}

static struct sock *make_child(struct xtcp_req *req)
{
	struct sock *listener = req->listener, *child = NULL;

	spin_lock(&req->lock);
	if (hlist_nulls_unhashed(&req->ep.node) || !xtcp_reply_route(req))
		goto out;
	child = child_new(req);
	if (!child) {
		XTCP_INC(req->ep.net, LISTENDROPS);
		goto out;
	}
	if (!xtcp_hash_replace(&req->ep, &xtcp_sk(child)->ep)) {
		/* Dropped by its timer just now: the child never was. */
		spin_unlock(&req->lock);
		orphan_child(child);
		return NULL;
	}
	spin_unlock(&req->lock);
	xtcp_req_unlinked(req);
	if (!queue_child(listener, child)) {
		orphan_child(child);
		return NULL;
	}
	XTCP_INC(sock_net(child), PASSIVEOPENS);
	return child;
out:
	spin_unlock(&req->lock);
	return NULL;
}

/* ---- the segment ---- */

static bool paws_ok(struct xtcp_req *req, const struct xtcp_options *opt)
{
	return !req->ts_ok || !opt->has_ts ||
	       !xtcp_paws_reject(opt->tsval, req->ts_recent, 0);
}

static void answer(struct xtcp_req *req)
{
	if (!xtcp_oow_ratelimited(req->ep.net, &req->last_oow_ack))
		xtcp_reply_req_ack(req);
}

static void reject(struct xtcp_req *req, struct sk_buff *skb)
{
	struct xtcp_key key;

	xtcp_ep_key(&req->ep, &key);
	xtcp_reply_rst(skb, &key);
}

/* Wait for data before the program is bothered (TCP_DEFER_ACCEPT). */
static bool wait_for_data(struct xtcp_req *req, const struct xtcp_seg *seg)
{
	u8 seconds = xtcp_sk(req->listener)->defer_accept;

	return seconds && seg->end_seq == req->irs + 1 &&
	       us_since(xtcp_clock_us(), req->sent_us) <
	       seconds * USEC_PER_SEC;
}

struct sock *xtcp_req_input(struct xtcp_req *req, struct sk_buff *skb,
			    const struct xtcp_options *opt)
{
	const struct tcphdr *th = tcp_hdr(skb);
	const struct xtcp_seg *seg = XTCP_SEG(skb);
	bool paws = paws_ok(req, opt);

	/* The SYN came again: so our answer was lost, or is on its way. */
	if (th->syn && !th->ack && !th->rst && seg->seq == req->irs && paws) {
		if (!xtcp_oow_ratelimited(req->ep.net, &req->last_oow_ack))
			xtcp_reply_synack(req);
		return NULL;
	}
	/* First, the sequence number; PAWS with it. */
	if (!paws || !xtcp_acceptable(seg->seq, seg->end_seq, req->irs + 1,
				      req->irs + 1, req->rcv_wnd)) {
		if (!paws)
			XTCP_INC(req->ep.net, PAWSESTABREJECTED);
		if (!th->rst)
			answer(req);
		return NULL;
	}
	/* Second, RST: just where it is expected (RFC 5961, 3.2). */
	if (th->rst) {
		if (seg->seq == req->irs + 1) {
			XTCP_INC(req->ep.net, ATTEMPTFAILS);
			xtcp_transition_count(req->ep.net, TCP_SYN_RECV,
					      XTCP_EV_RCV_RST);
			xtcp_req_drop(req);
		} else {
			answer(req);
		}
		return NULL;
	}
	/* Fourth, SYN in the window. */
	if (th->syn) {
		answer(req);
		return NULL;
	}
	/* Fifth, ACK: of our SYN and nothing else. */
	if (!th->ack)
		return NULL;
	if (seg->rx.ack_seq != req->isn + 1) {
		reject(req, skb);
		return NULL;
	}
	if (wait_for_data(req, seg)) {
		req_acked(req);
		return NULL;
	}
	if (xtcp_accept_queue_full(req->listener)) {
		XTCP_INC(req->ep.net, LISTENOVERFLOWS);
		req_acked(req);
		return NULL;
	}
	return make_child(req);
}
