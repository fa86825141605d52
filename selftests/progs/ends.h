/* SPDX-License-Identifier: GPL-2.0 */
/* The two ends of a connection, as a program's command line gives them. */
#ifndef _SELFTESTS_ENDS_H
#define _SELFTESTS_ENDS_H

#include "sock.h"

struct ends {
	enum stack connecting, listening;
	const char *netns;	/* of the listening end, NULL for this one */
	int port;
	union addr addr;	/* of the listening end */
};

#define ENDS_PORT	5000
#define ENDS_OPTIONS	"c:l:n:p:"
#define ENDS_USAGE	"[-c STACK] [-l STACK] [-n NETNS] [-p PORT]"
#define ENDS_HELP							\
	"  -c, -l  stack of the connecting and listening end: kernel or xtcp\n"	\
	"  -n, -p  namespace and port of the listening end\n"

/* Takes one of ENDS_OPTIONS; false if it is another. */
static inline bool ends_option(struct ends *ends, int option)
{
	switch (option) {
	case 'c':
		ends->connecting = stack_parse(optarg);
		return true;
	case 'l':
		ends->listening = stack_parse(optarg);
		return true;
	case 'n':
		ends->netns = optarg;
		return true;
	case 'p':
		ends->port = atoi(optarg);
		return true;
	}
	return false;
}

static inline void ends_address(struct ends *ends, const char *text)
{
	ends->addr = addr_parse(text, ends->port ? ends->port : ENDS_PORT);
}

/* The listening end's socket, not bound yet. */
static inline int ends_open_listening(const struct ends *ends)
{
	return sock_open_in(ends->netns, ends->listening,
			    ends->addr.sa.sa_family);
}

static inline int ends_open_connecting(const struct ends *ends)
{
	return sock_open(ends->connecting, ends->addr.sa.sa_family);
}

#endif /* _SELFTESTS_ENDS_H */
