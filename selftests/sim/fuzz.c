// SPDX-License-Identifier: GPL-2.0
/*
 * Random input for what reads a peer's bytes, options.c and sack.c, and what
 * keeps a list of its ranges, against plain models. fuzz [ROUNDS [SEED]]
 */
#include "pure.h"

static u64 state;

static u32 rnd(u32 below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (state >> 16) % below;
}

static void fail(const char *what, u64 before)
{
	printf("not ok - %s, seed %llu\n", what, (unsigned long long)before);
	exit(1);
}

/* Bytes that look like options more often than not. */
static void fill_options(u8 *p, unsigned int len)
{
	static const u8 kinds[] = { 0, 1, 2, 3, 4, 5, 8, 19, 30, 34, 253 };
	static const u8 lens[] = { 0, 1, 2, 3, 4, 10, 18, 26, 34, 40, 255 };
	unsigned int i;

	for (i = 0; i < len; i++) {
		switch (rnd(4)) {
		case 0:
			p[i] = kinds[rnd(sizeof(kinds))];
			if (i + 1 < len)
				p[++i] = lens[rnd(sizeof(lens))];
			break;
		case 1:
			p[i] = XTCP_OPT_NOP;
			break;
		default:
			p[i] = rnd(256);
		}
	}
}

static void fuzz_options(void)
{
	u64 seed = state;
	unsigned int len = rnd(XTCP_MAX_OPTLEN + 1), out_len;
	u8 *p = malloc(len ? len : 1);	/* the sanitizer watches its end */
	__be32 out[XTCP_MAX_OPTLEN / 4];
	struct xtcp_options o, again;
	bool syn = rnd(2);

	fill_options(p, len);
	xtcp_options_parse(p, len, syn, &o);
	free(p);
	if (o.nr_sacks > XTCP_MAX_SACKS || o.wscale > XTCP_MAX_WSCALE ||
	    (!syn && (o.mss || o.has_wscale || o.sack_perm)) ||
	    (syn && o.nr_sacks))
		fail("parsed options", seed);

	/* What was read can be written, and is the same when read again. */
	out_len = xtcp_options_len(&o);
	if (out_len > XTCP_MAX_OPTLEN || out_len % 4 ||
	    xtcp_options_write(out, &o) != out_len)
		fail("options' length", seed);
	xtcp_options_parse((u8 *)out, out_len, syn, &again);
	if (again.mss != o.mss || again.has_ts != o.has_ts ||
	    again.tsval != o.tsval || again.tsecr != o.tsecr ||
	    again.has_wscale != o.has_wscale || again.wscale != o.wscale ||
	    again.sack_perm != o.sack_perm || again.nr_sacks != o.nr_sacks ||
	    memcmp(again.sack, o.sack, o.nr_sacks * sizeof(o.sack[0])))
		fail("options written and read", seed);
}

static void fuzz_sanitize(void)
{
	u64 seed = state;
	u32 base = rnd(2) ? rnd(U32_MAX) : -rnd(64);
	u32 una = base + 100, nxt = una + rnd(200);
	u32 ack = base + 80 + rnd(150);
	unsigned int i, j, kept, n = rnd(XTCP_MAX_SACKS + 1);
	struct xtcp_sack_block *b = malloc((n ? n : 1) * sizeof(*b)), dsack;
	bool want[400] = {}, got[400] = {};
	bool dup;

	for (i = 0; i < n; i++) {
		b[i].start = base + rnd(400) - (rnd(10) ? 0 : rnd(U32_MAX));
		b[i].end = rnd(10) ? b[i].start + rnd(60) : rnd(U32_MAX);
	}

	/* The model: a set of sequence numbers. */
	dup = n && (seq_lt(b[0].start, ack) ||
		    (n > 1 && seq_le(b[1].start, b[0].start) &&
		     seq_le(b[0].end, b[1].end)));
	for (i = dup; i < n; i++) {
		/* base is before all that counts: no wrapping from there. */
		u32 start = b[i].start - base, end = b[i].end - base;

		if (start > max(una - base, ack - base) && start < end &&
		    end <= nxt - base)
			memset(want + start, true, end - start);
	}

	kept = xtcp_sack_sanitize(b, n, ack, una, nxt, 300, &dsack);
	if (kept > n)
		fail("more blocks than came", seed);
	for (i = 0; i < kept; i++) {
		if (!seq_lt(b[i].start, b[i].end) ||
		    (i && !seq_lt(b[i - 1].end, b[i].start)) ||
		    !seq_gt(b[i].start, una) || seq_gt(b[i].end, nxt))
			fail("sanitized blocks' order", seed);
		for (j = b[i].start - base; j < b[i].end - base; j++)
			got[j] = true;
	}
	if (memcmp(want, got, sizeof(want)))
		fail("sanitized blocks", seed);
	if (dsack.start != dsack.end &&
	    (!dup || seq_gt(dsack.end, nxt) || seq_lt(dsack.start, una - 300) ||
	     !seq_lt(dsack.start, dsack.end)))
		fail("DSACK", seed);
	free(b);
}

