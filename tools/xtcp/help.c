// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "verbs.h"
#include "xtcp.h"

const char help_usage[] =
	"Usage: xtcp help [OBJECT]\n"
	"\n"
	"Tells what a command does and which arguments it takes; so does\n"
	"xtcp OBJECT help.\n";

void print_usage(FILE *to)
{
	const struct verb *verb;

	fputs("Usage: xtcp [OPTIONS] OBJECT [COMMAND]\n"
	      "       xtcp OBJECT help\n"
	      "\n"
	      "OBJECT:\n", to);

	for (verb = verbs; verb->name; verb++)
		fprintf(to, "  %-12s %s\n", verb->name, verb->summary);

	fputs("\n"
	      "OPTIONS:\n"
	      "  -j, -json         write JSON\n"
	      "  -p, -pretty       ... with line breaks\n"
	      "  -4, -6            IPv4 or IPv6 only\n"
	      "  -n, -netns NAME   in the network namespace NAME\n"
	      "  -h, -help         print this text\n"
	      "  -V, -Version      print the version\n"
	      "\n"
	      "Objects and options may be shortened as long as they are clear.\n"
	      "Exit status: 0; 1 wrong arguments or failure; 2 the kernel\n"
	      "refused; 255 no command.\n", to);
}

bool asks_for_help(const char *word)
{
	return !strcmp(word, "help") || !strcmp(word, "-h") ||
	       !strcmp(word, "-help") || !strcmp(word, "--help");
}

int help_main(int argc, char **argv)
{
	const struct verb *verb;

	if (argc < 2) {
		print_usage(stdout);
		return STATUS_OK;
	}

	verb = find_verb(argv[1]);
	if (!verb)
		return STATUS_ERROR;

	fputs(verb->usage, stdout);
	return STATUS_OK;
}
