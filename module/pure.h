/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Floor 1: rules of the protocol as pure functions. No socket, no lock, no
 * clock: time is an argument. These files also compile in user space.
 */
#ifndef _XTCP_PURE_H
#define _XTCP_PURE_H

#include <linux/types.h>
#include <linux/tcp.h>
#include <asm/byteorder.h>
#include <net/tcp_states.h>
#include "limits.h"
#include "seq.h"

/* ---- fsm.c: the figure of RFC 9293, section 3.3.2, as data ---- */

enum xtcp_event {
	XTCP_EV_PASSIVE_OPEN,	/* listen() */
	XTCP_EV_ACTIVE_OPEN,	/* connect() */
	XTCP_EV_RCV_SYN,	/* a SYN without ACK: passive or simultaneous open */
	XTCP_EV_RCV_SYN_ACK,	/* SYN and ACK of our SYN */
	XTCP_EV_RCV_ACK_OF_SYN,
	XTCP_EV_CLOSE,		/* close() or shutdown(SHUT_WR) */
	XTCP_EV_RCV_FIN,
	XTCP_EV_RCV_ACK_OF_FIN,
	XTCP_EV_RCV_RST,
	XTCP_EV_ABORT,		/* by the program, an administrator, a limit */
	XTCP_EV_TIMEOUT,	/* retransmissions or a state's time used up */
	XTCP_EV_2MSL,
	XTCP_NR_EVENTS
};

/* What the caller of a transition has to do. */
#define XTCP_ACT_SND_SYN	0x0001
#define XTCP_ACT_SND_SYN_ACK	0x0002
#define XTCP_ACT_SND_ACK	0x0004
#define XTCP_ACT_SND_FIN	0x0008
#define XTCP_ACT_SND_RST	0x0010
#define XTCP_ACT_CONNECTED	0x0020	/* tell the program: open */
#define XTCP_ACT_EOF		0x0040	/* tell the program: no more to read */
#define XTCP_ACT_RESET		0x0080	/* tell the program: an error ended it */
#define XTCP_ACT_TIME_WAIT	0x0100	/* hand over to a TIME_WAIT entry */
#define XTCP_ACT_CLOSED		0x0200	/* nothing of the connection remains */
#define XTCP_ACT_INVALID	0x8000	/* the figure has no such edge */

/* The states are the kernel's TCP_ESTABLISHED ... TCP_CLOSING. */
#define XTCP_NR_STATES		(TCP_CLOSING + 1)

struct xtcp_edge {
	u8	state;
	u8	event;
	u8	next;
	u16	actions;
};

#define XTCP_NR_EDGES_MAX	64

extern const struct xtcp_edge xtcp_fsm_edges[];
extern const unsigned int xtcp_fsm_nr_edges;

/**
 * xtcp_fsm_find() - look up an edge of the state figure
 * @state: TCP_ESTABLISHED ... TCP_CLOSING
 * @event: what happened
 *
 * Return: index into xtcp_fsm_edges, or -1 if the figure has no such edge.
 */
int xtcp_fsm_find(u8 state, enum xtcp_event event);

const char *xtcp_fsm_state_name(u8 state);
const char *xtcp_fsm_event_name(enum xtcp_event event);

/* ---- options.c: TCP options in and out (RFC 9293 3.1, RFC 7323, 2018) ---- */

/* Option kinds (IANA) */
#define XTCP_OPT_EOL		0
#define XTCP_OPT_NOP		1
#define XTCP_OPT_MSS		2
#define XTCP_OPT_WSCALE		3
#define XTCP_OPT_SACK_PERM	4
#define XTCP_OPT_SACK		5
#define XTCP_OPT_TS		8

/* NOP, NOP, timestamps, length 10 */
#define XTCP_OPT_TS_WORD						\
	(XTCP_OPT_NOP << 24 | XTCP_OPT_NOP << 16 | XTCP_OPT_TS << 8 | 10)

struct xtcp_sack_block {
	u32	start;
	u32	end;
};

/**
 * struct xtcp_options - the options of one segment
 * @tsval: timestamp value
 * @tsecr: timestamp echo reply
 * @mss: MSS option, bytes, 0 if absent
 * @wscale: window scale shift, at most XTCP_MAX_WSCALE
 * @has_ts: @tsval and @tsecr are there
 * @has_wscale: @wscale is there
 * @sack_perm: SACK permitted
 * @nr_sacks: blocks in @sack
 * @sack: SACK blocks as they came
 */
