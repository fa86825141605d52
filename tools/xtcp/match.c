// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "xtcp.h"

static const char *name_at(const void *table, size_t i, size_t size)
{
	return *(const char *const *)((const char *)table + i * size);
}

int match(const char *word, const void *table, size_t count, size_t size)
{
	size_t len = strlen(word);
	int found = MATCH_NONE;
	size_t i;

	for (i = 0; i < count; i++) {
		const char *name = name_at(table, i, size);

		if (!strcmp(word, name))
			return i;
		if (len && !strncmp(word, name, len))
			found = found == MATCH_NONE ? (int)i : MATCH_AMBIGUOUS;
	}
	return found;
}
