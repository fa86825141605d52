// SPDX-License-Identifier: GPL-2.0
/*
 * SACK blocks: those that we report and those that a peer reports (RFC 2018,
 * RFC 2883).
 */
#include <linux/kernel.h>
#include "pure.h"

static bool is_empty(const struct xtcp_sack_block *b)
{
	return b->start == b->end;
}

static bool touches(const struct xtcp_sack_block *a,
		    const struct xtcp_sack_block *b)
{
	return seq_le(a->start, b->end) && seq_le(b->start, a->end);
}

static bool contains(const struct xtcp_sack_block *outer,
		     const struct xtcp_sack_block *inner)
{
	return seq_le(outer->start, inner->start) &&
	       seq_le(inner->end, outer->end);
}

static void merge(struct xtcp_sack_block *into,
		  const struct xtcp_sack_block *b)
{
	into->start = seq_min(into->start, b->start);
	into->end = seq_max(into->end, b->end);
}

/* Put @b first and move blocks 0 to @i - 1 one place back, over block @i. */
static void put_first(struct xtcp_sack_rcv *s, unsigned int i,
		      struct xtcp_sack_block b)
{
	for (; i > 0; i--)
		s->block[i] = s->block[i - 1];
	s->block[0] = b;
}

void xtcp_sack_rcv_add(struct xtcp_sack_rcv *s, u32 start, u32 end)
{
	struct xtcp_sack_block b = { .start = start, .end = end };
	unsigned int i, kept = 0;

	if (!seq_lt(start, end))
		return;

	/* Blocks are apart from each other, so growing @b by one of them does
	 * not make it touch one that it did not touch before.
	 */
	for (i = 0; i < s->nr; i++) {
		if (touches(&s->block[i], &b))
			merge(&b, &s->block[i]);
		else
			s->block[kept++] = s->block[i];
	}

	/* With no place left the oldest report goes: RFC 2018, 4. */
	if (kept == XTCP_MAX_SACKS)
		kept--;
	put_first(s, kept, b);
	s->nr = kept + 1;
}

void xtcp_sack_rcv_advance(struct xtcp_sack_rcv *s, u32 rcv_nxt)
{
	unsigned int i, kept = 0;

	/* What rcv_nxt has reached it has passed: the data lay in the queue. */
	for (i = 0; i < s->nr; i++)
		if (seq_gt(s->block[i].start, rcv_nxt))
			s->block[kept++] = s->block[i];
	s->nr = kept;
}

/*
 * RFC 2883, 4: a duplicate of data in a block above rcv_nxt is followed by
 * that block.
 */
static void put_container_first(struct xtcp_sack_rcv *s)
{
	unsigned int i;

	for (i = 0; i < s->nr; i++) {
		if (contains(&s->block[i], &s->dup)) {
			put_first(s, i, s->block[i]);
			return;
		}
	}
}

unsigned int xtcp_sack_rcv_fill(struct xtcp_sack_rcv *s,
				struct xtcp_sack_block *out, unsigned int max)
{
	unsigned int i, n = 0;

	if (max && !is_empty(&s->dup)) {
		put_container_first(s);
		out[n++] = s->dup;
		s->dup.start = s->dup.end;
	}
	for (i = 0; i < s->nr && n < max; i++)
		out[n++] = s->block[i];
	return n;
}

/* RFC 2883, 4: below the ACK, or part of the block that follows. */
static bool is_dsack(const struct xtcp_sack_block *b, unsigned int n, u32 ack)
{
	if (seq_lt(b[0].start, ack))
		return true;
	return n > 1 && contains(&b[1], &b[0]);
}

/*
 * lo =< start < end =< hi. A peer may send anything: with start < hi the
 * comparison of end with hi cannot be led half round the circle.
 */
static bool is_inside(const struct xtcp_sack_block *b, u32 lo, u32 hi)
{
	return seq_le(lo, b->start) && seq_lt(b->start, hi) &&
	       seq_lt(b->start, b->end) && seq_le(b->end, hi);
}

/* Insert @b into the ordered @list of @n, where it melts with its like. */
static unsigned int insert(struct xtcp_sack_block *list, unsigned int n,
			   struct xtcp_sack_block b)
{
	unsigned int i, at, kept = 0;

	for (i = 0; i < n; i++) {
		if (touches(&list[i], &b))
			merge(&b, &list[i]);
		else
			list[kept++] = list[i];
	}
	for (at = kept; at > 0 && seq_gt(list[at - 1].start, b.start); at--)
		list[at] = list[at - 1];
	list[at] = b;
	return kept + 1;
}

unsigned int xtcp_sack_sanitize(struct xtcp_sack_block *b, unsigned int n,
				u32 ack, u32 snd_una, u32 snd_nxt,
				u32 max_window, struct xtcp_sack_block *dsack)
{
	u32 floor = seq_max(ack, snd_una);
	unsigned int i = 0, kept = 0;

	dsack->start = snd_una;
	dsack->end = snd_una;

	if (n && is_dsack(b, n, ack)) {
		if (is_inside(&b[0], snd_una - max_window, snd_nxt))
			*dsack = b[0];
		i = 1;
	}

	/* insert() fills places before @i only. */
	for (; i < n; i++) {
		struct xtcp_sack_block blk = b[i];

		if (is_inside(&blk, floor + 1, snd_nxt))
			kept = insert(b, kept, blk);
	}
	return kept;
}
