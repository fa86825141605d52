// SPDX-License-Identifier: GPL-2.0
/*
 * The socket options that servers and clients like nginx and curl set: what
 * setting and getting them returns, XTCP beside the kernel's TCP, on a fresh
 * and on a connected socket.
 */
#include <sys/time.h>

#include "trial.h"

struct option {
	const char *name;
	int level, number;
	int values[4];
};

#define OPTION(level, number, ...)	\
	{ #number, level, number, { __VA_ARGS__ } }

static const struct option options[] = {
	OPTION(SOL_SOCKET, SO_REUSEADDR, 1, 0, 2, -1),
	OPTION(SOL_SOCKET, SO_REUSEPORT, 1, 0, 2, -1),
	OPTION(SOL_SOCKET, SO_KEEPALIVE, 1, 0, 2, -1),
	OPTION(SOL_SOCKET, SO_OOBINLINE, 1, 0, 2, -1),
	OPTION(SOL_SOCKET, SO_SNDBUF, 65536, 1, 100000, -1),
	OPTION(SOL_SOCKET, SO_RCVBUF, 65536, 1, 100000, -1),
	OPTION(SOL_SOCKET, SO_RCVLOWAT, 100, 0, 1, -1),
	OPTION(SOL_SOCKET, SO_PRIORITY, 3, 0, 6, 7),
	OPTION(SOL_SOCKET, SO_MARK, 3, 0, 0xffff, -1),
	OPTION(SOL_TCP, TCP_NODELAY, 1, 0, 2, -1),
	OPTION(SOL_TCP, TCP_CORK, 1, 0, 2, -1),
	OPTION(SOL_TCP, TCP_QUICKACK, 1, 0, 2, 1),
	OPTION(SOL_TCP, TCP_KEEPIDLE, 60, 0, 32768, -1),
	OPTION(SOL_TCP, TCP_KEEPINTVL, 60, 0, 32768, -1),
	OPTION(SOL_TCP, TCP_KEEPCNT, 5, 0, 128, -1),
	OPTION(SOL_TCP, TCP_SYNCNT, 3, 0, 128, -1),
	OPTION(SOL_TCP, TCP_DEFER_ACCEPT, 1, 0, 10, -1),
	OPTION(SOL_TCP, TCP_USER_TIMEOUT, 5000, 0, 1, -1),
	OPTION(SOL_TCP, TCP_NOTSENT_LOWAT, 16384, 0, 1, -1),
};

static const struct option ip_options[] = {
	OPTION(SOL_IP, IP_TOS, 0x10, 0, 0xff, 0x100),
	OPTION(SOL_IP, IP_TTL, 10, 1, 256, -1),
	OPTION(SOL_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT, IP_PMTUDISC_DO, 9,
	       IP_PMTUDISC_WANT),
	OPTION(SOL_IP, IP_BIND_ADDRESS_NO_PORT, 1, 0, 2, -1),
};

static const struct option ipv6_options[] = {
	OPTION(SOL_IPV6, IPV6_V6ONLY, 1, 0, 1, 0),
	OPTION(SOL_IPV6, IPV6_UNICAST_HOPS, 10, 1, 256, -1),
	OPTION(SOL_IPV6, IPV6_TCLASS, 0x10, 0, 0xff, 0x100),
};

/* The one that the trial which runs is about. */
static const struct option *option;

static void note_get(struct notes *notes, int fd)
{
	int value = -1;
	socklen_t len = sizeof(value);

	note(notes, "get", getsockopt(fd, option->level, option->number,
				      &value, &len));
	note_text(notes, "is %d, %u bytes\n", value, len);
}

static void note_values(struct notes *notes, int fd)
{
	size_t i;

	note_get(notes, fd);
	for (i = 0; i < ARRAY_SIZE(option->values); i++) {
		note_text(notes, "%d\n", option->values[i]);
		note(notes, "set", setsockopt(fd, option->level, option->number,
					      &option->values[i], sizeof(int)));
		note_get(notes, fd);
	}
}

struct pair {
	int connected, accepted;
};

/* Both ends of a connection whose listener had the option set. */
static struct pair open_pair(const struct ends *ends)
{
	int listener = ends_open_listening(ends);
	struct pair pair = { .connected = ends_open_connecting(ends) };
	union addr addr = ends->addr;

	setsockopt(listener, option->level, option->number, &option->values[0],
		   sizeof(int));
	addr.v4.sin_port = 0;
	sock_listen(listener, &addr);
	sock_connect(pair.connected, &addr);
	/* So that TCP_DEFER_ACCEPT lets it through. */
	write_all(pair.connected, "x", 1);
	pair.accepted = sock_accept(listener);
	return pair;
}

static void try_option(struct notes *notes, const struct ends *ends)
{
	struct pair pair;

	note_values(notes, ends_open_connecting(ends));
	/* Those that TCP itself changes as it goes are its own affair. */
	if (option->number == SO_SNDBUF || option->number == SO_RCVBUF)
		return;
	pair = open_pair(ends);
	note_text(notes, "connected\n");
	note_values(notes, pair.connected);
	note_text(notes, "accepted\n");
	note_get(notes, pair.accepted);
}

static void note_linger(struct notes *notes, int fd, int on, int seconds)
{
	struct linger linger = { on, seconds };
	socklen_t len = sizeof(linger);

	note(notes, "set", setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, len));
	linger = (struct linger){ -1, -1 };
	note(notes, "get", getsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, &len));
	note_text(notes, "is %d, %d, %u bytes\n", linger.l_onoff,
		  linger.l_linger, len);
}

