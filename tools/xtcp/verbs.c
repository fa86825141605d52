// SPDX-License-Identifier: GPL-2.0
#include "verbs.h"
#include "xtcp.h"

/* In the order of `xtcp help`. */
const struct verb verbs[] = {
	{ "run", "run a program over XTCP", run_usage, run_main },
	{ "ss", "list connections", ss_usage, ss_main },
	{ "version", "print the version", version_usage, version_main },
	{ "help", "tell what a command does", help_usage, help_main },
	{ }
};

const struct verb *find_verb(const char *word)
{
	int found = match(word, verbs, ARRAY_SIZE(verbs) - 1, sizeof(verbs[0]));

	if (found >= 0)
		return &verbs[found];

	fail("object \"%s\" is %s, try \"xtcp help\"", word,
	     found == MATCH_AMBIGUOUS ? "ambiguous" : "unknown");
	return NULL;
}
