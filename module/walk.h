/* SPDX-License-Identifier: GPL-2.0 */
/* Floor 2, walk.c: every endpoint of a namespace, one after the other. */
#ifndef _XTCP_WALK_H
#define _XTCP_WALK_H

#include "stores.h"

/**
 * struct xtcp_walk - how far a walk has come
 * @bucket: listeners' buckets count from 0, connections' after them
 * @pos: entries of the bucket that are behind us
 * @node: entry that we stand on, while the bucket is locked; else NULL
 *
 * A walk may pause and go on later, from @bucket and @pos alone. What lives
 * all the while is then met at least once, as long as no entry left the
 * bucket in which the pause was made.
 */
struct xtcp_walk {
	unsigned int			bucket;
	unsigned int			pos;
	struct hlist_nulls_node		*node;
};

/*
 * Begin, or go on after a pause; then further. Process context. Return: an
 * endpoint, with its bucket locked and BH off, or NULL at the end.
 */
struct xtcp_ep *xtcp_walk_start(struct xtcp_walk *walk, const struct net *net);
struct xtcp_ep *xtcp_walk_next(struct xtcp_walk *walk, const struct net *net);

/* Pause, or leave for good; not needed at the end, but harmless. */
void xtcp_walk_stop(struct xtcp_walk *walk);

#endif /* _XTCP_WALK_H */
