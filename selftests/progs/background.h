/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SELFTESTS_BACKGROUND_H
#define _SELFTESTS_BACKGROUND_H

#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/*
 * Goes on in the background. The shell that waits for the program's output,
 * pid=$(program), goes on too, and knows that all is set up. Nothing that it
 * waits for is kept open.
 */
static inline void go_to_background(void)
{
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (pid) {
		printf("%d\n", pid);
		exit(0);
	}
	if (!freopen("/dev/null", "w", stdout) ||
	    !freopen("/dev/null", "w", stderr))
		exit(1);
}

#endif /* _SELFTESTS_BACKGROUND_H */
