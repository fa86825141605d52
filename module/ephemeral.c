// SPDX-License-Identifier: GPL-2.0
/*
 * A local port for a connection whose program has not bound one. It gets no
 * record and no guard (port.c): that its 4-tuple is free, here and in the
 * kernel's table, is enough, so one port serves many destinations.
 *
 * The order of the search is RFC 6056's algorithm 4: it begins at an offset
 * that nobody off the path can guess and that each destination has of its
 * own, and moves on from where the last search for the like ended.
 */
#include <linux/once.h>
#include <linux/random.h>
#include <net/ip.h>
#include <net/l3mdev.h>
#include "stores.h"

/* 64 KiB: enough that destinations seldom share a counter and tell of it. */
#define NR_PERTURBS	16384U

static u32 perturb[NR_PERTURBS];

struct search {
	struct sock	*sk;
	struct xtcp_key	key;
	bool		(*claim)(struct sock *sk, struct xtcp_ep *ep);
};

static void search_init(struct search *s, struct sock *sk)
{
	struct inet_sock *inet = inet_sk(sk);
	struct xtcp_key *key = &s->key;

	memset(s, 0, sizeof(*s));
	s->sk = sk;
	key->net = sock_net(sk);
	key->rport = inet->inet_dport;
	key->dif = sk->sk_bound_dev_if;
	key->sdif = l3mdev_master_ifindex_by_index(key->net, key->dif);
	key->v6 = sk->sk_family == AF_INET6 &&
		  !ipv6_addr_v4mapped(&sk->sk_v6_daddr);
	if (key->v6) {
		key->laddr6 = &sk->sk_v6_rcv_saddr;
		key->raddr6 = &sk->sk_v6_daddr;
	} else {
		key->laddr = inet->inet_rcv_saddr;
		key->raddr = inet->inet_daddr;
	}
}

/* Make the connection known under this port unless the tuple is taken. */
static bool try_port(struct search *s, u16 num)
{
	struct xtcp_ep *ep = &xtcp_sk(s->sk)->ep;
	struct xtcp_ep *other;

	s->key.lport = htons(num);
	if (xtcp_ktable_has(&s->key))
		return false;

	inet_sk(s->sk)->inet_num = num;
	inet_sk(s->sk)->inet_sport = s->key.lport;
	xtcp_key_set(ep, &s->key);
	do {
		other = xtcp_hash_insert_unique(ep);
		if (!other)
			return true;
	} while (s->claim(s->sk, other));
	return false;
}

/* Where this destination's searches begin, and the counter that moves them. */
static u32 first_offset(const struct xtcp_key *key, u32 **counter)
{
	static struct xtcp_secret offset_secret, index_secret;
	struct xtcp_tuple t;

	get_random_sleepable_once(&offset_secret, sizeof(offset_secret));
	get_random_sleepable_once(&index_secret, sizeof(index_secret));
	get_random_sleepable_once(perturb, sizeof(perturb));
	xtcp_key_tuple(key, &t);
	*counter = &perturb[xtcp_port_offset(&t, &index_secret) % NR_PERTURBS];
	return xtcp_port_offset(&t, &offset_secret) + READ_ONCE(**counter);
}

static int search_range(struct search *s)
{
	int low, high, i;
	u32 *counter, offset, n;
	u16 num;

	xtcp_port_range(s->sk, &low, &high);
	n = high - low + 1;
	offset = first_offset(&s->key, &counter) % n;
	for (i = 0; i < n; i++, cond_resched()) {
		num = low + (offset + i) % n;
		if (inet_is_local_reserved_port(s->key.net, num) ||
		    xtcp_port_is_bound(s->key.net, num) || !try_port(s, num))
			continue;
		/* A random step hides how many connections are being made. */
		i = max_t(int, i, get_random_u32() % 8);
		WRITE_ONCE(*counter, READ_ONCE(*counter) + i + 1);
		return 0;
	}
	return -EADDRNOTAVAIL;
}

int xtcp_port_connect(struct sock *sk,
		      bool (*claim)(struct sock *sk, struct xtcp_ep *ep))
{
	struct inet_sock *inet = inet_sk(sk);
	struct search s;

	search_init(&s, sk);
	s.claim = claim;
	if (inet->inet_num)
		return try_port(&s, inet->inet_num) ? 0 : -EADDRNOTAVAIL;
	if (!search_range(&s))
		return 0;
	inet->inet_num = 0;
	inet->inet_sport = 0;
	XTCP_INC(sock_net(sk), PORTEXHAUSTED);
	return -EADDRNOTAVAIL;
}
