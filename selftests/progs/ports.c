// SPDX-License-Identifier: GPL-2.0
/*
 * A port has one owner: what one stack listens on or is bound to the other
 * cannot have, until it is given back.
 */
#include "kselftest.h"
#include "sock.h"

/* Who has a port first, and who then wants it. */
struct rivals {
	enum stack owner, rival;
	int family;
};

static union addr any(const struct rivals *rivals, int port)
{
	union addr addr = { .sa.sa_family = rivals->family };

	addr.v4.sin_port = port;
	return addr;
}

static void to_loopback(union addr *addr)
{
	if (addr->sa.sa_family == AF_INET)
		addr->v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	else
		addr->v6.sin6_addr = in6addr_loopback;
}

/* The rival's bind and listen on @port: 0, or the errno of what failed. */
static int try_listen(const struct rivals *rivals, int port)
{
	union addr addr = any(rivals, port);
	int error = 0, fd = sock_open(rivals->rival, rivals->family);

	sock_set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (bind(fd, &addr.sa, addr_len(&addr)) || listen(fd, 1))
		error = errno;
	close(fd);
	return error;
}

/* The same without SO_REUSEADDR, and only the bind. */
static int try_bind(const struct rivals *rivals, int port)
{
	union addr addr = any(rivals, port);
	int error = 0, fd = sock_open(rivals->rival, rivals->family);

	if (bind(fd, &addr.sa, addr_len(&addr)))
		error = errno;
	close(fd);
	return error;
}

static int owner_listens(const struct rivals *rivals, union addr *addr)
{
	int fd = sock_open(rivals->owner, rivals->family);

	*addr = any(rivals, 0);
	sock_listen(fd, addr);
	return fd;
}

static bool listening(const struct rivals *rivals)
{
	union addr addr;
	int fd = owner_listens(rivals, &addr);
	int listens = try_listen(rivals, addr.v4.sin_port);
	int binds = try_bind(rivals, addr.v4.sin_port);

	close(fd);
	ksft_print_msg("listen: %s, bind: %s\n", strerror(listens),
		       strerror(binds));
	return listens == EADDRINUSE && binds == EADDRINUSE;
}

static bool bound(const struct rivals *rivals)
{
	int fd = sock_open(rivals->owner, rivals->family), binds;
	union addr addr = any(rivals, 0);
	socklen_t len = sizeof(addr);

	bind(fd, &addr.sa, addr_len(&addr));
	getsockname(fd, &addr.sa, &len);
	binds = try_bind(rivals, addr.v4.sin_port);
	close(fd);
	ksft_print_msg("bind: %s\n", strerror(binds));
	return addr.v4.sin_port && binds == EADDRINUSE;
}

static bool given_back(const struct rivals *rivals)
{
	union addr addr;
	int listens, fd = owner_listens(rivals, &addr);

	close(fd);
	listens = try_listen(rivals, addr.v4.sin_port);
	ksft_print_msg("listen: %s\n", strerror(listens));
	return !listens;
}

/* Leaves a TIME_WAIT entry of the listening end on the owner's port. */
static void leave_time_wait(const struct rivals *rivals, union addr *addr)
{
	int listener = owner_listens(rivals, addr);
	int accepted, connected = sock_open(rivals->owner, rivals->family);
	char byte;

	to_loopback(addr);
	sock_connect(connected, addr);
	accepted = sock_accept(listener);
	close(listener);
	shutdown(accepted, SHUT_WR);
	read_all(connected, &byte, 1);
	close(connected);
	read_all(accepted, &byte, 1);
	close(accepted);
}

/* TIME_WAIT must not keep a service from changing over to the other stack. */
static bool given_back_in_time_wait(const struct rivals *rivals)
{
	union addr addr;
	int listens;

	leave_time_wait(rivals, &addr);
	listens = try_listen(rivals, addr.v4.sin_port);
	ksft_print_msg("listen: %s\n", strerror(listens));
	return !listens;
}

/* Either stack chooses local ports from a range of its own. */
static bool in_range(enum stack stack, int port)
{
	return stack == STACK_XTCP ? port >= 10240 && port <= 32767 :
				     port >= 32768 && port <= 60999;
}

static bool connected(const struct rivals *rivals)
{
	union addr addr, local;
	int listener = owner_listens(rivals, &addr);
	int fd = sock_open(rivals->owner, rivals->family);
	socklen_t len = sizeof(local);

	to_loopback(&addr);
	sock_connect(fd, &addr);
	getsockname(fd, &local.sa, &len);
	close(fd);
	close(listener);
	ksft_print_msg("local port %d\n", ntohs(local.v4.sin_port));
	return in_range(rivals->owner, ntohs(local.v4.sin_port));
}

static const struct {
	const char *name;
	bool (*holds)(const struct rivals *rivals);
} claims[] = {
	{ "a listener's port is refused", listening },
	{ "a bound port is refused", bound },
	{ "a port is given back", given_back },
	{ "a port in TIME_WAIT is given back", given_back_in_time_wait },
	{ "local ports are from the stack's own range", connected },
};

static void test_claims(const struct rivals *rivals)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(claims); i++)
		ksft_test_result(claims[i].holds(rivals), "%s, %s to %s, IPv%d\n",
				 claims[i].name, stack_names[rivals->owner],
				 stack_names[rivals->rival],
				 rivals->family == AF_INET ? 4 : 6);
}

int main(void)
{
	static const struct rivals all[] = {
		{ STACK_XTCP, STACK_KERNEL, AF_INET },
		{ STACK_XTCP, STACK_KERNEL, AF_INET6 },
		{ STACK_KERNEL, STACK_XTCP, AF_INET },
		{ STACK_KERNEL, STACK_XTCP, AF_INET6 },
	};
	size_t i;

	ksft_print_header();
	ksft_set_plan(ARRAY_SIZE(all) * ARRAY_SIZE(claims));
	for (i = 0; i < ARRAY_SIZE(all); i++)
		test_claims(&all[i]);
	ksft_finished();
}
