// SPDX-License-Identifier: GPL-2.0
/* xtcp [OPTIONS] OBJECT [COMMAND]: options, then the verb. */
#include <string.h>
#include <sys/socket.h>

#include "verbs.h"
#include "xtcp.h"

struct settings settings;

static int set_json(const char *arg)
{
	(void)arg;
	settings.json = true;
	return STATUS_OK;
}

static int set_pretty(const char *arg)
{
	(void)arg;
	settings.pretty = true;
	return STATUS_OK;
}

static int set_ipv4(const char *arg)
{
	(void)arg;
	settings.family = AF_INET;
	return STATUS_OK;
}

static int set_ipv6(const char *arg)
{
	(void)arg;
	settings.family = AF_INET6;
	return STATUS_OK;
}

static const struct option {
	const char *name;
	int (*set)(const char *arg);
	bool has_arg;
} options[] = {
	{ "json", set_json },
	{ "pretty", set_pretty },
	{ "4", set_ipv4 },
	{ "6", set_ipv6 },
	{ "netns", enter_netns, true },
};

static int unknown_option(const char *word, int found)
{
	fail("option \"%s\" is %s, try \"xtcp help\"", word,
	     found == MATCH_AMBIGUOUS ? "ambiguous" : "unknown");
	return STATUS_USAGE;
}

/* One dash or two, as for `ip`. Return: number of words taken, or -status. */
static int take_option(char **argv)
{
	const char *word = argv[0] + (strncmp(argv[0], "--", 2) ? 1 : 2);
	int found = match(word, options, ARRAY_SIZE(options),
			  sizeof(options[0]));
	const struct option *opt;
	int status;

	if (found < 0)
		return -unknown_option(argv[0], found);

	opt = &options[found];
	if (opt->has_arg && !argv[1])
		return -fail("option \"%s\" needs an argument", argv[0]);

	status = opt->set(argv[1]);
	return status ? -status : 1 + opt->has_arg;
}

static int run_verb(int argc, char **argv)
{
	const struct verb *verb = find_verb(argv[0]);
	char title[32];

	if (!verb)
		return STATUS_ERROR;

	if (argc > 1 && asks_for_help(argv[1])) {
		fputs(verb->usage, stdout);
		return STATUS_OK;
	}

	/* What getopt() puts in front of its complaints. */
	snprintf(title, sizeof(title), "xtcp %s", verb->name);
	argv[0] = title;
	return verb->main(argc, argv);
}

static int run(int argc, char **argv)
{
	int i = 1;

	while (i < argc && argv[i][0] == '-') {
		int taken;

		if (asks_for_help(argv[i]))
			return help_main(0, NULL);
		if (!strcmp(argv[i], "-V") || !strcmp(argv[i], "-Version"))
			return version_main(0, NULL);

		taken = take_option(argv + i);
		if (taken < 0)
			return -taken;
		i += taken;
	}

	if (i < argc)
		return run_verb(argc - i, argv + i);

	print_usage(stderr);
	return STATUS_USAGE;
}

int main(int argc, char **argv)
{
	int status = run(argc, argv);

	if ((fflush(stdout) || ferror(stdout)) && status == STATUS_OK)
		status = fail("cannot write the output");
	return status;
}
