/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Floor 0: the structures that all files share. Who protects and who frees
 * each is said at its definition.
 */
#ifndef _XTCP_H
#define _XTCP_H

#include <linux/skbuff.h>
#include <linux/percpu.h>
#include <linux/refcount.h>
#include <linux/tcp.h>
#include <linux/ipv6.h>
#include <net/inet_sock.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include <net/sock.h>
#include <net/tcp_states.h>
#include <uapi/linux/xtcp.h>
#include "../include/xtcp_cc.h"
#include "compat.h"
#include "pure.h"

/* Objects by kind, counted as made and freed; printed when the module leaves. */
enum xtcp_object {
	XTCP_OBJ_SOCK,
	XTCP_OBJ_REQUEST,
	XTCP_OBJ_TIMEWAIT,
	XTCP_OBJ_PORT,
	XTCP_OBJ_GUARD,
	XTCP_OBJ_LISTENER,
	XTCP_NR_OBJECTS
};

/* Why a segment was dropped or what was done: see mib.c for the names. */
enum xtcp_mib {
	XTCP_MIB_ACTIVEOPENS,
	XTCP_MIB_PASSIVEOPENS,
	XTCP_MIB_ATTEMPTFAILS,
	XTCP_MIB_ESTABRESETS,
	XTCP_MIB_INSEGS,
	XTCP_MIB_OUTSEGS,
	XTCP_MIB_RETRANSSEGS,
	XTCP_MIB_INERRS,
	XTCP_MIB_OUTRSTS,
	XTCP_MIB_INCSUMERRORS,
	XTCP_MIB_TW,			/* TIME_WAIT entries ended by time */
	XTCP_MIB_TWRECYCLED,		/* taken early by a new connection */
	XTCP_MIB_TWKILLED,		/* ended by an administrator or RST */
	XTCP_MIB_TIMEWAITOVERFLOW,
	XTCP_MIB_PAWSACTIVEREJECTED,
	XTCP_MIB_PAWSESTABREJECTED,
	XTCP_MIB_DELAYEDACKS,
	XTCP_MIB_LISTENOVERFLOWS,
	XTCP_MIB_LISTENDROPS,
	XTCP_MIB_REQQFULLDROP,
	XTCP_MIB_PUREACKS,
	XTCP_MIB_HPHITS,
	XTCP_MIB_SACKRECOVERY,
	XTCP_MIB_RENORECOVERY,
	XTCP_MIB_TIMEOUTS,
	XTCP_MIB_FASTRETRANS,
	XTCP_MIB_SLOWSTARTRETRANS,
	XTCP_MIB_SYNRETRANS,
	XTCP_MIB_LOSSUNDO,
	XTCP_MIB_DSACKUNDO,
	XTCP_MIB_DSACKOLDSENT,
	XTCP_MIB_DSACKRECV,
	XTCP_MIB_OFOQUEUE,
	XTCP_MIB_OFODROP,
	XTCP_MIB_RCVPRUNED,
	XTCP_MIB_RCVCOALESCE,
	XTCP_MIB_BACKLOGDROP,
	XTCP_MIB_RCVQDROP,
	XTCP_MIB_ZEROWINDOWDROP,
	XTCP_MIB_TOZEROWINDOWADV,
	XTCP_MIB_FROMZEROWINDOWADV,
	XTCP_MIB_WINPROBE,
	XTCP_MIB_KEEPALIVE,
	XTCP_MIB_CHALLENGEACK,
	XTCP_MIB_SYNCHALLENGE,
	XTCP_MIB_BADACK,
	XTCP_MIB_BADHDR,
	XTCP_MIB_FILTERDROP,
	XTCP_MIB_POLICYDROP,
	XTCP_MIB_MINTTLDROP,
	XTCP_MIB_NOMEM,
	XTCP_MIB_ABORTONDATA,
	XTCP_MIB_ABORTONCLOSE,
	XTCP_MIB_ABORTONMEMORY,
	XTCP_MIB_ABORTONTIMEOUT,
	XTCP_MIB_ABORTONLINGER,
	XTCP_MIB_MEMORYPRESSURES,
	XTCP_MIB_PORTEXHAUSTED,
	XTCP_MIB_ICMPERRS,
	XTCP_MIB_OUTOFWINDOWICMPS,
	XTCP_MIB_LOCKDROPPEDICMPS,
	XTCP_NR_MIBS
};

struct xtcp_percpu {
	unsigned long	mib[XTCP_NR_MIBS];
	unsigned long	edge[XTCP_NR_EDGES_MAX];
};

struct xtcp_tw_wheel;

