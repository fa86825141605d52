// SPDX-License-Identifier: GPL-2.0
/*
 * A pipe through one TCP connection: standard input goes in at one end and
 * standard output comes out at the other, so that a checksum program behind
 * it tells whether every byte arrived. Either end may be of either stack.
 *
 *   send     from the connecting to the listening end
 *   receive  the other way, after the connecting end has closed its half
 *   echo     there and back at the same time
 */
#include "child.h"
#include "clock.h"
#include "ends.h"

enum mode {
	SEND,
	RECEIVE,
	ECHO,
	MODES
};

static const char * const mode_names[MODES] = { "send", "receive", "echo" };

struct plan {
	struct ends ends;
	enum mode mode;
	const char *device;	/* that the listener is bound to */
	bool dstopts;		/* with a destination options header */
	bool fragments;		/* path MTU not to be discovered */
};

static const char help[] =
	"xpipe " ENDS_USAGE " [-d DEVICE] [-o] [-f] MODE ADDRESS\n"
	ENDS_HELP
	"  -d      device that the listener is bound to\n"
	"  -o      the connecting end sends IPv6 destination options headers\n"
	"  -f      the connecting end lets routers fragment\n"
	"  MODE    send | receive | echo";

/* Copies until the end of @from; returns the number of bytes. */
static size_t copy(int from, int to)
{
	static char buf[65536];
	size_t total = 0;
	ssize_t n;

	for (;;) {
		n = read(from, buf, sizeof(buf));
		if (n < 0)
			err(1, "read");
		if (!n)
			return total;
		write_all(to, buf, n);
		total += n;
	}
}

static void expect_end(int fd)
{
	char byte;

	if (read_all(fd, &byte, 1))
		errx(1, "data where the end of the stream was due");
}

static void half_close(int fd)
{
	if (shutdown(fd, SHUT_WR))
		err(1, "shutdown");
}

static void serve(int listener, enum mode mode)
{
	int fd = sock_accept(listener);

	close(listener);
	switch (mode) {
	case SEND:
		copy(fd, STDOUT_FILENO);
		break;
	case RECEIVE:
		expect_end(fd);
		copy(STDIN_FILENO, fd);
		break;
	default:
		copy(fd, fd);
	}
	close(fd);
}

static size_t send_all(int fd)
{
	size_t bytes = copy(STDIN_FILENO, fd);

	half_close(fd);
	return bytes;
}

static size_t echo(int fd)
{
	pid_t pid = child_fork();
	size_t bytes;

	if (!pid) {
		send_all(fd);
		_exit(0);
	}
	bytes = copy(fd, STDOUT_FILENO);
	child_await(pid);
	return 2 * bytes;
}

static size_t request(int fd, enum mode mode)
{
	size_t bytes;

	switch (mode) {
	case SEND:
		bytes = send_all(fd);
		expect_end(fd);
		return bytes;
	case RECEIVE:
		half_close(fd);
		return copy(fd, STDOUT_FILENO);
	default:
		return echo(fd);
	}
}

static void set_dstopts(int fd)
{
	/* Next header and length are filled in; a PadN option of four bytes. */
	static const unsigned char header[8] = { 0, 0, 1, 4 };

	if (setsockopt(fd, IPPROTO_IPV6, IPV6_DSTOPTS, header, sizeof(header)))
		err(1, "IPV6_DSTOPTS");
}

static int open_connecting(const struct plan *plan)
{
	int fd = ends_open_connecting(&plan->ends);

	if (plan->dstopts)
		set_dstopts(fd);
	if (plan->fragments)
		sock_set(fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT);
	return fd;
}

static int open_listening(struct plan *plan)
{
	int fd = ends_open_listening(&plan->ends);

	if (plan->device && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE,
				       plan->device, strlen(plan->device)))
		err(1, "SO_BINDTODEVICE %s", plan->device);
	sock_listen(fd, &plan->ends.addr);
	return fd;
}

static void run(struct plan *plan)
{
	unsigned long long start;
	int listener, fd;
	double seconds;
	size_t bytes;
	pid_t pid;

	listener = open_listening(plan);
	pid = child_fork();
	if (!pid) {
		serve(listener, plan->mode);
		exit(0);
	}
	close(listener);

	start = clock_ns();
	fd = open_connecting(plan);
	sock_connect(fd, &plan->ends.addr);
	bytes = request(fd, plan->mode);
	close(fd);
	child_await(pid);
	seconds = clock_seconds_since(start);
	fprintf(stderr, "%.2f MiB in %.2f s, %.2f MiB/s\n", bytes / 1048576.0,
		seconds, bytes / 1048576.0 / seconds);
}

static enum mode mode_parse(const char *name)
{
	int i;

	for (i = 0; i < MODES; i++)
		if (!strcmp(name, mode_names[i]))
			return i;
	errx(2, "%s", help);
}

int main(int argc, char **argv)
{
	struct plan plan = {};
	int option;

	while ((option = getopt(argc, argv, ENDS_OPTIONS "d:of")) != -1) {
		switch (option) {
		case 'd':
			plan.device = optarg;
			break;
		case 'o':
			plan.dstopts = true;
			break;
		case 'f':
			plan.fragments = true;
			break;
		default:
			if (!ends_option(&plan.ends, option))
				errx(2, "%s", help);
		}
	}
	if (argc - optind != 2)
		errx(2, "%s", help);
	plan.mode = mode_parse(argv[optind]);
	ends_address(&plan.ends, argv[optind + 1]);
	run(&plan);
	return 0;
}
