/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SELFTESTS_CHILD_H
#define _SELFTESTS_CHILD_H

#include <err.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

/* fork(), but the child does not outlive its parent. */
static inline pid_t child_fork(void)
{
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (!pid)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	return pid;
}

/* Waits for a child, and fails if it did. */
static inline void child_await(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		err(1, "waitpid");
	if (status)
		errx(1, "the other process failed");
}

#endif /* _SELFTESTS_CHILD_H */
