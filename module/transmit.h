/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Floor 3: transmission. Everything here is called with the socket locked
 * unless it says otherwise.
 */
#ifndef _XTCP_TRANSMIT_H
#define _XTCP_TRANSMIT_H

#include "stores.h"

/* ---- mss.c: how much fits into a segment ---- */

/* The path's MTU is @pmtu bytes: set mss. */
void xtcp_mss_sync(struct sock *sk, u32 pmtu);

/* Effective send MSS, bytes; follows the route's MTU. */
u32 xtcp_mss_current(struct sock *sk);

/* An ICMP error told that only @mtu bytes pass. */
void xtcp_mtu_reduced(struct sock *sk, u32 mtu);

/* MSS to tell the peer, bytes: from the route, TCP_MAXSEG. */
u16 xtcp_mss_to_advertise(struct sock *sk);

/* Bytes to gather in one skb: a multiple of @mss. */
u32 xtcp_size_goal(const struct sock *sk, u32 mss);

/* ---- rwnd.c: the receive window as the socket's buffer gives it ---- */

/* Receive buffer that is free, and all of it, as bytes of window. */
u32 xtcp_rwnd_space(const struct sock *sk);
u32 xtcp_rwnd_full_space(const struct sock *sk);

/* What is still open of the window last advertised, bytes. */
u32 xtcp_rwnd_open(const struct xtcp_sock *xs);

/* What would be advertised now, bytes. */
u32 xtcp_rwnd_offer(struct sock *sk);

/* Choose a window, remember it, return the header's field. */
u16 xtcp_rwnd_select(struct sock *sk);

/* Shift and first window that a socket, or its child, offers; any lock. */
u8 xtcp_rwnd_scale(const struct sock *sk);
u32 xtcp_rwnd_initial(const struct sock *sk, u32 mss);

/* For the first segment that goes out: window, scale. */
void xtcp_rwnd_init(struct sock *sk, u32 mss);

/* ---- xmit.c: one segment out ---- */

/**
 * xtcp_xmit_skb() - give a segment a header and send it
 * @sk: connection
 * @skb: its XTCP_SEG() says what; data only
 * @clone: keep @skb, send a clone; else @skb is consumed
 * @gfp: for the clone
 *
 * Return: 0, or an error that means that it did not leave.
 */
int xtcp_xmit_skb(struct sock *sk, struct sk_buff *skb, bool clone, gfp_t gfp);

void xtcp_xmit_ack(struct sock *sk);
void xtcp_xmit_rst(struct sock *sk, gfp_t gfp);

/*
 * A segment without data and an old sequence number, which the peer has to
 * answer with an ACK: for keepalive and zero windows.
 */
void xtcp_xmit_probe(struct sock *sk);

/* RFC 5961: an ACK for what is out of order, rate-limited. */
void xtcp_xmit_challenge_ack(struct sock *sk);

/* At most one answer to an invalid segment per invalid_ratelimit_ms. */
bool xtcp_oow_ratelimited(struct net *net, u32 *last);
bool xtcp_challenge_ratelimited(struct xtcp_net *xn);

/* ---- rto.c: the retransmission timer (RFC 6298, section 5) ---- */

/* Jiffies until a retransmission is due, with back-off. */
u32 xtcp_rto_jiffies(const struct sock *sk);
/* Start it anew if anything is outstanding, stop it if not. */
void xtcp_rto_rearm(struct sock *sk);
/* Nothing outstanding, but the window is closed: probe it. */
void xtcp_probe0_check(struct sock *sk);

/* ---- tsq.c: small queues: resume when what sits below has left ---- */

void xtcp_tsq_init(void (*resume)(struct sock *sk));
void xtcp_tsq_exit(void);
/* sk->sk_write_space: from sock_wfree, any context, no lock. */
void xtcp_tsq_write_space(struct sock *sk);
/* Is enough below already? Then xtcp_tsq_write_space() will resume. */
bool xtcp_tsq_throttled(struct sock *sk, const struct sk_buff *skb);
void xtcp_tsq_run_deferred(struct sock *sk);

/* ---- output.c: what of the send queue may go ---- */

/**
 * xtcp_output() - send what the windows and Nagle allow
 * @sk: connection
 * @mss: from xtcp_mss_current()
 * @nagle: mode for the last, short segment
 * @one: one segment at most
 * @gfp: for clones
 *
 * Return: true if nothing is outstanding but data is left unsent, so that a
 * timer has to see to it.
 */
bool xtcp_output(struct sock *sk, u32 mss, enum xtcp_nagle nagle, bool one,
		 gfp_t gfp);

/* As above with everything as the socket has it; probes if it has to. */
void xtcp_push(struct sock *sk, enum xtcp_nagle nagle);
void xtcp_push_pending(struct sock *sk);
enum xtcp_nagle xtcp_nagle_mode(const struct xtcp_sock *xs);
/* Put FIN at the end of the queue and send what may go. */
void xtcp_send_fin(struct sock *sk);
/* SYN or SYN-ACK of a socket (active and simultaneous open). */
int xtcp_send_syn(struct sock *sk);
/* Account for a segment that has just been sent for the first time. */
void xtcp_output_sent(struct sock *sk, struct sk_buff *skb);

/* ---- retransmit.c ---- */

/* Cut a sent segment in two, the sums over the queue kept right. */
int xtcp_rtxq_split(struct sock *sk, struct sk_buff *skb, u32 len, u32 mss);
/* Drop what lies before snd_una from a sent segment. */
int xtcp_rtxq_trim(struct sock *sk, struct sk_buff *skb);

/* Send @skb of the retransmission queue again, at most @segs segments. */
int xtcp_retransmit_skb(struct sock *sk, struct sk_buff *skb, u32 segs);
/* Send again what is marked lost, as far as cwnd goes. */
void xtcp_retransmit_lost(struct sock *sk);

/* ---- reply.c: segments of no connection ---- */

int xtcp_reply_net_init(struct net *net);
void xtcp_reply_net_exit(struct net *net);

/* RST for a segment that has no business here (RFC 9293, 3.10.7.1). */
void xtcp_reply_rst(struct sk_buff *skb, const struct xtcp_key *key);
/* The same from a connection's addresses. */
void xtcp_reply_rst_from(const struct sock *sk, struct sk_buff *skb);
void xtcp_reply_tw_ack(struct xtcp_tw *tw);
/* Make sure that req->dst is a valid route; req->lock held or not yet hashed. */
bool xtcp_reply_route(struct xtcp_req *req);
int xtcp_reply_synack(struct xtcp_req *req);
void xtcp_reply_req_ack(struct xtcp_req *req);

#endif /* _XTCP_TRANSMIT_H */
