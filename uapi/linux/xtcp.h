/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/* XTCP: what a program needs to open and tune an XTCP socket. */
#ifndef _UAPI_LINUX_XTCP_H
#define _UAPI_LINUX_XTCP_H

#include <linux/types.h>

/*
 * socket(AF_XTCP, SOCK_STREAM, 0 or IPPROTO_TCP): TCP over IPv4
 * socket(AF_XTCP, SOCK_STREAM, IPPROTO_IPV6):     TCP over IPv6 (dual-stack)
 *
 * The number is the default of the module parameter "family". It was that of
 * PF_SECURITY, a pseudo family that never had sockets.
 */
#ifndef AF_XTCP
#define AF_XTCP			14
#define PF_XTCP			AF_XTCP
#endif

/*
 * What getsockopt(SO_PROTOCOL) returns for an XTCP socket. The low byte is
 * IPPROTO_TCP, which is what stands on the wire.
 */
#define XTCP_SO_PROTOCOL	0x206

/* Socket options at level SOL_TCP; numbers beside those of linux/tcp.h. */
#define XTCP_MSL		0x5800	/* int: maximum segment lifetime, ms */

#define XTCP_MSL_MAX_MS		600000

/* Where a socket's effective MSL comes from, the nearest first. */
enum xtcp_msl_source {
	XTCP_MSL_SOCKET = 1,	/* setsockopt(XTCP_MSL) here or on the listener */
	XTCP_MSL_RULE,		/* a rule for a destination prefix */
	XTCP_MSL_NETNS,		/* net.xtcp.msl_ms */
};

/*
 * getsockopt(XTCP_MSL) fills this in if the buffer is long enough, else an int
 * with the MSL alone.
 */
struct xtcp_msl_info {
	__u32	ms;
	__u32	source;		/* enum xtcp_msl_source */
	__u8	prefix[16];	/* of the rule; IPv4 in the first four bytes */
	__u8	prefix_len;
	__u8	family;
	__u16	pad;
};

#endif /* _UAPI_LINUX_XTCP_H */
