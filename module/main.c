// SPDX-License-Identifier: GPL-2.0
/* Floor 6: registration and its undoing, nothing else. */
#include <linux/module.h>
#include "faces.h"
#include "listing.h"

static int steer_init(struct net *net)
{
	xtcp_steer_net_init(net);
	return 0;
}

/* What is set up in this order is undone in the other. */
static const struct net_part {
	int	(*init)(struct net *net);
	void	(*exit)(struct net *net);
} net_parts[] = {
	{ xtcp_net_init,	xtcp_net_exit },
	{ xtcp_sysctl_net_init,	xtcp_sysctl_net_exit },
	{ xtcp_reply_net_init,	xtcp_reply_net_exit },
	{ xtcp_tw_net_init,	xtcp_tw_net_exit },
	{ xtcp_proc_net_init,	xtcp_proc_net_exit },
	{ steer_init,		NULL },
};

static void undo_net(struct net *net, unsigned int n)
{
	while (n--)
		if (net_parts[n].exit)
			net_parts[n].exit(net);
}

static int __net_init net_init(struct net *net)
{
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(net_parts); i++) {
		err = net_parts[i].init(net);
		if (err) {
			undo_net(net, i);
			return err;
		}
	}
	return 0;
}

static void __net_exit net_exit(struct net *net)
{
	undo_net(net, ARRAY_SIZE(net_parts));
}

static struct pernet_operations net_ops = {
	.init		= net_init,
	.pre_exit	= xtcp_steer_net_pre_exit,
	.exit		= net_exit,
	.id		= &xtcp_net_id,
	.size		= sizeof(struct xtcp_net),
};

static int cc_init(void)
{
	int err;

	err = xtcp_cc_register(&xtcp_cc_reno);
	if (err)
		return err;
	err = xtcp_cc_register(&xtcp_cc_cubic);
	if (err)
		xtcp_cc_unregister(&xtcp_cc_reno);
	return err;
}

static void cc_exit(void)
{
	xtcp_cc_unregister(&xtcp_cc_cubic);
	xtcp_cc_unregister(&xtcp_cc_reno);
}

static int expire_init(void)
{
	xtcp_expire_init();
	return 0;
}

static int pernet_init(void)
{
	return register_pernet_subsys(&net_ops);
}

static void pernet_exit(void)
{
	unregister_pernet_subsys(&net_ops);
	/* Sockets and guards that RCU and work items still hold. */
	xtcp_guard_flush();
	rcu_barrier();
}

static const struct part {
	int	(*init)(void);
	void	(*exit)(void);
} parts[] = {
	{ cc_init,		cc_exit },
	{ xtcp_mem_init,	xtcp_mem_exit },
	{ xtcp_hash_init,	xtcp_hash_exit },
	{ xtcp_endpoint_init,	xtcp_endpoint_exit },
	{ xtcp_port_init,	xtcp_port_exit },
	{ expire_init,		xtcp_tsq_exit },
	{ pernet_init,		pernet_exit },
	{ xtcp_netlink_init,	xtcp_netlink_exit },
	{ xtcp_socket_init,	xtcp_socket_exit },
};

static void undo(unsigned int n)
{
	while (n--)
		parts[n].exit();
}

static int __init xtcp_init(void)
{
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		err = parts[i].init();
		if (err) {
			undo(i);
			return err;
		}
	}
	return 0;
}

static void __exit xtcp_exit(void)
{
	undo(ARRAY_SIZE(parts));
	xtcp_object_report();
}

module_init(xtcp_init);
module_exit(xtcp_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A second, complete TCP beside the kernel's own");
MODULE_AUTHOR("The XTCP developers");
MODULE_ALIAS_NETPROTO(AF_XTCP);
