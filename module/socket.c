// SPDX-License-Identifier: GPL-2.0
/*
 * The socket's life, and the tables by which the kernel's socket core reaches
 * XTCP. What its generic inet layer does for every protocol it does here too.
 */
#include <linux/bpf-cgroup.h>
#include <net/inet_common.h>
#include <net/ipv6.h>
#include <net/tcp.h>
#include <net/transp_v6.h>
#include "faces.h"

static int family = AF_XTCP;
module_param(family, int, 0444);
MODULE_PARM_DESC(family, "address family number of XTCP sockets");

/* ---- life ---- */

/* The namespace's congestion control, or the built-in one if it is leaving. */
static void take_cc(struct sock *sk)
{
	const struct xtcp_cc_ops *ops;

	rcu_read_lock();
	ops = rcu_dereference(xtcp_pernet(sock_net(sk))->cc);
	if (!ops || !xtcp_cc_try_get(ops))
		ops = &xtcp_cc_reno;
	rcu_read_unlock();
	xtcp_sk(sk)->cc.ops = ops;
}

static int init_sock(struct sock *sk)
{
	struct xtcp_net *xn = xtcp_pernet(sock_net(sk));
	struct xtcp_sock *xs = xtcp_sk(sk);

	xs->ep.kind = XTCP_EP_SOCK;
	xs->ofo_queue = RB_ROOT;
	sk->tcp_rtx_queue = RB_ROOT;
	INIT_LIST_HEAD(&xs->queue_node);
	xtcp_timer_setup(sk);
	xs->msl_ms = XTCP_MSL_UNSET;
	sk->sk_write_space = xtcp_tsq_write_space;
	/* Look-ups may stand on it: the object goes after a grace period. */
	sock_set_flag(sk, SOCK_RCU_FREE);
	sk->sk_gso_type = xtcp_af(sk->sk_family == AF_INET6)->gso_type;
	WRITE_ONCE(sk->sk_sndbuf, READ_ONCE(xn->sysctl_wmem[1]));
	WRITE_ONCE(sk->sk_rcvbuf, READ_ONCE(xn->sysctl_rmem[1]));
	sk_sockets_allocated_inc(sk);
	take_cc(sk);
	xtcp_net_user_get(sock_net(sk));
	xtcp_object_made(XTCP_OBJ_SOCK);
	return xtcp_steer_get(sock_net(sk));
}

/* What a socket holds while it lives; the object itself goes later. */
static void destroy_sock(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	xtcp_timer_stop(sk);
	xtcp_sendq_purge(sk);
	xtcp_recvq_purge(sk);
	xtcp_port_release(sk);
	if (xs->cc.ops->release)
		xs->cc.ops->release(&xs->cc);
	xtcp_cc_put(xs->cc.ops);
	sk_sockets_allocated_dec(sk);
}

static void destruct(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	if (xs->listener) {
		xtcp_object_freed(XTCP_OBJ_LISTENER);
		kfree(xs->listener);
	}
	xtcp_net_user_put(sock_net(sk));
	xtcp_object_freed(XTCP_OBJ_SOCK);
	if (sk->sk_family == AF_INET6)
		inet6_sock_destruct(sk);
	else
		inet_sock_destruct(sk);
}

static void init_inet(struct sock *sk, struct net *net)
{
	struct inet_sock *inet = inet_sk(sk);

	inet->uc_ttl = -1;
	inet->mc_ttl = 1;
	xtcp_inet_defaults(sk);
	inet->pmtudisc = READ_ONCE(net->ipv4.sysctl_ip_no_pmtu_disc) ?
			 IP_PMTUDISC_DONT : IP_PMTUDISC_WANT;
}

static void init_inet6(struct sock *sk, struct net *net)
{
	struct ipv6_pinfo *np = &((struct xtcp6_sock *)sk)->inet6;

	inet_sk(sk)->pinet6 = np;
	np->hop_limit = -1;
	np->mcast_hops = IPV6_DEFAULT_MCASTHOPS;
	np->pmtudisc = IPV6_PMTUDISC_WANT;
	xtcp_inet6_defaults(sk);
	sk->sk_ipv6only = READ_ONCE(net->ipv6.sysctl.bindv6only);
}

/* ---- connect: BPF may look at the address first ---- */