static void try_linger(struct notes *notes, const struct ends *ends)
{
	int fd = ends_open_connecting(ends);

	note_linger(notes, fd, 1, 0);
	note_linger(notes, fd, 1, 10);
	note_linger(notes, fd, 0, 10);
}

static void note_timeout(struct notes *notes, int fd, int name, long seconds,
			 long microseconds)
{
	struct timeval time = { seconds, microseconds };
	socklen_t len = sizeof(time);

	note(notes, "set", setsockopt(fd, SOL_SOCKET, name, &time, len));
	note(notes, "get", getsockopt(fd, SOL_SOCKET, name, &time, &len));
	note_text(notes, "is %ld.%06ld, %u bytes\n", time.tv_sec, time.tv_usec,
		  len);
}

static void try_timeouts(struct notes *notes, const struct ends *ends)
{
	int fd = ends_open_connecting(ends);

	note_timeout(notes, fd, SO_RCVTIMEO, 3, 0);
	note_timeout(notes, fd, SO_SNDTIMEO, 3, 500000);
	note_timeout(notes, fd, SO_SNDTIMEO, 3, 1000000);
	note_timeout(notes, fd, SO_SNDTIMEO, -1, 0);
}

static void try_device(struct notes *notes, const struct ends *ends)
{
	int fd = ends_open_connecting(ends);
	char name[16] = "";
	socklen_t len = sizeof(name);

	note(notes, "none such", setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE,
					    "none", 4));
	note(notes, "lo", setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", 2));
	note(notes, "get", getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name,
				      &len));
	note_text(notes, "is %s, %u bytes\n", name, len);
}

static const struct trial trials[] = {
	{ "SO_LINGER", try_linger },
	{ "SO_RCVTIMEO and SO_SNDTIMEO", try_timeouts },
	{ "SO_BINDTODEVICE", try_device },
};

static const enum stack roles[][2] = { { STACK_XTCP, STACK_XTCP } };

static void compare_options(const struct option *options, size_t count,
			    const struct ends *ends)
{
	struct trial trial = { .run = try_option };

	for (; count; count--) {
		option = options++;
		trial.name = option->name;
		trial_compare(&trial, ends, roles, ARRAY_SIZE(roles));
	}
}

int main(void)
{
	struct ends v4 = {}, v6 = {};
	size_t i;

	ends_address(&v4, "127.0.0.1");
	ends_address(&v6, "::1");
	ksft_print_header();
	ksft_set_plan(ARRAY_SIZE(options) + ARRAY_SIZE(ip_options) +
		      ARRAY_SIZE(ipv6_options) + ARRAY_SIZE(trials));
	compare_options(options, ARRAY_SIZE(options), &v4);
	compare_options(ip_options, ARRAY_SIZE(ip_options), &v4);
	compare_options(ipv6_options, ARRAY_SIZE(ipv6_options), &v6);
	for (i = 0; i < ARRAY_SIZE(trials); i++)
		trial_compare(&trials[i], &v4, roles, ARRAY_SIZE(roles));
	ksft_finished();
}
