// SPDX-License-Identifier: GPL-2.0
#include <kunit/test.h>
#include "../pure.h"

/* Sequence numbers are relative to a base, which goes round the circle. */
static const u32 bases[] = { 0, 0x7fffffe0, 0xffffffe0, 0xfffffc00 };

#define MAX_OPS	8

struct op {
	char what;	/* 'a'dd, 'n': rcv_nxt advances, 'd'uplicate, 0: end */
	u32 start, end;
};

static const struct {
	const char *name;
	struct op ops[MAX_OPS];
	u32 want[XTCP_MAX_SACKS][2];
	unsigned int nr;
} rcv_cases[] = {
	{ "nothing" },
	{ "one", { { 'a', 10, 20 } }, { { 10, 20 } }, 1 },
	{ "empty ranges do not count", { { 'a', 10, 10 }, { 'a', 20, 10 } } },
	{ "the latest first", { { 'a', 10, 20 }, { 'a', 30, 40 } },
	  { { 30, 40 }, { 10, 20 } }, 2 },
	{ "grows at its end", { { 'a', 10, 20 }, { 'a', 20, 30 } },
	  { { 10, 30 } }, 1 },
	{ "grows at its start", { { 'a', 20, 30 }, { 'a', 10, 20 } },
	  { { 10, 30 } }, 1 },
	{ "overlaps", { { 'a', 20, 30 }, { 'a', 10, 25 } }, { { 10, 30 } }, 1 },
	{ "within", { { 'a', 10, 40 }, { 'a', 20, 30 } }, { { 10, 40 } }, 1 },
	{ "around", { { 'a', 20, 30 }, { 'a', 10, 40 } }, { { 10, 40 } }, 1 },
	{ "what grows comes first",
	  { { 'a', 10, 20 }, { 'a', 30, 40 }, { 'a', 50, 60 },
	    { 'a', 20, 25 } },
	  { { 10, 25 }, { 50, 60 }, { 30, 40 } }, 3 },
	{ "joins two",
	  { { 'a', 10, 20 }, { 'a', 50, 60 }, { 'a', 30, 40 },
	    { 'a', 20, 30 } },
	  { { 10, 40 }, { 50, 60 } }, 2 },
	{ "joins all",
	  { { 'a', 10, 20 }, { 'a', 30, 40 }, { 'a', 50, 60 },
	    { 'a', 70, 80 }, { 'a', 15, 75 } },
	  { { 10, 80 } }, 1 },
	{ "the fifth drives out the oldest",
	  { { 'a', 10, 20 }, { 'a', 30, 40 }, { 'a', 50, 60 },
	    { 'a', 70, 80 }, { 'a', 90, 100 } },
	  { { 90, 100 }, { 70, 80 }, { 50, 60 }, { 30, 40 } }, 4 },
	{ "rcv_nxt short of it", { { 'a', 10, 20 }, { 'n', 9 } },
	  { { 10, 20 } }, 1 },
	{ "rcv_nxt takes the first in",
	  { { 'a', 10, 20 }, { 'a', 30, 40 }, { 'n', 20 } },
	  { { 30, 40 } }, 1 },
	{ "rcv_nxt takes the last in",
	  { { 'a', 30, 40 }, { 'a', 10, 20 }, { 'n', 25 } },
	  { { 30, 40 } }, 1 },
	{ "rcv_nxt takes all in",
	  { { 'a', 30, 40 }, { 'a', 10, 20 }, { 'n', 40 } } },
	{ "a block that rcv_nxt stops in is no longer true",
	  { { 'a', 10, 20 }, { 'n', 15 } } },
	{ "a duplicate below", { { 'a', 30, 40 }, { 'd', 1, 5 } },
	  { { 1, 5 }, { 30, 40 } }, 2 },
	{ "a duplicate alone", { { 'd', 1, 5 } }, { { 1, 5 } }, 1 },
	{ "a duplicate within a block",
	  { { 'a', 10, 20 }, { 'a', 30, 40 }, { 'a', 50, 60 },
	    { 'd', 12, 15 } },
	  { { 12, 15 }, { 10, 20 }, { 50, 60 }, { 30, 40 } }, 4 },
	{ "a duplicate and four blocks",
	  { { 'a', 10, 20 }, { 'a', 30, 40 }, { 'a', 50, 60 },
	    { 'a', 70, 80 }, { 'd', 1, 5 } },
	  { { 1, 5 }, { 70, 80 }, { 50, 60 }, { 30, 40 } }, 4 },
};