static int pre_connect(struct sock *sk, struct sockaddr *uaddr, int addr_len)
{
	if (sk->sk_family == AF_INET6 && uaddr->sa_family == AF_INET6) {
		if (addr_len < SIN6_LEN_RFC2133)
			return -EINVAL;
		return xtcp_bpf_pre_connect(sk, uaddr, addr_len, INET6);
	}
	if (addr_len < (int)sizeof(struct sockaddr_in))
		return -EINVAL;
	return xtcp_bpf_pre_connect(sk, uaddr, addr_len, INET4);
}

XTCP_PROTO_ACCEPT(xtcp_proto_accept, xtcp_accept)
XTCP_PROTO_IOCTL(xtcp_proto_ioctl, xtcp_ioctl)

/* ---- what waits for the lock ---- */

static void release_cb(struct sock *sk)
{
	const unsigned long deferred = BIT(XTCP_DEFER_TSQ) |
				       BIT(XTCP_DEFER_TIMER) |
				       BIT(XTCP_DEFER_MTU);
	unsigned long flags = READ_ONCE(sk->sk_tsq_flags);

	while (flags & deferred)
		if (try_cmpxchg(&sk->sk_tsq_flags, &flags, flags & ~deferred))
			break;
	if (likely(!(flags & deferred)))
		return;
	if (flags & BIT(XTCP_DEFER_TSQ))
		xtcp_tsq_run_deferred(sk);
	if (flags & BIT(XTCP_DEFER_TIMER))
		xtcp_timer_run_deferred(sk);
	if (flags & BIT(XTCP_DEFER_MTU))
		xtcp_icmp_run_deferred(sk);
}

static void keepalive(struct sock *sk, int on)
{
	if ((1 << sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN))
		return;
	if (on && !sock_flag(sk, SOCK_KEEPOPEN))
		xtcp_keepalive_start(sk);
	else if (!on)
		xtcp_timer_disarm(sk, XTCP_DL_KEEP);
}

static bool memory_free(const struct sock *sk, int wake)
{
	const struct xtcp_sock *xs = xtcp_sk(sk);
	u32 unsent = READ_ONCE(xs->write_seq) - READ_ONCE(xs->snd_nxt);

	return !xs->notsent_lowat || (unsent << wake) < xs->notsent_lowat;
}

/* ---- tables ---- */

#define XTCP_PROTO							\
	.owner			= THIS_MODULE,				\
	.close			= xtcp_close,				\
	.pre_connect		= pre_connect,				\
	.connect		= xtcp_connect,				\
	.disconnect		= xtcp_disconnect,			\
	.accept			= xtcp_proto_accept,			\
	.ioctl			= xtcp_proto_ioctl,			\
	.init			= init_sock,				\
	.destroy		= destroy_sock,				\
	.shutdown		= xtcp_shutdown,			\
	.setsockopt		= xtcp_setsockopt,			\
	.getsockopt		= xtcp_getsockopt,			\
	.keepalive		= keepalive,				\
	.sendmsg		= xtcp_sendmsg,				\
	.recvmsg		= xtcp_recvmsg,				\
	.backlog_rcv		= xtcp_input_backlog,			\
	.release_cb		= release_cb,				\
	.get_port		= xtcp_port_bind,			\
	.put_port		= xtcp_port_release,			\
	.stream_memory_free	= memory_free,				\
	.enter_memory_pressure	= xtcp_enter_memory_pressure,		\
	.leave_memory_pressure	= xtcp_leave_memory_pressure,		\
	.memory_allocated	= &xtcp_memory_allocated,		\
	.per_cpu_fw_alloc	= &xtcp_fw_alloc,			\
	.sockets_allocated	= &xtcp_sockets_allocated,		\
	.memory_pressure	= &xtcp_memory_pressure,		\
	.sysctl_mem		= xtcp_sysctl_mem,			\
	.sysctl_rmem		= &xtcp_buffer_min,			\
	.sysctl_wmem		= &xtcp_buffer_min,			\
	.max_header		= MAX_TCP_HEADER

static struct proto xtcp_prot = {
	.name			= "XTCP",
	.obj_size		= sizeof(struct xtcp_sock),
	XTCP_PROTO,
};

