/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/xtcp.yaml */
/* YNL-GEN uapi header */

#ifndef _UAPI_LINUX_XTCP_NETLINK_H
#define _UAPI_LINUX_XTCP_NETLINK_H

#define XTCP_FAMILY_NAME	"xtcp"
#define XTCP_FAMILY_VERSION	1

/**
 * enum xtcp_state - State of a connection (RFC 9293, section 3.3.2), numbered
 *   as the kernel numbers those of its TCP.
 * @XTCP_STATE_SYN_RECV: also a request that a listener has answered with
 *   SYN-ACK
 * @XTCP_STATE_FIN_WAIT2: also a closed socket's entry that waits for the
 *   peer's FIN
 */
enum xtcp_state {
	XTCP_STATE_ESTABLISHED = 1,
	XTCP_STATE_SYN_SENT,
	XTCP_STATE_SYN_RECV,
	XTCP_STATE_FIN_WAIT1,
	XTCP_STATE_FIN_WAIT2,
	XTCP_STATE_TIME_WAIT,
	XTCP_STATE_CLOSED,
	XTCP_STATE_CLOSE_WAIT,
	XTCP_STATE_LAST_ACK,
	XTCP_STATE_LISTEN,
	XTCP_STATE_CLOSING,

	/* private: */
	__XTCP_STATE_MAX,
	XTCP_STATE_MAX = (__XTCP_STATE_MAX - 1)
};

/**
 * enum xtcp_timer_kind - What the next timer of a connection is there for,
 *   numbered as in /proc/net/tcp.
 * @XTCP_TIMER_KIND_NONE: no timer runs
 * @XTCP_TIMER_KIND_RETRANSMIT: data, SYN, SYN-ACK or FIN is not yet
 *   acknowledged
 * @XTCP_TIMER_KIND_KEEPALIVE: keepalive, or the end of FIN-WAIT-2
 * @XTCP_TIMER_KIND_TIME_WAIT: the end of an entry that is in TIME-WAIT or
 *   FIN-WAIT-2
 * @XTCP_TIMER_KIND_PROBE: zero-window probe
 */
enum xtcp_timer_kind {
	XTCP_TIMER_KIND_NONE,
	XTCP_TIMER_KIND_RETRANSMIT,
	XTCP_TIMER_KIND_KEEPALIVE,
	XTCP_TIMER_KIND_TIME_WAIT,
	XTCP_TIMER_KIND_PROBE,
};

enum {
	XTCP_A_CONN_PAD = 1,
	XTCP_A_CONN_FAMILY,
	XTCP_A_CONN_STATE,
	XTCP_A_CONN_STATES,
	XTCP_A_CONN_LOCAL_ADDR,
	XTCP_A_CONN_REMOTE_ADDR,
	XTCP_A_CONN_LOCAL_PORT,
	XTCP_A_CONN_REMOTE_PORT,
	XTCP_A_CONN_IFINDEX,
	XTCP_A_CONN_RX_QUEUE,
	XTCP_A_CONN_TX_QUEUE,
	XTCP_A_CONN_UID,
	XTCP_A_CONN_INODE,
	XTCP_A_CONN_COOKIE,
	XTCP_A_CONN_TIMER,
	XTCP_A_CONN_TIMER_MS,
	XTCP_A_CONN_RETRANSMITS,
	XTCP_A_CONN_MSL_MS,
	XTCP_A_CONN_MSL_SOURCE,

	__XTCP_A_CONN_MAX,
	XTCP_A_CONN_MAX = (__XTCP_A_CONN_MAX - 1)
};

enum {
	XTCP_CMD_CONN_GET = 1,

	__XTCP_CMD_MAX,
	XTCP_CMD_MAX = (__XTCP_CMD_MAX - 1)
};

#endif /* _UAPI_LINUX_XTCP_NETLINK_H */
