// SPDX-License-Identifier: GPL-2.0
#include <kunit/test.h>
#include <linux/string.h>
#include "../pure.h"

#define BYTES(...)	.p = { __VA_ARGS__ }, .len = sizeof((u8[]){ __VA_ARGS__ })

#define TS_BYTES	8, 10, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88
#define TS_PARSED	.has_ts = 1, .tsval = 0x11223344, .tsecr = 0x55667788

static const struct {
	const char *name;
	u8 p[XTCP_MAX_OPTLEN];
	unsigned int len;
	bool syn;
	struct xtcp_options want;
} parse_cases[] = {
	{ "nothing", .len = 0 },
	{ "a SYN of Linux", BYTES(2, 4, 0x05, 0xb4, 4, 2, TS_BYTES, 1, 3, 3, 7),
	  .syn = true,
	  .want = { .mss = 1460, .sack_perm = 1, .has_wscale = 1, .wscale = 7,
		    TS_PARSED } },
	{ "the same without SYN",
	  BYTES(2, 4, 0x05, 0xb4, 4, 2, TS_BYTES, 1, 3, 3, 7),
	  .want = { TS_PARSED } },
	{ "timestamps unaligned", BYTES(TS_BYTES, 1, 1), .want = { TS_PARSED } },
	{ "timestamps last, no padding", BYTES(1, TS_BYTES),
	  .want = { TS_PARSED } },
	{ "the end ends it", BYTES(0, TS_BYTES) },
	{ "unknown kinds are skipped",
	  BYTES(30, 2, 254, 4, 0xf9, 0x89, 253, 3, 2, TS_BYTES),
	  .want = { TS_PARSED } },
	{ "MSS 0 counts as none", BYTES(2, 4, 0, 0), .syn = true },
	{ "the last MSS holds", BYTES(2, 4, 1, 0, 2, 4, 2, 0), .syn = true,
	  .want = { .mss = 512 } },
	{ "scale 0 is a scale", BYTES(3, 3, 0), .syn = true,
	  .want = { .has_wscale = 1 } },
	{ "scale 15 counts as 14", BYTES(3, 3, 15), .syn = true,
	  .want = { .has_wscale = 1, .wscale = 14 } },
	{ "scale 255 counts as 14", BYTES(3, 3, 255), .syn = true,
	  .want = { .has_wscale = 1, .wscale = 14 } },
	{ "wrong lengths of known kinds are skipped",
	  BYTES(2, 3, 9, 3, 4, 9, 9, 4, 3, 9, 8, 9, 1, 2, 3, 4, 5, 6, 7,
		2, 4, 2, 0), .syn = true,
	  .want = { .mss = 512 } },
	{ "length 0 ends it", BYTES(2, 4, 2, 0, 30, 0, 3, 3, 7), .syn = true,
	  .want = { .mss = 512 } },
	{ "length 1 ends it", BYTES(2, 4, 2, 0, 30, 1, 3, 3, 7), .syn = true,
	  .want = { .mss = 512 } },
	{ "a kind without length ends it", BYTES(2, 4, 2, 0, 3), .syn = true,
	  .want = { .mss = 512 } },
	{ "beyond the end ends it", BYTES(2, 4, 2, 0, 8, 10, 1, 2, 3),
	  .syn = true, .want = { .mss = 512 } },
	{ "length 255", BYTES(30, 255, 1, 1) },
	{ "one SACK block", BYTES(1, 1, 5, 10, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xfe),
	  .want = { .nr_sacks = 1, .sack = { { 1, 0xfffffffe } } } },
	{ "no SACK blocks in a SYN",
	  BYTES(1, 1, 5, 10, 0, 0, 0, 1, 0, 0, 0, 2), .syn = true },
	{ "three SACK blocks after timestamps",
	  BYTES(1, 1, TS_BYTES, 1, 1, 5, 26, 0, 0, 0, 1, 0, 0, 0, 2,
		0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 5, 0, 0, 0, 6),
	  .want = { TS_PARSED, .nr_sacks = 3,
		    .sack = { { 1, 2 }, { 3, 4 }, { 5, 6 } } } },
	{ "four SACK blocks",
	  BYTES(5, 34, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4,
		0, 0, 0, 5, 0, 0, 0, 6, 0, 0, 0, 7, 0, 0, 0, 8),
	  .want = { .nr_sacks = 4,
		    .sack = { { 1, 2 }, { 3, 4 }, { 5, 6 }, { 7, 8 } } } },
	{ "no SACK block in the option", BYTES(5, 2, TS_BYTES),
	  .want = { TS_PARSED } },
	{ "half a SACK block", BYTES(5, 6, 0, 0, 0, 1, TS_BYTES),
	  .want = { TS_PARSED } },
};

