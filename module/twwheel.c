// SPDX-License-Identifier: GPL-2.0
/*
 * The wheel on which TIME_WAIT entries wait for their end: insertion, removal
 * and expiry are O(1) whatever mix of MSLs is in force.
 *
 * Level l has 64 slots of 64^l jiffies each. An entry lies in the lowest level
 * that reaches its end and moves down as time comes near. A work item, not a
 * softirq, runs the wheel, with the lock held for a bounded number of entries
 * at a time; an idle wheel wakes nobody.
 */
#include <linux/workqueue.h>
#include "stores.h"

#define LEVEL_BITS	6
#define SLOTS		64	/* 2^LEVEL_BITS */
#define LEVELS		4
#define BATCH		64

/**
 * struct xtcp_tw_wheel - one per namespace
 * @lock: protects all below, and xtcp_tw's wheel_node and ends
 * @now: next jiffy to be worked off
 * @wake: jiffy for which @work is scheduled, if @armed
 * @armed: @work is scheduled for @wake
 * @closing: no more work: xtcp_tw_wheel_free() has begun
 * @occupied: bit per slot; a set bit may be stale, a clear one is not
 * @slot: the entries
 * @done: entries that @work has taken out and will end; @work's alone
 * @nr_done: their number
 * @expire: ends an entry
 * @work: works off what is due
 */
struct xtcp_tw_wheel {
	spinlock_t		lock;	/* BH off */
	u32			now;
	u32			wake;
	bool			armed;
	bool			closing;
	u64			occupied[LEVELS];
	struct hlist_head	slot[LEVELS][SLOTS];
	struct xtcp_tw		*done[BATCH];
	unsigned int		nr_done;
	void			(*expire)(struct xtcp_tw *tw);
	struct delayed_work	work;
};

static unsigned int index_at(u32 when, unsigned int level)
{
	return (when >> (level * LEVEL_BITS)) & (SLOTS - 1);
}

static void place(struct xtcp_tw_wheel *w, struct xtcp_tw *tw)
{
	u32 when = seq_max(tw->ends, w->now);
	unsigned int level = 0, i;

	while (level < LEVELS - 1 &&
	       when - w->now >= 1U << ((level + 1) * LEVEL_BITS))
		level++;
	i = index_at(when, level);
	hlist_add_head(&tw->wheel_node, &w->slot[level][i]);
	w->occupied[level] |= BIT_ULL(i);
}

/*
 * The first jiffy from now on at which @level's next occupied slot is due. At
 * a slot's first jiffy it is due now; later than that it has been emptied
 * already and what lies in it is for the next turn.
 */
static bool level_due(const struct xtcp_tw_wheel *w, unsigned int level,
		      u32 *due)
{
	unsigned int shift = level * LEVEL_BITS;
	bool begun = w->now & ((1U << shift) - 1);
	u32 pos = (w->now >> shift) + begun;

	if (!w->occupied[level])
		return false;
	pos += __ffs64(ror64(w->occupied[level], pos & (SLOTS - 1)));
	*due = pos << shift;
	return true;
}

static bool next_due(const struct xtcp_tw_wheel *w, u32 *due)
{
	unsigned int level;
	bool any = false;
	u32 d;

	for (level = 0; level < LEVELS; level++) {
		if (!level_due(w, level, &d))
			continue;
		if (!any || seq_lt(d, *due))
			*due = d;
		any = true;
	}
	return any;
}

static struct xtcp_tw *pop(struct xtcp_tw_wheel *w, unsigned int level)
{
	unsigned int i = index_at(w->now, level);
	struct hlist_head *slot = &w->slot[level][i];
	struct xtcp_tw *tw;

	if (hlist_empty(slot)) {
		w->occupied[level] &= ~BIT_ULL(i);
		return NULL;
	}
	tw = hlist_entry(slot->first, struct xtcp_tw, wheel_node);
	hlist_del_init(&tw->wheel_node);
	return tw;
}

/* One entry moves a level down, or out to done; false: none is left at now. */
static bool work_off_one(struct xtcp_tw_wheel *w)
{
	unsigned int level;
	struct xtcp_tw *tw;

	for (level = LEVELS - 1; level > 0; level--) {
		if (w->now & ((1U << (level * LEVEL_BITS)) - 1))
			continue;
		tw = pop(w, level);
		if (tw) {
			place(w, tw);
			return true;
		}
	}
	tw = pop(w, 0);
	if (!tw)
		return false;
	w->done[w->nr_done++] = tw;
	return true;
}

