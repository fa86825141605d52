/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A trial is a sequence of calls that notes what each of them returned. The
 * same trial runs over the kernel's TCP and over XTCP, and passes if the notes
 * are the same: nobody has to write down what TCP does, the kernel shows it.
 */
#ifndef _SELFTESTS_TRIAL_H
#define _SELFTESTS_TRIAL_H

#include <poll.h>
#include <stdarg.h>
#include <sys/mman.h>

#include "child.h"
#include "ends.h"
#include "kselftest.h"

#define TRIAL_SECONDS	20	/* after that it hangs */

struct notes {
	bool complete;		/* the trial came to its end */
	size_t len;
	char text[4096];
};

struct trial {
	const char *name;
	void (*run)(struct notes *notes, const struct ends *ends);
};

static inline __printf(2, 3)
void note_text(struct notes *notes, const char *format, ...)
{
	size_t room = sizeof(notes->text) - notes->len;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(notes->text + notes->len, room, format, args);
	va_end(args);
	if (n < 0 || (size_t)n >= room)
		errx(1, "too many notes");
	notes->len += n;
}

/* Notes what a call returned, -1 with errno; hands it on. */
static inline long note(struct notes *notes, const char *what, long ret)
{
	if (ret == -1)
		note_text(notes, "%s: %s\n", what, strerrorname_np(errno));
	else
		note_text(notes, "%s: %ld\n", what, ret);
	return ret;
}

/* Notes what a poll says after waiting for one of @events. */
static inline void note_poll(struct notes *notes, const char *what, int fd,
			     short events)
{
	struct pollfd p = { .fd = fd, .events = events };
	int n = poll(&p, 1, 5000);

	if (n <= 0) {
		note(notes, what, n);
		return;
	}
	/* All that holds by now, not only what it was waited for. */
	p.events = POLLIN | POLLOUT | POLLPRI | POLLRDHUP;
	poll(&p, 1, 0);
	note_text(notes, "%s: 0x%x\n", what, p.revents);
}

static inline void note_error(struct notes *notes, int fd)
{
	socklen_t len = sizeof(int);
	int error = -1;

	if (note(notes, "SO_ERROR", getsockopt(fd, SOL_SOCKET, SO_ERROR, &error,
					       &len)))
		return;
	note_text(notes, "is %s\n", error ? strerrorname_np(error) : "0");
}

/* In a process of its own: what it leaves open goes with it. */
static inline void trial_run(const struct trial *trial, struct notes *notes,
			     const struct ends *ends)
{
	pid_t pid;
	int status;

	memset(notes, 0, sizeof(*notes));
	pid = child_fork();
	if (!pid) {
		signal(SIGPIPE, SIG_IGN);
		alarm(TRIAL_SECONDS);
		trial->run(notes, ends);
		_exit(0);
	}
	if (waitpid(pid, &status, 0) != pid)
		err(1, "waitpid");
	notes->complete = !status;
	if (WIFSIGNALED(status))
		note_text(notes, "%s\n", strsignal(WTERMSIG(status)));
	else if (status)
		note_text(notes, "exit %d\n", WEXITSTATUS(status));
}

static inline struct notes *notes_alloc(void)
{
	struct notes *notes = mmap(NULL, sizeof(*notes), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (notes == MAP_FAILED)
		err(1, "mmap");
	return notes;
}

/* Shows the notes of both from the first line on that differs. */
static inline void show_difference(const struct notes *kernel,
				   const struct notes *xtcp)
{
	const char *line, *end, *k = kernel->text, *x = xtcp->text;

	for (line = k; *k && *k == *x; k++, x++)
		if (*k == '\n')
			line = k + 1;
	x = xtcp->text + (line - kernel->text);
	end = strchrnul(line, '\n');
	ksft_print_msg("kernel: %.*s\n", (int)(end - line), line);
	end = strchrnul(x, '\n');
	ksft_print_msg("xtcp:   %.*s\n", (int)(end - x), x);
}

static inline bool same_notes(const struct notes *kernel,
			      const struct notes *xtcp)
{
	return kernel->complete && xtcp->complete &&
	       !strcmp(kernel->text, xtcp->text);
}

/*
 * One TAP result for each of @roles: does @trial go with it as it does with
 * the kernel's TCP at both ends? @place is the listening end's.
 */
static inline void trial_compare(const struct trial *trial,
				 const struct ends *place,
				 const enum stack (*roles)[2], size_t count)
{
	static struct notes *kernel, *xtcp;
	struct ends ends = *place;
	bool same;

	if (!kernel) {
		kernel = notes_alloc();
		xtcp = notes_alloc();
	}
	ends.connecting = STACK_KERNEL;
	ends.listening = STACK_KERNEL;
	trial_run(trial, kernel, &ends);
	for (; count; count--, roles++) {
		ends.connecting = (*roles)[0];
		ends.listening = (*roles)[1];
		trial_run(trial, xtcp, &ends);
		same = same_notes(kernel, xtcp);
		if (!same)
			show_difference(kernel, xtcp);
		ksft_test_result(same, "%s, %s to %s, IPv%d\n", trial->name,
				 stack_names[ends.connecting],
				 stack_names[ends.listening],
				 ends.addr.sa.sa_family == AF_INET ? 4 : 6);
	}
}

#endif /* _SELFTESTS_TRIAL_H */
