// SPDX-License-Identifier: GPL-2.0
/*
 * A look into the connection table of the kernel's own TCP: a 4-tuple that
 * stands there is not XTCP's to take.
 */
#include <net/inet6_hashtables.h>
#include <net/inet_hashtables.h>
#include <net/inet_timewait_sock.h>
#include <net/tcp.h>
#include "stores.h"

/* RCU. Return: with a reference, for sock_gen_put(), or NULL. */
static struct sock *lookup(const struct xtcp_key *key)
{
	struct inet_hashinfo *h = key->net->ipv4.tcp_death_row.hashinfo;
	u16 num = ntohs(key->lport);

	if (key->v6)
		return __inet6_lookup_established(key->net, h, key->raddr6,
						  key->rport, key->laddr6, num,
						  key->dif, key->sdif);
	return __inet_lookup_established(key->net, h, key->raddr, key->rport,
					 key->laddr, num, key->dif, key->sdif);
}

bool xtcp_ktable_has(const struct xtcp_key *key)
{
	struct sock *sk;

	rcu_read_lock();
	sk = lookup(key);
	if (sk)
		sock_gen_put(sk);
	rcu_read_unlock();
	return sk;
}

/*
 * RFC 6191's simpler half: a SYN beyond all that its predecessor sent cannot
 * be an old duplicate. One that lies within goes to the kernel, whose answer
 * makes the peer end the entry and come again.
 */
static bool tw_yields(const struct sock *sk, const struct tcphdr *syn)
{
	const struct inet_timewait_sock *tw = inet_twsk(sk);

	return READ_ONCE(tw->tw_substate) == TCP_TIME_WAIT &&
	       seq_gt(ntohl(syn->seq), READ_ONCE(tcp_twsk(sk)->tw_rcv_nxt));
}

bool xtcp_ktable_keeps(const struct xtcp_key *key, const struct tcphdr *th)
{
	bool syn = th->syn && !th->ack && !th->rst;
	bool keeps = false;
	struct sock *sk;

	rcu_read_lock();
	sk = lookup(key);
	if (sk) {
		keeps = sk->sk_state != TCP_TIME_WAIT || !syn ||
			!tw_yields(sk, th);
		sock_gen_put(sk);
	}
	rcu_read_unlock();
	return keeps;
}
