/* SPDX-License-Identifier: GPL-2.0 */
#ifndef XTCP_PRELOAD_H
#define XTCP_PRELOAD_H

#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/socket.h>

/* Which TCP a socket belongs to. */
enum kind {
	KIND_OTHER,	/* no TCP socket at all */
	KIND_KERNEL,
	KIND_XTCP,
};

/* The C library's own functions, behind the ones exported here. */
struct next {
	int (*socket)(int domain, int type, int protocol);
	int (*bind)(int fd, const struct sockaddr *addr, socklen_t len);
	int (*listen)(int fd, int backlog);
	int (*connect)(int fd, const struct sockaddr *addr, socklen_t len);
	int (*getsockopt)(int fd, int level, int name, void *val,
			  socklen_t *len);
};

/* What the environment asks for; written once, before the first use. */
struct settings {
	struct next next;
	int family;		/* AF_XTCP's number on this machine */
	int msl_ms;		/* -1: not set */
	char cc[16];		/* empty: not set */
	bool strict;		/* no XTCP, no socket */
	bool by_role;		/* XTCP_ONLY is set: */
	enum kind connector;	/* kind of what connects ... */
	enum kind listener;	/* ... and of what listens */
};

/* settings.c */
const struct settings *preload_settings(void);

/* open.c */
int preload_open(enum kind kind, int domain, int type);
bool preload_may_fall_back(void);

/* options.c */
void preload_copy_options(int from, int fresh, int to);

/* epoll.c */
#define MAX_EPOLL_LINKS 8

struct epoll_links {
	int count;
	struct epoll_link {
		int epoll_fd;
		struct epoll_event event;
	} link[MAX_EPOLL_LINKS];
};

void preload_epoll_save(int fd, struct epoll_links *links);
void preload_epoll_restore(int fd, struct epoll_links *links);

/* convert.c */
int preload_convert(int fd, enum kind kind);

#endif
