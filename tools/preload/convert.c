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

/* The old socket's address, for the new one to bind() to. */
struct binding {
	union {
		struct sockaddr sa;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	} addr;
	socklen_t len;
	bool bound;
};

static int get_binding(int fd, struct binding *binding)
{
	binding->len = sizeof(binding->addr);
	if (getsockname(fd, &binding->addr.sa, &binding->len))
		return -1;

	/* sin_port and sin6_port lie at the same place. */
	binding->bound = binding->addr.in.sin_port != 0;
	return 0;
}

static int copy_file_flags(int from, int to)
{
	int flags = fcntl(from, F_GETFL);

	return flags < 0 ? -1 : fcntl(to, F_SETFL, flags);
}

/* Moves the socket @new over @fd. */
static int replace(int fd, int new)
{
	struct epoll_links links;
	struct binding binding;
	int fd_flags;

	fd_flags = fcntl(fd, F_GETFD);
	if (fd_flags < 0 || get_binding(fd, &binding) ||
	    copy_file_flags(fd, new))
		return -1;

	preload_epoll_save(fd, &links);
	if (dup3(new, fd, fd_flags & FD_CLOEXEC ? O_CLOEXEC : 0) < 0)
		return -1;
	preload_epoll_restore(fd, &links);

	/* Only now does the old socket's hold on the port end. */
	if (!binding.bound)
		return 0;
	return preload_settings()->next.bind(fd, &binding.addr.sa, binding.len);
}

/* @fresh is of @fd's kind, and shows which options have been changed. */
static int convert(int fd, int fresh, int new)
{
	preload_copy_options(fd, fresh, new);
	return replace(fd, new);
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
