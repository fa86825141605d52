/* SPDX-License-Identifier: GPL-2.0 */
/* Connections, as the module lists them. */
#ifndef XTCP_CONN_H
#define XTCP_CONN_H

#include <netinet/in.h>
#include <linux/types.h>

#include <json-c/json.h>
#include <libmnl/libmnl.h>
#include <linux/xtcp_netlink.h>

#include "genl.h"

struct conn {
	__u32 family;
	__u32 state;		/* enum xtcp_state */
	struct in6_addr local;	/* IPv4 in the first four bytes */
	struct in6_addr remote;
	__u16 local_port;
	__u16 remote_port;
	__u32 ifindex;
	__u32 rx_queue;
	__u32 tx_queue;
	__u32 uid;
	__u64 inode;
	__u64 cookie;
	__u32 timer;		/* enum xtcp_timer_kind */
	__u32 timer_ms;
	__u32 retransmits;
	__u32 msl_ms;
	__u32 msl_source;	/* enum xtcp_msl_source */
};

/* What to list; 0 does not restrict. */
struct conn_filter {
	int family;
	__u32 states;	/* 1 << enum xtcp_state */
};

typedef void (*conn_fn)(const struct conn *conn, void *data);

/* Calls @fn for each connection. Return: exit status. */
int conn_list(struct genl *genl, const struct conn_filter *filter, conn_fn fn,
	      void *data);

struct json_object *conn_to_json(const struct conn *conn);

/* names.c: states and the like, as ss spells them */
#define STATES_ALL (((1U << (XTCP_STATE_MAX + 1)) - 1) & ~1U)

const char *state_title(unsigned int state);	/* ESTAB */
const char *state_name(unsigned int state);	/* established */

/* The states that a word of ss means. Return: 0 if it is none. */
__u32 state_mask(const char *word);

const char *timer_name(unsigned int timer);
const char *msl_source_name(unsigned int source);

#endif
