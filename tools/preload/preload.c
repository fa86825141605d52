// SPDX-License-Identifier: GPL-2.0
/*
 * libxtcp-preload: the functions of the C library that it stands in for.
 *
 * A program that asks socket() for TCP is given an AF_XTCP socket. Everything
 * else about such a socket is as the program expects, but for its protocol
 * number, which getsockopt() puts right.
 *
 * With XTCP_ONLY the role of a socket decides, and socket() does not know it
 * yet. It opens what connecting sockets are to be; a socket that binds to a
 * port or listens is turned into what listening ones are to be, one that
 * connects after all is turned back. Most sockets are never turned.
 */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include <linux/xtcp.h>

#include "preload.h"

#define EXPORT __attribute__((visibility("default")))

static bool is_tcp(int domain, int type, int protocol)
{
	return (domain == AF_INET || domain == AF_INET6) &&
	       (type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)) == SOCK_STREAM &&
	       (protocol == 0 || protocol == IPPROTO_TCP);
}

static bool names_port(const struct sockaddr *addr, socklen_t len)
{
	const struct sockaddr_in *in = (const struct sockaddr_in *)addr;

	/* sin_port and sin6_port lie at the same place. */
	return addr && len >= sizeof(*in) && in->sin_port != 0;
}

EXPORT int socket(int domain, int type, int protocol)
{
	const struct settings *set = preload_settings();
	int saved = errno;
	int fd;

	if (!is_tcp(domain, type, protocol) || set->connector == KIND_KERNEL)
		return set->next.socket(domain, type, protocol);

	fd = preload_open(KIND_XTCP, domain, type);
	if (fd >= 0 || !preload_may_fall_back())
		return fd;

	errno = saved;
	return set->next.socket(domain, type, protocol);
}

EXPORT int bind(int fd, const struct sockaddr *addr, socklen_t len)
{
	const struct settings *set = preload_settings();

	if (set->by_role && names_port(addr, len) &&
	    preload_convert(fd, set->listener))
		return -1;

	return set->next.bind(fd, addr, len);
}

EXPORT int listen(int fd, int backlog)
{
	const struct settings *set = preload_settings();

	if (set->by_role && preload_convert(fd, set->listener))
		return -1;

	return set->next.listen(fd, backlog);
}

EXPORT int connect(int fd, const struct sockaddr *addr, socklen_t len)
{
	const struct settings *set = preload_settings();

	if (set->by_role && preload_convert(fd, set->connector))
		return -1;

	return set->next.connect(fd, addr, len);
}

EXPORT int getsockopt(int fd, int level, int name, void *val, socklen_t *len)
{
	int ret = preload_settings()->next.getsockopt(fd, level, name, val,
						      len);
	int protocol;

	if (ret || level != SOL_SOCKET || name != SO_PROTOCOL ||
	    *len != sizeof(protocol))
		return ret;

	memcpy(&protocol, val, sizeof(protocol));
	if (protocol == XTCP_SO_PROTOCOL) {
		protocol = IPPROTO_TCP;
		memcpy(val, &protocol, sizeof(protocol));
	}
	return 0;
}
