/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the benchmarks share: both ends in one program, a process each, over
 * one stack. Time is that of a guest under -icount shift=0, where a nanosecond
 * is an instruction.
 */
#ifndef _SELFTESTS_BENCH_H
#define _SELFTESTS_BENCH_H

#include "../progs/child.h"
#include "../progs/clock.h"
#include "../progs/sock.h"

struct bench {
	enum stack stack;
	const char *netns;	/* of the listening end, NULL for this one */
	union addr addr;
	int listener;
	char **args;		/* what follows the address */
};

/* Who preempts whom decides small writes by a factor of two; nobody shall. */
static inline void bench_no_preemption(void)
{
	struct sched_param param = {};

	if (sched_setscheduler(0, SCHED_BATCH, &param))
		err(1, "SCHED_BATCH");
}

/* Reads "[-s STACK] [-n NETNS] ADDRESS ARGS...", @args of them; listens. */
static inline void bench_start(struct bench *bench, int argc, char **argv,
			       int args)
{
	int option;

	*bench = (struct bench){};
	while ((option = getopt(argc, argv, "s:n:")) != -1) {
		if (option == 's')
			bench->stack = stack_parse(optarg);
		else if (option == 'n')
			bench->netns = optarg;
		else
			exit(2);
	}
	if (argc - optind != 1 + args)
		errx(2, "needs an address and %d argument%s", args,
		     args == 1 ? "" : "s");
	bench->addr = addr_parse(argv[optind], 0);
	bench->args = argv + optind + 1;
	bench_no_preemption();
	bench->listener = sock_open_in(bench->netns, bench->stack,
				       bench->addr.sa.sa_family);
	sock_listen(bench->listener, &bench->addr);
}

/* Runs @serve in a process of its own, which has the listener to itself. */
static inline pid_t bench_serve(struct bench *bench,
				void (*serve)(const struct bench *bench))
{
	pid_t pid = child_fork();

	if (!pid) {
		serve(bench);
		exit(0);
	}
	close(bench->listener);
	return pid;
}

static inline int bench_connect(const struct bench *bench)
{
	int fd = sock_open(bench->stack, bench->addr.sa.sa_family);

	sock_connect(fd, &bench->addr);
	return fd;
}

#endif /* _SELFTESTS_BENCH_H */
