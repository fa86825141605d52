// SPDX-License-Identifier: GPL-2.0
/*
 * What calls on one socket return, good and bad ones: XTCP beside the kernel's
 * TCP, IPv4 and IPv6, over loopback.
 */
#include <sys/ioctl.h>

#include "trial.h"

/* A pointer that no program has. */
#define NOWHERE		((void *)8)

static socklen_t any_addr(union addr *addr, const struct ends *ends)
{
	*addr = (union addr){ .sa.sa_family = ends->addr.sa.sa_family };
	return addr_len(addr);
}

/* A listener on the loopback address and a port of its own. */
static int listener_at(const struct ends *ends, union addr *addr)
{
	int fd = ends_open_listening(ends);

	*addr = ends->addr;
	addr->v4.sin_port = 0;
	sock_listen(fd, addr);
	return fd;
}

static void creation(struct notes *notes, const struct ends *ends)
{
	int domain = ends->connecting == STACK_XTCP ? AF_XTCP : AF_INET;

	note(notes, "seqpacket", socket(domain, SOCK_SEQPACKET, 0));
	note(notes, "no type", socket(domain, 0, 0));
	note(notes, "udp", socket(domain, SOCK_STREAM, IPPROTO_UDP));
	note(notes, "protocol 300", socket(domain, SOCK_STREAM, 300));
	note(notes, "cloexec", fcntl(ends_open_connecting(ends), F_GETFD));
	note(notes, "tcp by name",
	     socket(domain, SOCK_STREAM, IPPROTO_TCP) > 0);
}

static void note_int(struct notes *notes, const char *what, int fd, int level,
		     int name)
{
	int value = -1;
	socklen_t len = sizeof(value);

	note(notes, what, getsockopt(fd, level, name, &value, &len));
	note_text(notes, "is %d, %u bytes\n", value, len);
}

static void identity(struct notes *notes, const struct ends *ends)
{
	int fd = ends_open_connecting(ends);

	note_int(notes, "SO_TYPE", fd, SOL_SOCKET, SO_TYPE);
	note_int(notes, "SO_DOMAIN", fd, SOL_SOCKET, SO_DOMAIN);
	note_int(notes, "SO_ACCEPTCONN", fd, SOL_SOCKET, SO_ACCEPTCONN);
	note_int(notes, "SO_ERROR", fd, SOL_SOCKET, SO_ERROR);
	listen(fd, 1);
	note_int(notes, "listening SO_ACCEPTCONN", fd, SOL_SOCKET,
		 SO_ACCEPTCONN);
}

static void note_name(struct notes *notes, const char *what,
		      int (*call)(int fd, struct sockaddr *addr,
				  socklen_t *len), int fd)
{
	union addr addr = {};
	socklen_t len = sizeof(addr);
	char text[INET6_ADDRSTRLEN] = "";

	if (note(notes, what, call(fd, &addr.sa, &len)))
		return;
	if (addr.sa.sa_family == AF_INET6)
		inet_ntop(AF_INET6, &addr.v6.sin6_addr, text, sizeof(text));
	else
		inet_ntop(AF_INET, &addr.v4.sin_addr, text, sizeof(text));
	note_text(notes, "is family %d, %u bytes, %s, %s port\n",
		  addr.sa.sa_family, len, text, addr.v4.sin_port ? "a" : "no");
}

static int libc_getsockname(int fd, struct sockaddr *addr, socklen_t *len)
{
	return getsockname(fd, addr, len);
}

static int libc_getpeername(int fd, struct sockaddr *addr, socklen_t *len)
{
	return getpeername(fd, addr, len);
}

static void unconnected(struct notes *notes, const struct ends *ends)
{
	int fd = ends_open_connecting(ends);
	char byte = 0;

	note_name(notes, "getsockname", libc_getsockname, fd);
	note_name(notes, "getpeername", libc_getpeername, fd);
	note(notes, "send", send(fd, &byte, 1, MSG_NOSIGNAL));
	note(notes, "recv", recv(fd, &byte, 1, 0));
	note(notes, "read", read(fd, &byte, 1));
	note(notes, "shutdown", shutdown(fd, SHUT_RDWR));
	note(notes, "accept", accept(fd, NULL, NULL));
	note_poll(notes, "poll", fd, 0);
	note_error(notes, fd);
}

