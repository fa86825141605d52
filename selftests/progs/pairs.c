// SPDX-License-Identifier: GPL-2.0
/*
 * What the two ends of a connection see of each other: XTCP to XTCP and to the
 * kernel's TCP in both roles, beside the kernel's TCP to itself.
 *
 * pairs ADDRESS[@NETNS]...: the listening end's, one set of trials for each
 */
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/time.h>
#include <sys/uio.h>

#include "trial.h"

/* A pointer that no program has. */
#define NOWHERE		((void *)8)

struct pair {
	int connected, accepted;
};

static int open_listener(const struct ends *ends, union addr *addr)
{
	int fd = ends_open_listening(ends);

	*addr = ends->addr;
	addr->v4.sin_port = 0;
	sock_listen(fd, addr);
	return fd;
}

static struct pair open_pair(const struct ends *ends)
{
	struct pair pair = { .connected = ends_open_connecting(ends) };
	union addr addr;
	int listener = open_listener(ends, &addr);

	sock_connect(pair.connected, &addr);
	pair.accepted = sock_accept(listener);
	close(listener);
	return pair;
}

static void note_recv(struct notes *notes, const char *what, int fd, size_t len,
		      int flags)
{
	char buf[256] = "";

	if (note(notes, what, recv(fd, buf, len, flags)) > 0)
		note_text(notes, "is %s\n", buf);
}

static void note_pending(struct notes *notes, const char *what, int fd)
{
	int bytes = -1;

	note(notes, what, ioctl(fd, FIONREAD, &bytes));
	note_text(notes, "is %d\n", bytes);
}

static void data(struct notes *notes, const struct ends *ends)
{
	struct pair pair = open_pair(ends);

	note_recv(notes, "nothing there", pair.accepted, 1, MSG_DONTWAIT);
	note(notes, "send", send(pair.connected, "hello", 5, 0));
	note_poll(notes, "poll", pair.accepted, POLLIN);
	note_pending(notes, "FIONREAD", pair.accepted);
	note_recv(notes, "peek", pair.accepted, 3, MSG_PEEK);
	note_recv(notes, "part", pair.accepted, 2, 0);
	note_recv(notes, "rest", pair.accepted, 100, 0);
	note(notes, "empty send", send(pair.connected, "", 0, 0));
	note_recv(notes, "empty recv", pair.accepted, 0, MSG_DONTWAIT);
	note(notes, "answer", send(pair.accepted, "goodbye", 7, 0));
	note_poll(notes, "poll", pair.connected, POLLIN);
	note_recv(notes, "thrown away", pair.connected, 4, MSG_TRUNC);
	note_recv(notes, "answer's end", pair.connected, 100, 0);
}

static void wait_for_all(struct notes *notes, const struct ends *ends)
{
	struct pair pair = open_pair(ends);

	if (!child_fork()) {
		write_all(pair.connected, "in ", 3);
		write_all(pair.connected, "two ", 4);
		write_all(pair.connected, "parts", 5);
		shutdown(pair.connected, SHUT_WR);
		pause();
	}
	note_recv(notes, "a part", pair.accepted, 7, MSG_WAITALL);
	note_recv(notes, "all that comes", pair.accepted, 100, MSG_WAITALL);
	note_recv(notes, "end", pair.accepted, 100, MSG_WAITALL);
}

static void half_closed(struct notes *notes, int closing, int other)
{
	note(notes, "last data", send(closing, "last", 4, 0));
	note(notes, "shutdown", shutdown(closing, SHUT_WR));
	note(notes, "send", send(closing, "more", 4, 0));
	note_poll(notes, "other", other, POLLRDHUP);
	note_recv(notes, "other", other, 100, 0);
	note_recv(notes, "end", other, 100, 0);
	note(notes, "answer", send(other, "answer", 6, 0));
	note_poll(notes, "closing", closing, POLLIN);
	note_recv(notes, "closing", closing, 100, 0);
	note(notes, "shutdown", shutdown(other, SHUT_WR));
	note_poll(notes, "closing", closing, POLLRDHUP);
	note_recv(notes, "end", closing, 100, 0);
	note_poll(notes, "other", other, POLLHUP);
	note_error(notes, closing);
	note_error(notes, other);
	note(notes, "too late", shutdown(closing, SHUT_WR));
}

