// SPDX-License-Identifier: GPL-2.0
/* xtcp run: an unmodified program over XTCP, by a preloaded library. */
#include <errno.h>
#include <getopt.h>
#include <libgen.h>
#include <limits.h>
#include <netinet/tcp.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/xtcp.h>

#include "family.h"
#include "verbs.h"
#include "xtcp.h"

#define LIBRARY "libxtcp-preload.so"

const char run_usage[] =
	"Usage: xtcp run [--msl TIME] [--cc NAME] [--only connect|listen]\n"
	"                [--strict] [--] PROGRAM [ARGUMENT]...\n"
	"\n"
	"Runs PROGRAM, which knows nothing of XTCP, so that its TCP sockets and\n"
	"those of the programs that it starts are XTCP's.\n"
	"\n"
	"  --msl TIME       maximum segment lifetime: 200ms, 1s; 200 is ms\n"
	"  --cc NAME        congestion control\n"
	"  --only connect   only sockets that connect; listening ones stay the\n"
	"                   kernel's\n"
	"  --only listen    only sockets that listen, and what they accept\n"
	"  --strict         without the module fail, rather than fall back to the\n"
	"                   kernel's TCP\n"
	"\n"
	"It works by LD_PRELOAD: not for programs that are linked statically, make\n"
	"system calls past the C library (Go), or are set-user-ID.\n"
	"\n"
	"The library is " LIBRARY ", installed beside xtcp; XTCP_PRELOAD names\n"
	"another place for it.\n"
	"\n"
	"Exit status: PROGRAM's; 126 if it cannot be run, 127 if there is none.\n";

struct run {
	int msl_ms;		/* -1: not given */
	const char *cc;
	const char *only;
	bool strict;
};

static int parse_msl(const char *text, struct run *run)
{
	unsigned long val;
	char *unit;

	errno = 0;
	val = strtoul(text, &unit, 10);
	if (unit == text || *text == '-')
		return fail("--msl %s: expected a time, such as 200ms or 1s",
			    text);

	if (!strcmp(unit, "s") && val <= XTCP_MSL_MAX_MS)
		val *= 1000;
	else if (*unit && strcmp(unit, "ms") && strcmp(unit, "s"))
		return fail("--msl %s: the unit is ms or s", text);

	if (errno || val > XTCP_MSL_MAX_MS)
		return fail("--msl %s: at most %us", text,
			    XTCP_MSL_MAX_MS / 1000);

	run->msl_ms = val;
	return STATUS_OK;
}

static int parse_only(const char *text, struct run *run)
{
	if (strcmp(text, "connect") && strcmp(text, "listen"))
		return fail("--only %s: expected connect or listen", text);

	run->only = text;
	return STATUS_OK;
}

static int parse_option(int opt, struct run *run)
{
	switch (opt) {
	case 'm':
		return parse_msl(optarg, run);
	case 'c':
		run->cc = optarg;
		return STATUS_OK;
	case 'o':
		return parse_only(optarg, run);
	case 's':
		run->strict = true;
		return STATUS_OK;
	default:
		return STATUS_ERROR;	/* getopt has said why */
	}
}

static int parse_arguments(int argc, char **argv, struct run *run)
{
	static const struct option options[] = {
		{ "msl", required_argument, NULL, 'm' },
		{ "cc", required_argument, NULL, 'c' },
		{ "only", required_argument, NULL, 'o' },
		{ "strict", no_argument, NULL, 's' },
		{ }
	};
	int status;
	int opt;

	while ((opt = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		status = parse_option(opt, run);
		if (status)
			return status;
	}

	if (optind == argc)
		return fail("no program to run, try \"xtcp run help\"");
	return STATUS_OK;
}

/* The module's word on the settings, while there is someone to read it. */
static int try_settings(int fd, const struct run *run)
{
	if (run->msl_ms >= 0 &&
	    setsockopt(fd, IPPROTO_TCP, XTCP_MSL, &run->msl_ms,
		       sizeof(run->msl_ms)))
		return refused("--msl %dms: %s", run->msl_ms, strerror(errno));

	if (run->cc && setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, run->cc,
				  strlen(run->cc)))
		return refused("--cc %s: %s", run->cc, errno == ENOENT ?
			       "no such congestion control" : strerror(errno));

	return STATUS_OK;
}

