/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/xtcp.yaml */
/* YNL-GEN kernel header */

#ifndef _LINUX_XTCP_GEN_H
#define _LINUX_XTCP_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/xtcp_netlink.h>
#include <linux/xtcp.h>

extern const struct nla_policy xtcp_conn_get_nl_policy[XTCP_A_CONN_IFINDEX + 1];

/* Ops table for xtcp */
extern const struct genl_ops xtcp_nl_ops[1];

int xtcp_nl_conn_get_doit(struct sk_buff *skb, struct genl_info *info);
int xtcp_nl_conn_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);

#endif /* _LINUX_XTCP_GEN_H */
