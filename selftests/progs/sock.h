/* SPDX-License-Identifier: GPL-2.0 */
/* A TCP socket of either stack, described in the words of a command line. */
#ifndef _SELFTESTS_SOCK_H
#define _SELFTESTS_SOCK_H

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/xtcp.h>

enum stack {
	STACK_KERNEL,
	STACK_XTCP,
	STACKS
};

static const char * const stack_names[STACKS] = { "kernel", "xtcp" };

union addr {
	struct sockaddr sa;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static inline enum stack stack_parse(const char *name)
{
	int i;

	for (i = 0; i < STACKS; i++)
		if (!strcmp(name, stack_names[i]))
			return i;
	errx(2, "%s: neither kernel nor xtcp", name);
}

static inline union addr addr_parse(const char *text, int port)
{
	union addr addr = { .v4 = { .sin_port = htons(port) } };

	if (inet_pton(AF_INET, text, &addr.v4.sin_addr) == 1)
		addr.sa.sa_family = AF_INET;
	else if (inet_pton(AF_INET6, text, &addr.v6.sin6_addr) == 1)
		addr.sa.sa_family = AF_INET6;
	else
		errx(2, "%s: not an address", text);
	return addr;
}

static inline socklen_t addr_len(const union addr *addr)
{
	return addr->sa.sa_family == AF_INET6 ? sizeof(addr->v6) :
						sizeof(addr->v4);
}

/* A socket of @stack for @family, AF_INET or AF_INET6; @flags as SOCK_*. */
static inline int sock_try_open(enum stack stack, int family, int flags)
{
	if (stack == STACK_KERNEL)
		return socket(family, SOCK_STREAM | flags, 0);
	return socket(AF_XTCP, SOCK_STREAM | flags,
		      family == AF_INET6 ? IPPROTO_IPV6 : 0);
}

static inline int sock_open(enum stack stack, int family)
{
	int fd = sock_try_open(stack, family, SOCK_CLOEXEC);

	if (fd < 0)
		err(1, "socket of %s", stack_names[stack]);
	return fd;
}

static inline void sock_set(int fd, int level, int name, int value)
{
	if (setsockopt(fd, level, name, &value, sizeof(value)))
		err(1, "setsockopt %d, %d", level, name);
}

/* Binds @fd and listens; a port of 0 in @addr becomes the chosen one. */
static inline void sock_listen(int fd, union addr *addr)
{
	socklen_t len = sizeof(*addr);

	sock_set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (bind(fd, &addr->sa, addr_len(addr)))
		err(1, "bind");
	if (listen(fd, SOMAXCONN))
		err(1, "listen");
	if (getsockname(fd, &addr->sa, &len))
		err(1, "getsockname");
}

static inline int sock_accept(int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0)
		err(1, "accept");
	return fd;
}

static inline void sock_connect(int fd, const union addr *addr)
{
	if (connect(fd, &addr->sa, addr_len(addr)))
		err(1, "connect");
}

/* A socket that belongs to the namespace @netns, or to this one if NULL. */
static inline int sock_open_in(const char *netns, enum stack stack, int family)
{
	int here, there, fd;
	char path[128];

	if (!netns)
		return sock_open(stack, family);
	snprintf(path, sizeof(path), "/run/netns/%s", netns);
	here = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	there = open(path, O_RDONLY | O_CLOEXEC);
	if (here < 0 || there < 0 || setns(there, CLONE_NEWNET))
		err(1, "%s", path);
	fd = sock_open(stack, family);
	if (setns(here, CLONE_NEWNET))
		err(1, "return from %s", path);
	close(here);
	close(there);
	return fd;
}

static inline void write_all(int fd, const void *buf, size_t len)
{
	const char *p = buf;
	ssize_t n;

	for (; len; p += n, len -= n) {
		n = write(fd, p, len);
		if (n < 0)
			err(1, "write");
	}
}

/* Reads @len bytes unless the stream ends before; returns how many. */
static inline size_t read_all(int fd, void *buf, size_t len)
{
	size_t got = 0;
	ssize_t n;

	while (got < len) {
		n = read(fd, (char *)buf + got, len - got);
		if (n < 0)
			err(1, "read");
		if (!n)
			break;
		got += n;
	}
	return got;
}

#endif /* _SELFTESTS_SOCK_H */