static bool same(const struct xtcp_options *a, const struct xtcp_options *b)
{
	unsigned int i;

	for (i = 0; i < XTCP_MAX_SACKS; i++)
		if (a->sack[i].start != b->sack[i].start ||
		    a->sack[i].end != b->sack[i].end)
			return false;
	return a->tsval == b->tsval && a->tsecr == b->tsecr &&
	       a->mss == b->mss && a->wscale == b->wscale &&
	       a->has_ts == b->has_ts && a->has_wscale == b->has_wscale &&
	       a->sack_perm == b->sack_perm && a->nr_sacks == b->nr_sacks;
}

static void parse__table(struct kunit *test)
{
	struct xtcp_options got;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(parse_cases); i++) {
		memset(&got, 0xaa, sizeof(got));
		xtcp_options_parse(parse_cases[i].p, parse_cases[i].len,
				   parse_cases[i].syn, &got);
		KUNIT_EXPECT_TRUE_MSG(test, same(&got, &parse_cases[i].want),
				      "%s", parse_cases[i].name);
	}
}

/* Cut anywhere, options give a part of what the whole gives. */
static void parse__cut(struct kunit *test)
{
	struct xtcp_options got;
	unsigned int i, len;

	for (i = 0; i < ARRAY_SIZE(parse_cases); i++) {
		const struct xtcp_options *want = &parse_cases[i].want;

		for (len = 0; len < parse_cases[i].len; len++) {
			xtcp_options_parse(parse_cases[i].p, len,
					   parse_cases[i].syn, &got);
			KUNIT_EXPECT_TRUE_MSG(test,
					      got.has_ts <= want->has_ts &&
					      got.nr_sacks <= want->nr_sacks &&
					      got.has_wscale <= want->has_wscale,
					      "%s, %u", parse_cases[i].name,
					      len);
		}
	}
}

static void parse_ts__table(struct kunit *test)
{
	static const struct {
		u32 word;
		bool ok;
	} cases[] = {
		{ 0x0101080a, true },
		{ 0x0101080b, false },
		{ 0x0101050a, false },
		{ 0x0100080a, false },
		{ 0x080a0101, false },
		{ 0, false },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		__be32 p[] = { cpu_to_be32(cases[i].word), cpu_to_be32(17),
			       cpu_to_be32(0x80000001) };
		u32 tsval = 1, tsecr = 2;
		bool ok = xtcp_options_parse_ts(p, &tsval, &tsecr);

		KUNIT_EXPECT_EQ_MSG(test, ok, cases[i].ok, "case %u", i);
		KUNIT_EXPECT_EQ_MSG(test, tsval == 17, ok, "case %u", i);
		KUNIT_EXPECT_EQ_MSG(test, tsecr == 0x80000001, ok, "case %u", i);
	}
}