static void binding(struct notes *notes, const struct ends *ends)
{
	int fd = ends_open_connecting(ends);
	union addr addr;
	socklen_t len = any_addr(&addr, ends);

	note(notes, "nowhere", bind(fd, NOWHERE, len));
	note(notes, "too long", bind(fd, &addr.sa, 4096));
	note(notes, "too short", bind(fd, &addr.sa, len - 8));
	note(notes, "no bytes", bind(fd, &addr.sa, 0));
	addr.sa.sa_family = AF_UNIX;
	note(notes, "of another family", bind(fd, &addr.sa, len));
	any_addr(&addr, ends);
	note(notes, "first", bind(fd, &addr.sa, len));
	note_name(notes, "getsockname", libc_getsockname, fd);
	note(notes, "second", bind(fd, &addr.sa, len));
	note(notes, "listen", listen(fd, 1));
	note(notes, "listening", bind(fd, &addr.sa, len));
}

static void binding_elsewhere(struct notes *notes, const struct ends *ends)
{
	bool v4 = ends->addr.sa.sa_family == AF_INET;
	union addr addr = addr_parse(v4 ? "192.0.2.1" : "2001:db8::1", 0);
	int fd = ends_open_connecting(ends);

	note(notes, "not our address", bind(fd, &addr.sa, addr_len(&addr)));
	addr = addr_parse(v4 ? "224.0.0.1" : "ff02::1", 0);
	note(notes, "multicast", bind(fd, &addr.sa, addr_len(&addr)));
}

static void note_bind(struct notes *notes, const char *what,
		      const struct ends *ends, const union addr *addr,
		      int option)
{
	int fd = ends_open_connecting(ends);

	if (option)
		sock_set(fd, SOL_SOCKET, option, 1);
	note(notes, what, bind(fd, &addr->sa, addr_len(addr)));
	note(notes, "listen", listen(fd, 1));
	close(fd);
}

/* A port that a bound socket, then a listener holds. */
static void port_in_use(struct notes *notes, const struct ends *ends)
{
	int fd = ends_open_connecting(ends);
	union addr addr = ends->addr, any;

	addr.v4.sin_port = 0;
	sock_set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (bind(fd, &addr.sa, addr_len(&addr)))
		err(1, "bind");
	libc_getsockname(fd, &addr.sa, &(socklen_t){ sizeof(addr) });
	any_addr(&any, ends);
	any.v4.sin_port = addr.v4.sin_port;

	note_bind(notes, "bound", ends, &addr, 0);
	note_bind(notes, "bound, any", ends, &any, 0);
	note_bind(notes, "bound, REUSEADDR", ends, &addr, SO_REUSEADDR);
	listen(fd, 1);
	note_bind(notes, "listening", ends, &addr, 0);
	note_bind(notes, "listening, any", ends, &any, 0);
	note_bind(notes, "listening, REUSEADDR", ends, &addr, SO_REUSEADDR);
	close(fd);
	note_bind(notes, "closed", ends, &addr, 0);
}

static void connecting_badly(struct notes *notes, const struct ends *ends)
{
	int fd = ends_open_connecting(ends);
	union addr addr = ends->addr;
	socklen_t len = addr_len(&addr);

	note(notes, "nowhere", connect(fd, NOWHERE, len));
	note(notes, "too short", connect(fd, &addr.sa, len - 8));
	note(notes, "no bytes", connect(fd, &addr.sa, 0));
	note(notes, "too long", connect(fd, &addr.sa, 4096));
	addr.sa.sa_family = AF_UNIX;
	note(notes, "of another family", connect(fd, &addr.sa, len));
	note_poll(notes, "poll", fd, 0);
}

