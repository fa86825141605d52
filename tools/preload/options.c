// SPDX-License-Identifier: GPL-2.0
/* Socket options, from one socket to another. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#include <linux/xtcp.h>

#include "preload.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static const struct option {
	int level;
	int name;
} options[] = {
	{ SOL_SOCKET, SO_REUSEADDR },
	{ SOL_SOCKET, SO_REUSEPORT },
	{ SOL_SOCKET, SO_KEEPALIVE },
	{ SOL_SOCKET, SO_OOBINLINE },
	{ SOL_SOCKET, SO_LINGER },
	{ SOL_SOCKET, SO_RCVLOWAT },
	{ SOL_SOCKET, SO_RCVTIMEO },
	{ SOL_SOCKET, SO_SNDTIMEO },
	{ SOL_SOCKET, SO_BINDTODEVICE },
	{ SOL_SOCKET, SO_MARK },
	{ SOL_SOCKET, SO_PRIORITY },
	{ SOL_SOCKET, SO_DONTROUTE },
	{ SOL_SOCKET, SO_INCOMING_CPU },
	{ SOL_SOCKET, SO_BUSY_POLL },
	{ SOL_SOCKET, SO_ZEROCOPY },
	{ SOL_SOCKET, SO_TIMESTAMPING },
	{ SOL_SOCKET, SO_MAX_PACING_RATE },
	{ IPPROTO_TCP, TCP_NODELAY },
	{ IPPROTO_TCP, TCP_MAXSEG },
	{ IPPROTO_TCP, TCP_CORK },
	{ IPPROTO_TCP, TCP_KEEPIDLE },
	{ IPPROTO_TCP, TCP_KEEPINTVL },
	{ IPPROTO_TCP, TCP_KEEPCNT },
	{ IPPROTO_TCP, TCP_SYNCNT },
	{ IPPROTO_TCP, TCP_LINGER2 },
	{ IPPROTO_TCP, TCP_DEFER_ACCEPT },
	{ IPPROTO_TCP, TCP_WINDOW_CLAMP },
	{ IPPROTO_TCP, TCP_USER_TIMEOUT },
	{ IPPROTO_TCP, TCP_FASTOPEN },
	{ IPPROTO_TCP, TCP_FASTOPEN_CONNECT },
	{ IPPROTO_TCP, TCP_NOTSENT_LOWAT },
	{ IPPROTO_TCP, TCP_SAVE_SYN },
	{ IPPROTO_TCP, TCP_CONGESTION },
	{ IPPROTO_IP, IP_TOS },
	{ IPPROTO_IP, IP_TTL },
	{ IPPROTO_IP, IP_MINTTL },
	{ IPPROTO_IP, IP_TRANSPARENT },
	{ IPPROTO_IP, IP_FREEBIND },
	{ IPPROTO_IP, IP_MTU_DISCOVER },
	{ IPPROTO_IP, IP_RECVERR },
	{ IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT },
	{ IPPROTO_IPV6, IPV6_V6ONLY },
	{ IPPROTO_IPV6, IPV6_TCLASS },
	{ IPPROTO_IPV6, IPV6_UNICAST_HOPS },
	{ IPPROTO_IPV6, IPV6_MINHOPCOUNT },
	{ IPPROTO_IPV6, IPV6_TRANSPARENT },
	{ IPPROTO_IPV6, IPV6_FREEBIND },
	{ IPPROTO_IPV6, IPV6_MTU_DISCOVER },
	{ IPPROTO_IPV6, IPV6_RECVERR },
};

struct value {
	char data[32];
	socklen_t len;
};

static bool get_value(int fd, const struct option *opt, struct value *val)
{
	val->len = sizeof(val->data);
	return !preload_settings()->next.getsockopt(fd, opt->level, opt->name,
						    val->data, &val->len);
}

static bool same_value(const struct value *a, const struct value *b)
{
	return a->len == b->len && !memcmp(a->data, b->data, a->len);
}

static void copy_option(int from, int fresh, int to, const struct option *opt)
{
	struct value initial;
	struct value val;

	if (get_value(from, opt, &val) && get_value(fresh, opt, &initial) &&
	    !same_value(&val, &initial))
		setsockopt(to, opt->level, opt->name, val.data, val.len);
}

/* The kernel doubles what it is given, and reports the double. */
static void copy_buffer_size(int from, int fresh, int to, int get, int force)
{
	const struct option opt = { SOL_SOCKET, get };
	struct value initial;
	struct value val;
	int size;

	if (!get_value(from, &opt, &val) || !get_value(fresh, &opt, &initial) ||
	    same_value(&val, &initial))
		return;

	memcpy(&size, val.data, sizeof(size));
	size /= 2;
	if (setsockopt(to, SOL_SOCKET, force, &size, sizeof(size)))
		setsockopt(to, SOL_SOCKET, get, &size, sizeof(size));
}

/*
 * Gives @to each option that @from has and @fresh, a new socket of @from's
 * kind, has not. An option that @to does not know stays away.
 */
void preload_copy_options(int from, int fresh, int to)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(options); i++)
		copy_option(from, fresh, to, &options[i]);

	copy_buffer_size(from, fresh, to, SO_RCVBUF, SO_RCVBUFFORCE);
	copy_buffer_size(from, fresh, to, SO_SNDBUF, SO_SNDBUFFORCE);
}
