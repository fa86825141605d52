/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Congestion control for XTCP: all that a control, also one in a module of its
 * own, includes. A control sees a struct xtcp_cc and samples, never a socket.
 */
#ifndef _XTCP_CC_H
#define _XTCP_CC_H

#include <linux/types.h>
#include <linux/list.h>

struct module;

#define XTCP_CC_NAME_MAX	16
#define XTCP_CC_PRIV_WORDS	13

/**
 * struct xtcp_cc - what a congestion control sees of a connection
 * @ops: the control in charge
 * @cwnd: congestion window, segments; the control's to set, never 0
 * @cwnd_cnt: segments acknowledged since @cwnd last grew, for linear growth
 * @ssthresh: slow start threshold, segments; the control's to set
 * @cwnd_clamp: upper bound of @cwnd, segments
 * @prior_cwnd: @cwnd before the present congestion episode, segments
 * @mss: sender's maximum segment size, bytes
 * @srtt_us: smoothed round-trip time, microseconds
 * @min_rtt_us: least round-trip time seen lately, microseconds, 0 if none
 * @priv: the control's own state, zeroed before its init()
 *
 * Protected by the owner of the connection: every call comes with the
 * connection locked, so a control needs no lock of its own.
 */
struct xtcp_cc {
	const struct xtcp_cc_ops *ops;
	u32	cwnd;
	u32	cwnd_cnt;
	u32	ssthresh;
	u32	cwnd_clamp;
	u32	prior_cwnd;
	u32	mss;
	u32	srtt_us;
	u32	min_rtt_us;
	u64	priv[XTCP_CC_PRIV_WORDS];
};

/**
 * struct xtcp_cc_sample - what one acknowledgment told
 * @now_us: the time, microseconds, modulo 2^32
 * @acked: segments newly acknowledged, cumulatively or selectively
 * @cum_acked: those of them that were acknowledged cumulatively
 * @lost: segments newly marked lost
 * @in_flight: segments in flight before this acknowledgment
 * @rtt_us: round-trip time measured, microseconds, or 0 if none
 * @delivered: segments delivered since the connection began
 * @rate_bps: delivery rate, bytes per second, or 0 if none
 * @ece_acked: segments acknowledged with an ECN echo
 * @cwnd_limited: the sender used all of cwnd in the last round trip
 * @app_limited: the program had no more to send when this was sent
 */
struct xtcp_cc_sample {
	u32	now_us;
	u32	acked;
	u32	cum_acked;
	u32	lost;
	u32	in_flight;
	u32	rtt_us;
	u32	delivered;
	u64	rate_bps;
	u32	ece_acked;
	bool	cwnd_limited;
	bool	app_limited;
};

/**
 * enum xtcp_cc_event - what calls for more than growth
 * @XTCP_CC_EV_LOSS: loss found by SACK, duplicate ACKs or RACK; set ssthresh
 * @XTCP_CC_EV_RTO: the retransmission timer ran out; set ssthresh
 * @XTCP_CC_EV_ECN: congestion experienced was echoed; set ssthresh
 * @XTCP_CC_EV_RECOVERED: the episode is over
 * @XTCP_CC_EV_UNDO: the episode was spurious; cwnd and ssthresh are restored
 * @XTCP_CC_EV_IDLE_RESTART: first transmission after an idle time
 */
enum xtcp_cc_event {
	XTCP_CC_EV_LOSS,
	XTCP_CC_EV_RTO,
	XTCP_CC_EV_ECN,
	XTCP_CC_EV_RECOVERED,
	XTCP_CC_EV_UNDO,
	XTCP_CC_EV_IDLE_RESTART,
};

/**
 * struct xtcp_cc_ops - a congestion control
 * @name: what TCP_CONGESTION and the sysctl call it
 * @owner: THIS_MODULE
 * @init: a connection takes up this control; may be NULL
 * @release: the connection leaves it, perhaps before init() was called, with
 *	the private room still zero; may be NULL
 * @on_ack: an acknowledgment came outside a recovery episode; grows cwnd.
 *	Mandatory.
 * @on_event: see enum xtcp_cc_event. At LOSS, RTO and ECN it sets ssthresh,
 *	from which the recovery floor derives cwnd. Mandatory.
 * @pacing_rate: bytes per second, 0 for no opinion; may be NULL
 * @list: registry's, under its lock and RCU
 */
struct xtcp_cc_ops {
	char		name[XTCP_CC_NAME_MAX];
	struct module	*owner;
	void		(*init)(struct xtcp_cc *cc);
	void		(*release)(struct xtcp_cc *cc);
	void		(*on_ack)(struct xtcp_cc *cc,
				  const struct xtcp_cc_sample *s);
	void		(*on_event)(struct xtcp_cc *cc, enum xtcp_cc_event ev,
				    u32 now_us);
	u64		(*pacing_rate)(const struct xtcp_cc *cc);
	struct list_head list;
};

/* The control's private room, with its size checked when it is built. */
#define xtcp_cc_priv(cc, type)						\
({									\
	BUILD_BUG_ON(sizeof(type) > sizeof((cc)->priv));		\
	(type *)(cc)->priv;						\
})

static inline bool xtcp_cc_in_slow_start(const struct xtcp_cc *cc)
{
	return cc->cwnd < cc->ssthresh;
}

/**
 * xtcp_cc_slow_start() - grow cwnd by what was acknowledged (RFC 5681, 3.1)
 * @cc: the connection's congestion state
 * @acked: segments
 *
 * Return: the part of @acked that is left when ssthresh is reached.
 */
u32 xtcp_cc_slow_start(struct xtcp_cc *cc, u32 acked);

/**
 * xtcp_cc_additive_increase() - one segment for every @w acknowledged
 * @cc: the connection's congestion state
 * @w: segments to be acknowledged for one more in cwnd
 * @acked: segments
 */
void xtcp_cc_additive_increase(struct xtcp_cc *cc, u32 w, u32 acked);

/**
 * xtcp_cc_register() - offer a congestion control
 * @ops: stays in place until unregistered
 *
 * Return: 0, -EINVAL if a mandatory call or the name is missing, -EEXIST.
 */
int xtcp_cc_register(struct xtcp_cc_ops *ops);

/**
 * xtcp_cc_unregister() - withdraw it and wait for RCU readers
 * @ops: registered before; connections that use it hold its module
 */
void xtcp_cc_unregister(struct xtcp_cc_ops *ops);

#endif /* _XTCP_CC_H */
