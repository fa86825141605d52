// SPDX-License-Identifier: GPL-2.0
/* Addresses and ports of an endpoint or a segment: taken, compared by hash. */
#include <linux/jhash.h>
#include <linux/net.h>
#include <net/netns/hash.h>
#include "stores.h"

static u32 secret __read_mostly;

static u32 ports(__be16 lport, __be16 rport)
{
	return (__force u32)lport << 16 | (__force u32)rport;
}

u32 xtcp_key_hash(const struct xtcp_key *key)
{
	u32 p = ports(key->lport, key->rport), seed;

	net_get_random_once(&secret, sizeof(secret));
	seed = secret ^ net_hash_mix(key->net);
	if (!key->v6)
		return jhash_3words((__force u32)key->laddr,
				    (__force u32)key->raddr, p, seed);
	return jhash_3words(jhash2(key->laddr6->s6_addr32, 4, seed),
			    jhash2(key->raddr6->s6_addr32, 4, seed), p, seed);
}

void xtcp_key_set(struct xtcp_ep *ep, const struct xtcp_key *key)
{
	ep->net = key->net;
	ep->laddr = key->laddr;
	ep->raddr = key->raddr;
	ep->lport = key->lport;
	ep->rport = key->rport;
	ep->dif = key->dif;
	ep->v6 = key->v6;
	ep->hash = xtcp_key_hash(key);
}

void xtcp_sk_key(const struct sock *sk, struct xtcp_key *key)
{
	key->net = sock_net(sk);
	key->v6 = xtcp_sk(sk)->ep.v6;
	key->laddr = sk->sk_rcv_saddr;
	key->raddr = sk->sk_daddr;
	key->laddr6 = &sk->sk_v6_rcv_saddr;
	key->raddr6 = &sk->sk_v6_daddr;
	key->lport = inet_sk(sk)->inet_sport;
	key->rport = sk->sk_dport;
	key->dif = sk->sk_bound_dev_if;
	key->sdif = 0;
}

void xtcp_ep_key(const struct xtcp_ep *ep, struct xtcp_key *key)
{
	key->net = ep->net;
	key->v6 = ep->v6;
	key->laddr = ep->laddr;
	key->raddr = ep->raddr;
	key->laddr6 = ep->v6 ? xtcp_ep_laddr6(ep) : NULL;
	key->raddr6 = ep->v6 ? xtcp_ep_raddr6(ep) : NULL;
	key->lport = ep->lport;
	key->rport = ep->rport;
	key->dif = ep->dif;
	key->sdif = 0;
}

void xtcp_key_tuple(const struct xtcp_key *key, struct xtcp_tuple *t)
{
	memset(t, 0, sizeof(*t));
	if (key->v6) {
		memcpy(t->laddr, key->laddr6, sizeof(t->laddr));
		memcpy(t->raddr, key->raddr6, sizeof(t->raddr));
	} else {
		t->laddr[0] = (__force u32)key->laddr;
		t->raddr[0] = (__force u32)key->raddr;
	}
	t->lport = ntohs(key->lport);
	t->rport = ntohs(key->rport);
}
