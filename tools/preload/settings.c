// SPDX-License-Identifier: GPL-2.0
/* What the environment asks for. */
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "family.h"
#include "preload.h"

static struct settings settings;

static void refuse(const char *name, const char *val, const char *expected)
{
	dprintf(STDERR_FILENO,
		"libxtcp-preload: %s=%s ignored: expected %s\n",
		name, val, expected);
}

/* An empty variable is as good as none. */
static const char *env(const char *name)
{
	const char *val = getenv(name);

	return val && *val ? val : NULL;
}

static int read_number(const char *name)
{
	const char *text = env(name);
	char *end;
	long val;

	if (!text)
		return -1;

	val = strtol(text, &end, 10);
	if (*end || val < 0 || val > INT_MAX) {
		refuse(name, text, "a number");
		return -1;
	}
	return val;
}

static void read_cc(void)
{
	const char *cc = env("XTCP_CC");

	if (!cc)
		return;

	if (strlen(cc) < sizeof(settings.cc))
		memcpy(settings.cc, cc, strlen(cc) + 1);
	else
		refuse("XTCP_CC", cc, "a name of at most 15 characters");
}

static void read_role(void)
{
	const char *only = env("XTCP_ONLY");

	settings.connector = KIND_XTCP;
	settings.listener = KIND_XTCP;
	if (!only)
		return;

	if (!strcmp(only, "connect"))
		settings.listener = KIND_KERNEL;
	else if (!strcmp(only, "listen"))
		settings.connector = KIND_KERNEL;
	else
		refuse("XTCP_ONLY", only, "connect or listen");
	settings.by_role = settings.connector != settings.listener;
}

static void read_strict(void)
{
	const char *strict = env("XTCP_STRICT");

	settings.strict = strict && !strcmp(strict, "1");
}

static void find_next(void)
{
	settings.next.socket = dlsym(RTLD_NEXT, "socket");
	settings.next.bind = dlsym(RTLD_NEXT, "bind");
	settings.next.listen = dlsym(RTLD_NEXT, "listen");
	settings.next.connect = dlsym(RTLD_NEXT, "connect");
	settings.next.getsockopt = dlsym(RTLD_NEXT, "getsockopt");
}

static void init(void)
{
	int saved = errno;

	find_next();
	settings.family = xtcp_family();
	settings.msl_ms = read_number("XTCP_MSL_MS");
	read_cc();
	read_role();
	read_strict();
	errno = saved;
}

/* Another library's constructor may open a socket before ours has run. */
const struct settings *preload_settings(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, init);
	return &settings;
}

__attribute__((constructor))
static void init_early(void)
{
	preload_settings();
}
