/* SPDX-License-Identifier: GPL-2.0 */
/* What all verbs share. */
#ifndef XTCP_TOOL_H
#define XTCP_TOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define __printf(fmt, args) __attribute__((format(printf, fmt, args)))

/* Exit status, as iproute2's. */
enum {
	STATUS_OK = 0,
	STATUS_ERROR = 1,	/* wrong arguments, or it cannot be done */
	STATUS_REFUSED = 2,	/* the kernel said no */
	STATUS_USAGE = 255,	/* not even a command */
};

/* Options in front of the verb; verbs that have the like set them too. */
struct settings {
	bool json;
	bool pretty;
	int family;		/* AF_INET, AF_INET6; AF_UNSPEC is both */
};

extern struct settings settings;

/**
 * struct verb - one of xtcp's commands
 * @name: as it is typed; first, for match()
 * @summary: a line for `xtcp help`
 * @usage: the text of `xtcp VERB help`
 * @main: does it; argv[0] is the verb. Return: exit status.
 */
struct verb {
	const char *name;
	const char *summary;
	const char *usage;
	int (*main)(int argc, char **argv);
};

/* verbs.c: ended by one without a name */
extern const struct verb verbs[];

/* Says so if there is none. */
const struct verb *find_verb(const char *word);

/* help.c */
void print_usage(FILE *to);
bool asks_for_help(const char *word);

/* match.c */
enum {
	MATCH_NONE = -1,
	MATCH_AMBIGUOUS = -2,
};

/*
 * Which element of @table does @word name or abbreviate? Each of them begins
 * with a pointer to its name. Return: index, MATCH_NONE or MATCH_AMBIGUOUS.
 */
int match(const char *word, const void *table, size_t count, size_t size);

/* error.c: say on stderr what is wrong. Return: STATUS_ERROR, _REFUSED. */
__printf(1, 2) int fail(const char *format, ...);
__printf(1, 2) int refused(const char *format, ...);

/* netns.c: enter the network namespace that `ip netns` calls @name. */
int enter_netns(const char *name);

#endif
