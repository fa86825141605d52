// SPDX-License-Identifier: GPL-2.0
/*
 * Opening a connection (RFC 9293, sections 3.5 and 3.10.7.2 to 3.10.7.4).
 *
 * A passive open lives in a request until its third segment comes; then a
 * child of the listener takes its place in the table.
 *
 * A request's references: the table holds one, given back by whoever takes it
 * out of the table; a pending timer holds one.
 */
#include <net/tcp.h>
#include "protocol.h"

static struct xtcp_secret isn_secret __read_mostly;
static struct xtcp_secret ts_secret __read_mostly;

static void secrets_once(void)
{
	net_get_random_once(&isn_secret, sizeof(isn_secret));
	net_get_random_once(&ts_secret, sizeof(ts_secret));
}

static void numbers_for(const struct xtcp_key *key, u32 *isn, u32 *ts_offset)
{
	struct xtcp_tuple t;

	secrets_once();
	xtcp_key_tuple(key, &t);
	*isn = xtcp_isn(&t, &isn_secret, ktime_get_real_ns());
	*ts_offset = xtcp_ts_offset(&t, &ts_secret);
}

void xtcp_choose_isn(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct xtcp_key key;

	xtcp_sk_key(sk, &key);
	numbers_for(&key, &xs->write_seq, &xs->ts_offset);
}

/* ---- active open ---- */

/* An old connection's entry gives way if it has ended meanwhile. */
static bool claim(struct sock *sk, struct xtcp_ep *ep)
{
	xtcp_ep_put(ep);
	return false;
}

static void begin_sequence(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	xtcp_choose_isn(sk);
	xs->snd_una = xs->write_seq;
	xs->snd_nxt = xs->write_seq;
	xs->snd_sml = xs->write_seq;
	xs->pushed_seq = xs->write_seq;
	xs->snd_wnd = 0;
	xs->retransmits = 0;
	xs->total_retrans = 0;
	xtcp_rtt_init(&xs->rtt);
	xs->mss_clamp = U16_MAX;
	if (xs->user_mss)
		xs->mss_clamp = xs->user_mss;
	xtcp_mss_sync(sk, dst_mtu(__sk_dst_get(sk)));
	xs->advmss = xtcp_mss_to_advertise(sk);
	xtcp_rwnd_init(sk, xs->advmss);
	xs->cc.cwnd = XTCP_INIT_CWND;
}

int xtcp_connect(struct sock *sk, struct sockaddr *uaddr, int addr_len)
{
	struct inet_sock *inet = inet_sk(sk);
	const struct xtcp_af *af = xtcp_af(sk->sk_family == AF_INET6);
	__be16 orig_sport = inet->inet_sport;
	int err;

	err = af->route_connect(sk, uaddr, addr_len);
	if (err)
		goto failed;
	af = xtcp_af(xtcp_sk(sk)->ep.v6);
	sk_set_txhash(sk);
	err = xtcp_port_connect(sk, claim);
	if (err)
		goto failed;
	err = af->route_ports(sk, orig_sport);
	if (err)
		goto unhash;

	begin_sequence(sk);
	XTCP_INC(sock_net(sk), ACTIVEOPENS);
	xtcp_transition(sk, XTCP_EV_ACTIVE_OPEN);
	err = xtcp_send_syn(sk);
	if (!err)
		return 0;
	xtcp_transition(sk, XTCP_EV_ABORT);
unhash:
	xtcp_hash_remove(&xtcp_sk(sk)->ep);
failed:
	if (!(sk->sk_userlocks & SOCK_BINDPORT_LOCK)) {
		inet->inet_num = 0;
		inet->inet_sport = 0;
	}
	sk_dst_reset(sk);
	inet->inet_dport = 0;
	return err;
}

