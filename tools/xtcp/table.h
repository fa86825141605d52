/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Text in columns as wide as their contents. Lines are held back by the
 * thousand to be measured, so a listing need not fit in memory.
 */
#ifndef XTCP_TABLE_H
#define XTCP_TABLE_H

#include <stdbool.h>
#include <stdio.h>

#include "xtcp.h"

#define TABLE_MAX_COLUMNS 16

struct column {
	const char *title;
	bool right;		/* aligned to the right */
	const char *gap;	/* in front of the next column */
};

struct table {
	const struct column *columns;
	int count;
	int width[TABLE_MAX_COLUMNS];
	int cells;		/* held back, each ended by NUL ... */
	FILE *cells_out;	/* ... in the memory behind this */
	char *text;
	size_t size;
};

void table_begin(struct table *table, const struct column *columns, int count,
		 bool titles);

/* Fills cells from left to right, line after line. */
__printf(2, 3)
void table_cell(struct table *table, const char *format, ...);

/* Return: false if memory ran out, and the end is missing. */
bool table_end(struct table *table);

#endif
