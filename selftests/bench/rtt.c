// SPDX-License-Identifier: GPL-2.0
/*
 * rtt [-s STACK] [-n NETNS] ADDRESS SIZE COUNT
 *
 * One connection carries COUNT messages of SIZE bytes there and back, one at
 * a time, after a tenth of that as a warm-up; prints the instructions per
 * round trip: mean, median and 99th percentile.
 */
#include "bench.h"

static char message[65536];

static size_t size_of(const struct bench *bench)
{
	size_t size = atoi(bench->args[0]);

	if (!size || size > sizeof(message))
		errx(2, "messages of 1 to %zu bytes", sizeof(message));
	return size;
}

static void serve(const struct bench *bench)
{
	int fd = sock_accept(bench->listener);
	size_t size = size_of(bench);

	sock_set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	while (read_all(fd, message, size) == size)
		write_all(fd, message, size);
}

static unsigned long long round_trip(int fd, size_t size)
{
	unsigned long long start = clock_ns();

	write_all(fd, message, size);
	if (read_all(fd, message, size) != size)
		errx(1, "the listening end closed early");
	return clock_ns() - start;
}

static int compare(const void *a, const void *b)
{
	unsigned long long x = *(const unsigned long long *)a;
	unsigned long long y = *(const unsigned long long *)b;

	return (x > y) - (x < y);
}

static void report(unsigned long long *samples, int count)
{
	unsigned long long sum = 0;
	int i;

	qsort(samples, count, sizeof(*samples), compare);
	for (i = 0; i < count; i++)
		sum += samples[i];
	printf("mean %llu\n", sum / count);
	printf("p50 %llu\n", samples[count / 2]);
	printf("p99 %llu\n", samples[count * 99 / 100]);
}

int main(int argc, char **argv)
{
	unsigned long long *samples;
	struct bench bench;
	int i, fd, count;
	size_t size;
	pid_t pid;

	bench_start(&bench, argc, argv, 2);
	size = size_of(&bench);
	count = atoi(bench.args[1]);
	samples = calloc(count, sizeof(*samples));
	if (count < 1 || !samples)
		errx(2, "at least one message");
	pid = bench_serve(&bench, serve);
	fd = bench_connect(&bench);
	sock_set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	for (i = 0; i < count / 10; i++)
		round_trip(fd, size);
	for (i = 0; i < count; i++)
		samples[i] = round_trip(fd, size);
	close(fd);
	child_await(pid);
	report(samples, count);
	return 0;
}
