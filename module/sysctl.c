// SPDX-License-Identifier: GPL-2.0
/*
 * net.xtcp.*: each namespace has a table of its own, copied from one template
 * in which .data is the offset within struct xtcp_net. A name without a unit
 * is the twin of net.ipv4.tcp_NAME.
 */
#include <linux/capability.h>
#include <linux/slab.h>
#include <linux/sysctl.h>
#include "stores.h"

#define CC_LIST_LEN	1024

static int u8_max = U8_MAX;
static int port_max = U16_MAX;
static int syn_retries_max = 127;	/* as net.ipv4.tcp_syn_retries */
static int seconds_max = INT_MAX / HZ;
static unsigned int msl_min;
static unsigned int msl_max = XTCP_MSL_MAX_MS;
static unsigned long mem_max = LONG_MAX >> PAGE_SHIFT;

/* The program sees seconds, within the table's bounds; we keep jiffies. */
static int do_seconds(XTCP_CTL_CONST struct ctl_table *table, int write,
		      void *buffer, size_t *lenp, loff_t *ppos)
{
	int *jiffies_p = table->data;
	int seconds = READ_ONCE(*jiffies_p) / HZ;
	struct ctl_table tmp = {
		.data	= &seconds,
		.maxlen	= sizeof(seconds),
		.mode	= table->mode,
		.extra1	= table->extra1,
		.extra2	= table->extra2,
	};
	int ret = proc_dointvec_minmax(&tmp, write, buffer, lenp, ppos);

	if (write && !ret)
		WRITE_ONCE(*jiffies_p, seconds * HZ);
	return ret;
}

static int do_port_range(XTCP_CTL_CONST struct ctl_table *table, int write,
			 void *buffer, size_t *lenp, loff_t *ppos)
{
	int *data = table->data;
	int range[2] = { READ_ONCE(data[0]), READ_ONCE(data[1]) };
	struct ctl_table tmp = {
		.data	= range,
		.maxlen	= sizeof(range),
		.mode	= table->mode,
		.extra1	= SYSCTL_ONE,
		.extra2	= &port_max,
	};
	int ret = proc_dointvec_minmax(&tmp, write, buffer, lenp, ppos);

	if (!write || ret)
		return ret;
	if (range[0] > range[1])
		return -EINVAL;
	WRITE_ONCE(data[0], range[0]);
	WRITE_ONCE(data[1], range[1]);
	return 0;
}

/* What new sockets of this namespace begin with. */
static int set_default_cc(struct xtcp_net *xn, const char *name)
{
	const struct xtcp_cc_ops *ops, *old;

	if (!ns_capable(xn->net->user_ns, CAP_NET_ADMIN))
		return -EPERM;
	ops = xtcp_cc_find_get(name);
	if (!ops)
		return -ENOENT;
	old = xchg(&xn->cc, ops);
	/*
	 * Who read the old one under RCU takes a reference of its own while
	 * ours still holds the module.
	 */
	synchronize_rcu();
	xtcp_cc_put(old);
	return 0;
}

static int do_cc(XTCP_CTL_CONST struct ctl_table *table, int write,
		 void *buffer, size_t *lenp, loff_t *ppos)
{
	struct xtcp_net *xn = container_of(table->data, struct xtcp_net, cc);
	char name[XTCP_CC_NAME_MAX];
	struct ctl_table tmp = {
		.data	= name,
		.maxlen	= sizeof(name),
	};
	int ret;

	rcu_read_lock();
	strscpy(name, READ_ONCE(xn->cc)->name, sizeof(name));
	rcu_read_unlock();
	ret = proc_dostring(&tmp, write, buffer, lenp, ppos);
	if (write && !ret)
		ret = set_default_cc(xn, name);
	return ret;
}

static int do_available_cc(XTCP_CTL_CONST struct ctl_table *table, int write,
			   void *buffer, size_t *lenp, loff_t *ppos)
{
	struct ctl_table tmp = { .maxlen = CC_LIST_LEN };
	int ret;

	tmp.data = kzalloc(tmp.maxlen, GFP_KERNEL);
	if (!tmp.data)
		return -ENOMEM;
	xtcp_cc_available(tmp.data, tmp.maxlen);
	ret = proc_dostring(&tmp, write, buffer, lenp, ppos);
	kfree(tmp.data);
	return ret;
}

#define FIELD(f)	((void *)offsetof(struct xtcp_net, f))

#define ENTRY(name, field, perm, handler, min, max)			\
	{								\
		.procname	= name,					\
		.data		= FIELD(field),				\
		.maxlen		= sizeof_field(struct xtcp_net, field),	\
		.mode		= perm,					\
		.proc_handler	= handler,				\
		.extra1		= min,					\
		.extra2		= max,					\
	}

