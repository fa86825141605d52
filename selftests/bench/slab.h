/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's slab memory, cache by cache, and how it changed. */
#ifndef _SELFTESTS_SLAB_H
#define _SELFTESTS_SLAB_H

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SLAB_CACHES	512

struct slab_cache {
	char name[64];
	long bytes;		/* in pages, used and free objects alike */
	long objects;
};

struct slab {
	int caches;
	struct slab_cache cache[SLAB_CACHES];
};

static inline void slab_read(struct slab *slab)
{
	long objects, pages, slabs;
	struct slab_cache *cache;
	char line[512];
	FILE *f;

	/* What is freed by RCU is to be gone. */
	sleep(1);
	f = fopen("/proc/slabinfo", "r");
	if (!f)
		err(1, "/proc/slabinfo");
	slab->caches = 0;
	while (fgets(line, sizeof(line), f) && slab->caches < SLAB_CACHES) {
		cache = &slab->cache[slab->caches];
		if (sscanf(line,
			   "%63s %ld %*d %*d %*d %ld : tunables %*d %*d %*d : slabdata %*d %ld",
			   cache->name, &objects, &pages, &slabs) != 4)
			continue;
		cache->objects = objects;
		cache->bytes = pages * slabs * sysconf(_SC_PAGESIZE);
		slab->caches++;
	}
	fclose(f);
}

static inline const struct slab_cache *slab_find(const struct slab *slab,
						 const char *name)
{
	static const struct slab_cache none;
	int i;

	for (i = 0; i < slab->caches; i++)
		if (!strcmp(slab->cache[i].name, name))
			return &slab->cache[i];
	return &none;
}

/*
 * Prints the growth in bytes per item, and each cache that has its share of
 * it with the objects per item.
 */
static inline void slab_report(const struct slab *before,
			       const struct slab *after, int items)
{
	const struct slab_cache *was, *is;
	long bytes, total = 0;
	int i;

	for (i = 0; i < after->caches; i++) {
		is = &after->cache[i];
		was = slab_find(before, is->name);
		bytes = is->bytes - was->bytes;
		total += bytes;
		if (labs(bytes) >= 8L * items)
			printf("# %-24s %8.1f bytes %6.2f objects\n", is->name,
			       (double)bytes / items,
			       (double)(is->objects - was->objects) / items);
	}
	printf("mean %.0f\n", (double)total / items);
}

#endif /* _SELFTESTS_SLAB_H */