/**
 * struct xtcp_net - what XTCP keeps per network namespace
 *
 * Made by net.c when the namespace is, freed with it. The sysctls are read
 * and written without a lock (READ_ONCE, WRITE_ONCE by proc handlers).
 */
struct xtcp_net {
	struct net		*net;
	struct xtcp_percpu __percpu *pcpu;
	struct ctl_table_header	*sysctl_header;	/* sysctl.c */
	struct ctl_table	*sysctl_table;
	struct sock		*ctl4;		/* reply.c: sends what has no */
	struct sock		*ctl6;		/* socket */
	struct xtcp_tw_wheel	*tw_wheel;	/* timewait's, twwheel.c */

	/* steer.c */
	struct mutex		steer_lock;
	bool			steer_on;	/* steer_lock */
	struct delayed_work	steer_off_work;
	atomic_t		users;		/* sockets, requests, TW entries */

	atomic_t		tw_count;
	atomic_t		orphan_count;
	u32			challenge_stamp;	/* RFC 5961 rate limit, */
	u32			challenge_count;	/* racy on purpose */

	/* sysctls; the unit is in the name where there is no net.ipv4 twin */
	unsigned int		sysctl_msl_ms;
	int			sysctl_max_tw_buckets;
	int			sysctl_max_orphans;
	int			sysctl_rfc1337;
	int			sysctl_fin_timeout;		/* jiffies */
	int			sysctl_ip_local_port_range[2];
	int			sysctl_syn_retries;
	int			sysctl_synack_retries;
	int			sysctl_retries1;
	int			sysctl_retries2;
	int			sysctl_orphan_retries;
	int			sysctl_max_syn_backlog;
	int			sysctl_keepalive_time;		/* jiffies */
	int			sysctl_keepalive_intvl;		/* jiffies */
	int			sysctl_keepalive_probes;
	int			sysctl_timestamps;
	int			sysctl_sack;
	int			sysctl_dsack;
	int			sysctl_window_scaling;
	int			sysctl_moderate_rcvbuf;
	int			sysctl_challenge_ack_limit;
	int			sysctl_invalid_ratelimit_ms;
	int			sysctl_rmem[3];
	int			sysctl_wmem[3];
	const struct xtcp_cc_ops *cc;		/* RCU, module held */
};

extern unsigned int xtcp_net_id;

static inline struct xtcp_net *xtcp_pernet(const struct net *net)
{
	return net_generic(net, xtcp_net_id);
}

