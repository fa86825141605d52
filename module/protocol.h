/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Floor 4: the protocol. Everything here is called with the socket locked and
 * BH off unless it says otherwise.
 */
#ifndef _XTCP_PROTOCOL_H
#define _XTCP_PROTOCOL_H

#include "transmit.h"

/* ---- transition.c: the only writer of sk_state ---- */

/**
 * xtcp_transition() - walk an edge of the state figure
 * @sk: socket
 * @event: what happened
 *
 * Where the next state is TIME_WAIT the socket stays in its state: it hands
 * over to an entry and closes (xtcp_tw_enter()).
 *
 * Return: XTCP_ACT_* for the caller to carry out; XTCP_ACT_INVALID and no
 * change if there is no such edge.
 */
u16 xtcp_transition(struct sock *sk, enum xtcp_event event);

/* Count an edge that a request or a TIME_WAIT entry walks. Any context. */
void xtcp_transition_count(struct net *net, u8 state, enum xtcp_event event);

/* What the edge would ask for; nothing changes. */
u16 xtcp_transition_actions(const struct sock *sk, enum xtcp_event event);

/* A child takes up the state that its request was in. */
void xtcp_state_adopt(struct sock *child);

/* The end of all roads, also where a TIME_WAIT entry took over. */
void xtcp_state_close(struct sock *sk);

/* ---- finish.c: how sockets end ---- */

/* Whether or not by an edge: the connection is over, nothing more is sent. */
void xtcp_done(struct sock *sk);

/* The last reference of a closed, orphaned socket goes. */
void xtcp_destroy(struct sock *sk);

/* The peer reset it: tell the program by errno (RFC 9293, 3.10.7.4). */
void xtcp_reset(struct sock *sk);

/* End it from our side with @err for the program; RST where one is due. */
void xtcp_abort(struct sock *sk, int err);

/* Retransmissions or a state's time are used up. */
void xtcp_timed_out(struct sock *sk);

/* Jiffies that an orphan may wait in FIN_WAIT_2. */
u32 xtcp_fin_time(const struct sock *sk);

/* No program has it any more; BH off. */
void xtcp_orphan(struct sock *sk);

/* May one more connection live without a program? */
bool xtcp_too_many_orphans(struct sock *sk);

/* ---- timewait.c ---- */

int xtcp_tw_net_init(struct net *net);
void xtcp_tw_net_exit(struct net *net);

/* The MSL that holds for a socket, ms, and the rule that gave it. */
u32 xtcp_msl_of(const struct sock *sk, enum xtcp_msl_source *source);

/* Leave an entry in the socket's place and close the socket. */
void xtcp_tw_enter(struct sock *sk);

/* An orphan in FIN_WAIT_2 becomes an entry that waits for FIN. */
void xtcp_tw_enter_fin_wait2(struct sock *sk, u32 ms);

/**
 * xtcp_tw_input() - a segment for a TIME_WAIT entry
 * @tw: entry, referenced
 * @skb: segment; not consumed
 * @opt: its options
 * @isn: set if a new connection may begin: its ISN
 *
 * Return: true if the segment is a SYN that may open a new connection; the
 * entry has ended then.
 */
bool xtcp_tw_input(struct xtcp_tw *tw, struct sk_buff *skb,
		   const struct xtcp_options *opt, u32 *isn);

/* End an entry before its time. */
void xtcp_tw_kill(struct xtcp_tw *tw, enum xtcp_event event);

/* ---- recovery.c: loss detection and what follows (RFC 5681, 6675, 8985) ---- */

/* What one ACK did; filled in by ack.c and recovery.c together. */
struct xtcp_ack_info {
	u32	now_us;
	u32	prior_una;
	u32	prior_in_flight;	/* segments */
	u32	prior_delivered;
	u32	prior_lost;
	u32	cum_acked;	/* segments acknowledged cumulatively */
	u32	rtt_us;		/* measured from a segment, 0 if none */
	u32	sack_rtt_us;	/* from a newly SACKed one, 0 if none */
	bool	retrans_acked;	/* something that was sent twice */
	bool	wnd_update;
	bool	data;		/* the segment carried data */
	bool	dsack;
	bool	new_sack;
};

/* Tag what SACK blocks report; @ack is SEG.ACK. */
void xtcp_sack_tag(struct sock *sk, const struct xtcp_options *opt, u32 ack,
		   struct xtcp_ack_info *info);

/* After the queue was cleaned: move the recovery state, set cwnd. */
void xtcp_recovery_ack(struct sock *sk, const struct xtcp_options *opt,
		       struct xtcp_ack_info *info);

/* The retransmission timer ran out (RFC 5681, 3.1, equation 4). */
void xtcp_recovery_rto(struct sock *sk);

/* RACK's reordering timer ran out (RFC 8985, 6.3). */
void xtcp_recovery_reo_timeout(struct sock *sk);

/* A SYN or SYN-ACK was not lost twice: start with the initial window. */
void xtcp_recovery_init(struct sock *sk);

