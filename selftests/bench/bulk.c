// SPDX-License-Identifier: GPL-2.0
/*
 * bulk [-s STACK] [-n NETNS] ADDRESS WRITE_SIZE MIB
 *
 * One connection carries MIB mebibytes in writes of WRITE_SIZE bytes after a
 * tenth of that as a warm-up; prints the instructions per mebibyte.
 */
#include "bench.h"

#define MIB		(1024 * 1024UL)
#define READ_SIZE	65536

static unsigned long warm_bytes(const struct bench *bench)
{
	return atoi(bench->args[1]) * MIB / 10;
}

static unsigned long all_bytes(const struct bench *bench)
{
	return atoi(bench->args[1]) * MIB;
}

/* Takes @bytes and says so with a byte. */
static void sink(int fd, unsigned long bytes)
{
	static char buf[READ_SIZE];
	ssize_t n;

	while (bytes) {
		n = read(fd, buf, bytes < sizeof(buf) ? bytes : sizeof(buf));
		if (n <= 0)
			err(1, "read");
		bytes -= n;
	}
	write_all(fd, buf, 1);
}

static void serve(const struct bench *bench)
{
	int fd = sock_accept(bench->listener);

	sink(fd, warm_bytes(bench));
	sink(fd, all_bytes(bench));
}

/* Returns the instructions that @bytes took, the other end's included. */
static unsigned long long source(int fd, unsigned long bytes, size_t size)
{
	static char buf[16 * MIB];
	unsigned long long start = clock_ns();

	for (; bytes; bytes -= size) {
		if (size > bytes)
			size = bytes;
		write_all(fd, buf, size);
	}
	if (read_all(fd, buf, 1) != 1)
		errx(1, "the listening end closed early");
	return clock_ns() - start;
}

int main(int argc, char **argv)
{
	unsigned long long instructions;
	struct bench bench;
	size_t size;
	pid_t pid;
	int fd;

	bench_start(&bench, argc, argv, 2);
	size = atoi(bench.args[0]);
	if (!size || size > 16 * MIB)
		errx(2, "writes of 1 byte to 16 MiB");
	pid = bench_serve(&bench, serve);
	fd = bench_connect(&bench);
	source(fd, warm_bytes(&bench), size);
	instructions = source(fd, all_bytes(&bench), size);
	child_await(pid);
	printf("mean %.0f\n", instructions / (all_bytes(&bench) / (double)MIB));
	return 0;
}
