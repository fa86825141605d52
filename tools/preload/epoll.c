// SPDX-License-Identifier: GPL-2.0
/*
 * A descriptor whose file is replaced falls out of every epoll set. The sets
 * that it is in can be read in /proc, and it is put back into them.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "preload.h"

static bool is_epoll(int dir, const char *fd)
{
	static const char name[] = "anon_inode:[eventpoll]";
	char target[sizeof(name)];
	ssize_t len = readlinkat(dir, fd, target, sizeof(target));

	return len == sizeof(name) - 1 && !memcmp(target, name, len);
}

static void save_set(int epoll_fd, int fd, struct epoll_links *links)
{
	struct epoll_link *link = &links->link[links->count];
	unsigned long long data;
	unsigned int events;
	char line[256];
	FILE *info;
	int target;

	snprintf(line, sizeof(line), "/proc/self/fdinfo/%d", epoll_fd);
	info = fopen(line, "re");
	if (!info)
		return;

	while (fgets(line, sizeof(line), info)) {
		if (sscanf(line, "tfd: %d events: %x data: %llx",
			   &target, &events, &data) != 3 || target != fd)
			continue;
		link->epoll_fd = epoll_fd;
		link->event.events = events;
		link->event.data.u64 = data;
		links->count++;
		break;
	}
	fclose(info);
}

void preload_epoll_save(int fd, struct epoll_links *links)
{
	struct dirent *entry;
	DIR *dir;

	links->count = 0;
	dir = opendir("/proc/self/fd");
	if (!dir)
		return;

	while (links->count < MAX_EPOLL_LINKS && (entry = readdir(dir))) {
		if (is_epoll(dirfd(dir), entry->d_name))
			save_set(atoi(entry->d_name), fd, links);
	}
	closedir(dir);
}

void preload_epoll_restore(int fd, struct epoll_links *links)
{
	int i;

	for (i = 0; i < links->count; i++)
		epoll_ctl(links->link[i].epoll_fd, EPOLL_CTL_ADD, fd,
			  &links->link[i].event);
}