/* ---- ack.c: SEG.ACK (RFC 9293, 3.10.7.4, fifth check) ---- */

/**
 * xtcp_ack() - take in an acknowledgment
 * @sk: connection
 * @skb: segment
 * @opt: its options
 *
 * Return: 1 if acceptable, 0 if old, -1 if it acknowledges what was not sent
 * or is too old (RFC 5961, 5.2): to be dropped, an ACK was sent if due.
 */
int xtcp_ack(struct sock *sk, struct sk_buff *skb,
	     const struct xtcp_options *opt);

/* The send buffer follows cwnd, unless the program has set it. */
void xtcp_sndbuf_grow(struct sock *sk);

/* ---- data.c: segment text (RFC 9293, 3.10.7.4, seventh and eighth check) ---- */

/* Consumes @skb; data at the TCP header. */
void xtcp_data(struct sock *sk, struct sk_buff *skb);

/* In order, all of it, room checked: the fast path. Consumes @skb. */
void xtcp_data_in_order(struct sock *sk, struct sk_buff *skb);

/* Send an ACK now, later or not at all (RFC 9293, 3.8.6.3). */
void xtcp_ack_check(struct sock *sk);
void xtcp_ack_quickly(struct sock *sk, u32 segs);
void xtcp_delack_schedule(struct sock *sk);

/* The program has read: open the window if that says enough (3.8.6.2.2). */
void xtcp_ack_reader(struct sock *sk, int copied);
/* Autotuning: the program has read up to copied_seq. */
void xtcp_rcvspace_adjust(struct sock *sk);
/* Receiver's RTT and window growth are measured from here. */
void xtcp_data_init(struct sock *sk);
/* A duplicate range to be reported (RFC 2883). */
void xtcp_dsack(struct sock *sk, u32 start, u32 end);

/* ---- handshake.c ---- */

/* connect(): route, port, SYN. Process context, socket owned. */
int xtcp_connect(struct sock *sk, struct sockaddr *uaddr, int addr_len);

/* RFC 9293, 3.10.7.3. Consumes @skb. */
void xtcp_synsent_input(struct sock *sk, struct sk_buff *skb,
			const struct xtcp_options *opt);

/**
 * xtcp_listen_input() - RFC 9293, 3.10.7.2
 * @sk: listener, not locked
 * @skb: segment; not consumed
 * @key: its addresses
 * @opt: its options
 * @isn: initial sequence number to use, or 0
 */
void xtcp_listen_input(struct sock *sk, struct sk_buff *skb,
		       const struct xtcp_key *key,
		       const struct xtcp_options *opt, u32 isn);

/* The handshake is done: initial windows, keepalive, tell the program. */
void xtcp_connected(struct sock *sk);

/* ---- child.c: a request becomes a connection ---- */

/**
 * xtcp_req_input() - a segment for a request
 * @req: request, referenced
 * @skb: segment; not consumed
 * @opt: its options
 *
 * Return: the child that came of it, referenced and bh-locked, which has yet
 * to see the segment, or NULL.
 */
struct sock *xtcp_req_input(struct xtcp_req *req, struct sk_buff *skb,
			    const struct xtcp_options *opt);

/* As many children wait for accept() as may. */
bool xtcp_accept_queue_full(const struct sock *listener);

/* ICMP told that the peer cannot be reached, or the listener is gone. */
void xtcp_req_drop(struct xtcp_req *req);

/* It has just been taken out of the table: its references go. */
void xtcp_req_unlinked(struct xtcp_req *req);

/* The socket's ISN and timestamp offset for its 4-tuple. */
void xtcp_choose_isn(struct sock *sk);

/* ---- expire.c: what happens when a deadline comes ---- */

void xtcp_expire_init(void);
void xtcp_keepalive_start(struct sock *sk);

/* ---- input.c: SEGMENT ARRIVES (RFC 9293, section 3.10.7) ---- */

/**
 * xtcp_input() - a segment for an XTCP endpoint
 * @skb: data at the TCP header, transport header set, consumed; dst, secpath
 *	and conntrack already dropped
 * @ep: connection, request, TIME_WAIT entry or listening socket; its
 *	reference is consumed
 * @key: the segment's addresses, this host's as local
 *
 * BH off. Header length and checksum are checked here.
 */
void xtcp_input(struct sk_buff *skb, struct xtcp_ep *ep,
		const struct xtcp_key *key);

/* sk->sk_backlog_rcv; sk owned or bh-locked. */
int xtcp_input_backlog(struct sock *sk, struct sk_buff *skb);

/* ---- icmp.c: errors for our segments ---- */

/*
 * A packet of ICMP, skb->data at the IP header, ICMP's header @off bytes on:
 * if it is an error that concerns us, act on it. The packet stays as it is.
 */
void xtcp_icmp_look(struct net *net, struct sk_buff *skb, int off, bool v6);
/* From release_cb, for XTCP_DEFER_MTU; gives back the bit's reference. */
void xtcp_icmp_run_deferred(struct sock *sk);

#endif /* _XTCP_PROTOCOL_H */