static void half_close_connecting(struct notes *notes, const struct ends *ends)
{
	struct pair pair = open_pair(ends);

	half_closed(notes, pair.connected, pair.accepted);
}

static void half_close_listening(struct notes *notes, const struct ends *ends)
{
	struct pair pair = open_pair(ends);

	half_closed(notes, pair.accepted, pair.connected);
}

static void close_both(struct notes *notes, const struct ends *ends)
{
	struct pair pair = open_pair(ends);

	note(notes, "shutdown", shutdown(pair.connected, SHUT_WR));
	note(notes, "shutdown", shutdown(pair.accepted, SHUT_WR));
	note_poll(notes, "connected", pair.connected, POLLHUP);
	note_poll(notes, "accepted", pair.accepted, POLLHUP);
	note_recv(notes, "connected", pair.connected, 1, 0);
	note_recv(notes, "accepted", pair.accepted, 1, 0);
	note_error(notes, pair.connected);
	note_error(notes, pair.accepted);
}

static void shut_for_reading(struct notes *notes, const struct ends *ends)
{
	struct pair pair = open_pair(ends);

	note(notes, "shutdown", shutdown(pair.accepted, SHUT_RD));
	note_poll(notes, "poll", pair.accepted, POLLIN);
	note_recv(notes, "recv", pair.accepted, 1, 0);
	note(notes, "send", send(pair.connected, "still", 5, 0));
	note_recv(notes, "recv", pair.accepted, 5, MSG_WAITALL);
	note(notes, "answer", send(pair.accepted, "answer", 6, 0));
	note_poll(notes, "connected", pair.connected, POLLIN);
	note_recv(notes, "connected", pair.connected, 10, 0);
}

static void note_reset(struct notes *notes, int fd)
{
	note_poll(notes, "poll", fd, POLLRDHUP);
	note_recv(notes, "recv", fd, 1, 0);
	note_recv(notes, "recv", fd, 1, 0);
	note(notes, "send", send(fd, "x", 1, 0));
	note_error(notes, fd);
	note(notes, "shutdown", shutdown(fd, SHUT_WR));
}

