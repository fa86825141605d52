// SPDX-License-Identifier: GPL-2.0
/*
 * Turning a socket that has not been used yet into one of the other kind.
 *
 * A new socket takes the old one's place under the same descriptor. It is
 * given what the program has done to the old one so far: options, bound
 * address, file flags, and membership in epoll sets. What cannot be read back
 * is lost: socket filters, and descriptors that are duplicates of this one go
 * on naming the old socket.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

#include <linux/xtcp.h>

#include "preload.h"

static int get_int(int fd, int level, int name)
{
	socklen_t len = sizeof(int);
	int val;

	if (preload_settings()->next.getsockopt(fd, level, name, &val, &len))
		return -1;
	return val;
}

static enum kind kind_of(int fd)
{
	if (get_int(fd, SOL_SOCKET, SO_TYPE) != SOCK_STREAM)
		return KIND_OTHER;

	switch (get_int(fd, SOL_SOCKET, SO_PROTOCOL)) {
	case IPPROTO_TCP:
		return KIND_KERNEL;
	case XTCP_SO_PROTOCOL:
		return KIND_XTCP;
	default:
		return KIND_OTHER;
	}
}

static bool is_used(int fd)
{
	struct tcp_info info;
	socklen_t len = sizeof(info);

	return !preload_settings()->next.getsockopt(fd, IPPROTO_TCP, TCP_INFO,
						    &info, &len) &&
	       info.tcpi_state != TCP_CLOSE;
}

struct address {
	union {
		struct sockaddr sa;
		struct sockaddr_in6 in6;
	};
	socklen_t len;
};

static int get_address(int fd, struct address *addr)
{
	addr->len = sizeof(addr->in6);
	return getsockname(fd, &addr->sa, &addr->len);
}

static bool same_address(const struct address *a, const struct address *b)
{
	return a->len == b->len && !memcmp(&a->sa, &b->sa, a->len);
}

static int copy_file_flags(int from, int to)
{
	int flags = fcntl(from, F_GETFL);

	return flags < 0 ? -1 : fcntl(to, F_SETFL, flags);
}

/* Moves the socket @new over @fd. */
static int replace(int fd, int new)
{
	int flags = fcntl(fd, F_GETFD);
	struct epoll_links links;

	if (flags < 0 || copy_file_flags(fd, new))
		return -1;

	preload_epoll_save(fd, &links);
	if (dup3(new, fd, flags & FD_CLOEXEC ? O_CLOEXEC : 0) < 0)
		return -1;

	preload_epoll_restore(fd, &links);
	return 0;
}

/* @fresh is of @fd's kind, and shows what the program has changed. */
static int convert(int fd, int fresh, int new)
{
	struct address addr;
	struct address initial;

	if (get_address(fd, &addr) || get_address(fresh, &initial))
		return -1;

	preload_copy_options(fd, fresh, new);
	if (replace(fd, new))
		return -1;

	/* Only now has the old socket given up its port. */
	if (same_address(&addr, &initial))
		return 0;
	return preload_settings()->next.bind(fd, &addr.sa, addr.len);
}

static void close_quietly(int fd)
{
	int saved = errno;

	if (fd >= 0)
		close(fd);
	errno = saved;
}

static int convert_from(int fd, enum kind old, enum kind kind)
{
	int domain = get_int(fd, SOL_SOCKET, SO_DOMAIN);
	int type = SOCK_STREAM | SOCK_CLOEXEC;
	int fresh = -1;
	int ret = -1;
	int new;

	new = preload_open(kind, domain, type);
	if (new < 0)
		return preload_may_fall_back() ? 0 : -1;

	fresh = preload_open(old, domain, type);
	if (fresh >= 0)
		ret = convert(fd, fresh, new);

	close_quietly(fresh);
	close_quietly(new);
	return ret;
}

/* Sees to it that @fd, if it is a TCP socket at all, is of @kind. */
int preload_convert(int fd, enum kind kind)
{
	int saved = errno;
	enum kind old = kind_of(fd);
	int ret = 0;

	if (old != KIND_OTHER && old != kind && !is_used(fd))
		ret = convert_from(fd, old, kind);

	if (!ret)
		errno = saved;
	return ret;
}