#define INT(name, min, max)						\
	ENTRY(#name, sysctl_##name, 0644, proc_dointvec_minmax, min, max)
#define BOOL(name)	INT(name, SYSCTL_ZERO, SYSCTL_ONE)
#define SECONDS(name)							\
	ENTRY(#name, sysctl_##name, 0644, do_seconds, SYSCTL_ONE, &seconds_max)

static const struct ctl_table template[] = {
	ENTRY("msl_ms", sysctl_msl_ms, 0644, proc_douintvec_minmax,
	      &msl_min, &msl_max),
	INT(max_tw_buckets, SYSCTL_ZERO, SYSCTL_INT_MAX),
	INT(max_orphans, SYSCTL_ZERO, SYSCTL_INT_MAX),
	BOOL(rfc1337),
	SECONDS(fin_timeout),
	ENTRY("ip_local_port_range", sysctl_ip_local_port_range, 0644,
	      do_port_range, NULL, NULL),
	INT(syn_retries, SYSCTL_ONE, &syn_retries_max),
	INT(synack_retries, SYSCTL_ZERO, &u8_max),
	INT(retries1, SYSCTL_ZERO, &u8_max),
	INT(retries2, SYSCTL_ZERO, &u8_max),
	INT(orphan_retries, SYSCTL_ZERO, &u8_max),
	INT(max_syn_backlog, SYSCTL_ZERO, SYSCTL_INT_MAX),
	SECONDS(keepalive_time),
	SECONDS(keepalive_intvl),
	INT(keepalive_probes, SYSCTL_ZERO, &u8_max),
	INT(timestamps, SYSCTL_ZERO, SYSCTL_TWO),
	BOOL(sack),
	BOOL(dsack),
	BOOL(window_scaling),
	BOOL(moderate_rcvbuf),
	INT(challenge_ack_limit, SYSCTL_ZERO, SYSCTL_INT_MAX),
	/* The kernel's tcp_invalid_ratelimit is in ms as well. */
	ENTRY("invalid_ratelimit", sysctl_invalid_ratelimit_ms, 0644,
	      proc_dointvec_minmax, SYSCTL_ZERO, SYSCTL_INT_MAX),
	INT(rmem, SYSCTL_ONE, SYSCTL_INT_MAX),
	INT(wmem, SYSCTL_ONE, SYSCTL_INT_MAX),
	ENTRY("congestion_control", cc, 0644, do_cc, NULL, NULL),
	ENTRY("available_congestion_control", cc, 0444, do_available_cc,
	      NULL, NULL),
};

/* Memory is shared by all namespaces: only the first may set the limits. */
static const struct ctl_table mem_entry = {
	.procname	= "mem",
	.data		= xtcp_sysctl_mem,
	.maxlen		= sizeof(xtcp_sysctl_mem),
	.mode		= 0644,
	.proc_handler	= proc_doulongvec_minmax,
	.extra2		= &mem_max,
};

static struct ctl_table *make_table(struct xtcp_net *xn, unsigned int *n)
{
	/* One more for mem, one more for the empty entry of old kernels. */
	struct ctl_table *t = kcalloc(ARRAY_SIZE(template) + 2, sizeof(*t),
				      GFP_KERNEL);
	unsigned int i;

	if (!t)
		return NULL;
	memcpy(t, template, sizeof(template));
	for (i = 0; i < ARRAY_SIZE(template); i++)
		t[i].data = (char *)xn + (unsigned long)t[i].data;
	*n = ARRAY_SIZE(template);
	if (net_eq(xn->net, &init_net))
		t[(*n)++] = mem_entry;
	return t;
}

/* A new namespace begins with the control that the first one has. */
static int inherit_cc(struct xtcp_net *xn)
{
	const struct xtcp_cc_ops *ops = NULL;
	char name[XTCP_CC_NAME_MAX];

	if (!net_eq(xn->net, &init_net)) {
		rcu_read_lock();
		strscpy(name, READ_ONCE(xtcp_pernet(&init_net)->cc)->name,
			sizeof(name));
		rcu_read_unlock();
		ops = xtcp_cc_find_get(name);
	}
	xn->cc = ops ?: xtcp_cc_find_get("cubic") ?: xtcp_cc_find_get("reno");
	return xn->cc ? 0 : -ENOENT;
}

int xtcp_sysctl_net_init(struct net *net)
{
	struct xtcp_net *xn = xtcp_pernet(net);
	unsigned int n;
	int err;

	err = inherit_cc(xn);
	if (err)
		return err;
	xn->sysctl_table = make_table(xn, &n);
	if (!xn->sysctl_table)
		goto err_cc;
	xn->sysctl_header = xtcp_register_net_sysctl(net, "net/xtcp",
						     xn->sysctl_table, n);
	if (!xn->sysctl_header)
		goto err_table;
	return 0;

err_table:
	kfree(xn->sysctl_table);
	xn->sysctl_table = NULL;
err_cc:
	xtcp_cc_put(xn->cc);
	xn->cc = NULL;
	return -ENOMEM;
}

void xtcp_sysctl_net_exit(struct net *net)
{
	struct xtcp_net *xn = xtcp_pernet(net);

	unregister_net_sysctl_table(xn->sysctl_header);
	kfree(xn->sysctl_table);
	xtcp_cc_put(xn->cc);
	xn->cc = NULL;
}