static void linger_off(int fd)
{
	struct linger linger = { .l_onoff = 1 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	close(fd);
}

static void reset_by_accepted(struct notes *notes, const struct ends *ends)
{
	struct pair pair = open_pair(ends);

	linger_off(pair.accepted);
	note_reset(notes, pair.connected);
}

static void reset_by_connected(struct notes *notes, const struct ends *ends)
{
	struct pair pair = open_pair(ends);

	linger_off(pair.connected);
	note_reset(notes, pair.accepted);
}

static void close_unread(struct notes *notes, const struct ends *ends)
{
	struct pair pair = open_pair(ends);

	note(notes, "send", send(pair.connected, "unread", 6, 0));
	note_poll(notes, "accepted", pair.accepted, POLLIN);
	close(pair.accepted);
	note_reset(notes, pair.connected);
}

/* The first segment after a close draws the reset. */
static void write_to_closed(struct notes *notes, const struct ends *ends)
{
	struct pair pair = open_pair(ends);

	close(pair.accepted);
	note_poll(notes, "closed", pair.connected, POLLRDHUP);
	note(notes, "first", send(pair.connected, "x", 1, 0));
	note_poll(notes, "reset", pair.connected, POLLHUP);
	note(notes, "second", send(pair.connected, "x", 1, 0));
	note_error(notes, pair.connected);
	note_recv(notes, "recv", pair.connected, 1, 0);
}

/* What was sent before a close arrives, however much it is. */
static void close_with_data(struct notes *notes, const struct ends *ends)
{
	struct pair pair = open_pair(ends);
	static char buf[4096];
	size_t sent = 0, got = 0;
	ssize_t n;

	sock_set(pair.connected, SOL_SOCKET, SO_SNDBUF, 262144);
	while ((n = send(pair.connected, buf, sizeof(buf), MSG_DONTWAIT)) > 0)
		sent += n;
	note(notes, "full", n);
	note(notes, "plenty", sent > 131072);
	close(pair.connected);
	while ((n = recv(pair.accepted, buf, sizeof(buf), 0)) > 0)
		got += n;
	note(notes, "end", n);
	note(notes, "all arrived", got == sent);
	note_poll(notes, "poll", pair.accepted, POLLIN);
}

/* Sends until there is no room, to a peer that does not read meanwhile. */
static size_t fill(int fd)
{
	static char buf[4096];
	size_t sent = 0;
	ssize_t n;

	while ((n = send(fd, buf, sizeof(buf), MSG_DONTWAIT)) > 0)
		sent += n;
	return sent;
}

static void drain(int fd, size_t bytes)
{
	static char buf[65536];

	while (bytes > 0)
		bytes -= read_all(fd, buf, bytes < sizeof(buf) ? bytes :
				  sizeof(buf));
}

static void window(struct notes *notes, const struct ends *ends)
{
	struct pair pair = open_pair(ends);
	struct timeval timeout = { .tv_usec = 200000 };
	static char buf[4096];
	size_t sent = 0;
	ssize_t n;

	setsockopt(pair.connected, SOL_SOCKET, SO_SNDTIMEO, &timeout,
		   sizeof(timeout));
	while ((n = send(pair.connected, buf, sizeof(buf), 0)) > 0)
		sent += n;
	note(notes, "full", n);
	drain(pair.accepted, sent);
	note_poll(notes, "emptied", pair.connected, POLLOUT);
	note(notes, "send", send(pair.connected, buf, sizeof(buf), 0));
	drain(pair.accepted, sizeof(buf));
	note_recv(notes, "nothing left", pair.accepted, 1, MSG_DONTWAIT);
}

static void receive_timeout(struct notes *notes, const struct ends *ends)
{
	struct pair pair = open_pair(ends);
	struct timeval timeout = { .tv_usec = 50000 };

	setsockopt(pair.accepted, SOL_SOCKET, SO_RCVTIMEO, &timeout,
		   sizeof(timeout));
	note_recv(notes, "recv", pair.accepted, 1, 0);
}

static void on_alarm(int signal)
{
}

static void interrupted(struct notes *notes, const struct ends *ends)
{
	struct sigaction action = { .sa_handler = on_alarm };
	struct itimerval timer = { .it_value.tv_usec = 50000 };
	struct pair pair = open_pair(ends);

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
	note_recv(notes, "recv", pair.accepted, 1, 0);
}

static int pipe_signals;

static void on_pipe(int signal)
{
	pipe_signals++;
}

static void broken_pipe(struct notes *notes, const struct ends *ends)
{
	struct pair pair = open_pair(ends);

	signal(SIGPIPE, on_pipe);
	shutdown(pair.connected, SHUT_WR);
	note(notes, "send", send(pair.connected, "x", 1, 0));
	note(notes, "signals", pipe_signals);
	note(notes, "quiet", send(pair.connected, "x", 1, MSG_NOSIGNAL));
	note(notes, "signals", pipe_signals);
}

static void vectors(struct notes *notes, const struct ends *ends)
{
	struct pair pair = open_pair(ends);
	char a[3] = "", b[5] = "";
	struct iovec out[] = { { "one", 3 }, { "", 0 }, { "two", 3 } };
	struct iovec in[] = { { a, 2 }, { b, 4 } };

	note(notes, "writev", writev(pair.connected, out, 3));
	note_poll(notes, "poll", pair.accepted, POLLIN);
	note(notes, "readv", readv(pair.accepted, in, 2));
	note_text(notes, "%s, %s\n", a, b);
}

static void more_to_come(struct notes *notes, const struct ends *ends)
{
	struct pair pair = open_pair(ends);

	note(notes, "more", send(pair.connected, "one ", 4, MSG_MORE));
	note(notes, "last", send(pair.connected, "two", 3, 0));
	note_poll(notes, "poll", pair.accepted, POLLIN);
	note_recv(notes, "together", pair.accepted, 100, 0);
	sock_set(pair.connected, SOL_TCP, TCP_CORK, 1);
	note(notes, "corked", send(pair.connected, "one ", 4, 0));
	note(notes, "corked", send(pair.connected, "two", 3, 0));
	sock_set(pair.connected, SOL_TCP, TCP_CORK, 0);
	note_poll(notes, "poll", pair.accepted, POLLIN);
	note_recv(notes, "together", pair.accepted, 100, 0);
}

static void from_a_file(struct notes *notes, const struct ends *ends)
{
	struct pair pair = open_pair(ends);
	int fd = open("/proc/self/exe", O_RDONLY);
	char file[8192], got[8192];
	off_t offset = 0;

	note(notes, "sendfile", sendfile(pair.connected, fd, &offset,
					 sizeof(got)));
	note(notes, "read", pread(fd, file, sizeof(file), 0));
	note(notes, "arrived", read_all(pair.accepted, got, sizeof(got)));
	note(notes, "same", !memcmp(file, got, sizeof(file)));
}

static void bad_pointers(struct notes *notes, const struct ends *ends)
{
	struct pair pair = open_pair(ends);
	struct iovec bad[] = { { "good", 4 }, { NOWHERE, 4 } };
	struct msghdr msg = { .msg_iov = NOWHERE, .msg_iovlen = 1 };

	note(notes, "send", send(pair.connected, NOWHERE, 10, 0));
	note(notes, "sendmsg", sendmsg(pair.connected, NOWHERE, 0));
	note(notes, "sendmsg iov", sendmsg(pair.connected, &msg, 0));
	note(notes, "half of a writev", writev(pair.connected, bad, 2));
	note(notes, "send", send(pair.connected, "data", 4, 0));
	note_poll(notes, "poll", pair.accepted, POLLIN);
	note(notes, "recv", recv(pair.accepted, NOWHERE, 10, 0));
	note(notes, "recvmsg", recvmsg(pair.accepted, &msg, 0));
	note(notes, "recvfrom", recvfrom(pair.accepted, NULL, 0, 0, NOWHERE,
					 NULL));
	note_recv(notes, "still there", pair.accepted, 100, 0);
	note(notes, "getsockname", getsockname(pair.accepted, NOWHERE,
					       &(socklen_t){ 16 }));
	note(notes, "getpeername", getpeername(pair.accepted,
					       &(struct sockaddr){},
					       NOWHERE));
}

static void note_events(struct notes *notes, const char *what, int epoll,
			int timeout)
{
	struct epoll_event event = {};

	if (note(notes, what, epoll_wait(epoll, &event, 1, timeout)) == 1)
		note_text(notes, "events 0x%x\n", event.events);
}

static void edge_triggered(struct notes *notes, const struct ends *ends)
{
	struct pair pair = open_pair(ends);
	int epoll = epoll_create1(0);
	struct epoll_event event = {
		.events = EPOLLIN | EPOLLRDHUP | EPOLLET,
	};

	note(notes, "add", epoll_ctl(epoll, EPOLL_CTL_ADD, pair.accepted,
				     &event));
	note_events(notes, "nothing", epoll, 0);
	write_all(pair.connected, "x", 1);
	note_events(notes, "an edge", epoll, 5000);
	note_events(notes, "no second time", epoll, 0);
	write_all(pair.connected, "x", 1);
	note_events(notes, "one more edge", epoll, 5000);
	note_recv(notes, "all", pair.accepted, 2, MSG_WAITALL);
	note_events(notes, "no edge by reading", epoll, 0);
	shutdown(pair.connected, SHUT_WR);
	note_events(notes, "the end", epoll, 5000);
	note_events(notes, "no second time", epoll, 0);
}

static void level_triggered(struct notes *notes, const struct ends *ends)
{
	struct pair pair = open_pair(ends);
	int epoll = epoll_create1(0);
	struct epoll_event event = {
		.events = EPOLLIN | EPOLLRDHUP,
	};

	note(notes, "add", epoll_ctl(epoll, EPOLL_CTL_ADD, pair.accepted,
				     &event));
	write_all(pair.connected, "x", 1);
	note_events(notes, "data", epoll, 5000);
	note_events(notes, "still", epoll, 0);
	note_recv(notes, "all", pair.accepted, 1, 0);
	note_events(notes, "no more", epoll, 0);
	close(pair.connected);
	note_events(notes, "the end", epoll, 5000);
	note_events(notes, "still", epoll, 0);
}

/* Room to write again is an edge of its own. */
static void edge_of_room(struct notes *notes, const struct ends *ends)
{
	struct pair pair = open_pair(ends);
	int epoll = epoll_create1(0);
	struct epoll_event event = { .events = EPOLLOUT | EPOLLET };
	size_t sent;

	epoll_ctl(epoll, EPOLL_CTL_ADD, pair.connected, &event);
	note_events(notes, "at first", epoll, 0);
	note_events(notes, "once", epoll, 0);
	sent = fill(pair.connected);
	drain(pair.accepted, sent);
	note_events(notes, "room", epoll, 5000);
}

static void many_before_accept(struct notes *notes, const struct ends *ends)
{
	union addr addr;
	int i, fd, listener = open_listener(ends, &addr);
	char hello[2] = "0";

	for (i = 0; i < 8; i++, hello[0]++) {
		fd = ends_open_connecting(ends);
		sock_connect(fd, &addr);
		write_all(fd, hello, 1);
	}
	for (i = 0; i < 8; i++) {
		fd = sock_accept(listener);
		note_recv(notes, "in turn", fd, 1, 0);
	}
}

static void sending_from_two(struct notes *notes, const struct ends *ends)
{
	struct pair pair = open_pair(ends);
	static char buf[65536];
	int i, n;

	for (n = 0; n < 2; n++) {
		if (!child_fork()) {
			for (i = 0; i < 16; i++)
				write_all(pair.connected, buf, sizeof(buf));
			_exit(0);
		}
	}
	drain(pair.accepted, 32 * sizeof(buf));
	note_recv(notes, "no more", pair.accepted, 1, MSG_DONTWAIT);
}

static const struct trial trials[] = {
	{ "data", data },
	{ "wait for all", wait_for_all },
	{ "half close by the connecting end", half_close_connecting },
	{ "half close by the listening end", half_close_listening },
	{ "close by both", close_both },
	{ "shut for reading", shut_for_reading },
	{ "reset by the listening end", reset_by_accepted },
	{ "reset by the connecting end", reset_by_connected },
	{ "close with unread data", close_unread },
	{ "write to a closed end", write_to_closed },
	{ "close with data under way", close_with_data },
	{ "full and emptied", window },
	{ "receive timeout", receive_timeout },
	{ "interrupted by a signal", interrupted },
	{ "broken pipe", broken_pipe },
	{ "vectors", vectors },
	{ "more to come", more_to_come },
	{ "sendfile", from_a_file },
	{ "bad pointers", bad_pointers },
	{ "epoll by edge", edge_triggered },
	{ "epoll by level", level_triggered },
	{ "epoll by edge of room", edge_of_room },
	{ "many before accept", many_before_accept },
	{ "two senders", sending_from_two },
};

static const enum stack roles[][2] = {
	{ STACK_XTCP, STACK_XTCP },
	{ STACK_XTCP, STACK_KERNEL },
	{ STACK_KERNEL, STACK_XTCP },
};

static void compare_all(char *place)
{
	struct ends ends = {};
	size_t i;

	ends.netns = strchr(place, '@');
	if (ends.netns)
		*(char *)ends.netns++ = 0;
	ends_address(&ends, place);
	ksft_print_msg("%s, %s\n", place, ends.netns ? ends.netns : "loopback");
	for (i = 0; i < ARRAY_SIZE(trials); i++)
		trial_compare(&trials[i], &ends, roles, ARRAY_SIZE(roles));
}

int main(int argc, char **argv)
{
	int i;

	if (argc < 2)
		errx(2, "pairs ADDRESS[@NETNS]...");
	ksft_print_header();
	ksft_set_plan((argc - 1) * ARRAY_SIZE(roles) * ARRAY_SIZE(trials));
	for (i = 1; i < argc; i++)
		compare_all(argv[i]);
	ksft_finished();
}