static void run(struct xtcp_sack_rcv *s, const struct op *op, u32 base)
{
	const struct op *end = op + MAX_OPS;

	for (; op < end && op->what; op++) {
		switch (op->what) {
		case 'a':
			xtcp_sack_rcv_add(s, base + op->start, base + op->end);
			break;
		case 'n':
			xtcp_sack_rcv_advance(s, base + op->start);
			break;
		case 'd':
			s->dup.start = base + op->start;
			s->dup.end = base + op->end;
			break;
		}
	}
}

static void rcv__table(struct kunit *test)
{
	struct xtcp_sack_block out[XTCP_MAX_SACKS];
	unsigned int i, j, n, round;

	for (round = 0; round < ARRAY_SIZE(rcv_cases) * ARRAY_SIZE(bases);
	     round++) {
		u32 base = bases[round / ARRAY_SIZE(rcv_cases)];
		struct xtcp_sack_rcv s = {};

		i = round % ARRAY_SIZE(rcv_cases);
		run(&s, rcv_cases[i].ops, base);
		n = xtcp_sack_rcv_fill(&s, out, XTCP_MAX_SACKS);
		KUNIT_EXPECT_EQ_MSG(test, n, rcv_cases[i].nr, "%s",
				    rcv_cases[i].name);
		for (j = 0; j < min(n, rcv_cases[i].nr); j++) {
			KUNIT_EXPECT_EQ_MSG(test, out[j].start - base,
					    rcv_cases[i].want[j][0],
					    "%s, %u", rcv_cases[i].name, j);
			KUNIT_EXPECT_EQ_MSG(test, out[j].end - base,
					    rcv_cases[i].want[j][1],
					    "%s, %u", rcv_cases[i].name, j);
		}
	}
}

static void rcv_fill__room(struct kunit *test)
{
	struct xtcp_sack_block out[XTCP_MAX_SACKS] = {};
	struct xtcp_sack_rcv s = {};

	KUNIT_EXPECT_EQ(test, xtcp_sack_rcv_fill(&s, out, 4), 0U);

	xtcp_sack_rcv_add(&s, 10, 20);
	xtcp_sack_rcv_add(&s, 30, 40);
	s.dup.start = 1;
	s.dup.end = 2;

	/* No room: the duplicate waits. */
	KUNIT_EXPECT_EQ(test, xtcp_sack_rcv_fill(&s, out, 0), 0U);
	KUNIT_EXPECT_EQ(test, xtcp_sack_rcv_fill(&s, out, 2), 2U);
	KUNIT_EXPECT_EQ(test, out[0].start, 1U);
	KUNIT_EXPECT_EQ(test, out[1].start, 30U);

	/* It is reported once; the blocks again and again. */
	KUNIT_EXPECT_EQ(test, xtcp_sack_rcv_fill(&s, out, 1), 1U);
	KUNIT_EXPECT_EQ(test, out[0].start, 30U);
	KUNIT_EXPECT_EQ(test, xtcp_sack_rcv_fill(&s, out, 3), 2U);
}