/* What the peer's SYN or SYN-ACK offered and we offered too holds. */
static void agree(struct sock *sk, const struct xtcp_options *opt)
{
	const struct xtcp_net *xn = xtcp_pernet(sock_net(sk));
	struct xtcp_sock *xs = xtcp_sk(sk);
	u16 mss = opt->mss ?: (xs->ep.v6 ? XTCP_DEFAULT_MSS_V6 :
					    XTCP_DEFAULT_MSS_V4);

	xs->ts_ok = opt->has_ts && READ_ONCE(xn->sysctl_timestamps);
	xs->sack_ok = opt->sack_perm && READ_ONCE(xn->sysctl_sack);
	xs->wscale_ok = opt->has_wscale && READ_ONCE(xn->sysctl_window_scaling);
	xs->snd_wscale = xs->wscale_ok ? opt->wscale : 0;
	if (!xs->wscale_ok) {
		xs->rcv_wscale = 0;
		xs->rcv_wnd = min_t(u32, xs->rcv_wnd, U16_MAX);
	}
	xs->mss_clamp = min(xs->mss_clamp, mss);
	if (xs->ts_ok) {
		xs->ts_recent = opt->tsval;
		xs->ts_recent_stamp = xtcp_clock_s();
	}
}

static void take_syn(struct sock *sk, const struct sk_buff *skb,
		     const struct xtcp_options *opt)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	const struct xtcp_seg *seg = XTCP_SEG(skb);

	agree(sk, opt);
	xs->rcv_nxt = seg->seq + 1;
	xs->rcv_wup = xs->rcv_nxt;
	xs->copied_seq = xs->rcv_nxt;
	xs->snd_wl1 = seg->seq;
	xs->snd_wnd = ntohs(tcp_hdr(skb)->window);
	xs->max_window = xs->snd_wnd;
	xtcp_mss_sync(sk, xs->pmtu);
	xtcp_data_init(sk);
}

void xtcp_connected(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	xtcp_recovery_init(sk);
	xtcp_sndbuf_grow(sk);
	security_inet_conn_established(sk, NULL);
	if (sock_flag(sk, SOCK_KEEPOPEN))
		xtcp_keepalive_start(sk);
	xs->last_rcv = jiffies;
	if (!sock_flag(sk, SOCK_DEAD)) {
		sk->sk_state_change(sk);
		sk_wake_async(sk, SOCK_WAKE_IO, POLL_OUT);
	}
}

static bool synsent_ack_ok(const struct xtcp_sock *xs,
			   const struct sk_buff *skb,
			   const struct xtcp_options *opt)
{
	u32 ack = XTCP_SEG(skb)->rx.ack_seq;

	if (seq_le(ack, xs->snd_una) || seq_gt(ack, xs->snd_nxt))
		return false;
	/* RFC 7323, 3.2: an echo of what we never sent is from elsewhere. */
	if (opt->has_ts && opt->tsecr &&
	    (s32)(xtcp_clock_ms() + xs->ts_offset - opt->tsecr) < 0) {
		XTCP_INC(xs->ep.net, PAWSACTIVEREJECTED);
		return false;
	}
	return true;
}

/* Both sides sent a SYN: RFC 9293, figure 7. */
static void simultaneous_open(struct sock *sk, struct sk_buff *skb,
			      const struct xtcp_options *opt)
{
	struct sk_buff *syn = xtcp_rtxq_head(sk);

	if (!syn)
		return;
	take_syn(sk, skb, opt);
	xtcp_transition(sk, XTCP_EV_RCV_SYN);
	XTCP_SEG(syn)->flags |= TCPHDR_ACK;
	XTCP_SEG(syn)->sacked |= XTCP_SEG_EVER_RETRANS;
	xtcp_xmit_skb(sk, syn, true, GFP_ATOMIC);
}

void xtcp_synsent_input(struct sock *sk, struct sk_buff *skb,
			const struct xtcp_options *opt)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	const struct tcphdr *th = tcp_hdr(skb);
	u16 actions;

	/* First, the ACK bit. */
	if (th->ack && !synsent_ack_ok(xs, skb, opt)) {
		xtcp_reply_rst_from(sk, skb);
		goto drop;
	}
	/* Second, the RST bit: only with an ACK of our SYN. */
	if (th->rst) {
		if (th->ack)
			xtcp_reset(sk);
		goto drop;
	}
	/* Fourth, the SYN bit. */
	if (!th->syn)
		goto drop;
	if (!th->ack) {
		simultaneous_open(sk, skb, opt);
		goto drop;
	}
	take_syn(sk, skb, opt);
	xtcp_ack(sk, skb, opt);
	actions = xtcp_transition(sk, XTCP_EV_RCV_SYN_ACK);
	if (actions & XTCP_ACT_CONNECTED)
		xtcp_connected(sk);
	/*
	 * Text may wait to be sent, or the program will send a request in a
	 * moment: the ACK can ride on it (as the kernel does) if it is known
	 * to come; else it goes at once.
	 */
	if (xtcp_sendq_head(sk))
		xtcp_push_pending(sk);
	else
		xtcp_xmit_ack(sk);