/* The wire, byte for byte. */
static void write__table(struct kunit *test)
{
	static const struct {
		const char *name;
		struct xtcp_options o;
		u8 p[XTCP_MAX_OPTLEN];
		unsigned int len;
	} cases[] = {
		{ "nothing", .len = 0 },
		{ "timestamps", { TS_PARSED }, BYTES(1, 1, TS_BYTES) },
		{ "a SYN",
		  { .mss = 1460, .sack_perm = 1, .has_wscale = 1, .wscale = 7,
		    TS_PARSED },
		  BYTES(2, 4, 0x05, 0xb4, 4, 2, TS_BYTES, 1, 3, 3, 7) },
		{ "a SYN without timestamps",
		  { .mss = 536, .sack_perm = 1, .has_wscale = 1 },
		  BYTES(2, 4, 0x02, 0x18, 1, 1, 4, 2, 1, 3, 3, 0) },
		{ "a SYN, no SACK", { .mss = 9000, TS_PARSED },
		  BYTES(2, 4, 0x23, 0x28, 1, 1, TS_BYTES) },
		{ "one block", { .nr_sacks = 1, .sack = { { 1, 2 } } },
		  BYTES(1, 1, 5, 10, 0, 0, 0, 1, 0, 0, 0, 2) },
	};
	unsigned int i, len;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct xtcp_options o = cases[i].o;
		__be32 buf[XTCP_MAX_OPTLEN / 4] = {};

		KUNIT_EXPECT_EQ_MSG(test, xtcp_options_len(&o), cases[i].len,
				    "%s", cases[i].name);
		len = xtcp_options_write(buf, &o);
		KUNIT_EXPECT_EQ_MSG(test, len, cases[i].len, "%s",
				    cases[i].name);
		KUNIT_EXPECT_TRUE_MSG(test, !memcmp(buf, cases[i].p, len),
				      "%s", cases[i].name);
	}
}

static void len__blocks_that_fit(struct kunit *test)
{
	static const struct {
		struct xtcp_options o;
		u8 nr_sacks;
		unsigned int len;
	} cases[] = {
		{ { .nr_sacks = 4 }, 4, 36 },
		{ { .nr_sacks = 4, .has_ts = 1 }, 3, 40 },
		{ { .nr_sacks = 1, .has_ts = 1 }, 1, 24 },
		{ { .nr_sacks = 4, .has_ts = 1, .mss = 1 }, 2, 36 },
		{ { .nr_sacks = 4, .has_ts = 1, .mss = 1, .has_wscale = 1 },
		  2, 40 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct xtcp_options o = cases[i].o;

		KUNIT_EXPECT_EQ_MSG(test, xtcp_options_len(&o), cases[i].len,
				    "case %u", i);
		KUNIT_EXPECT_EQ_MSG(test, o.nr_sacks, cases[i].nr_sacks,
				    "case %u", i);
	}
}

/* What is written is read again, for every set of options that may occur. */
static void write__is_read(struct kunit *test)
{
	unsigned int set, n, i;

	for (set = 0; set < 32; set++) {
		bool syn = set & 1;

		for (n = 0; n <= XTCP_MAX_SACKS; n++) {
			struct xtcp_options o = {}, got;
			__be32 buf[XTCP_MAX_OPTLEN / 4];
			unsigned int len;

			if (syn) {
				o.mss = set & 2 ? 1460 : 0;
				o.has_wscale = !!(set & 4);
				o.wscale = set & 4 ? 14 : 0;
				o.sack_perm = !!(set & 8);
			}
			o.has_ts = !!(set & 16);
			o.tsval = o.has_ts ? U32_MAX : 0;
			o.tsecr = o.has_ts ? 1 : 0;
			o.nr_sacks = syn ? 0 : n;
			len = xtcp_options_len(&o);
			for (i = 0; i < o.nr_sacks; i++) {
				o.sack[i].start = 10 * i - 15;
				o.sack[i].end = 10 * i - 10;
			}

			KUNIT_EXPECT_EQ(test, len, xtcp_options_write(buf, &o));
			KUNIT_EXPECT_EQ(test, len % 4, 0U);
			KUNIT_EXPECT_LE(test, len, (unsigned int)XTCP_MAX_OPTLEN);
			xtcp_options_parse((u8 *)buf, len, syn, &got);
			KUNIT_EXPECT_TRUE_MSG(test, same(&o, &got),
					      "set %u, %u blocks", set, n);
		}
	}
}

static struct kunit_case options_cases[] = {
	KUNIT_CASE(parse__table),
	KUNIT_CASE(parse__cut),
	KUNIT_CASE(parse_ts__table),
	KUNIT_CASE(write__table),
	KUNIT_CASE(len__blocks_that_fit),
	KUNIT_CASE(write__is_read),
	{}
};

static struct kunit_suite options_suite = {
	.name = "xtcp_options",
	.test_cases = options_cases,
};

kunit_test_suite(options_suite);