/* snd_una 100, snd_nxt 1000, the peer's largest window 500 */
static const struct {
	const char *name;
	u32 ack;
	u32 in[XTCP_MAX_SACKS][2];
	unsigned int n;
	u32 want[XTCP_MAX_SACKS][2];
	unsigned int nr;
	s32 dsack[2];
} sanitize_cases[] = {
	{ "nothing", 100 },
	{ "one", 100, { { 200, 300 } }, 1, { { 200, 300 } }, 1 },
	{ "up to snd_nxt", 100, { { 200, 1000 } }, 1, { { 200, 1000 } }, 1 },
	{ "beyond snd_nxt", 100, { { 200, 1001 } }, 1 },
	{ "starts at snd_nxt", 100, { { 1000, 1100 } }, 1 },
	{ "empty", 100, { { 200, 200 } }, 1 },
	{ "backwards", 100, { { 300, 200 } }, 1 },
	{ "starts at the ACK", 100, { { 100, 200 } }, 1 },
	{ "starts just above", 100, { { 101, 200 } }, 1, { { 101, 200 } }, 1 },
	{ "half round the circle", 100, { { 0x80000060, 0x800003f0 } }, 1 },
	{ "all round the circle", 100, { { 200, 199 } }, 1 },
	{ "DSACK half round", 100, { { 0x7ffffe6f, 0x800003f0 },
	  { 0x7ffffe6f, 0x800003f0 } }, 2 },
	{ "sorted", 100, { { 700, 800 }, { 200, 300 }, { 500, 600 },
	  { 300 + 50, 400 } }, 4,
	  { { 200, 300 }, { 350, 400 }, { 500, 600 }, { 700, 800 } }, 4 },
	{ "twice counts once", 100,
	  { { 700, 800 }, { 200, 300 }, { 700, 800 } }, 3,
	  { { 200, 300 }, { 700, 800 } }, 2 },
	{ "overlap is one", 100,
	  { { 300, 400 }, { 200, 301 }, { 390, 500 } }, 3,
	  { { 200, 500 } }, 1 },
	{ "bad ones go, good ones stay", 100,
	  { { 900, 2000 }, { 200, 300 }, { 50, 60 }, { 400, 500 } }, 4,
	  { { 200, 300 }, { 400, 500 } }, 2 },
	{ "not the first, below the ACK: no DSACK", 100,
	  { { 200, 300 }, { 50, 60 } }, 2, { { 200, 300 } }, 1 },
	{ "DSACK below the ACK", 100, { { 50, 60 }, { 200, 300 } }, 2,
	  { { 200, 300 } }, 1, { 50, 60 } },
	{ "DSACK alone", 100, { { 50, 60 } }, 1, { }, 0, { 50, 60 } },
	{ "DSACK of what this ACK covers", 300, { { 200, 300 } }, 1, { }, 0,
	  { 200, 300 } },
	{ "DSACK across the ACK", 300, { { 250, 350 } }, 1, { }, 0,
	  { 250, 350 } },
	{ "DSACK within the second block", 100,
	  { { 250, 260 }, { 200, 300 } }, 2, { { 200, 300 } }, 1,
	  { 250, 260 } },
	{ "DSACK of all the second block", 100,
	  { { 200, 300 }, { 200, 300 } }, 2, { { 200, 300 } }, 1,
	  { 200, 300 } },
	{ "DSACK one window old", 100, { { -400, -300 } }, 1, { }, 0,
	  { -400, -300 } },
	{ "DSACK too old", 100, { { -401, -300 } }, 1 },
	{ "DSACK beyond snd_nxt", 100, { { 50, 1001 } }, 1 },
	{ "DSACK backwards", 100, { { 60, 50 } }, 1 },
	{ "blocks that this ACK passes", 300, { { 400, 500 }, { 200, 280 } },
	  2, { { 400, 500 } }, 1 },
	{ "an old ACK: above snd_una counts", 40,
	  { { 80, 90 }, { 200, 300 } }, 2, { { 200, 300 } }, 1 },
};

static void sanitize__table(struct kunit *test)
{
	unsigned int i, j, n, round;

	for (round = 0; round < ARRAY_SIZE(sanitize_cases) * ARRAY_SIZE(bases);
	     round++) {
		struct xtcp_sack_block blk[XTCP_MAX_SACKS], dsack = { 7, 9 };
		u32 base = bases[round / ARRAY_SIZE(sanitize_cases)];
		const char *name;
		const s32 *want;

		i = round % ARRAY_SIZE(sanitize_cases);
		name = sanitize_cases[i].name;
		want = sanitize_cases[i].dsack;

		for (j = 0; j < sanitize_cases[i].n; j++) {
			blk[j].start = base + sanitize_cases[i].in[j][0];
			blk[j].end = base + sanitize_cases[i].in[j][1];
		}
		n = xtcp_sack_sanitize(blk, sanitize_cases[i].n,
				       base + sanitize_cases[i].ack, base + 100,
				       base + 1000, 500, &dsack);

		KUNIT_EXPECT_EQ_MSG(test, n, sanitize_cases[i].nr, "%s", name);
		for (j = 0; j < min(n, sanitize_cases[i].nr); j++) {
			KUNIT_EXPECT_EQ_MSG(test, blk[j].start - base,
					    sanitize_cases[i].want[j][0],
					    "%s, %u", name, j);
			KUNIT_EXPECT_EQ_MSG(test, blk[j].end - base,
					    sanitize_cases[i].want[j][1],
					    "%s, %u", name, j);
		}
		KUNIT_EXPECT_EQ_MSG(test, dsack.end - dsack.start,
				    (u32)(want[1] - want[0]), "%s", name);
		if (want[1] != want[0])
			KUNIT_EXPECT_EQ_MSG(test, dsack.start - base,
					    (u32)want[0], "%s", name);
	}
}

static struct kunit_case sack_cases[] = {
	KUNIT_CASE(rcv__table),
	KUNIT_CASE(rcv_fill__room),
	KUNIT_CASE(sanitize__table),
	{}
};

static struct kunit_suite sack_suite = {
	.name = "xtcp_sack",
	.test_cases = sack_cases,
};

kunit_test_suite(sack_suite);
