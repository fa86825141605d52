// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>

#include <linux/xtcp.h>

#include "family.h"

#define PARAMETER "/sys/module/xtcp/parameters/family"

/* Return: 0 if @text is not the number of a family. */
static int parse(const char *text)
{
	return text ? atoi(text) : 0;
}

static int read_parameter(void)
{
	char text[16] = "";
	FILE *file = fopen(PARAMETER, "re");

	if (!file)
		return 0;

	if (!fgets(text, sizeof(text), file))
		text[0] = '\0';
	fclose(file);
	return parse(text);
}

int xtcp_family(void)
{
	int family = parse(getenv("XTCP_FAMILY"));

	if (family <= 0)
		family = read_parameter();
	return family > 0 ? family : AF_XTCP;
}