drop:
	kfree_skb(skb);
}

/* ---- passive open: requests ---- */

/* It is out of the table: give back what it and the timer held. */
void xtcp_req_unlinked(struct xtcp_req *req)
{
	struct xtcp_listener *l = xtcp_sk(req->listener)->listener;

	if (!req->acked)
		atomic_dec(&l->young);
	if (timer_delete(&req->timer))
		xtcp_req_put(req);
	xtcp_req_put(req);
}

void xtcp_req_drop(struct xtcp_req *req)
{
	if (!xtcp_hash_remove(&req->ep))
		return;
	xtcp_req_unlinked(req);
}

static u32 req_timeout(const struct xtcp_req *req)
{
	return min_t(u32, HZ << req->retrans, usecs_to_jiffies(XTCP_RTO_MAX_US));
}

static void req_timer(struct timer_list *t)
{
	struct xtcp_req *req = from_timer(req, t, timer);
	struct sock *listener = req->listener;
	struct xtcp_net *xn = xtcp_pernet(req->ep.net);
	int retries = xtcp_sk(listener)->syn_retries ?:
		      READ_ONCE(xn->sysctl_synack_retries);

	if (hlist_nulls_unhashed_lockless(&req->ep.node)) {
		xtcp_req_put(req);
		return;
	}
	if (listener->sk_state != TCP_LISTEN || req->retrans >= retries) {
		xtcp_transition_count(req->ep.net, TCP_SYN_RECV,
				      XTCP_EV_TIMEOUT);
		xtcp_req_drop(req);
		xtcp_req_put(req);
		return;
	}
	req->retrans++;
	XTCP_INC(req->ep.net, RETRANSSEGS);
	xtcp_reply_synack(req);
	/* The reference goes on to the next round. */
	mod_timer(&req->timer, jiffies + req_timeout(req));
}

bool xtcp_accept_queue_full(const struct sock *listener)
{
	const struct xtcp_listener *l = xtcp_sk(listener)->listener;

	return READ_ONCE(l->qlen) > READ_ONCE(listener->sk_max_ack_backlog);
}

static bool too_many_requests(const struct sock *listener)
{
	const struct xtcp_net *xn = xtcp_pernet(sock_net(listener));
	const struct xtcp_listener *l = xtcp_sk(listener)->listener;
	u32 most = max_t(u32, READ_ONCE(listener->sk_max_ack_backlog),
			 READ_ONCE(xn->sysctl_max_syn_backlog));

	return atomic_read(&l->young) >= most;
}

/* Link-local peers are spoken to through the interface they are on. */
static int req_dif(const struct sock *listener, const struct xtcp_key *key)
{
	if (listener->sk_bound_dev_if)
		return listener->sk_bound_dev_if;
	if (key->v6 && (ipv6_addr_type(key->raddr6) & IPV6_ADDR_LINKLOCAL))
		return key->sdif ?: key->dif;
	return 0;
}

static u16 req_advmss(const struct xtcp_req *req)
{
	u16 user_mss = xtcp_sk(req->listener)->user_mss;
	u16 mss = dst_metric_advmss(req->dst);

	return user_mss ? min(mss, user_mss) : mss;
}

static void req_agree(struct xtcp_req *req, struct sock *listener,
		      const struct xtcp_options *opt)
{
	const struct xtcp_net *xn = xtcp_pernet(req->ep.net);

	req->mss = opt->mss ?: (req->ep.v6 ? XTCP_DEFAULT_MSS_V6 :
					     XTCP_DEFAULT_MSS_V4);
	req->ts_ok = opt->has_ts && READ_ONCE(xn->sysctl_timestamps);
	req->sack_ok = opt->sack_perm && READ_ONCE(xn->sysctl_sack);
	req->wscale_ok = opt->has_wscale &&
			 READ_ONCE(xn->sysctl_window_scaling);
	req->snd_wscale = opt->wscale;
	req->ts_recent = opt->tsval;
	req->rcv_wscale = req->wscale_ok ? xtcp_rwnd_scale(listener) : 0;
	req->rcv_wnd = xtcp_rwnd_initial(listener, req->advmss);
}

