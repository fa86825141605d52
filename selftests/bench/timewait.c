// SPDX-License-Identifier: GPL-2.0
/*
 * timewait [-s STACK] [-n NETNS] ADDRESS COUNT
 *
 * Opens and closes COUNT connections, the connecting end first, and prints
 * the slab memory per TIME_WAIT entry that they leave.
 */
#include "bench.h"
#include "slab.h"

static const char * const listings[STACKS][2] = {
	[STACK_KERNEL] = { "/proc/net/tcp", "/proc/net/tcp6" },
	[STACK_XTCP] = { "/proc/net/xtcp", "/proc/net/xtcp6" },
};

/* The number of TIME_WAIT entries in the listing at @path. */
static int entries_in(const char *path)
{
	unsigned int state;
	char line[512];
	int count = 0;
	FILE *f;

	f = fopen(path, "r");
	if (!f)
		err(1, "%s", path);
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "%*d: %*s %*s %x", &state) == 1 &&
		    state == TCP_TIME_WAIT)
			count++;
	fclose(f);
	return count;
}

static int entries(enum stack stack)
{
	return entries_in(listings[stack][0]) + entries_in(listings[stack][1]);
}

static void open_and_close(const struct bench *bench)
{
	int connected = bench_connect(bench);
	int accepted = sock_accept(bench->listener);
	char byte;

	shutdown(connected, SHUT_WR);
	if (read_all(accepted, &byte, 1))
		errx(1, "unasked-for data");
	close(accepted);
	if (read_all(connected, &byte, 1))
		errx(1, "unasked-for data");
	close(connected);
}

int main(int argc, char **argv)
{
	static struct slab before, after;
	int i, count, made;
	struct bench bench;

	bench_start(&bench, argc, argv, 1);
	count = atoi(bench.args[0]);
	open_and_close(&bench);
	made = entries(bench.stack);
	slab_read(&before);
	for (i = 0; i < count; i++)
		open_and_close(&bench);
	slab_read(&after);
	made = entries(bench.stack) - made;
	if (made != count)
		errx(1, "%d entries of %d connections", made, count);
	slab_report(&before, &after, count);
	return 0;
}