/* A receiver and its out-of-order queue, a byte a flag. */
static void fuzz_rcv(void)
{
	u64 seed = state;
	u32 base = -rnd(600), nxt = 0, start, len, j;
	struct xtcp_sack_block out[XTCP_MAX_SACKS];
	struct xtcp_sack_rcv s = {};
	bool have[700] = {};
	unsigned int i, k, n, max;

	for (i = 0; i < 60; i++) {
		start = nxt + rnd(500 - min(nxt, 499U));
		len = 1 + rnd(rnd(2) ? 20 : 150);
		if (rnd(4) == 0) {
			s.dup.start = base + nxt - rnd(50);
			s.dup.end = s.dup.start + 1 + rnd(20);
		}
		for (j = start; j < start + len; j++)
			have[j] = true;
		if (start == nxt) {
			while (have[nxt])
				nxt++;
			xtcp_sack_rcv_advance(&s, base + nxt);
		} else {
			xtcp_sack_rcv_add(&s, base + start, base + start + len);
			/* RFC 2018: the block that this segment is in first */
			if (s.block[0].start - base > start ||
			    s.block[0].end - base < start + len)
				fail("first block", seed);
		}

		max = rnd(XTCP_MAX_SACKS + 1);
		n = xtcp_sack_rcv_fill(&s, out, max);
		if (n > max || s.nr > XTCP_MAX_SACKS)
			fail("number of blocks", seed);
		for (k = 0; k < s.nr; k++) {
			if (seq_le(s.block[k].start, base + nxt))
				fail("block below rcv_nxt", seed);
			for (j = s.block[k].start - base;
			     j < s.block[k].end - base; j++)
				if (!have[j])
					fail("block of what is not there", seed);
		}
		if (nxt > 490)
			break;
	}
}

static void fuzz_window(void)
{
	u64 seed = state;
	u32 full = rnd(1 << (1 + rnd(24))), room = rnd(full + 1);
	u8 scale = rnd(XTCP_MAX_WSCALE + 1);
	u32 cur = min(rnd(full + 1), 65535U << scale);
	u32 wnd = xtcp_window_offer(room, full, rnd(full + 1), cur, rnd(9000),
				    scale);

	if (wnd < cur || wnd > 65535U << scale || wnd & ((1U << scale) - 1))
		fail("window", seed);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} fuzzers[] = {
		{ "options", fuzz_options },
		{ "sack_sanitize", fuzz_sanitize },
		{ "sack_rcv", fuzz_rcv },
		{ "window", fuzz_window },
	};
	unsigned long rounds = argc > 1 ? strtoul(argv[1], NULL, 0) : 50000;
	unsigned long n;
	unsigned int i;

	printf("TAP version 13\n1..%zu\n", ARRAY_SIZE(fuzzers));
	for (i = 0; i < ARRAY_SIZE(fuzzers); i++) {
		state = argc > 2 ? strtoull(argv[2], NULL, 0) : 0x9e3779b97f4a7c15;
		if (!state)
			state = 1;
		for (n = 0; n < rounds; n++)
			fuzzers[i].run();
		printf("ok %u - fuzz.%s, %lu rounds\n", i + 1, fuzzers[i].name,
		       rounds);
	}
	return 0;
}
