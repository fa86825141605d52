// SPDX-License-Identifier: GPL-2.0
/*
 * Small queues: only so much of a connection's data may sit in qdiscs and
 * devices below. Who is stopped by that is resumed from a tasklet when an skb
 * of its has left.
 *
 * A socket on a CPU's list holds a reference.
 */
#include <linux/interrupt.h>
#include <linux/sizes.h>
#include "transmit.h"

#define LIMIT_BYTES	SZ_1M

struct tsq_cpu {
	struct list_head	head;	/* this CPU only, interrupts off */
	struct tasklet_struct	tasklet;
};

static DEFINE_PER_CPU(struct tsq_cpu, tsq);
static void (*resume)(struct sock *sk) __read_mostly;

static void resume_one(struct sock *sk)
{
	bh_lock_sock(sk);
	if (!sock_owned_by_user(sk))
		resume(sk);
	else if (!test_and_set_bit(XTCP_DEFER_TSQ, &sk->sk_tsq_flags))
		sock_hold(sk);
	bh_unlock_sock(sk);
	sock_put(sk);
}

static void tasklet_fn(struct tasklet_struct *t)
{
	struct tsq_cpu *cpu = from_tasklet(cpu, t, tasklet);
	struct xtcp_sock *xs, *next;
	unsigned long flags;
	LIST_HEAD(list);

	local_irq_save(flags);
	list_splice_init(&cpu->head, &list);
	local_irq_restore(flags);

	list_for_each_entry_safe(xs, next, &list, queue_node) {
		list_del_init(&xs->queue_node);
		/* Off the list before it may be put on one again. */
		smp_mb__before_atomic();
		clear_bit(XTCP_TSQ_QUEUED, &xs->inet.sk.sk_tsq_flags);
		resume_one(&xs->inet.sk);
	}
}

void xtcp_tsq_run_deferred(struct sock *sk)
{
	resume(sk);
	__sock_put(sk);
}

void xtcp_tsq_write_space(struct sock *sk)
{
	unsigned long flags;
	struct tsq_cpu *cpu;

	if (likely(!test_bit(XTCP_TSQ_THROTTLED, &sk->sk_tsq_flags)))
		return;
	if (!test_and_clear_bit(XTCP_TSQ_THROTTLED, &sk->sk_tsq_flags) ||
	    test_and_set_bit(XTCP_TSQ_QUEUED, &sk->sk_tsq_flags))
		return;
	if (!refcount_inc_not_zero(&sk->sk_refcnt)) {
		clear_bit(XTCP_TSQ_QUEUED, &sk->sk_tsq_flags);
		return;
	}
	local_irq_save(flags);
	cpu = this_cpu_ptr(&tsq);
	list_add_tail(&xtcp_sk(sk)->queue_node, &cpu->head);
	tasklet_schedule(&cpu->tasklet);
	local_irq_restore(flags);
}

static bool too_much_below(const struct sock *sk, const struct sk_buff *skb)
{
	u32 limit = max_t(u32, 2 * skb->truesize, LIMIT_BYTES);

	return refcount_read(&sk->sk_wmem_alloc) > limit;
}

bool xtcp_tsq_throttled(struct sock *sk, const struct sk_buff *skb)
{
	/*
	 * Always let one go when nothing is outstanding: what is below may
	 * belong to ACKs that are freed late.
	 */
	if (!too_much_below(sk, skb) || RB_EMPTY_ROOT(&sk->tcp_rtx_queue))
		return false;
	set_bit(XTCP_TSQ_THROTTLED, &sk->sk_tsq_flags);
	/* It may have left before the bit was set: nobody would resume us. */
	smp_mb__after_atomic();
	return too_much_below(sk, skb);
}

void xtcp_tsq_init(void (*fn)(struct sock *sk))
{
	int i;

	resume = fn;
	for_each_possible_cpu(i) {
		struct tsq_cpu *cpu = per_cpu_ptr(&tsq, i);

		INIT_LIST_HEAD(&cpu->head);
		tasklet_setup(&cpu->tasklet, tasklet_fn);
	}
}

void xtcp_tsq_exit(void)
{
	int i;

	for_each_possible_cpu(i)
		tasklet_kill(&per_cpu_ptr(&tsq, i)->tasklet);
}