#define XTCP_INC(net, field)						\
	this_cpu_inc(xtcp_pernet(net)->pcpu->mib[XTCP_MIB_##field])
#define XTCP_ADD(net, field, n)						\
	this_cpu_add(xtcp_pernet(net)->pcpu->mib[XTCP_MIB_##field], n)

/* ---- the common endpoint header ---- */

enum xtcp_kind {
	XTCP_EP_SOCK,
	XTCP_EP_REQUEST,
	XTCP_EP_TIMEWAIT,
};

/**
 * struct xtcp_ep - what the connection table finds
 * @node: in a bucket of the table; RCU readers, bucket lock for writers
 * @net: namespace
 * @hash: of net, addresses and ports
 * @laddr: local IPv4 address; IPv6 addresses are where xtcp_ep_laddr6() says
 * @raddr: remote IPv4 address
 * @lport: local port
 * @rport: remote port
 * @dif: interface that the endpoint is bound to, or 0
 * @kind: enum xtcp_kind
 * @v6: the addresses are IPv6
 *
 * All but @node is set before the endpoint is hashed and constant while it is.
 * Sockets are freed after an RCU grace period (SOCK_RCU_FREE). Requests and
 * TIME_WAIT entries come from SLAB_TYPESAFE_BY_RCU caches, whose objects may
 * be used anew at once: a reader takes a reference and compares once more, and
 * their @node.next is never written but by the table.
 */
struct xtcp_ep {
	struct hlist_nulls_node	node;
	struct net		*net;
	u32			hash;
	__be32			laddr;
	__be32			raddr;
	__be16			lport;
	__be16			rport;
	int			dif;
	u8			kind;
	u8			v6;
	u16			pad;
};

/* ---- connections ---- */

/* Deadlines of a connection; one timer serves them all (timer.c). */
enum xtcp_deadline {
	XTCP_DL_RTX,		/* retransmission or zero-window probe */
	XTCP_DL_DELACK,
	XTCP_DL_KEEP,		/* keepalive; FIN_WAIT_2 of an orphan */
	XTCP_DL_REO,		/* RACK's reordering window */
	XTCP_NR_DEADLINES
};

/* What XTCP_DL_RTX means now. */
enum xtcp_rtx_kind {
	XTCP_RTX_NONE,
	XTCP_RTX_RTO,
	XTCP_RTX_PROBE0,
};

/* Loss recovery's state, named as in the kernel's TCP and tcp_info. */
enum xtcp_ca_state {
	XTCP_CA_OPEN,
	XTCP_CA_DISORDER,
	XTCP_CA_CWR,
	XTCP_CA_RECOVERY,
	XTCP_CA_LOSS,
};

/* Bits in sk->sk_tsq_flags: what waits for the socket lock to be released. */
enum xtcp_deferred {
	XTCP_TSQ_THROTTLED,	/* enough of ours sits below; wfree resumes */
	XTCP_TSQ_QUEUED,	/* on a CPU's list to resume */
	XTCP_DEFER_TSQ,
	XTCP_DEFER_TIMER,
	XTCP_DEFER_MTU,
};

/* ack_pending */
#define XTCP_ACK_SCHED		0x01	/* one is owed */
#define XTCP_ACK_NOW		0x02	/* at once */
#define XTCP_ACK_TIMER		0x04	/* the delayed-ACK deadline runs */

struct xtcp_port;
struct xtcp_listener;

/**
 * struct xtcp_rcvspace - receive buffer autotuning (DRS), sock lock
 */
struct xtcp_rcvspace {
	u32	space;		/* bytes the program read in the last RTT */
	u32	seq;		/* copied_seq when this RTT began */
	u32	time_us;
	u32	rtt_us;		/* receiver's RTT estimate << 3 */
	u32	rtt_seq;
	u32	rtt_time_us;
};

/**
 * struct xtcp_sock - a socket of XTCP, listening or connected
 *
 * Everything is protected by the socket lock (bh_lock_sock and not owned, or
 * owned) unless said otherwise. Freed by sk_free() through
 * destruct() in socket.c, after an RCU grace period.
 */
struct xtcp_sock {
	struct inet_sock	inet;		/* must be first */
	struct xtcp_ep		ep;

	/* settings; a child inherits them from its listener */
	u32	window_clamp;	/* the most to offer ever, bytes */
	u16	user_mss;	/* TCP_MAXSEG, bytes, 0 if not set */
	u8	nodelay:1,
		cork:1;
	u8	syn_retries;	/* TCP_SYNCNT, 0 if not set */
	u8	keepalive_probes; /* TCP_KEEPCNT, 0 if not set */
	u8	defer_accept;	/* seconds, 0: off */
	u32	keepalive_time;		/* jiffies, 0: sysctl */
	u32	keepalive_intvl;	/* jiffies, 0: sysctl */
	u32	user_timeout_ms;	/* 0: none */
	u32	notsent_lowat;		/* bytes, 0: none */
	int	linger2;		/* jiffies, 0: sysctl, -1: none */
	u32	msl_ms;			/* XTCP_MSL, XTCP_MSL_UNSET */

	struct xtcp_port	*port;	/* held: bound or inherited */
	struct xtcp_listener	*listener; /* TCP_LISTEN only */
	struct list_head	queue_node; /* accept queue, or TSQ list */
	struct hlist_nulls_node	listen_node; /* table of listeners; RCU */

	/* the connection: from here to the end zero to begin with */

	/* receiving */
	u32	rcv_nxt;
	u32	copied_seq;	/* what the program has not read begins here */
	u32	rcv_wup;	/* rcv_nxt when the window was last sent */
	u32	rcv_wnd;	/* window then sent, bytes */
	u32	rcv_ssthresh;	/* the most to offer now, bytes */
	u32	ts_recent;	/* RFC 7323 */
	u32	ts_recent_stamp; /* seconds, monotonic; 0: no ts_recent */
	u16	rcv_mss;	/* estimate of the peer's segments, bytes */
	u16	advmss;		/* MSS we told, bytes */
	u8	rcv_wscale:4,
		snd_wscale:4;
	u8	ts_ok:1,
		sack_ok:1,
		wscale_ok:1,
		fin_queued:1,	/* close() or SHUT_WR put FIN on the queue */
		push_ack:1,	/* a PSH came since the last ACK */
		listens:1;	/* let by port.c, bucket's lock */
	u8	ack_pending;	/* XTCP_ACK_* */
	u8	quick;		/* ACKs left to send at once */
	u8	pingpong;	/* the program answers: ACKs ride along */
	u8	ato_ms;		/* delayed-ACK time, ms, up to 200 */
	u32	last_rcv;	/* jiffies of the last data segment */
	u32	last_ack_rcv;	/* jiffies of the last acceptable segment */
	u32	last_oow_ack;	/* jiffies of the last challenge ACK */
	struct rb_root		ofo_queue;
	struct sk_buff		*ofo_last;
	struct xtcp_sack_rcv	sack_rcv;
	struct xtcp_rcvspace	rcvspace;

	/* sending */
	u32	snd_una;
	u32	snd_nxt;
	u32	snd_sml;	/* end of the last short segment (Minshall) */
	u32	snd_wl1;
	u32	snd_wnd;	/* bytes */
	u32	max_window;	/* largest snd_wnd seen, bytes */
	u32	write_seq;	/* one past what the program has written */
	u32	pushed_seq;
	u32	ts_offset;
	u32	last_sent;	/* jiffies of the last data segment */
	u16	mss;		/* effective send MSS with options, bytes */
	u16	mss_clamp;	/* peer's MSS option, bytes */
	u16	ext_hdr_len;	/* IP options or extension headers, bytes */
	u32	pmtu;		/* path MTU behind mss, bytes */
	u32	mtu_info;	/* from ICMP, for XTCP_DEFER_MTU, bytes */
	u8	cwnd_limited:1;
	u8	backoff;
	u8	retransmits;
	u8	probes_out;
	u8	rtx_kind;	/* enum xtcp_rtx_kind */
	u8	deadlines;	/* bit per enum xtcp_deadline */
	u32	deadline[XTCP_NR_DEADLINES];	/* jiffies */

	/* loss recovery, in segments unless it says otherwise */
	u32	packets_out;
	u32	sacked_out;
	u32	lost_out;
	u32	retrans_out;
	u32	fack;		/* end of the highest SACKed segment */
	u32	high_seq;	/* snd_nxt when the episode began */
	u32	undo_marker;	/* snd_una at its start, 0: cannot undo */
	u32	undo_retrans;	/* retransmissions not yet excused by DSACK */
	u32	retrans_stamp;	/* first retransmission, our ms clock */
	u32	prior_ssthresh;
	u32	prr_delivered;
	u32	prr_out;
	u32	delivered;
	u32	delivered_us;
	u32	first_tx_us;
	u32	lost;
	u32	total_retrans;
	u32	max_packets_out; /* of the last window, for cwnd_limited */
	u32	max_packets_seq;
	u8	ca_state;	/* enum xtcp_ca_state */
	struct xtcp_rtt		rtt;
	struct xtcp_minrtt	minrtt;
	struct xtcp_rack	rack;
	struct xtcp_cc		cc;
};

#define XTCP_MSL_UNSET	U32_MAX

/* As xtcp_sock, with the IPv6 part last, where generic code looks for it. */
struct xtcp6_sock {
	struct xtcp_sock	xs;
	struct ipv6_pinfo	inet6;
};

static inline struct xtcp_sock *xtcp_sk(const struct sock *sk)
{
	return (struct xtcp_sock *)sk;
}

static inline struct xtcp_sock *xtcp_ep_sk(const struct xtcp_ep *ep)
{
	return container_of(ep, struct xtcp_sock, ep);
}

/**
 * struct xtcp_listener - what only a listening socket has
 * @lock: protects @queue and @qlen; taken with BH off
 * @queue: children that are established and wait for accept()
 * @qlen: their number
 * @young: requests not yet answered, for the bound
 *
 * Allocated by listen(), freed when the socket leaves TCP_LISTEN and no
 * request points to it (requests hold the socket).
 */
struct xtcp_listener {
	spinlock_t		lock;	/* see above */
	struct list_head	queue;
	unsigned int		qlen;
	atomic_t		young;
};

/**
 * struct xtcp_req - a connection in SYN-RECEIVED of a passive open
 * @ep: header; hashed in the connection table while it lives
 * @refcnt: the table holds one, a pending timer one, each user one
 * @listener: holds a reference
 * @dst: route to the peer, holds a reference
 * @timer: retransmits SYN-ACK
 * @isn: our initial sequence number
 * @irs: the peer's
 * @v6: local and remote address, IPv6 only
 *
 * After hashing only the timer and the input path change it, both under
 * @lock. SLAB_TYPESAFE_BY_RCU.
 */
struct xtcp_req {
	struct xtcp_ep		ep;
	refcount_t		refcnt;
	u32			isn;
	u32			irs;
	u32			ts_recent;
	u32			ts_offset;
	u32			sent_us;	/* first SYN-ACK */
	u32			rcv_wnd;	/* offered in it, bytes */
	u32			window_clamp;
	u32			snd_wnd;	/* unscaled, of the last segment */
	u32			mark;
	u16			mss;		/* peer's option, bytes */
	u16			advmss;		/* ours, bytes */
	u8			rcv_wscale:4,
				snd_wscale:4;
	u8			ts_ok:1,
				sack_ok:1,
				wscale_ok:1,
				acked:1,	/* its ACK came; queue was full */
				retrans:4;	/* SYN-ACKs sent again */
	u8			tos;
	u32			last_oow_ack;
	spinlock_t		lock;	/* see above */
	struct sock		*listener;
	struct dst_entry	*dst;
	struct timer_list	timer;
	struct in6_addr		v6[];
};

/**
 * struct xtcp_tw - a TIME_WAIT entry (or an orphan's FIN_WAIT_2)
 * @ep: header; hashed in the connection table while it lives
 * @refcnt: the table and the wheel hold one together, each user one
 * @wheel_node: in a slot of the wheel; wheel's lock
 * @ends: when it ends, jiffies; wheel's lock
 * @rcv_nxt, @snd_nxt: as of the connection
 * @ts_recent: newest timestamp of the peer
 * @ts_recent_stamp: seconds, monotonic
 * @ts_offset: of our timestamps
 * @msl_ms: the MSL in force
 * @rcv_wnd: window to advertise, scaled
 * @port: held, or NULL
 * @flags: XTCP_TW_*
 * @v6: local and remote address, IPv6 only
 */
struct xtcp_tw {
	struct xtcp_ep		ep;
	struct hlist_node	wheel_node;
	u32			ends;
	u32			rcv_nxt;
	u32			snd_nxt;
	u32			ts_recent;
	u32			ts_recent_stamp;
	u32			ts_offset;
	u32			msl_ms;
	u16			rcv_wnd;
	u8			msl_source;
	u8			flags;
	struct xtcp_port	*port;
	refcount_t		refcnt;
	u32			last_oow_ack;	/* jiffies of the last answer */
	struct in6_addr		v6[];
};

#define XTCP_TW_TS_OK		0x01
#define XTCP_TW_FIN_WAIT2	0x02	/* peer's FIN has not come yet */

static inline const struct in6_addr *xtcp_ep_laddr6(const struct xtcp_ep *ep)
{
	switch (ep->kind) {
	case XTCP_EP_SOCK:
		return &xtcp_ep_sk(ep)->inet.sk.sk_v6_rcv_saddr;
	case XTCP_EP_REQUEST:
		return &container_of(ep, struct xtcp_req, ep)->v6[0];
	default:
		return &container_of(ep, struct xtcp_tw, ep)->v6[0];
	}
}

static inline const struct in6_addr *xtcp_ep_raddr6(const struct xtcp_ep *ep)
{
	switch (ep->kind) {
	case XTCP_EP_SOCK:
		return &xtcp_ep_sk(ep)->inet.sk.sk_v6_daddr;
	case XTCP_EP_REQUEST:
		return &container_of(ep, struct xtcp_req, ep)->v6[1];
	default:
		return &container_of(ep, struct xtcp_tw, ep)->v6[1];
	}
}

/**
 * struct xtcp_key - what a segment is looked up by
 * @laddr, @raddr: IPv4 addresses
 * @laddr6, @raddr6: IPv6 addresses, if @v6
 * @dif: interface it came in on (of the VRF, if any)
 * @sdif: the VRF's slave it came in on, or 0
 */
struct xtcp_key {
	struct net		*net;
	const struct in6_addr	*laddr6;
	const struct in6_addr	*raddr6;
	__be32			laddr;
	__be32			raddr;
	__be16			lport;
	__be16			rport;
	int			dif;
	int			sdif;
	bool			v6;
};

/* ---- segments in skb->cb ---- */

#define XTCP_SEG(skb)	((struct xtcp_seg *)&((skb)->cb[0]))

static_assert(sizeof(struct xtcp_seg) <= sizeof_field(struct sk_buff, cb));

/* Our clock, microseconds modulo 2^32; ms for timestamps come from it too. */
static inline u64 xtcp_clock_us(void)
{
	return ktime_get_ns() / NSEC_PER_USEC;
}

static inline u32 xtcp_clock_ms(void)
{
	return ktime_get_ns() / NSEC_PER_MSEC;
}

static inline u32 xtcp_clock_s(void)
{
	return ktime_get_seconds();
}

static inline u32 xtcp_in_flight(const struct xtcp_sock *xs)
{
	return xs->packets_out - (xs->sacked_out + xs->lost_out) +
	       xs->retrans_out;
}

#endif /* _XTCP_H */
