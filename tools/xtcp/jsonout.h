/* SPDX-License-Identifier: GPL-2.0 */
#ifndef XTCP_JSONOUT_H
#define XTCP_JSONOUT_H

#include <linux/types.h>

#include <json-c/json.h>

void json_add_text(struct json_object *obj, const char *key, const char *val);
void json_add_number(struct json_object *obj, const char *key, __u64 val);

/* An array on stdout, element by element, so that it need not fit in memory. */
void json_array_begin(void);
void json_array_put(struct json_object *obj);	/* frees @obj */
void json_array_end(void);

/* One object on stdout. Frees @obj. */
void json_print(struct json_object *obj);

#endif
