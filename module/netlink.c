// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink family. Its messages and what they mean are described
 * in Documentation/netlink/specs/xtcp.yaml, from which netlink_gen.c and the
 * uapi header are generated.
 */
#include <net/genetlink.h>
#include <net/ipv6.h>
#include "listing.h"
#include "netlink_gen.h"

static struct genl_family family;

/* What is sent as enum xtcp_state is a TCP_* of net/tcp_states.h. */
static_assert((int)XTCP_STATE_ESTABLISHED == TCP_ESTABLISHED);
static_assert((int)XTCP_STATE_MAX == TCP_CLOSING);

/* ---- filters ---- */

/**
 * struct conn_filter - what a request wants to see
 * @family: AF_INET, AF_INET6, or AF_UNSPEC for both
 * @states: bit per state
 * @laddr: attribute with the local address, or NULL for any
 * @raddr: with the remote one
 * @lport: local port, -1 for any
 * @rport: remote port, -1 for any
 * @dif: interface that it is bound to, -1 for any
 */
struct conn_filter {
	u32			family;
	u32			states;
	const struct nlattr	*laddr;
	const struct nlattr	*raddr;
	int			lport;
	int			rport;
	int			dif;
};

static u32 u32_or(const struct nlattr *attr, u32 none)
{
	return attr ? nla_get_u32(attr) : none;
}

static int port_or_any(const struct nlattr *attr)
{
	return attr ? nla_get_u16(attr) : -1;
}

static int addr_len(u8 af)
{
	return af == AF_INET6 ? sizeof(struct in6_addr) : sizeof(__be32);
}

static int check_addr(const struct conn_filter *filter,
		      const struct nlattr *addr, struct netlink_ext_ack *extack)
{
	if (!addr || nla_len(addr) == addr_len(filter->family))
		return 0;

	NL_SET_ERR_MSG_ATTR(extack, addr,
			    "an address needs the family, and its length");
	return -EINVAL;
}

static int check_family(struct nlattr *const *attrs,
			const struct conn_filter *filter,
			struct netlink_ext_ack *extack)
{
	switch (filter->family) {
	case AF_UNSPEC:
		if (!filter->laddr && !filter->raddr)
			return 0;
		NL_SET_ERR_MSG(extack, "an address needs its family");
		return -EINVAL;
	case AF_INET:
	case AF_INET6:
		return 0;
	default:
		NL_SET_ERR_MSG_ATTR(extack, attrs[XTCP_A_CONN_FAMILY],
				    "family is neither AF_INET nor AF_INET6");
		return -EAFNOSUPPORT;
	}
}

static int parse_filter(struct nlattr *const *attrs, struct conn_filter *filter,
			struct netlink_ext_ack *extack)
{
	int err;

	filter->family = u32_or(attrs[XTCP_A_CONN_FAMILY], AF_UNSPEC);
	filter->states = u32_or(attrs[XTCP_A_CONN_STATES], U32_MAX);
	filter->laddr = attrs[XTCP_A_CONN_LOCAL_ADDR];
	filter->raddr = attrs[XTCP_A_CONN_REMOTE_ADDR];
	filter->lport = port_or_any(attrs[XTCP_A_CONN_LOCAL_PORT]);
	filter->rport = port_or_any(attrs[XTCP_A_CONN_REMOTE_PORT]);
	filter->dif = u32_or(attrs[XTCP_A_CONN_IFINDEX], -1);

	err = check_family(attrs, filter, extack);
	if (!err)
		err = check_addr(filter, filter->laddr, extack);
	if (!err)
		err = check_addr(filter, filter->raddr, extack);
	return err;
}

static bool addr_matches(const struct nlattr *wanted,
			 const struct in6_addr *addr)
{
	return !wanted || !memcmp(nla_data(wanted), addr, nla_len(wanted));
}

static bool number_matches(int wanted, int number)
{
	return wanted == -1 || wanted == number;
}

