// SPDX-License-Identifier: GPL-2.0
/*
 * Memory accounting shared by all XTCP sockets, in the terms of the generic
 * socket core: sk_prot points here.
 */
#include <linux/mm.h>
#include "stores.h"

struct percpu_counter xtcp_sockets_allocated;
atomic_long_t xtcp_memory_allocated;
unsigned long xtcp_memory_pressure;
long xtcp_sysctl_mem[3];
DEFINE_PER_CPU(int, xtcp_fw_alloc);

/* What a socket may hold even when all together hold too much, bytes. */
int xtcp_buffer_min = PAGE_SIZE;

/* As the kernel's TCP: an eighth of what is free may be buffers. */
int xtcp_mem_init(void)
{
	unsigned long limit = max(nr_free_buffer_pages() / 16, 128UL);

	xtcp_sysctl_mem[0] = limit / 4 * 3;
	xtcp_sysctl_mem[1] = limit;
	xtcp_sysctl_mem[2] = xtcp_sysctl_mem[0] * 2;
	return percpu_counter_init(&xtcp_sockets_allocated, 0, GFP_KERNEL);
}

void xtcp_mem_exit(void)
{
	percpu_counter_destroy(&xtcp_sockets_allocated);
}

void xtcp_enter_memory_pressure(struct sock *sk)
{
	if (READ_ONCE(xtcp_memory_pressure))
		return;
	if (!cmpxchg(&xtcp_memory_pressure, 0, jiffies | 1))
		XTCP_INC(sock_net(sk), MEMORYPRESSURES);
}

void xtcp_leave_memory_pressure(struct sock *sk)
{
	if (READ_ONCE(xtcp_memory_pressure))
		xchg(&xtcp_memory_pressure, 0);
}
