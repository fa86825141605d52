// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "verbs.h"
#include "xtcp.h"

const char version_usage[] =
	"Usage: xtcp version\n"
	"\n"
	"Prints the version of this program.\n";

int version_main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	puts("xtcp utility, xtcp-" VERSION);
	return STATUS_OK;
}
