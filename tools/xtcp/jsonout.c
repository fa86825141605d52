// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "jsonout.h"
#include "xtcp.h"

static const char *separator;

void json_add_text(struct json_object *obj, const char *key, const char *val)
{
	json_object_object_add(obj, key, json_object_new_string(val));
}

void json_add_number(struct json_object *obj, const char *key, __u64 val)
{
	json_object_object_add(obj, key, json_object_new_uint64(val));
}

static void put(struct json_object *obj)
{
	int flags = settings.pretty ? JSON_C_TO_STRING_PRETTY :
				      JSON_C_TO_STRING_PLAIN;

	fputs(json_object_to_json_string_ext(obj, flags), stdout);
	json_object_put(obj);
}

void json_array_begin(void)
{
	putchar('[');
	separator = settings.pretty ? "\n" : "";
}

void json_array_put(struct json_object *obj)
{
	fputs(separator, stdout);
	separator = settings.pretty ? ",\n" : ",";
	put(obj);
}

void json_array_end(void)
{
	puts(settings.pretty ? "\n]" : "]");
}

void json_print(struct json_object *obj)
{
	put(obj);
	putchar('\n');
}
