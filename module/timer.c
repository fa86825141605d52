// SPDX-License-Identifier: GPL-2.0
/*
 * One timer per connection serves several deadlines. It is moved only when an
 * earlier deadline comes up; when a deadline moves on, as RTO does with every
 * ACK, the timer stays, finds nothing due and arms itself for what is next.
 *
 * A pending timer holds a reference to its socket (sk_reset_timer).
 */
#include "stores.h"

static xtcp_expire_t expire[XTCP_NR_DEADLINES] __read_mostly;

void xtcp_timer_set_handlers(const xtcp_expire_t handlers[XTCP_NR_DEADLINES])
{
	memcpy(expire, handlers, sizeof(expire));
}

/* Deadlines are 32 bits of jiffies; less than 2^31 of them lie ahead. */
static unsigned long full_jiffies(u32 when)
{
	unsigned long now = jiffies;

	return now + (s32)(when - (u32)now);
}

static void move_timer(struct sock *sk, u32 when)
{
	unsigned long at = full_jiffies(when);

	if (!timer_pending(&sk->sk_timer) ||
	    time_before(at, sk->sk_timer.expires))
		sk_reset_timer(sk, &sk->sk_timer, at);
}

static void run(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	u32 now = jiffies;
	int i;

	for (i = 0; i < XTCP_NR_DEADLINES; i++) {
		if (!xtcp_timer_armed(xs, i) || seq_lt(now, xs->deadline[i]))
			continue;
		xtcp_timer_disarm(sk, i);
		expire[i](sk);
	}
	for (i = 0; i < XTCP_NR_DEADLINES; i++)
		if (xtcp_timer_armed(xs, i))
			move_timer(sk, xs->deadline[i]);
}

static void timer_fn(struct timer_list *t)
{
	struct sock *sk = from_timer(sk, t, sk_timer);

	bh_lock_sock(sk);
	if (!sock_owned_by_user(sk))
		run(sk);
	else if (!test_and_set_bit(XTCP_DEFER_TIMER, &sk->sk_tsq_flags))
		sock_hold(sk);
	bh_unlock_sock(sk);
	sock_put(sk);
}

void xtcp_timer_run_deferred(struct sock *sk)
{
	run(sk);
	__sock_put(sk);
}

void xtcp_timer_setup(struct sock *sk)
{
	timer_setup(&sk->sk_timer, timer_fn, 0);
	xtcp_sk(sk)->deadlines = 0;
}

void xtcp_timer_arm(struct sock *sk, enum xtcp_deadline which, u32 when)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	xs->deadline[which] = when;
	xs->deadlines |= 1 << which;
	move_timer(sk, when);
}

void xtcp_timer_disarm(struct sock *sk, enum xtcp_deadline which)
{
	xtcp_sk(sk)->deadlines &= ~(1 << which);
}

void xtcp_timer_stop(struct sock *sk)
{
	xtcp_sk(sk)->deadlines = 0;
	sk_stop_timer(sk, &sk->sk_timer);
}
