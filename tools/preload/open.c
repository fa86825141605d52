// SPDX-License-Identifier: GPL-2.0
/* Opening a socket of either kind. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <linux/xtcp.h>

#include "preload.h"

/* The settings that every XTCP socket starts with. */
static int apply_settings(int fd, const struct settings *set)
{
	if (set->msl_ms >= 0 &&
	    setsockopt(fd, IPPROTO_TCP, XTCP_MSL, &set->msl_ms,
		       sizeof(set->msl_ms)))
		return -1;

	if (set->cc[0] &&
	    setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, set->cc,
		       strlen(set->cc)))
		return -1;

	return 0;
}

static int open_xtcp(const struct settings *set, int domain, int type)
{
	int protocol = domain == AF_INET6 ? IPPROTO_IPV6 : 0;
	int fd = set->next.socket(set->family, type, protocol);
	int saved = errno;

	if (fd < 0)
		return -1;

	if (apply_settings(fd, set) && set->strict) {
		saved = errno;
		close(fd);
		fd = -1;
	}
	errno = saved;
	return fd;
}

static time_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &ts);
	return ts.tv_sec;
}

/*
 * The kernel runs modprobe for each socket of a family that it lacks, so do
 * not ask again within a second.
 */
static int open_xtcp_unless_absent(const struct settings *set, int domain,
				   int type)
{
	static atomic_llong absent_until[2];
	atomic_llong *until = &absent_until[domain == AF_INET6];
	int fd;

	if (atomic_load(until) > now()) {
		errno = EAFNOSUPPORT;
		return -1;
	}

	fd = open_xtcp(set, domain, type);
	if (fd < 0 && errno == EAFNOSUPPORT)
		atomic_store(until, now() + 1);
	return fd;
}

int preload_open(enum kind kind, int domain, int type)
{
	const struct settings *set = preload_settings();

	if (kind == KIND_XTCP)
		return open_xtcp_unless_absent(set, domain, type);

	return set->next.socket(domain, type, IPPROTO_TCP);
}

/* After preload_open() failed: is the kernel's TCP to be taken instead? */
bool preload_may_fall_back(void)
{
	if (preload_settings()->strict)
		return false;

	switch (errno) {
	case EAFNOSUPPORT:	/* no module, or a sandbox that hides it */
	case EPROTONOSUPPORT:	/* something else has the family's number */
	case ESOCKTNOSUPPORT:
	case EACCES:		/* not for this user */
	case EPERM:
		return true;
	default:
		return false;
	}
}