/* The address of a port on which nobody listens. */
static union addr closed_port(const struct ends *ends)
{
	union addr addr;

	close(listener_at(ends, &addr));
	return addr;
}

static void refused(struct notes *notes, const struct ends *ends)
{
	union addr addr = closed_port(ends);
	int fd = ends_open_connecting(ends);
	char byte;

	note(notes, "first", connect(fd, &addr.sa, addr_len(&addr)));
	note_poll(notes, "poll", fd, 0);
	note_error(notes, fd);
	note(notes, "recv", recv(fd, &byte, 1, MSG_DONTWAIT));
	note(notes, "second", connect(fd, &addr.sa, addr_len(&addr)));
	note_name(notes, "getpeername", libc_getpeername, fd);
}

static void refused_nonblocking(struct notes *notes, const struct ends *ends)
{
	union addr addr = closed_port(ends);
	int fd = ends_open_connecting(ends);

	fcntl(fd, F_SETFL, O_NONBLOCK);
	note(notes, "connect", connect(fd, &addr.sa, addr_len(&addr)));
	note_poll(notes, "poll", fd, POLLOUT);
	note_error(notes, fd);
	note_error(notes, fd);
}

static void unreachable(struct notes *notes, const struct ends *ends)
{
	bool v4 = ends->addr.sa.sa_family == AF_INET;
	union addr addr = addr_parse(v4 ? "192.0.2.1" : "2001:db8::1", 80);
	int fd = ends_open_connecting(ends);

	note(notes, "no route", connect(fd, &addr.sa, addr_len(&addr)));
	addr = addr_parse(v4 ? "224.0.0.1" : "ff02::1", 80);
	note(notes, "multicast", connect(fd, &addr.sa, addr_len(&addr)));
	note_poll(notes, "poll", fd, 0);
}

static void connecting_again(struct notes *notes, const struct ends *ends)
{
	int fd = ends_open_connecting(ends);
	union addr addr;
	int listener = listener_at(ends, &addr);
	socklen_t len = addr_len(&addr);

	fcntl(fd, F_SETFL, O_NONBLOCK);
	note(notes, "first", connect(fd, &addr.sa, len));
	note_poll(notes, "poll", fd, POLLOUT);
	note(notes, "second", connect(fd, &addr.sa, len));
	note(notes, "third", connect(fd, &addr.sa, len));
	note(notes, "bind", bind(fd, &addr.sa, len));
	note(notes, "listen", listen(fd, 1));
	note(notes, "the listener", connect(listener, &addr.sa, len));
}

/* connect() to AF_UNSPEC ends a connection; the socket serves for a new one. */
static void disconnecting(struct notes *notes, const struct ends *ends)
{
	struct sockaddr unspec = { .sa_family = AF_UNSPEC };
	int fd = ends_open_connecting(ends);
	union addr addr;

	listener_at(ends, &addr);
	note(notes, "unspec", connect(fd, &unspec, sizeof(unspec)));
	sock_connect(fd, &addr);
	note(notes, "unspec", connect(fd, &unspec, sizeof(unspec)));
	note_name(notes, "getpeername", libc_getpeername, fd);
	note(notes, "again", connect(fd, &addr.sa, addr_len(&addr)));
	note_name(notes, "getpeername", libc_getpeername, fd);
}

