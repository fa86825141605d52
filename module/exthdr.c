// SPDX-License-Identifier: GPL-2.0
/*
 * The way through IPv6's extension headers to the transport header.
 *
 * Netfilter sees a packet before the kernel has looked at any header but the
 * hop-by-hop options. What the kernel would only skip is skipped here; what it
 * would judge, change or answer (unknown options that ask for it, routing
 * headers with a meaning, IPsec) is left to it.
 */
#include <linux/skbuff.h>
#include <net/ipv6.h>
#include "faces.h"

#define MAX_HEADERS	8	/* each kind but destination options comes once */

/* One padding option or one that may be skipped. Return: its length, or -1. */
static int tlv_len(const u8 *p, int left)
{
	int i, len;

	if (p[0] == IPV6_TLV_PAD1)
		return 1;
	if (left < 2 || p[1] + 2 > left)
		return -1;
	len = p[1] + 2;
	if (p[0] == IPV6_TLV_PADN) {
		for (i = 2; i < len; i++)
			if (p[i])
				return -1;
		return len <= 7 ? len : -1;
	}
	/* RFC 8200, 4.2: 00 in the highest bits means skip over it. */
	return p[0] & 0xc0 ? -1 : len;
}

static bool destopts_skippable(struct sk_buff *skb, int off, int len)
{
	const u8 *p;
	int left, n;

	if (!pskb_may_pull(skb, off + len))
		return false;
	p = skb->data + off + 2;
	for (left = len - 2; left > 0; left -= n, p += n) {
		n = tlv_len(p, left);
		if (n < 0)
			return false;
	}
	return true;
}

/* A source route that has come to its end, of a type without a meaning. */
static bool routing_skippable(struct sk_buff *skb, int off)
{
	const struct ipv6_rt_hdr *rh;
	struct ipv6_rt_hdr buf;

	rh = skb_header_pointer(skb, off, sizeof(buf), &buf);
	return rh && !rh->segments_left && rh->type != IPV6_SRCRT_TYPE_2 &&
	       rh->type != IPV6_SRCRT_TYPE_3 && rh->type != IPV6_SRCRT_TYPE_4;
}

/* Reassembly comes before us: what is left is a fragment that is the whole. */
static bool fragment_skippable(struct sk_buff *skb, int off)
{
	const struct frag_hdr *fh;
	struct frag_hdr buf;

	fh = skb_header_pointer(skb, off, sizeof(buf), &buf);
	return fh && !(fh->frag_off & htons(IP6_OFFSET | IP6_MF));
}

static bool skippable(struct sk_buff *skb, u8 nexthdr, int off, int len)
{
	switch (nexthdr) {
	case NEXTHDR_HOP:	/* the kernel has looked at it */
		return true;
	case NEXTHDR_DEST:
		return destopts_skippable(skb, off, len);
	case NEXTHDR_ROUTING:
		return routing_skippable(skb, off);
	case NEXTHDR_FRAGMENT:
		return fragment_skippable(skb, off);
	}
	return false;
}

/*
 * skb->data at the IPv6 header. Return: offset of the transport header, whose
 * protocol is set to @proto, or -1 if the kernel is to go first.
 */
int xtcp_exthdr_skip(struct sk_buff *skb, u8 *proto)
{
	const struct ipv6_opt_hdr *hp;
	struct ipv6_opt_hdr buf;
	int off = sizeof(struct ipv6hdr);
	int i, len;

	*proto = ipv6_hdr(skb)->nexthdr;
	for (i = 0; i < MAX_HEADERS; i++) {
		if (*proto == IPPROTO_TCP || *proto == IPPROTO_ICMPV6)
			return off;
		hp = skb_header_pointer(skb, off, sizeof(buf), &buf);
		if (!hp)
			return -1;
		len = *proto == NEXTHDR_FRAGMENT ? sizeof(struct frag_hdr) :
						   ipv6_optlen(hp);
		buf = *hp;	/* the next look may move skb->data */
		if (!skippable(skb, *proto, off, len))
			return -1;
		off += len;
		*proto = buf.nexthdr;
	}
	return -1;
}