static struct xtcp_req *req_new(struct sock *listener, struct sk_buff *skb,
				const struct xtcp_key *seg_key,
				const struct xtcp_options *opt, u32 isn)
{
	struct xtcp_key key = *seg_key;
	struct xtcp_req *req;

	key.dif = req_dif(listener, seg_key);
	req = xtcp_req_alloc(&key);
	if (!req) {
		XTCP_INC(key.net, NOMEM);
		return NULL;
	}
	sock_hold(listener);
	req->listener = listener;
	req->irs = XTCP_SEG(skb)->seq;
	req->mark = inet_request_mark(listener, skb);
	req->tos = READ_ONCE(inet_sk(listener)->tos);
	req->sent_us = xtcp_clock_us();
	timer_setup(&req->timer, req_timer, 0);
	if (!xtcp_reply_route(req)) {
		xtcp_req_put(req);
		return NULL;
	}
	req->advmss = req_advmss(req);
	req_agree(req, listener, opt);
	numbers_for(&key, &req->isn, &req->ts_offset);
	if (isn)
		req->isn = isn;
	return req;
}

/*
 * The security hook knows the kernel's requests only. What it notes in one is
 * for security_inet_csk_clone(), which modules cannot call.
 */
static bool refused(struct sock *sk, struct sk_buff *skb,
		    const struct xtcp_req *req)
{
	struct inet_request_sock ireq = {
		.ireq_family = req->ep.v6 ? AF_INET6 : AF_INET,
		.ir_loc_addr = req->ep.laddr,
		.ir_rmt_addr = req->ep.raddr,
		.ir_num = ntohs(req->ep.lport),
		.ir_rmt_port = req->ep.rport,
	};

	return security_inet_conn_request(sk, skb, (struct request_sock *)&ireq);
}

static void syn(struct sock *sk, struct sk_buff *skb,
		const struct xtcp_key *key, const struct xtcp_options *opt,
		u32 isn)
{
	struct xtcp_ep *other;
	struct xtcp_req *req;

	if (xtcp_accept_queue_full(sk)) {
		XTCP_INC(key->net, LISTENOVERFLOWS);
		XTCP_INC(key->net, LISTENDROPS);
		return;
	}
	if (too_many_requests(sk)) {
		XTCP_INC(key->net, REQQFULLDROP);
		XTCP_INC(key->net, LISTENDROPS);
		return;
	}
	req = req_new(sk, skb, key, opt, isn);
	if (!req)
		return;
	if (refused(sk, skb, req))
		goto refuse;
	/* One reference for the table, one for the timer, one for us. */
	refcount_add(2, &req->refcnt);
	atomic_inc(&xtcp_sk(sk)->listener->young);
	mod_timer(&req->timer, jiffies + req_timeout(req));
	other = xtcp_hash_insert_unique(&req->ep);
	if (other) {
		/* The same SYN on another CPU was faster. */
		xtcp_ep_put(other);
		xtcp_req_unlinked(req);
		goto refuse;
	}
	xtcp_transition_count(key->net, TCP_LISTEN, XTCP_EV_RCV_SYN);
	xtcp_reply_synack(req);
refuse:
	xtcp_req_put(req);
}

void xtcp_listen_input(struct sock *sk, struct sk_buff *skb,
		       const struct xtcp_key *key,
		       const struct xtcp_options *opt, u32 isn)
{
	const struct tcphdr *th = tcp_hdr(skb);

	/* First, RST: ignored. Second, ACK: from a connection long gone. */
	if (th->rst)
		return;
	if (th->ack) {
		xtcp_reply_rst(skb, key);
		return;
	}
	/* Third, SYN; broadcasts and multicasts open nothing. */
	if (!th->syn || th->fin || skb->pkt_type != PACKET_HOST) {
		XTCP_INC(key->net, LISTENDROPS);
		return;
	}
	if (sk->sk_state != TCP_LISTEN)
		return;
	syn(sk, skb, key, opt, isn);
}