/* Return: true if there is more to do at or before @until. */
static bool work_off(struct xtcp_tw_wheel *w, u32 until)
{
	unsigned int budget = BATCH;
	u32 due;

	while (budget) {
		if (!next_due(w, &due) || seq_gt(due, until)) {
			w->now = seq_max(w->now, until + 1);
			return false;
		}
		w->now = due;
		while (budget && work_off_one(w))
			budget--;
	}
	return true;
}

/* An entry that is out of the wheel belongs to who took it out. */
static void end_done(struct xtcp_tw_wheel *w)
{
	while (w->nr_done)
		w->expire(w->done[--w->nr_done]);
}

static void arm(struct xtcp_tw_wheel *w, u32 when)
{
	s32 delay = when - (u32)jiffies;

	if (w->closing || (w->armed && seq_le(w->wake, when)))
		return;
	w->wake = when;
	w->armed = true;
	mod_delayed_work(system_wq, &w->work, max(delay, 0));
}

static void work_fn(struct work_struct *work)
{
	struct xtcp_tw_wheel *w = container_of(to_delayed_work(work),
					       struct xtcp_tw_wheel, work);
	bool more;
	u32 due;

	do {
		spin_lock_bh(&w->lock);
		w->armed = false;
		more = work_off(w, jiffies);
		if (!more && next_due(w, &due))
			arm(w, due);
		spin_unlock_bh(&w->lock);
		end_done(w);
		cond_resched();
	} while (more);
}

struct xtcp_tw_wheel *xtcp_tw_wheel_new(void (*expire)(struct xtcp_tw *tw))
{
	struct xtcp_tw_wheel *w = kvzalloc(sizeof(*w), GFP_KERNEL);

	if (!w)
		return NULL;
	spin_lock_init(&w->lock);
	w->now = jiffies;
	w->expire = expire;
	INIT_DELAYED_WORK(&w->work, work_fn);
	return w;
}

static bool take_out_some(struct xtcp_tw_wheel *w, struct hlist_head *slot)
{
	struct xtcp_tw *tw;

	spin_lock_bh(&w->lock);
	while (w->nr_done < BATCH && !hlist_empty(slot)) {
		tw = hlist_entry(slot->first, struct xtcp_tw, wheel_node);
		hlist_del_init(&tw->wheel_node);
		w->done[w->nr_done++] = tw;
	}
	spin_unlock_bh(&w->lock);
	return w->nr_done;
}

void xtcp_tw_wheel_free(struct xtcp_tw_wheel *w)
{
	unsigned int level, i;

	spin_lock_bh(&w->lock);
	w->closing = true;
	spin_unlock_bh(&w->lock);
	cancel_delayed_work_sync(&w->work);

	for (level = 0; level < LEVELS; level++) {
		for (i = 0; i < SLOTS; i++) {
			while (take_out_some(w, &w->slot[level][i])) {
				end_done(w);
				cond_resched();
			}
		}
	}
	kvfree(w);
}

/*
 * A wheel that stood idle catches up first, or every new entry would lie in a
 * level too high.
 */
static void catch_up(struct xtcp_tw_wheel *w)
{
	u32 due;

	if (!next_due(w, &due))
		w->now = jiffies;
}

void xtcp_tw_wheel_add(struct xtcp_tw_wheel *w, struct xtcp_tw *tw, u32 ms)
{
	spin_lock_bh(&w->lock);
	catch_up(w);
	/* One more, since the present jiffy is partly over. */
	tw->ends = (u32)jiffies + msecs_to_jiffies(ms) + 1;
	place(w, tw);
	arm(w, tw->ends);
	spin_unlock_bh(&w->lock);
}

bool xtcp_tw_wheel_del(struct xtcp_tw_wheel *w, struct xtcp_tw *tw)
{
	bool was_in;

	spin_lock_bh(&w->lock);
	was_in = !hlist_unhashed(&tw->wheel_node);
	if (was_in)
		hlist_del_init(&tw->wheel_node);
	spin_unlock_bh(&w->lock);
	return was_in;
}

void xtcp_tw_wheel_restart(struct xtcp_tw_wheel *w, struct xtcp_tw *tw, u32 ms)
{
	if (xtcp_tw_wheel_del(w, tw))
		xtcp_tw_wheel_add(w, tw, ms);
}