static struct proto xtcp6_prot = {
	.name			= "XTCPv6",
	.obj_size		= sizeof(struct xtcp6_sock),
	XTCP_IPV6_PINFO_OFFSET(struct xtcp6_sock, inet6)
	XTCP_PROTO,
};

#define XTCP_OPS							\
	.owner			= THIS_MODULE,				\
	.connect		= inet_stream_connect,			\
	.socketpair		= sock_no_socketpair,			\
	.accept			= inet_accept,				\
	.poll			= xtcp_poll,				\
	.gettstamp		= sock_gettstamp,			\
	.listen			= xtcp_listen,				\
	.shutdown		= inet_shutdown,			\
	.setsockopt		= sock_common_setsockopt,		\
	.getsockopt		= sock_common_getsockopt,		\
	.set_rcvlowat		= xtcp_set_rcvlowat,			\
	XTCP_OPS_SENDPAGE						\
	.mmap			= sock_no_mmap

static struct proto_ops xtcp_ops = {
	XTCP_OPS,
	.release		= inet_release,
	.bind			= inet_bind,
	.getname		= inet_getname,
	.ioctl			= inet_ioctl,
	.sendmsg		= inet_sendmsg,
	.recvmsg		= inet_recvmsg,
};

static struct proto_ops xtcp6_ops = {
	XTCP_OPS,
	.release		= inet6_release,
	.bind			= inet6_bind,
	.getname		= inet6_getname,
	.ioctl			= inet6_ioctl,
	.sendmsg		= inet_sendmsg,
	.recvmsg		= inet_recvmsg,
};

/* ---- socket() ---- */

static struct sock *alloc_sock(struct net *net, struct socket *sock, bool v6,
			       int kern)
{
	struct sock *sk;

	sk = sk_alloc(net, v6 ? PF_INET6 : PF_INET, GFP_KERNEL,
		      v6 ? &xtcp6_prot : &xtcp_prot, kern);
	if (!sk)
		return NULL;
	sock_init_data(sock, sk);
	sk->sk_destruct = destruct;
	sk->sk_protocol = XTCP_SO_PROTOCOL;
	sk->sk_backlog_rcv = xtcp_input_backlog;
	sk->sk_txrehash = READ_ONCE(net->core.sysctl_txrehash);
	init_inet(sk, net);
	if (v6)
		init_inet6(sk, net);
	return sk;
}

static int create(struct net *net, struct socket *sock, int protocol, int kern)
{
	bool v6 = protocol == IPPROTO_IPV6;
	struct sock *sk;
	int err;

	if (protocol < 0 || protocol >= IPPROTO_MAX)
		return -EINVAL;
	if (sock->type != SOCK_STREAM)
		return -ESOCKTNOSUPPORT;
	if (protocol && protocol != IPPROTO_TCP && !v6)
		return -EPROTONOSUPPORT;
	if (v6 && !ipv6_mod_enabled())
		return -EAFNOSUPPORT;
	sock->state = SS_UNCONNECTED;
	sock->ops = v6 ? &xtcp6_ops : &xtcp_ops;
	sk = alloc_sock(net, sock, v6, kern);
	if (!sk)
		return -ENOBUFS;
	err = init_sock(sk);
	if (!err && !kern)
		err = BPF_CGROUP_RUN_PROG_INET_SOCK(sk);
	if (err) {
		sk_common_release(sk);
		sock->sk = NULL;
	}
	return err;
}

static struct net_proto_family xtcp_family_ops = {
	.create	= create,
	.owner	= THIS_MODULE,
};

int xtcp_socket_init(void)
{
	int err;

	err = proto_register(&xtcp_prot, 1);
	if (err)
		return err;
	err = proto_register(&xtcp6_prot, 1);
	if (err)
		goto unregister4;
	/* accept() and getsockname() are inet's: they look at the ops. */
	xtcp_ops.family = family;
	xtcp6_ops.family = family;
	xtcp_family_ops.family = family;
	err = sock_register(&xtcp_family_ops);
	if (!err)
		return 0;
	proto_unregister(&xtcp6_prot);
unregister4:
	proto_unregister(&xtcp_prot);
	return err;
}

void xtcp_socket_exit(void)
{
	sock_unregister(family);
	proto_unregister(&xtcp6_prot);
	proto_unregister(&xtcp_prot);
}