static void accepting(struct notes *notes, const struct ends *ends)
{
	int connected = ends_open_connecting(ends);
	union addr addr, peer;
	int fd, listener = listener_at(ends, &addr);
	socklen_t len = sizeof(peer);
	char byte;

	fcntl(listener, F_SETFL, O_NONBLOCK);
	note(notes, "none there", accept(listener, NULL, NULL));
	note(notes, "recv", recv(listener, &byte, 1, 0));
	note(notes, "send", send(listener, &byte, 1, MSG_NOSIGNAL));
	note_name(notes, "getpeername", libc_getpeername, listener);
	sock_connect(connected, &addr);
	note_poll(notes, "listener", listener, POLLIN);
	note(notes, "bad flags", accept4(listener, NULL, NULL, 1));
	fd = accept4(listener, &peer.sa, &len, SOCK_NONBLOCK);
	note(notes, "accepted", fd >= 0);
	note_text(notes, "family %d, %u bytes\n", peer.sa.sa_family, len);
	note(notes, "flags", fcntl(fd, F_GETFL));
	note_name(notes, "getsockname", libc_getsockname, fd);
	note_name(notes, "getpeername", libc_getpeername, fd);
	note_int(notes, "SO_DOMAIN", fd, SOL_SOCKET, SO_DOMAIN);
	note(notes, "none left", accept(listener, NULL, NULL));
}

/* Closes a listener with connections that nobody took. */
static void closing_a_listener(struct notes *notes, const struct ends *ends)
{
	int fd = ends_open_connecting(ends);
	union addr addr;
	int listener = listener_at(ends, &addr);
	char byte;

	sock_connect(fd, &addr);
	note_poll(notes, "listener", listener, POLLIN);
	close(listener);
	note_poll(notes, "connected", fd, POLLIN);
	note(notes, "recv", recv(fd, &byte, 1, MSG_DONTWAIT));
	note(notes, "late", connect(ends_open_connecting(ends), &addr.sa,
				    addr_len(&addr)));
}

static void listening_again(struct notes *notes, const struct ends *ends)
{
	union addr addr;
	int fd = listener_at(ends, &addr);

	note(notes, "longer", listen(fd, 200));
	note(notes, "shorter", listen(fd, 0));
	note(notes, "shutdown", shutdown(fd, SHUT_RDWR));
	note_poll(notes, "poll", fd, 0);
	note(notes, "accept", accept(fd, NULL, NULL));
	note(notes, "listen", listen(fd, 5));
	note(notes, "bad way", shutdown(fd, 7));
}

static void bad_options(struct notes *notes, const struct ends *ends)
{
	int fd = ends_open_connecting(ends);
	socklen_t len = sizeof(int);
	int value = 1;

	note(notes, "level", setsockopt(fd, 12345, 1, &value, len));
	note(notes, "SOL_TCP 9999",
	     setsockopt(fd, SOL_TCP, 9999, &value, len));
	note(notes, "SOL_SOCKET 9999",
	     setsockopt(fd, SOL_SOCKET, 9999, &value, len));
	note(notes, "short", setsockopt(fd, SOL_TCP, TCP_NODELAY, &value, 2));
	note(notes, "no bytes",
	     setsockopt(fd, SOL_TCP, TCP_NODELAY, &value, 0));
	note(notes, "nowhere",
	     setsockopt(fd, SOL_TCP, TCP_NODELAY, NOWHERE, len));
	note(notes, "get level", getsockopt(fd, 12345, 1, &value, &len));
	note(notes, "get SOL_TCP 9999",
	     getsockopt(fd, SOL_TCP, 9999, &value, &len));
	note(notes, "get nowhere",
	     getsockopt(fd, SOL_TCP, TCP_NODELAY, NOWHERE, &len));
	note(notes, "get no length",
	     getsockopt(fd, SOL_TCP, TCP_NODELAY, &value, NOWHERE));
	len = -1;
	note(notes, "get negative",
	     getsockopt(fd, SOL_TCP, TCP_NODELAY, &value, &len));
	len = 1;
	note(notes, "get one byte",
	     getsockopt(fd, SOL_TCP, TCP_NODELAY, &value, &len));
	note_text(notes, "length %u\n", len);
}

static void bad_ioctls(struct notes *notes, const struct ends *ends)
{
	union addr addr;
	int value = -1, fd = listener_at(ends, &addr);

	note(notes, "listening FIONREAD", ioctl(fd, FIONREAD, &value));
	note(notes, "unknown", ioctl(fd, 0x4242, &value));
	fd = ends_open_connecting(ends);
	note(notes, "FIONREAD", ioctl(fd, FIONREAD, &value));
	note_text(notes, "is %d\n", value);
	note(notes, "nowhere", ioctl(fd, FIONREAD, NOWHERE));
}