struct xtcp_options {
	u32	tsval;
	u32	tsecr;
	u16	mss;
	u8	wscale;
	u8	has_ts:1,
		has_wscale:1,
		sack_perm:1;
	u8	nr_sacks;
	struct xtcp_sack_block sack[XTCP_MAX_SACKS];
};

/**
 * xtcp_options_parse() - read a segment's options
 * @p: first option byte
 * @len: bytes of options; may be anything up to 40
 * @syn: the segment has SYN set: MSS, wscale and SACK-permitted count only then
 * @o: filled in; absent options are zero
 *
 * Unknown options are skipped, and so are known ones of a wrong length; one
 * whose length is below 2 or passes the end ends the parse, what stood before
 * it holds. SACK blocks do not count in a SYN. If an option comes twice the
 * last one holds. SACK blocks and anything else are host byte order in @o.
 */
void xtcp_options_parse(const u8 *p, unsigned int len, bool syn,
			struct xtcp_options *o);

/**
 * xtcp_options_parse_ts() - the one layout of almost every data segment
 * @p: first option byte, readable for XTCP_OPTLEN_TS bytes, 4-byte aligned
 * @tsval: set on success
 * @tsecr: set on success
 *
 * Return: true if the options are NOP, NOP, timestamps and nothing else is to
 * be asked (the caller has checked that there are just 12 bytes).
 */
static inline bool xtcp_options_parse_ts(const __be32 *p, u32 *tsval,
					 u32 *tsecr)
{
	if (p[0] != cpu_to_be32(XTCP_OPT_TS_WORD))
		return false;
	*tsval = be32_to_cpu(p[1]);
	*tsecr = be32_to_cpu(p[2]);
	return true;
}

/**
 * xtcp_options_len() - bytes that xtcp_options_write() will write
 * @o: options; @o->nr_sacks is cut to what fits into 40 bytes
 *
 * Return: bytes, a multiple of 4, at most XTCP_MAX_OPTLEN.
 */
unsigned int xtcp_options_len(struct xtcp_options *o);

/**
 * xtcp_options_write() - write options, padded to 4 bytes with NOPs
 * @p: room for xtcp_options_len() bytes
 * @o: options
 *
 * Return: bytes written.
 */
unsigned int xtcp_options_write(__be32 *p, const struct xtcp_options *o);

/* ---- acceptable.c: which segments are let in (RFC 9293 3.4, RFC 7323 5) ---- */

/**
 * xtcp_acceptable() - RFC 9293, 3.10.7.4, first check: the sequence number
 * @seq: first sequence number of the segment
 * @end_seq: one past the last, SYN and FIN counted
 * @rcv_nxt: next expected
 * @rcv_wup: rcv_nxt when the window was last advertised
 * @rcv_wnd: window then advertised, bytes
 *
 * As the kernel does, a segment is in if any part of it lies in
 * [rcv_wup, rcv_nxt + window], so that segments and ACKs at a closed window
 * count.
 */
bool xtcp_acceptable(u32 seq, u32 end_seq, u32 rcv_nxt, u32 rcv_wup,
		     u32 rcv_wnd);

/**
 * xtcp_paws_reject() - RFC 7323, 5: is a segment's timestamp too old
 * @tsval: the segment's
 * @ts_recent: the newest that was accepted
 * @age_s: seconds since @ts_recent was set; after 24 days it does not count
 */
bool xtcp_paws_reject(u32 tsval, u32 ts_recent, u32 age_s);

/* ---- rtt.c: RFC 6298 with the kernel's refinements ---- */

/**
 * struct xtcp_rtt - round-trip time estimator
 * @srtt_us: smoothed round-trip time, microseconds << 3, 0 before a sample
 * @mdev_us: mean deviation, microseconds << 2
 * @mdev_max_us: greatest @mdev_us in this round trip
 * @rttvar_us: smoothed @mdev_max_us, never under the least RTO
 * @seq: snd_nxt at which the present round trip ends
 */
struct xtcp_rtt {
	u32	srtt_us;
	u32	mdev_us;
	u32	mdev_max_us;
	u32	rttvar_us;
	u32	seq;
};

