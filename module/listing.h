/* SPDX-License-Identifier: GPL-2.0 */
/* Floor 5: showing what there is, by netlink and in /proc/net. */
#ifndef _XTCP_LISTING_H
#define _XTCP_LISTING_H

#include <uapi/linux/xtcp_netlink.h>
#include "protocol.h"
#include "walk.h"

/* ---- view.c: what is shown of an endpoint, whichever kind it is ---- */

/**
 * struct xtcp_view - an endpoint as it was at some moment
 * @family: AF_INET or AF_INET6; that of a socket, so it may hold v4-mapped
 *	addresses
 * @state: TCP_*
 * @lport: local port, host byte order
 * @rport: remote port
 * @dif: interface that it is bound to, or 0
 * @laddr: local address; IPv4 in the first word
 * @raddr: remote address
 * @rx_queue: bytes not read yet; of a listener, connections not accepted yet
 * @tx_queue: bytes not acknowledged yet; of a listener, its backlog
 * @timer: which one runs
 * @expires: when it runs out, jiffies
 * @retransmits: how often it has run out since the last progress
 * @msl_ms: maximum segment lifetime in force
 * @msl_source: where it comes from
 * @uid: the owner's; root's if there is no socket any more
 * @inode: of the socket, or 0
 * @cookie: of the socket, or 0
 */
struct xtcp_view {
	u8			family;
	u8			state;
	u16			lport;
	u16			rport;
	int			dif;
	struct in6_addr		laddr;
	struct in6_addr		raddr;
	u32			rx_queue;
	u32			tx_queue;
	enum xtcp_timer_kind	timer;
	u32			expires;
	u32			retransmits;
	u32			msl_ms;
	enum xtcp_msl_source	msl_source;
	kuid_t			uid;
	unsigned long		inode;
	u64			cookie;
};

/* @ep's bucket is locked or a reference is held. */
void xtcp_view_fill(struct xtcp_view *view, const struct xtcp_ep *ep);

/* Time left, jiffies; 0 if no timer runs. */
u32 xtcp_view_time_left(const struct xtcp_view *view);

/* ---- netlink.c, proc.c ---- */

int xtcp_netlink_init(void);
void xtcp_netlink_exit(void);

int xtcp_proc_net_init(struct net *net);
void xtcp_proc_net_exit(struct net *net);

#endif /* _XTCP_LISTING_H */
