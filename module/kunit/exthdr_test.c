// SPDX-License-Identifier: GPL-2.0
#include <kunit/test.h>
#include <linux/ipv6.h>
#include <net/ipv6.h>
#include "../faces.h"

/* Extension headers as they stand on the wire, up to the transport header. */
struct exthdr_case {
	const char	*name;
	u8		first;		/* nexthdr of the IPv6 header */
	u8		bytes[24];
	u8		len;
	u8		proto;
	int		off;		/* behind the IPv6 header, -1: refused */
};

static const struct exthdr_case cases[] = {
	{ "none", IPPROTO_TCP, {}, 0, IPPROTO_TCP, 0 },
	{ "none, ICMPv6", IPPROTO_ICMPV6, {}, 0, IPPROTO_ICMPV6, 0 },
	{ "another protocol", IPPROTO_UDP, {}, 0, 0, -1 },
	{ "no next header", NEXTHDR_NONE, {}, 0, 0, -1 },
	{ "ESP", NEXTHDR_ESP, { IPPROTO_TCP }, 8, 0, -1 },
	{ "AH", NEXTHDR_AUTH, { IPPROTO_TCP, 4 }, 24, 0, -1 },
	{ "hop-by-hop", NEXTHDR_HOP,
	  { IPPROTO_TCP, 0, 1, 4, 0, 0, 0, 0 }, 8, IPPROTO_TCP, 8 },
	{ "destination options, PadN", NEXTHDR_DEST,
	  { IPPROTO_TCP, 0, 1, 4, 0, 0, 0, 0 }, 8, IPPROTO_TCP, 8 },
	{ "destination options, Pad1s", NEXTHDR_DEST,
	  { IPPROTO_TCP, 0, 0, 0, 0, 0, 0, 0 }, 8, IPPROTO_TCP, 8 },
	{ "destination options, unknown: skip", NEXTHDR_DEST,
	  { IPPROTO_TCP, 0, 0x1e, 4, 9, 9, 9, 9 }, 8, IPPROTO_TCP, 8 },
	{ "destination options, unknown: discard", NEXTHDR_DEST,
	  { IPPROTO_TCP, 0, 0x5e, 4, 9, 9, 9, 9 }, 8, 0, -1 },
	{ "destination options, unknown: answer", NEXTHDR_DEST,
	  { IPPROTO_TCP, 0, 0x9e, 4, 9, 9, 9, 9 }, 8, 0, -1 },
	{ "destination options, home address", NEXTHDR_DEST,
	  { IPPROTO_TCP, 2, 1, 2, 0, 0, 0xc9, 16 }, 24, 0, -1 },
	{ "destination options, PadN not zero", NEXTHDR_DEST,
	  { IPPROTO_TCP, 0, 1, 4, 0, 0, 0, 1 }, 8, 0, -1 },
	{ "destination options, option too long", NEXTHDR_DEST,
	  { IPPROTO_TCP, 0, 1, 5, 0, 0, 0, 0 }, 8, 0, -1 },
	{ "destination options, option cut off", NEXTHDR_DEST,
	  { IPPROTO_TCP, 0, 1, 3, 0, 0, 0, 1 }, 8, 0, -1 },
	{ "destination options, header too long", NEXTHDR_DEST,
	  { IPPROTO_TCP, 255, 1, 4, 0, 0, 0, 0 }, 8, 0, -1 },
	{ "routing, at its end", NEXTHDR_ROUTING,
	  { IPPROTO_TCP, 0, 0, 0 }, 8, IPPROTO_TCP, 8 },
	{ "routing, on its way", NEXTHDR_ROUTING,
	  { IPPROTO_TCP, 0, 0, 1 }, 8, 0, -1 },
	{ "routing, mobile", NEXTHDR_ROUTING,
	  { IPPROTO_TCP, 2, 2, 0 }, 24, 0, -1 },
	{ "routing, segments", NEXTHDR_ROUTING,
	  { IPPROTO_TCP, 0, 4, 0 }, 8, 0, -1 },
	{ "fragment that is the whole", NEXTHDR_FRAGMENT,
	  { IPPROTO_TCP, 77, 0, 0, 1, 2, 3, 4 }, 8, IPPROTO_TCP, 8 },
	{ "first fragment", NEXTHDR_FRAGMENT,
	  { IPPROTO_TCP, 0, 0, 1, 1, 2, 3, 4 }, 8, 0, -1 },
	{ "last fragment", NEXTHDR_FRAGMENT,
	  { IPPROTO_TCP, 0, 1, 0, 1, 2, 3, 4 }, 8, 0, -1 },
	{ "three of them", NEXTHDR_HOP,
	  { NEXTHDR_DEST, 0, 1, 4, 0, 0, 0, 0,
	    NEXTHDR_ROUTING, 0, 1, 4, 0, 0, 0, 0,
	    IPPROTO_ICMPV6, 0, 0, 0 }, 24, IPPROTO_ICMPV6, 24 },
	{ "cut off", NEXTHDR_HOP, { NEXTHDR_DEST }, 1, 0, -1 },
	{ "cut off behind one", NEXTHDR_DEST,
	  { NEXTHDR_ROUTING, 0, 1, 4, 0, 0, 0, 0 }, 8, 0, -1 },
};