void xtcp_rtt_init(struct xtcp_rtt *r);

/**
 * xtcp_rtt_sample() - take in a measurement
 * @r: estimator
 * @rtt_us: measured, microseconds; never from a retransmitted segment (Karn)
 * @rto_min_us: least RTO, microseconds
 * @snd_una: acknowledged up to here
 * @snd_nxt: sent up to here
 */
void xtcp_rtt_sample(struct xtcp_rtt *r, u32 rtt_us, u32 rto_min_us,
		     u32 snd_una, u32 snd_nxt);

/**
 * xtcp_rtt_rto_us() - retransmission time-out (RFC 6298, 2.2 to 2.5)
 * @r: estimator
 * @backoff: number of doublings
 *
 * Return: microseconds, at most XTCP_RTO_MAX_US; XTCP_RTO_INIT_US doubled
 * @backoff times before the first sample.
 */
u32 xtcp_rtt_rto_us(const struct xtcp_rtt *r, u8 backoff);

/**
 * struct xtcp_minrtt - windowed minimum filter over the last @win_us
 *
 * Keeps the best, second and third best with their times (Kathleen Nichols'
 * algorithm, as the kernel's lib/win_minmax.c).
 */
struct xtcp_minrtt {
	struct { u32 t_us, v_us; } s[3];
};

void xtcp_minrtt_sample(struct xtcp_minrtt *m, u32 win_us, u32 now_us,
			u32 rtt_us);

/* ---- window.c: windows offered and used (RFC 9293 3.8.6, RFC 7323 2) ---- */

/**
 * xtcp_window_scale() - the shift to offer for a buffer
 * @space: the most that will ever be offered, bytes
 */
u8 xtcp_window_scale(u32 space);

/**
 * xtcp_window_initial() - first receive window
 * @space: receive buffer, bytes
 * @mss: receive MSS, bytes
 * @init_segs: the route's initrwnd, segments to offer at most; 0 if not set:
 *	all that @space allows
 *
 * Return: bytes, at most 65535 (the SYN's window is not scaled), a multiple of
 * @mss where it is larger.
 */
u32 xtcp_window_initial(u32 space, u32 mss, u32 init_segs);

/**
 * xtcp_window_offer() - receive window to advertise, silly windows avoided
 * @free_space: free receive buffer, bytes; "negative" counts as 0
 * @full_space: whole receive buffer, bytes
 * @rcv_ssthresh: the most to offer now, bytes
 * @cur_win: what is still open of the last offer, bytes; never shrunk below
 * @mss: estimated MSS of the peer, bytes
 * @wscale: shift in force
 *
 * RFC 9293, 3.8.6.2.2: where room is scarce or windows are not scaled, the right
 * edge moves by a segment or half the buffer at least. Where there is plenty
 * the sender has no silly windows to see, and a window that stays the same
 * keeps a peer on its fast path.
 *
 * Return: bytes, a multiple of 1 << @wscale (@cur_win rounded up if need be),
 * at most 65535 << @wscale.
 */
u32 xtcp_window_offer(u32 free_space, u32 full_space, u32 rcv_ssthresh,
		      u32 cur_win, u32 mss, u8 wscale);

/**
 * enum xtcp_nagle - how small segments are held back
 * @XTCP_NAGLE_OFF: TCP_NODELAY, or a push that must go
 * @XTCP_NAGLE_ON: Nagle's algorithm with Minshall's modification
 * @XTCP_NAGLE_CORK: TCP_CORK or MSG_MORE: only full segments
 */
enum xtcp_nagle {
	XTCP_NAGLE_OFF,
	XTCP_NAGLE_ON,
	XTCP_NAGLE_CORK,
};

/**
 * xtcp_window_may_send() - RFC 9293, 3.8.6.2.1 and 3.7.4: may this segment go
 * @len: bytes of the segment
 * @mss: effective send MSS, bytes
 * @fin: it carries FIN
 * @small_in_flight: a segment shorter than MSS is unacknowledged
 * @nagle: mode
 */
bool xtcp_window_may_send(u32 len, u32 mss, bool fin, bool small_in_flight,
			  enum xtcp_nagle nagle);

