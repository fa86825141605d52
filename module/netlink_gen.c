// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/xtcp.yaml */
/* YNL-GEN kernel source */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "netlink_gen.h"

#include <uapi/linux/xtcp_netlink.h>
#include <linux/xtcp.h>

/* XTCP_CMD_CONN_GET - do */
const struct nla_policy xtcp_conn_get_nl_policy[XTCP_A_CONN_IFINDEX + 1] = {
	[XTCP_A_CONN_FAMILY] = { .type = NLA_U32, },
	[XTCP_A_CONN_STATES] = NLA_POLICY_MASK(NLA_U32, 0xffe),
	[XTCP_A_CONN_LOCAL_ADDR] = { .type = NLA_BINARY, },
	[XTCP_A_CONN_REMOTE_ADDR] = { .type = NLA_BINARY, },
	[XTCP_A_CONN_LOCAL_PORT] = { .type = NLA_U16, },
	[XTCP_A_CONN_REMOTE_PORT] = { .type = NLA_U16, },
	[XTCP_A_CONN_IFINDEX] = { .type = NLA_U32, },
};

/* Ops table for xtcp */
const struct genl_ops xtcp_nl_ops[1] = {
	{
		.cmd		= XTCP_CMD_CONN_GET,
		.doit		= xtcp_nl_conn_get_doit,
		.dumpit		= xtcp_nl_conn_get_dumpit,
		.policy		= xtcp_conn_get_nl_policy,
		.maxattr	= XTCP_A_CONN_IFINDEX,
	},
};