static bool matches(const struct conn_filter *filter,
		    const struct xtcp_view *view)
{
	return filter->states & BIT(view->state) &&
	       (filter->family == AF_UNSPEC || filter->family == view->family) &&
	       number_matches(filter->lport, view->lport) &&
	       number_matches(filter->rport, view->rport) &&
	       number_matches(filter->dif, view->dif) &&
	       addr_matches(filter->laddr, &view->laddr) &&
	       addr_matches(filter->raddr, &view->raddr);
}

/* ---- a connection's attributes ---- */

static int put_tuple(struct sk_buff *skb, const struct xtcp_view *view)
{
	int len = addr_len(view->family);

	return nla_put_u32(skb, XTCP_A_CONN_FAMILY, view->family) ?:
	       nla_put(skb, XTCP_A_CONN_LOCAL_ADDR, len, &view->laddr) ?:
	       nla_put(skb, XTCP_A_CONN_REMOTE_ADDR, len, &view->raddr) ?:
	       nla_put_u16(skb, XTCP_A_CONN_LOCAL_PORT, view->lport) ?:
	       nla_put_u16(skb, XTCP_A_CONN_REMOTE_PORT, view->rport) ?:
	       nla_put_u32(skb, XTCP_A_CONN_IFINDEX, view->dif);
}

static int put_timer(struct sk_buff *skb, const struct xtcp_view *view)
{
	u32 left = jiffies_to_msecs(xtcp_view_time_left(view));

	return nla_put_u32(skb, XTCP_A_CONN_TIMER, view->timer) ?:
	       nla_put_u32(skb, XTCP_A_CONN_TIMER_MS, left) ?:
	       nla_put_u32(skb, XTCP_A_CONN_RETRANSMITS, view->retransmits);
}

static int put_msl(struct sk_buff *skb, const struct xtcp_view *view)
{
	return nla_put_u32(skb, XTCP_A_CONN_MSL_MS, view->msl_ms) ?:
	       nla_put_u32(skb, XTCP_A_CONN_MSL_SOURCE, view->msl_source);
}

static int put_owner(struct sk_buff *skb, const struct xtcp_view *view,
		     struct user_namespace *user_ns)
{
	u32 uid = from_kuid_munged(user_ns, view->uid);

	return nla_put_u32(skb, XTCP_A_CONN_UID, uid) ?:
	       nla_put_u64_64bit(skb, XTCP_A_CONN_INODE, view->inode,
				 XTCP_A_CONN_PAD) ?:
	       nla_put_u64_64bit(skb, XTCP_A_CONN_COOKIE, view->cookie,
				 XTCP_A_CONN_PAD);
}

static int put_conn(struct sk_buff *skb, const struct xtcp_view *view,
		    struct user_namespace *user_ns)
{
	return put_tuple(skb, view) ?:
	       nla_put_u32(skb, XTCP_A_CONN_STATE, view->state) ?:
	       nla_put_u32(skb, XTCP_A_CONN_RX_QUEUE, view->rx_queue) ?:
	       nla_put_u32(skb, XTCP_A_CONN_TX_QUEUE, view->tx_queue) ?:
	       put_msl(skb, view) ?:
	       put_timer(skb, view) ?:
	       put_owner(skb, view, user_ns);
}

/* ---- conn-get, dump ---- */

static struct user_namespace *reader_ns(const struct sk_buff *request)
{
	return sk_user_ns(NETLINK_CB(request).sk);
}

static int dump_view(struct sk_buff *skb, const struct netlink_callback *cb,
		     const struct xtcp_view *view)
{
	void *msg = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
				cb->nlh->nlmsg_seq, &family, NLM_F_MULTI,
				XTCP_CMD_CONN_GET);

	if (!msg)
		return -EMSGSIZE;

	if (put_conn(skb, view, reader_ns(cb->skb))) {
		genlmsg_cancel(skb, msg);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, msg);
	return 0;
}

static void dump(struct sk_buff *skb, const struct netlink_callback *cb,
		 struct xtcp_walk *walk, const struct conn_filter *filter)
{
	const struct net *net = sock_net(cb->skb->sk);
	struct xtcp_view view;
	struct xtcp_ep *ep;