/**
 * xtcp_window_update_ok() - RFC 9293, 3.10.7.4, ESTABLISHED: SND.WND update
 * @ack: SEG.ACK
 * @seq: SEG.SEQ
 * @wnd: SEG.WND, scaled, bytes
 * @snd_una: SND.UNA before this ACK
 * @snd_wl1: SEG.SEQ of the last update
 * @snd_wnd: SND.WND, bytes
 *
 * An old ACK never updates. Of two segments with the same SEG.SEQ and SEG.ACK
 * it cannot be told which is newer: the larger window holds, and a closed one.
 */
static inline bool xtcp_window_update_ok(u32 ack, u32 seq, u32 wnd, u32 snd_una,
					 u32 snd_wl1, u32 snd_wnd)
{
	if (ack != snd_una)
		return seq_gt(ack, snd_una);
	if (seq != snd_wl1)
		return seq_gt(seq, snd_wl1);
	return wnd > snd_wnd || !wnd;
}

/* ---- sack.c: SACK blocks, both directions (RFC 2018, 2883, 6675) ---- */

/**
 * struct xtcp_sack_rcv - what a receiver reports
 * @block: out-of-order ranges, the most recent first
 * @dup: duplicate range to report next (RFC 2883), if start != end
 * @nr: blocks in use
 */
struct xtcp_sack_rcv {
	struct xtcp_sack_block block[XTCP_MAX_SACKS];
	struct xtcp_sack_block dup;
	u8	nr;
};

/* A range was queued out of order: merge it in and put it first. */
void xtcp_sack_rcv_add(struct xtcp_sack_rcv *s, u32 start, u32 end);

/* rcv_nxt moved on: drop what it covers. */
void xtcp_sack_rcv_advance(struct xtcp_sack_rcv *s, u32 rcv_nxt);

/**
 * xtcp_sack_rcv_fill() - blocks for a segment to go out
 * @s: receiver's state; a pending DSACK is taken out of it
 * @out: room for @max blocks
 * @max: how many fit
 *
 * Return: blocks written.
 */
unsigned int xtcp_sack_rcv_fill(struct xtcp_sack_rcv *s,
				struct xtcp_sack_block *out, unsigned int max);

/**
 * xtcp_sack_sanitize() - check and order the blocks a peer sent
 * @b: blocks, sorted by start on return, invalid ones removed
 * @n: how many came
 * @ack: SEG.ACK
 * @snd_una: SND.UNA before this segment
 * @snd_nxt: SND.NXT
 * @max_window: largest window the peer ever offered, bytes
 * @dsack: set to the DSACK block if the first one is one (RFC 2883), else
 *	start == end
 *
 * A block is valid if start < end and it lies within (snd_una, snd_nxt], above
 * @ack too, or it is a DSACK no older than one window. Blocks that came twice
 * count once, and blocks that overlap or touch become one.
 *
 * Return: valid non-DSACK blocks left in @b: ascending and apart.
 */
unsigned int xtcp_sack_sanitize(struct xtcp_sack_block *b, unsigned int n,
				u32 ack, u32 snd_una, u32 snd_nxt,
				u32 max_window, struct xtcp_sack_block *dsack);

/* ---- isn.c: initial sequence numbers and kin (RFC 6528, 6056, 7323) ---- */

struct xtcp_tuple {
	u32	laddr[4];	/* IPv4 in the first word, the rest 0 */
	u32	raddr[4];
	u16	lport;
	u16	rport;
};

struct xtcp_secret {
	u64	key[2];
};

/**
 * xtcp_isn() - initial sequence number, RFC 6528: M + F(tuple, secret)
 * @t: connection
 * @secret: random, made once
 * @now_ns: clock, nanoseconds; M ticks every 64 ns
 */
u32 xtcp_isn(const struct xtcp_tuple *t, const struct xtcp_secret *secret,
	     u64 now_ns);

/* Random offset of a connection's timestamps (RFC 7323, 5.4; ports too). */
u32 xtcp_ts_offset(const struct xtcp_tuple *t,
		   const struct xtcp_secret *secret);

/* RFC 6056, algorithm 4: where the search for an ephemeral port begins. */
u32 xtcp_port_offset(const struct xtcp_tuple *t,
		     const struct xtcp_secret *secret);

/* ---- rack.c: time-based loss detection (RFC 8985) ---- */

/*
 * A segment (of up to a GSO packet's size) as recovery sees it. It lives in
 * skb->cb, 48 bytes at most, or in a simulator.
 */
