// SPDX-License-Identifier: GPL-2.0
/*
 * Short connections one after another: connect, request, reply, close. The
 * connecting end closes first, so TIME_WAIT is on its side. Prints how many
 * came about and how many found no free local port.
 */
#include "child.h"
#include "clock.h"
#include "ends.h"

struct churn {
	struct ends ends;
	int msl;		/* ms, of the connecting end; 0: the default */
	int attempts;
};

static const char help[] =
	"xchurn " ENDS_USAGE " [-m MSL_MS] ADDRESS ATTEMPTS\n"
	ENDS_HELP
	"  -m      maximum segment lifetime of the connecting end";

static void answer(int fd)
{
	char byte;

	if (read_all(fd, &byte, 1) != 1)
		errx(1, "no request");
	write_all(fd, &byte, 1);
	if (read_all(fd, &byte, 1))
		errx(1, "more than a request");
	close(fd);
}

static void serve(int listener)
{
	for (;;)
		answer(sock_accept(listener));
}

/* Returns false if there is no local port for it. */
static bool request(const struct churn *churn)
{
	int fd = ends_open_connecting(&churn->ends);
	const union addr *addr = &churn->ends.addr;
	char byte = 'x';

	if (churn->msl)
		sock_set(fd, IPPROTO_TCP, XTCP_MSL, churn->msl);
	if (connect(fd, &addr->sa, addr_len(addr))) {
		if (errno != EADDRNOTAVAIL)
			err(1, "connect");
		close(fd);
		return false;
	}
	write_all(fd, &byte, 1);
	if (read_all(fd, &byte, 1) != 1 || byte != 'x')
		errx(1, "no reply");
	close(fd);
	return true;
}

static void run(struct churn *churn)
{
	unsigned long long start = clock_ns();
	int attempt, done = 0;

	for (attempt = 0; attempt < churn->attempts; attempt++)
		done += request(churn);
	printf("%d connections in %.2f s, EADDRNOTAVAIL %d times\n", done,
	       clock_seconds_since(start), churn->attempts - done);
}

/* Forks the listening end, which lives as long as this one. */
static void start_server(struct churn *churn)
{
	int listener = ends_open_listening(&churn->ends);

	sock_listen(listener, &churn->ends.addr);
	if (!child_fork())
		serve(listener);
	close(listener);
}

int main(int argc, char **argv)
{
	struct churn churn = {};
	int option;

	while ((option = getopt(argc, argv, ENDS_OPTIONS "m:")) != -1) {
		if (option == 'm')
			churn.msl = atoi(optarg);
		else if (!ends_option(&churn.ends, option))
			errx(2, "%s", help);
	}
	if (argc - optind != 2)
		errx(2, "%s", help);
	ends_address(&churn.ends, argv[optind]);
	churn.attempts = atoi(argv[optind + 1]);
	start_server(&churn);
	run(&churn);
	return 0;
}
