// SPDX-License-Identifier: GPL-2.0
/*
 * What XTCP keeps per network namespace: made and freed here, with its users
 * counted. Objects are counted by kind over all namespaces, so that an unload
 * can tell whether each was given back.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/workqueue.h>
#include <net/inet_hashtables.h>
#include "stores.h"

/* After the last user is gone the hooks stay a while: it may come back. */
#define STEER_LINGER	(10 * HZ)

struct object_count {
	unsigned long	made[XTCP_NR_OBJECTS];
	unsigned long	freed[XTCP_NR_OBJECTS];
};

static DEFINE_PER_CPU(struct object_count, objects);

static const char * const object_names[XTCP_NR_OBJECTS] = {
	[XTCP_OBJ_SOCK]		= "sock",
	[XTCP_OBJ_REQUEST]	= "request",
	[XTCP_OBJ_TIMEWAIT]	= "timewait",
	[XTCP_OBJ_PORT]		= "port",
	[XTCP_OBJ_GUARD]	= "guard",
	[XTCP_OBJ_LISTENER]	= "listener",
};

unsigned int xtcp_net_id __read_mostly;

void xtcp_object_made(enum xtcp_object kind)
{
	this_cpu_inc(objects.made[kind]);
}

void xtcp_object_freed(enum xtcp_object kind)
{
	this_cpu_inc(objects.freed[kind]);
}

/* One line, whose form the test machine relies on. */
void xtcp_object_report(void)
{
	char line[40 * XTCP_NR_OBJECTS];
	unsigned long made, freed;
	int cpu, kind, len = 0;

	for (kind = 0; kind < XTCP_NR_OBJECTS; kind++) {
		made = 0;
		freed = 0;
		for_each_possible_cpu(cpu) {
			made += per_cpu(objects.made[kind], cpu);
			freed += per_cpu(objects.freed[kind], cpu);
		}
		len += scnprintf(line + len, sizeof(line) - len, " %s %lu/%lu",
				 object_names[kind], made, freed);
	}
	pr_info("unloaded, objects made/freed:%s\n", line);
}

void xtcp_net_user_get(struct net *net)
{
	atomic_inc(&xtcp_pernet(net)->users);
}

void xtcp_net_user_put(struct net *net)
{
	struct xtcp_net *xn = xtcp_pernet(net);

	if (atomic_dec_and_test(&xn->users))
		mod_delayed_work(system_wq, &xn->steer_off_work, STEER_LINGER);
}

/* The kernel's TCP derives these three from the size of its table; so do we. */
static void set_scaled_defaults(struct xtcp_net *xn)
{
	struct inet_hashinfo *h = init_net.ipv4.tcp_death_row.hashinfo;
	unsigned int buckets = h->ehash_mask + 1;

	xn->sysctl_max_syn_backlog = max(128U, buckets / 128);
	xn->sysctl_max_orphans = max(8192U, buckets / 2);
	xn->sysctl_max_tw_buckets = 262144;
}

static void set_time_defaults(struct xtcp_net *xn)
{
	xn->sysctl_msl_ms = 30000;
	xn->sysctl_fin_timeout = 60 * HZ;
	xn->sysctl_keepalive_time = 7200 * HZ;
	xn->sysctl_keepalive_intvl = 75 * HZ;
	xn->sysctl_keepalive_probes = 9;
	xn->sysctl_syn_retries = 6;
	xn->sysctl_synack_retries = 5;
	xn->sysctl_retries1 = 3;
	xn->sysctl_retries2 = 15;
	xn->sysctl_orphan_retries = 0;
	xn->sysctl_invalid_ratelimit_ms = 500;
}

static void set_defaults(struct xtcp_net *xn)
{
	set_scaled_defaults(xn);
	set_time_defaults(xn);
	xn->sysctl_rfc1337 = 1;
	xn->sysctl_ip_local_port_range[0] = 10240;
	xn->sysctl_ip_local_port_range[1] = 32767;
	xn->sysctl_timestamps = 1;
	xn->sysctl_sack = 1;
	xn->sysctl_dsack = 1;
	xn->sysctl_window_scaling = 1;
	xn->sysctl_moderate_rcvbuf = 1;
	xn->sysctl_challenge_ack_limit = INT_MAX;
	xn->sysctl_rmem[0] = 4096;
	xn->sysctl_rmem[1] = 131072;
	xn->sysctl_rmem[2] = 6 * 1024 * 1024;
	xn->sysctl_wmem[0] = 4096;
	xn->sysctl_wmem[1] = 16384;
	xn->sysctl_wmem[2] = 4 * 1024 * 1024;
}

int xtcp_net_init(struct net *net)
{
	struct xtcp_net *xn = xtcp_pernet(net);

	xn->pcpu = alloc_percpu(struct xtcp_percpu);
	if (!xn->pcpu)
		return -ENOMEM;
	xn->net = net;
	atomic_set(&xn->users, 0);
	atomic_set(&xn->tw_count, 0);
	atomic_set(&xn->orphan_count, 0);
	set_defaults(xn);
	return 0;
}

/*
 * Called last: the entries that went while the namespace was taken down may
 * have scheduled the work once more.
 */
void xtcp_net_exit(struct net *net)
{
	struct xtcp_net *xn = xtcp_pernet(net);

	if (xn->steer_off_work.work.func)
		cancel_delayed_work_sync(&xn->steer_off_work);
	free_percpu(xn->pcpu);
	xn->pcpu = NULL;
}
