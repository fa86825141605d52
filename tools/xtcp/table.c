// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"

#define MAX_LINES 1000

static void hold_back(struct table *table)
{
	table->cells = 0;
	table->text = NULL;
	table->cells_out = open_memstream(&table->text, &table->size);
}

static void put_titles(struct table *table)
{
	int i;

	for (i = 0; i < table->count; i++)
		table_cell(table, "%s", table->columns[i].title);
}

void table_begin(struct table *table, const struct column *columns, int count,
		 bool titles)
{
	memset(table, 0, sizeof(*table));
	table->columns = columns;
	table->count = count;
	hold_back(table);
	if (titles)
		put_titles(table);
}

static void measure(struct table *table)
{
	const char *cell = table->text;
	int i;

	for (i = 0; i < table->cells; i++) {
		int *width = &table->width[i % table->count];
		int len = strlen(cell);

		if (*width < len)
			*width = len;
		cell += len + 1;
	}
}

static void print_cell(const struct table *table, int column, const char *cell)
{
	const struct column *col = &table->columns[column];
	int width = table->width[column];

	if (column == table->count - 1)
		printf("%s\n", cell);
	else
		printf("%*s%s", col->right ? width : -width, cell, col->gap);
}

static void print(const struct table *table)
{
	const char *cell = table->text;
	int i;

	for (i = 0; i < table->cells; i++) {
		print_cell(table, i % table->count, cell);
		cell += strlen(cell) + 1;
	}
}

static bool flush(struct table *table)
{
	bool ok = table->cells_out && !fclose(table->cells_out);

	if (ok) {
		measure(table);
		print(table);
	}
	free(table->text);
	return ok;
}

void table_cell(struct table *table, const char *format, ...)
{
	va_list args;

	if (!table->cells_out)
		return;

	va_start(args, format);
	vfprintf(table->cells_out, format, args);
	va_end(args);
	fputc('\0', table->cells_out);

	if (++table->cells == MAX_LINES * table->count) {
		flush(table);
		hold_back(table);
	}
}

bool table_end(struct table *table)
{
	return flush(table);
}
