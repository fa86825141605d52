// SPDX-License-Identifier: GPL-2.0
/*
 * TCP options, read and written (RFC 9293, 3.1 and 3.2; RFC 2018; RFC 7323).
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include "pure.h"

#define SACK_BASE	2	/* kind and length */
#define SACK_PER_BLOCK	8

/* Options start at any byte. */
static u32 get_be32(const u8 *p)
{
	return (u32)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

static void parse_sack(const u8 *p, unsigned int len, struct xtcp_options *o)
{
	unsigned int i, n = (len - SACK_BASE) / SACK_PER_BLOCK;

	if (len != SACK_BASE + n * SACK_PER_BLOCK || n > XTCP_MAX_SACKS)
		return;

	p += SACK_BASE;
	for (i = 0; i < n; i++, p += SACK_PER_BLOCK) {
		o->sack[i].start = get_be32(p);
		o->sack[i].end = get_be32(p + 4);
	}
	o->nr_sacks = n;
}

/* Options that a SYN alone may carry; elsewhere they mean nothing. */
static void parse_syn_one(const u8 *p, unsigned int len, struct xtcp_options *o)
{
	switch (p[0]) {
	case XTCP_OPT_MSS:
		if (len == 4)
			o->mss = p[2] << 8 | p[3];
		break;
	case XTCP_OPT_WSCALE:
		if (len == 3) {
			o->wscale = min_t(u8, p[2], XTCP_MAX_WSCALE);
			o->has_wscale = 1;
		}
		break;
	case XTCP_OPT_SACK_PERM:
		if (len == 2)
			o->sack_perm = 1;
		break;
	}
}

/* One option whose @len bytes are there. A length that its kind never has
 * makes it an unknown option.
 */
static void parse_one(const u8 *p, unsigned int len, bool syn,
		      struct xtcp_options *o)
{
	switch (p[0]) {
	case XTCP_OPT_TS:
		if (len == 10) {
			o->tsval = get_be32(p + 2);
			o->tsecr = get_be32(p + 6);
			o->has_ts = 1;
		}
		break;
	case XTCP_OPT_SACK:
		if (!syn)
			parse_sack(p, len, o);
		break;
	default:
		if (syn)
			parse_syn_one(p, len, o);
	}
}

void xtcp_options_parse(const u8 *p, unsigned int len, bool syn,
			struct xtcp_options *o)
{
	const u8 *end = p + len;
	unsigned int opt_len;

	memset(o, 0, sizeof(*o));

	while (p < end && *p != XTCP_OPT_EOL) {
		if (*p == XTCP_OPT_NOP) {
			p++;
			continue;
		}
		if (end - p < 2)
			return;
		opt_len = p[1];
		if (opt_len < 2 || opt_len > end - p)
			return;
		parse_one(p, opt_len, syn, o);
		p += opt_len;
	}
}

/* Bytes of all options but SACK blocks; each part is a multiple of 4. */
static unsigned int fixed_len(const struct xtcp_options *o)
{
	unsigned int len = 0;

	if (o->mss)
		len += 4;
	if (o->has_ts)
		len += XTCP_OPTLEN_TS;	/* SACK-permitted takes the NOPs' place */
	else if (o->sack_perm)
		len += 4;
	if (o->has_wscale)
		len += 4;
	return len;
}

static unsigned int sacks_that_fit(const struct xtcp_options *o,
				   unsigned int used)
{
	unsigned int room = XTCP_MAX_OPTLEN - used;

	if (!o->nr_sacks || room < 4 + SACK_PER_BLOCK)
		return 0;
	return min_t(unsigned int, o->nr_sacks, (room - 4) / SACK_PER_BLOCK);
}

unsigned int xtcp_options_len(struct xtcp_options *o)
{
	unsigned int len = fixed_len(o);

	o->nr_sacks = sacks_that_fit(o, len);
	if (o->nr_sacks)
		len += 4 + o->nr_sacks * SACK_PER_BLOCK;
	return len;
}

static __be32 word(u8 a, u8 b, u8 c, u8 d)
{
	return cpu_to_be32((u32)a << 24 | b << 16 | c << 8 | d);
}

static __be32 *write_sacks(__be32 *p, const struct xtcp_options *o,
			   unsigned int n)
{
	unsigned int i;

	*p++ = word(XTCP_OPT_NOP, XTCP_OPT_NOP, XTCP_OPT_SACK,
		    SACK_BASE + n * SACK_PER_BLOCK);
	for (i = 0; i < n; i++) {
		*p++ = cpu_to_be32(o->sack[i].start);
		*p++ = cpu_to_be32(o->sack[i].end);
	}
	return p;
}

unsigned int xtcp_options_write(__be32 *p, const struct xtcp_options *o)
{
	unsigned int n = sacks_that_fit(o, fixed_len(o));
	__be32 *start = p;

	if (o->mss)
		*p++ = word(XTCP_OPT_MSS, 4, o->mss >> 8, o->mss & 0xff);

	if (o->has_ts) {
		if (o->sack_perm)
			*p++ = word(XTCP_OPT_SACK_PERM, 2, XTCP_OPT_TS, 10);
		else
			*p++ = cpu_to_be32(XTCP_OPT_TS_WORD);
		*p++ = cpu_to_be32(o->tsval);
		*p++ = cpu_to_be32(o->tsecr);
	} else if (o->sack_perm) {
		*p++ = word(XTCP_OPT_NOP, XTCP_OPT_NOP, XTCP_OPT_SACK_PERM, 2);
	}

	if (o->has_wscale)
		*p++ = word(XTCP_OPT_NOP, XTCP_OPT_WSCALE, 3, o->wscale);

	if (n)
		p = write_sacks(p, o, n);

	return (p - start) * sizeof(*p);
}
