// SPDX-License-Identifier: GPL-2.0
/*
 * crc [-s STACK] [-n NETNS] ADDRESS COUNT
 *
 * COUNT times one after another, after a tenth of that as a warm-up: connect,
 * request, reply, close; prints the instructions per connection.
 */
#include "bench.h"

static int warm_up(const struct bench *bench)
{
	return atoi(bench->args[0]) / 10;
}

static int count(const struct bench *bench)
{
	return atoi(bench->args[0]);
}

static void serve(const struct bench *bench)
{
	int n, fd;
	char byte;

	for (n = warm_up(bench) + count(bench); n; n--) {
		fd = sock_accept(bench->listener);
		if (read_all(fd, &byte, 1) != 1)
			errx(1, "no request");
		write_all(fd, &byte, 1);
		close(fd);
	}
}

static void request(const struct bench *bench)
{
	int fd = bench_connect(bench);
	char byte = 0;

	write_all(fd, &byte, 1);
	if (read_all(fd, &byte, 1) != 1)
		errx(1, "no reply");
	close(fd);
}

int main(int argc, char **argv)
{
	unsigned long long start;
	struct bench bench;
	pid_t pid;
	int n;

	bench_start(&bench, argc, argv, 1);
	pid = bench_serve(&bench, serve);
	for (n = warm_up(&bench); n; n--)
		request(&bench);
	start = clock_ns();
	for (n = count(&bench); n; n--)
		request(&bench);
	printf("mean %llu\n", (clock_ns() - start) / count(&bench));
	child_await(pid);
	return 0;
}
