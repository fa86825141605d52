// SPDX-License-Identifier: GPL-2.0
#include <kunit/test.h>
#include "../pure.h"

static const struct xtcp_secret secret = {
	.key = { 0x0123456789abcdefULL, 0xfedcba9876543210ULL },
};

static const struct xtcp_tuple tuple = {
	.laddr = { 0x0a000001 },
	.raddr = { 0x0a000002 },
	.lport = 40000,
	.rport = 80,
};

/* RFC 9293, 3.4.1: the clock of it goes round in 4.55 hours or so. */
static void isn__clock(struct kunit *test)
{
	u32 first = xtcp_isn(&tuple, &secret, 0);

	KUNIT_EXPECT_EQ(test, xtcp_isn(&tuple, &secret, 63), first);
	KUNIT_EXPECT_EQ(test, xtcp_isn(&tuple, &secret, 64), first + 1);
	KUNIT_EXPECT_EQ(test, xtcp_isn(&tuple, &secret, 1000000000ULL),
			first + 15625000);
	KUNIT_EXPECT_EQ(test, xtcp_isn(&tuple, &secret, 1ULL << 38), first);
}

static void isn__secret(struct kunit *test)
{
	struct xtcp_secret other = secret;

	other.key[0] ^= 1;
	KUNIT_EXPECT_NE(test, xtcp_isn(&tuple, &secret, 0),
			xtcp_isn(&tuple, &other, 0));
	other = secret;
	other.key[1] ^= 1ULL << 63;
	KUNIT_EXPECT_NE(test, xtcp_isn(&tuple, &secret, 0),
			xtcp_isn(&tuple, &other, 0));
}

/* Each bit of a tuple matters, but for a port that is yet to be chosen. */
static void hash__each_bit(struct kunit *test)
{
	const u32 isn = xtcp_isn(&tuple, &secret, 0);
	const u32 ts = xtcp_ts_offset(&tuple, &secret);
	const u32 port = xtcp_port_offset(&tuple, &secret);
	unsigned int bit;

	for (bit = 0; bit < 8 * sizeof(tuple); bit++) {
		struct xtcp_tuple t = tuple;

		((u8 *)&t)[bit / 8] ^= 1 << bit % 8;
		KUNIT_EXPECT_TRUE_MSG(test, xtcp_isn(&t, &secret, 0) != isn,
				      "bit %u", bit);
		KUNIT_EXPECT_TRUE_MSG(test, xtcp_ts_offset(&t, &secret) != ts,
				      "bit %u", bit);
		KUNIT_EXPECT_EQ_MSG(test,
				    xtcp_port_offset(&t, &secret) == port,
				    t.lport != tuple.lport, "bit %u", bit);
	}
}

/* From a number that is seen nothing follows about those that are not. */
static void hash__uses_differ(struct kunit *test)
{
	struct xtcp_tuple t = tuple;

	t.lport = 0;
	KUNIT_EXPECT_NE(test, xtcp_isn(&t, &secret, 0),
			xtcp_ts_offset(&t, &secret));
	KUNIT_EXPECT_NE(test, xtcp_isn(&t, &secret, 0),
			xtcp_port_offset(&t, &secret));
	KUNIT_EXPECT_NE(test, xtcp_ts_offset(&t, &secret),
			xtcp_port_offset(&t, &secret));
}

static struct kunit_case isn_cases[] = {
	KUNIT_CASE(isn__clock),
	KUNIT_CASE(isn__secret),
	KUNIT_CASE(hash__each_bit),
	KUNIT_CASE(hash__uses_differ),
	{}
};

static struct kunit_suite isn_suite = {
	.name = "xtcp_isn",
	.test_cases = isn_cases,
};

kunit_test_suite(isn_suite);