	for (ep = xtcp_walk_start(walk, net); ep;
	     ep = xtcp_walk_next(walk, net)) {
		xtcp_view_fill(&view, ep);
		if (matches(filter, &view) && dump_view(skb, cb, &view))
			break;
	}
	xtcp_walk_stop(walk);
}

int xtcp_nl_conn_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct xtcp_walk *walk = (struct xtcp_walk *)cb->ctx;
	struct conn_filter filter;
	int err;

	static_assert(sizeof(*walk) <= sizeof(cb->ctx));

	err = parse_filter(xtcp_genl_dump_attrs(cb), &filter, cb->extack);
	if (err)
		return err;

	dump(skb, cb, walk, &filter);
	return skb->len;
}

/* ---- conn-get, do ---- */

static int check_tuple(struct genl_info *info)
{
	static const int needed[] = {
		XTCP_A_CONN_FAMILY,
		XTCP_A_CONN_LOCAL_ADDR, XTCP_A_CONN_REMOTE_ADDR,
		XTCP_A_CONN_LOCAL_PORT, XTCP_A_CONN_REMOTE_PORT,
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(needed); i++) {
		if (info->attrs[needed[i]])
			continue;
		GENL_SET_ERR_MSG(info,
				 "family, both addresses and both ports name a connection");
		return -EINVAL;
	}
	return 0;
}

/* A mapped address of an IPv6 socket is looked up as what is on the wire. */
static void set_key6(struct xtcp_key *key, const struct in6_addr *laddr,
		     const struct in6_addr *raddr)
{
	key->v6 = !ipv6_addr_v4mapped(raddr);
	key->laddr6 = laddr;
	key->raddr6 = raddr;
	key->laddr = laddr->s6_addr32[3];
	key->raddr = raddr->s6_addr32[3];
}

static struct xtcp_ep *find_conn(struct net *net,
				 const struct conn_filter *filter)
{
	struct xtcp_key key = {
		.net	= net,
		.lport	= htons(filter->lport),
		.rport	= htons(filter->rport),
		.dif	= filter->dif == -1 ? 0 : filter->dif,
	};

	if (filter->family == AF_INET6) {
		set_key6(&key, nla_data(filter->laddr),
			 nla_data(filter->raddr));
	} else {
		key.laddr = nla_get_in_addr(filter->laddr);
		key.raddr = nla_get_in_addr(filter->raddr);
	}
	return xtcp_hash_find(&key);
}

static int view_conn(struct genl_info *info, struct xtcp_view *view)
{
	struct conn_filter filter;
	struct xtcp_ep *ep;
	int err;

	err = check_tuple(info) ?:
	      parse_filter(info->attrs, &filter, info->extack);
	if (err)
		return err;

	ep = find_conn(genl_info_net(info), &filter);
	if (ep) {
		xtcp_view_fill(view, ep);
		xtcp_ep_put(ep);
	}
	if (!ep || !matches(&filter, view)) {
		GENL_SET_ERR_MSG(info, "no such connection");
		return -ENOENT;
	}
	return 0;
}

int xtcp_nl_conn_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct xtcp_view view;
	struct sk_buff *reply;
	void *msg;
	int err;

	err = view_conn(info, &view);
	if (err)
		return err;

	reply = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!reply)
		return -ENOMEM;

	msg = genlmsg_put_reply(reply, info, &family, 0, XTCP_CMD_CONN_GET);
	if (!msg || put_conn(reply, &view, reader_ns(skb))) {
		nlmsg_free(reply);
		return -EMSGSIZE;
	}
	genlmsg_end(reply, msg);
	return genlmsg_reply(reply, info);
}

/* ---- the family ---- */

static struct genl_family family __ro_after_init = {
	.name		= XTCP_FAMILY_NAME,
	.version	= XTCP_FAMILY_VERSION,
	.netnsok	= true,
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	.ops		= xtcp_nl_ops,
	.n_ops		= ARRAY_SIZE(xtcp_nl_ops),
};

int xtcp_netlink_init(void)
{
	return genl_register_family(&family);
}

void xtcp_netlink_exit(void)
{
	genl_unregister_family(&family);
}

MODULE_ALIAS_GENL_FAMILY(XTCP_FAMILY_NAME);
