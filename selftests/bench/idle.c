// SPDX-License-Identifier: GPL-2.0
/*
 * idle [-s STACK] [-n NETNS] ADDRESS COUNT
 *
 * Opens COUNT connections, both ends of them, that carried one byte each way;
 * prints the slab memory per pair.
 */
#include <sys/resource.h>

#include "bench.h"
#include "slab.h"

static void allow_files(int count)
{
	struct rlimit limit = { count, count };

	if (setrlimit(RLIMIT_NOFILE, &limit))
		err(1, "RLIMIT_NOFILE");
	/* The table of files grows now, not while the slabs are compared. */
	if (dup2(STDERR_FILENO, count - 1) < 0)
		err(1, "dup2");
}

static void open_pair(const struct bench *bench)
{
	int connected = bench_connect(bench);
	int accepted = sock_accept(bench->listener);
	char byte = 0;

	write_all(connected, &byte, 1);
	if (read_all(accepted, &byte, 1) != 1)
		errx(1, "no request");
	write_all(accepted, &byte, 1);
	if (read_all(connected, &byte, 1) != 1)
		errx(1, "no reply");
}

int main(int argc, char **argv)
{
	static struct slab before, after;
	struct bench bench;
	int i, count;

	bench_start(&bench, argc, argv, 1);
	count = atoi(bench.args[0]);
	allow_files(2 * count + 64);
	open_pair(&bench);
	slab_read(&before);
	for (i = 0; i < count; i++)
		open_pair(&bench);
	slab_read(&after);
	slab_report(&before, &after, count);
	return 0;
}