#define XTCP_SEG_SACKED		0x01
#define XTCP_SEG_LOST		0x02
#define XTCP_SEG_RETRANS	0x04	/* a retransmission is in flight */
#define XTCP_SEG_EVER_RETRANS	0x08	/* no RTT from it, ever (Karn) */

struct xtcp_seg {
	u32	seq;
	u32	end_seq;	/* seq + length + SYN + FIN */
	u8	flags;		/* TCPHDR_* of its header */
	u8	sacked;		/* XTCP_SEG_* */
	u16	segs;		/* segments on the wire, 0 before it is sent */
	u16	mss;		/* bytes each but the last of them carries */
	u8	app_limited:1,
		eor:1;		/* nothing may be appended (MSG_EOR) */
	u8	pad;
	union {
		struct {	/* sender */
			u32	sent_us;	/* last transmission */
			u32	delivered;	/* counters at that time, for */
			u32	delivered_us;	/* the rate sample */
			u32	first_tx_us;
		} tx;
		struct {	/* receiver */
			u32	ack_seq;
			u32	tsval;
			u32	tsecr;
			bool	has_ts;
		} rx;
	};
};

/**
 * struct xtcp_rack - RFC 8985, 5.3: per-connection state
 * @xmit_us: transmission time of the most recently sent segment delivered
 * @end_seq: its end
 * @rtt_us: its round-trip time, 0 before any was delivered
 * @dsack_seq: snd_nxt at which the round trip of the last DSACK counted ends
 * @reo_wnd_steps: reordering window in quarters of the least RTT, 0 means 1
 * @reo_wnd_persist: recoveries for which that holds
 * @advanced: @xmit_us moved on since loss was last looked for
 * @reord: reordering has been seen
 * @dsack_round: @dsack_seq holds
 *
 * All zero is the state of a new connection.
 */
struct xtcp_rack {
	u32	xmit_us;
	u32	end_seq;
	u32	rtt_us;
	u32	dsack_seq;
	u8	reo_wnd_steps;
	u8	reo_wnd_persist;
	bool	advanced;
	bool	reord;
	bool	dsack_round;
};

/*
 * RFC 8985, 6.2, step 2: a segment was delivered, cumulatively or selectively.
 * The segments of one ACK may come in any order.
 */
void xtcp_rack_delivered(struct xtcp_rack *r, const struct xtcp_seg *seg,
			 u32 now_us, u32 min_rtt_us);

/*
 * RFC 8985, 6.2, step 3, for each segment newly delivered. @prior_fack: end of
 * the highest segment delivered before this ACK.
 */
void xtcp_rack_detect_reordering(struct xtcp_rack *r,
				 const struct xtcp_seg *seg, u32 prior_fack);

/*
 * RFC 8985, 6.2, step 4, what makes the reordering window adapt: a DSACK came,
 * which counts once a round trip; a recovery ended.
 */
void xtcp_rack_dsack(struct xtcp_rack *r, u32 snd_una, u32 snd_nxt);
void xtcp_rack_recovered(struct xtcp_rack *r, u32 snd_una);

/*
 * RFC 8985, 6.2, step 4: how long to wait for a reordered segment, us.
 * @srtt_us: microseconds, not shifted as in struct xtcp_rtt.
 */
u32 xtcp_rack_reo_wnd_us(const struct xtcp_rack *r, u32 srtt_us, u32 min_rtt_us,
			 bool in_recovery, bool dupthresh_reached);

/**
 * xtcp_rack_lost() - RFC 8985, 6.2, step 5 for one segment
 * @r: state
 * @seg: outstanding, not SACKed
 * @reo_wnd_us: from xtcp_rack_reo_wnd_us()
 * @now_us: time
 * @left_us: if it is not lost yet but may be: microseconds until it is
 *
 * Return: true if lost; false with *@left_us 0 if sent after what was
 * delivered last.
 */
bool xtcp_rack_lost(const struct xtcp_rack *r, const struct xtcp_seg *seg,
		    u32 reo_wnd_us, u32 now_us, u32 *left_us);

/* ---- cc/: controls of our own ---- */

struct xtcp_cc_ops;
extern struct xtcp_cc_ops xtcp_cc_reno;
extern struct xtcp_cc_ops xtcp_cc_cubic;

#endif /* _XTCP_PURE_H */
