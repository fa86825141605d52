// SPDX-License-Identifier: GPL-2.0
/*
 * Holds sockets in a given state, in the background and until it is killed;
 * prints its pid.
 */
#include "background.h"
#include "ends.h"
#include "kselftest.h"

static const char help[] =
	"xhold " ENDS_USAGE " STATE ADDRESS COUNT\n"
	ENDS_HELP
	"  STATE   bound | listen | syn-sent | established | unread | unsent |\n"
	"          fin-wait-2 | close-wait | time-wait";

struct state {
	const char *name;
	void (*reach)(const struct ends *ends, int listener);
};

static void reach_bound(const struct ends *ends, int listener)
{
	union addr any = { .sa.sa_family = ends->addr.sa.sa_family };
	int fd = ends_open_connecting(ends);

	if (bind(fd, &any.sa, addr_len(&any)))
		err(1, "bind");
}

static void reach_listen(const struct ends *ends, int listener)
{
	union addr any = { .sa.sa_family = ends->addr.sa.sa_family };
	int fd = ends_open_connecting(ends);

	sock_listen(fd, &any);
}

/* ADDRESS is to be one that does not answer. */
static void reach_syn_sent(const struct ends *ends, int listener)
{
	int fd = ends_open_connecting(ends);

	fcntl(fd, F_SETFL, O_NONBLOCK);
	if (!connect(fd, &ends->addr.sa, addr_len(&ends->addr)) ||
	    errno != EINPROGRESS)
		err(1, "connect");
}

struct pair {
	int connected, accepted;
};

static struct pair open_pair(const struct ends *ends, int listener)
{
	struct pair pair = { .connected = ends_open_connecting(ends) };

	sock_connect(pair.connected, &ends->addr);
	pair.accepted = sock_accept(listener);
	return pair;
}

static void reach_established(const struct ends *ends, int listener)
{
	open_pair(ends, listener);
}

static void reach_unread(const struct ends *ends, int listener)
{
	struct pair pair = open_pair(ends, listener);

	write_all(pair.connected, "unread", 6);
	write_all(pair.accepted, "unread", 6);
}

/* Sends until neither end takes more: windows are closed, queues full. */
static void reach_unsent(const struct ends *ends, int listener)
{
	struct pair pair = open_pair(ends, listener);
	static const char buf[65536];

	while (send(pair.connected, buf, sizeof(buf), MSG_DONTWAIT) > 0)
		;
	if (errno != EAGAIN)
		err(1, "send");
}

static void reach_fin_wait_2(const struct ends *ends, int listener)
{
	struct pair pair = open_pair(ends, listener);

	close(pair.connected);
}

static void reach_close_wait(const struct ends *ends, int listener)
{
	struct pair pair = open_pair(ends, listener);

	close(pair.accepted);
}

static void reach_time_wait(const struct ends *ends, int listener)
{
	struct pair pair = open_pair(ends, listener);
	char byte;

	shutdown(pair.connected, SHUT_WR);
	if (read_all(pair.accepted, &byte, 1))
		errx(1, "unasked-for data");
	close(pair.accepted);
	if (read_all(pair.connected, &byte, 1))
		errx(1, "unasked-for data");
	close(pair.connected);
}

static const struct state states[] = {
	{ "bound", reach_bound },
	{ "listen", reach_listen },
	{ "syn-sent", reach_syn_sent },
	{ "established", reach_established },
	{ "unread", reach_unread },
	{ "unsent", reach_unsent },
	{ "fin-wait-2", reach_fin_wait_2 },
	{ "close-wait", reach_close_wait },
	{ "time-wait", reach_time_wait },
};

static const struct state *state_parse(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(states); i++)
		if (!strcmp(name, states[i].name))
			return &states[i];
	errx(2, "%s", help);
}

static void run(const struct ends *ends, const struct state *state, int count)
{
	union addr any = { .sa.sa_family = ends->addr.sa.sa_family };
	int listener = ends_open_listening(ends);

	any.v4.sin_port = ends->addr.v4.sin_port;
	sock_listen(listener, &any);
	while (count--)
		state->reach(ends, listener);
	go_to_background();
	for (;;)
		pause();
}

int main(int argc, char **argv)
{
	struct ends ends = {};
	int option;

	while ((option = getopt(argc, argv, ENDS_OPTIONS)) != -1)
		if (!ends_option(&ends, option))
			errx(2, "%s", help);
	if (argc - optind != 3)
		errx(2, "%s", help);
	ends_address(&ends, argv[optind + 1]);
	run(&ends, state_parse(argv[optind]), atoi(argv[optind + 2]));
}