/* Over IPv6 also to an IPv4 peer; IPV6_V6ONLY says who may. */
static void dual_stack(struct notes *notes, const struct ends *ends)
{
	int fd, listener = ends_open_listening(ends);
	union addr any, mapped = addr_parse("::ffff:127.0.0.1", 0);
	struct ends v4 = *ends;

	any_addr(&any, ends);
	note_int(notes, "IPV6_V6ONLY", listener, IPPROTO_IPV6, IPV6_V6ONLY);
	sock_set(listener, IPPROTO_IPV6, IPV6_V6ONLY, 0);
	sock_listen(listener, &any);
	v4.addr = addr_parse("127.0.0.1", ntohs(any.v4.sin_port));
	fd = ends_open_connecting(&v4);
	note(notes, "from IPv4",
	     connect(fd, &v4.addr.sa, addr_len(&v4.addr)));
	fd = sock_accept(listener);
	note_name(notes, "accepted", libc_getsockname, fd);
	note_name(notes, "accepted", libc_getpeername, fd);

	fd = ends_open_connecting(ends);
	mapped.v4.sin_port = any.v4.sin_port;
	note(notes, "to mapped",
	     connect(fd, &mapped.sa, addr_len(&mapped)));
	note_name(notes, "connected", libc_getpeername, fd);
	close(listener);

	listener = ends_open_listening(ends);
	sock_set(listener, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	any.v4.sin_port = 0;
	sock_listen(listener, &any);
	v4.addr.v4.sin_port = any.v4.sin_port;
	fd = ends_open_connecting(&v4);
	note(notes, "V6ONLY, from IPv4",
	     connect(fd, &v4.addr.sa, addr_len(&v4.addr)));
	note(notes, "V6ONLY after bind",
	     setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &(int){ 0 }, 4));
	fd = ends_open_connecting(ends);
	sock_set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	note(notes, "V6ONLY, to mapped",
	     connect(fd, &mapped.sa, addr_len(&mapped)));
	fd = ends_open_connecting(&v4);
	note(notes, "the port over IPv4",
	     bind(fd, &v4.addr.sa, addr_len(&v4.addr)));
}

static const struct trial trials[] = {
	{ "creation", creation },
	{ "identity", identity },
	{ "unconnected", unconnected },
	{ "binding", binding },
	{ "binding elsewhere", binding_elsewhere },
	{ "port in use", port_in_use },
	{ "connecting badly", connecting_badly },
	{ "refused", refused },
	{ "refused, non-blocking", refused_nonblocking },
	{ "unreachable", unreachable },
	{ "connecting again", connecting_again },
	{ "disconnecting", disconnecting },
	{ "accepting", accepting },
	{ "closing a listener", closing_a_listener },
	{ "listening again", listening_again },
	{ "bad options", bad_options },
	{ "bad ioctls", bad_ioctls },
};

static const struct trial ipv6_trials[] = {
	{ "dual stack", dual_stack },
};

static const enum stack roles[][2] = { { STACK_XTCP, STACK_XTCP } };

static void compare_all(const struct trial *trial, size_t count,
			const char *address)
{
	struct ends ends = {};

	ends_address(&ends, address);
	for (; count; count--)
		trial_compare(trial++, &ends, roles, ARRAY_SIZE(roles));
}

int main(void)
{
	ksft_print_header();
	ksft_set_plan(2 * ARRAY_SIZE(trials) + ARRAY_SIZE(ipv6_trials));
	compare_all(trials, ARRAY_SIZE(trials), "127.0.0.1");
	compare_all(trials, ARRAY_SIZE(trials), "::1");
	compare_all(ipv6_trials, ARRAY_SIZE(ipv6_trials), "::1");
	ksft_finished();
}