static int try_socket(const struct run *run, const char *program)
{
	int fd = socket(xtcp_family(), SOCK_STREAM | SOCK_CLOEXEC, 0);
	int status;

	if (fd >= 0) {
		status = try_settings(fd, run);
		close(fd);
		return status;
	}

	if (run->strict)
		return refused("no XTCP here: %s; is the module loaded? (modprobe xtcp)",
			       strerror(errno));

	fail("no XTCP here: %s; %s runs over the kernel's TCP",
	     strerror(errno), program);
	return STATUS_OK;
}

static bool own_directory(char *dir, size_t size)
{
	ssize_t len = readlink("/proc/self/exe", dir, size - 1);

	if (len < 0)
		return false;

	dir[len] = '\0';
	dirname(dir);
	return true;
}

static bool find_library_in(char *path, size_t size, const char *dir,
			    const char *sub)
{
	int len = snprintf(path, size, "%s%s/" LIBRARY, dir, sub);

	return len < (int)size && !access(path, R_OK);
}

/* Where it was said to be; where this program was built or installed. */
static int find_library(char *path, size_t size)
{
	const char *named = getenv("XTCP_PRELOAD");
	char dir[PATH_MAX];

	if (named && snprintf(path, size, "%s", named) < (int)size)
		return STATUS_OK;

	if (own_directory(dir, sizeof(dir)) &&
	    (find_library_in(path, size, dir, "/../preload") ||
	     find_library_in(path, size, dir, "/../lib")))
		return STATUS_OK;

	if (find_library_in(path, size, LIBDIR, ""))
		return STATUS_OK;

	return fail("no " LIBRARY " beside this program nor in " LIBDIR);
}

/* The dynamic linker separates by space and colon and knows no escape. */
static int set_preload(const char *library)
{
	const char *others = getenv("LD_PRELOAD");
	int status = STATUS_OK;
	char *list;

	if (strpbrk(library, " :"))
		return fail("cannot preload %s: space or colon in the path",
			    library);

	if (asprintf(&list, "%s%s%s", library, others ? ":" : "",
		     others ? others : "") < 0)
		return fail("%s", strerror(ENOMEM));

	if (setenv("LD_PRELOAD", list, 1))
		status = fail("%s", strerror(errno));
	free(list);
	return status;
}

static void set_or_unset(const char *name, const char *val)
{
	if (val)
		setenv(name, val, 1);
	else
		unsetenv(name);
}

static void set_environment(const struct run *run)
{
	char msl[16];

	snprintf(msl, sizeof(msl), "%d", run->msl_ms);
	set_or_unset("XTCP_MSL_MS", run->msl_ms >= 0 ? msl : NULL);
	set_or_unset("XTCP_CC", run->cc);
	set_or_unset("XTCP_ONLY", run->only);
	set_or_unset("XTCP_STRICT", run->strict ? "1" : NULL);
}

static int execute(char **argv)
{
	int status;

	execvp(argv[0], argv);
	status = errno == ENOENT ? 127 : 126;
	fail("cannot run %s: %s", argv[0], strerror(errno));
	return status;
}

int run_main(int argc, char **argv)
{
	struct run run = { .msl_ms = -1 };
	char library[PATH_MAX];
	int status;

	status = parse_arguments(argc, argv, &run);
	if (!status)
		status = try_socket(&run, argv[optind]);
	if (!status)
		status = find_library(library, sizeof(library));
	if (!status)
		status = set_preload(library);
	if (status)
		return status;

	set_environment(&run);
	return execute(argv + optind);
}
