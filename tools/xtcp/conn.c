// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "addr.h"
#include "conn.h"
#include "jsonout.h"
#include "xtcp.h"

/* ---- from netlink ---- */

/* Where an attribute goes, and how long it may be there. */
#define FIELD(attr, name)						\
	[XTCP_A_CONN_##attr] = {					\
		.offset = offsetof(struct conn, name),			\
		.size = sizeof(((struct conn *)0)->name),		\
	}

static const struct field {
	size_t offset;
	size_t size;
} fields[XTCP_A_CONN_MAX + 1] = {
	FIELD(FAMILY, family),
	FIELD(STATE, state),
	FIELD(LOCAL_ADDR, local),
	FIELD(REMOTE_ADDR, remote),
	FIELD(LOCAL_PORT, local_port),
	FIELD(REMOTE_PORT, remote_port),
	FIELD(IFINDEX, ifindex),
	FIELD(RX_QUEUE, rx_queue),
	FIELD(TX_QUEUE, tx_queue),
	FIELD(UID, uid),
	FIELD(INODE, inode),
	FIELD(COOKIE, cookie),
	FIELD(TIMER, timer),
	FIELD(TIMER_MS, timer_ms),
	FIELD(RETRANSMITS, retransmits),
	FIELD(MSL_MS, msl_ms),
	FIELD(MSL_SOURCE, msl_source),
};

/* Attributes newer than this program are passed over. */
static int read_attr(const struct nlattr *attr, void *data)
{
	unsigned int type = mnl_attr_get_type(attr);
	size_t len = mnl_attr_get_payload_len(attr);
	const struct field *field;

	if (type > XTCP_A_CONN_MAX)
		return MNL_CB_OK;

	field = &fields[type];
	memcpy((char *)data + field->offset, mnl_attr_get_payload(attr),
	       len < field->size ? len : field->size);
	return MNL_CB_OK;
}

struct listing {
	conn_fn fn;
	void *data;
};

static int read_conn(const struct nlmsghdr *nlh, void *data)
{
	const struct listing *listing = data;
	struct conn conn = { 0 };

	mnl_attr_parse(nlh, sizeof(struct genlmsghdr), read_attr, &conn);
	listing->fn(&conn, listing->data);
	return MNL_CB_OK;
}

static void put_filter(struct nlmsghdr *request,
		       const struct conn_filter *filter)
{
	if (filter->family)
		mnl_attr_put_u32(request, XTCP_A_CONN_FAMILY, filter->family);
	if (filter->states)
		mnl_attr_put_u32(request, XTCP_A_CONN_STATES, filter->states);
}

int conn_list(struct genl *genl, const struct conn_filter *filter, conn_fn fn,
	      void *data)
{
	struct listing listing = { fn, data };

	genl_begin(genl, XTCP_CMD_CONN_GET, NLM_F_DUMP);
	put_filter(genl->request, filter);
	return genl_run(genl, "cannot list connections", read_conn, &listing);
}

/* ---- to JSON ---- */

static void add_addr(struct json_object *obj, const char *key,
		     const struct conn *conn, const struct in6_addr *addr)
{
	char text[INET6_ADDRSTRLEN];

	json_add_text(obj, key, addr_text(text, conn->family, addr));
}

static void add_timer(struct json_object *obj, const struct conn *conn)
{
	struct json_object *timer;

	if (conn->timer == XTCP_TIMER_KIND_NONE)
		return;

	timer = json_object_new_object();
	json_add_text(timer, "kind", timer_name(conn->timer));
	json_add_number(timer, "ms", conn->timer_ms);
	json_add_number(timer, "retransmits", conn->retransmits);
	json_object_object_add(obj, "timer", timer);
}

struct json_object *conn_to_json(const struct conn *conn)
{
	struct json_object *obj = json_object_new_object();
	char ifname[IF_NAMESIZE];

	json_add_text(obj, "state", state_name(conn->state));
	json_add_number(obj, "recv_q", conn->rx_queue);
	json_add_number(obj, "send_q", conn->tx_queue);
	add_addr(obj, "local", conn, &conn->local);
	json_add_number(obj, "local_port", conn->local_port);
	add_addr(obj, "peer", conn, &conn->remote);
	json_add_number(obj, "peer_port", conn->remote_port);
	if (conn->ifindex)
		json_add_text(obj, "dev", addr_interface(ifname, conn->ifindex));
	add_timer(obj, conn);
	json_add_number(obj, "uid", conn->uid);
	json_add_number(obj, "inode", conn->inode);
	json_add_number(obj, "cookie", conn->cookie);
	json_add_number(obj, "msl_ms", conn->msl_ms);
	json_add_text(obj, "msl_source", msl_source_name(conn->msl_source));
	return obj;
}