/* @linear: how much of the packet is in the linear part; the rest in a page. */
static struct sk_buff *make_packet(const struct exthdr_case *c,
				   unsigned int linear)
{
	unsigned int len = sizeof(struct ipv6hdr) + c->len;
	u8 packet[sizeof(struct ipv6hdr) + sizeof(c->bytes)] = {};
	struct ipv6hdr *hdr = (struct ipv6hdr *)packet;
	struct sk_buff *skb = alloc_skb(256, GFP_KERNEL);
	struct page *page = alloc_page(GFP_KERNEL);

	if (!skb || !page) {
		kfree_skb(skb);
		if (page)
			__free_page(page);
		return NULL;
	}
	hdr->version = 6;
	hdr->nexthdr = c->first;
	memcpy(hdr + 1, c->bytes, c->len);
	linear = min(linear, len);
	skb_reset_network_header(skb);
	skb_put_data(skb, packet, linear);
	if (linear < len) {
		memcpy(page_address(page), packet + linear, len - linear);
		skb_add_rx_frag(skb, 0, page, 0, len - linear, PAGE_SIZE);
	} else {
		__free_page(page);
	}
	return skb;
}

static void check(struct kunit *test, unsigned int linear)
{
	unsigned int i;
	u8 proto;
	int off;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct exthdr_case *c = &cases[i];
		struct sk_buff *skb = make_packet(c, linear);

		KUNIT_ASSERT_NOT_NULL(test, skb);
		off = xtcp_exthdr_skip(skb, &proto);
		if (c->off < 0) {
			KUNIT_EXPECT_EQ_MSG(test, off, -1, "%s", c->name);
		} else {
			KUNIT_EXPECT_EQ_MSG(test, off,
					    (int)sizeof(struct ipv6hdr) + c->off,
					    "%s", c->name);
			KUNIT_EXPECT_EQ_MSG(test, proto, c->proto, "%s",
					    c->name);
		}
		kfree_skb(skb);
	}
}

static void exthdr_skip__linear(struct kunit *test)
{
	check(test, UINT_MAX);
}

static void exthdr_skip__in_pages(struct kunit *test)
{
	check(test, sizeof(struct ipv6hdr));
	check(test, sizeof(struct ipv6hdr) + 4);
}

static void exthdr_skip__endless(struct kunit *test)
{
	u8 hdr[] = { NEXTHDR_DEST, 0, 1, 4, 0, 0, 0, 0 };
	struct sk_buff *skb = alloc_skb(1024, GFP_KERNEL);
	u8 proto;
	int i;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reset_network_header(skb);
	skb_put_zero(skb, sizeof(struct ipv6hdr));
	ipv6_hdr(skb)->nexthdr = NEXTHDR_DEST;
	for (i = 0; i < 100; i++)
		skb_put_data(skb, hdr, sizeof(hdr));
	KUNIT_EXPECT_EQ(test, xtcp_exthdr_skip(skb, &proto), -1);
	kfree_skb(skb);
}

static struct kunit_case exthdr_cases[] = {
	KUNIT_CASE(exthdr_skip__linear),
	KUNIT_CASE(exthdr_skip__in_pages),
	KUNIT_CASE(exthdr_skip__endless),
	{}
};

static struct kunit_suite exthdr_suite = {
	.name = "xtcp_exthdr",
	.test_cases = exthdr_cases,
};

kunit_test_suite(exthdr_suite);
