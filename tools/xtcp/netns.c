// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "xtcp.h"

#define NETNS_DIR "/var/run/netns"

/* A name with a slash in it is a path, as for `ip`. */
static int open_netns(const char *name)
{
	char path[4096];
	int len;

	if (strchr(name, '/'))
		return open(name, O_RDONLY | O_CLOEXEC);

	len = snprintf(path, sizeof(path), NETNS_DIR "/%s", name);
	if (len >= (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return open(path, O_RDONLY | O_CLOEXEC);
}

int enter_netns(const char *name)
{
	int status = STATUS_OK;
	int fd;

	fd = open_netns(name);
	if (fd < 0)
		return fail("no network namespace \"%s\": %s; see `ip netns`",
			    name, strerror(errno));

	if (setns(fd, CLONE_NEWNET))
		status = refused("cannot enter network namespace \"%s\": %s",
				 name, strerror(errno));
	close(fd);
	return status;
}
