/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What differs between the kernels that XTCP builds for, 6.1 to 6.12, and
 * nowhere else a version is asked for.
 */
#ifndef _XTCP_COMPAT_H
#define _XTCP_COMPAT_H

#include <linux/ipv6.h>
#include <linux/security.h>
#include <linux/random.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/timer.h>
#include <linux/version.h>
#include <net/genetlink.h>
#include <net/inet_sock.h>
#include <net/ip6_route.h>
#include <net/sock.h>

#define XTCP_KERNEL_BEFORE(a, b) \
	(LINUX_VERSION_CODE < KERNEL_VERSION(a, b, 0))

#if !XTCP_KERNEL_BEFORE(6, 5)
#include <net/gso.h>
#endif
#if !XTCP_KERNEL_BEFORE(6, 10)
#include <linux/skbuff_ref.h>
#include <net/proto_memory.h>
#endif

/* Handlers of sysctls get a constant table since 6.11. */
#if XTCP_KERNEL_BEFORE(6, 11)
#define XTCP_CTL_CONST
#else
#define XTCP_CTL_CONST const
#endif

/*
 * A table of sysctls ends by its length since 6.6 and nothing else since 6.11,
 * before that by an empty entry: one stands behind the @n entries anyway.
 */
#if XTCP_KERNEL_BEFORE(6, 6)
#define xtcp_register_net_sysctl(net, path, table, n)	\
	((void)(n), register_net_sysctl(net, path, table))
#else
#define xtcp_register_net_sysctl(net, path, table, n)	\
	register_net_sysctl_sz(net, path, table, n)
#endif

/* IP_LOCAL_PORT_RANGE: false if the program has not set it. */
static inline bool xtcp_sk_local_port_range(const struct sock *sk,
					    int *low, int *high)
{
#if XTCP_KERNEL_BEFORE(6, 8)
	*low = inet_sk(sk)->local_port_range.lo;
	*high = inet_sk(sk)->local_port_range.hi;
#else
	u32 range = READ_ONCE(inet_sk(sk)->local_port_range);

	*low = range & 0xffff;
	*high = range >> 16;
#endif
	return *low || *high;
}

/* Since 6.7 the flags of inet_sock and ipv6_pinfo are bits of one word. */
static inline bool xtcp_sndflow(const struct sock *sk)
{
#if XTCP_KERNEL_BEFORE(6, 7)
	return inet6_sk(sk)->sndflow;
#else
	return inet6_test_bit(SNDFLOW, sk);
#endif
}

/* The attributes of a dump's request stand in a genl_info since 6.6. */
static inline struct nlattr **xtcp_genl_dump_attrs(struct netlink_callback *cb)
{
#if XTCP_KERNEL_BEFORE(6, 6)
	return genl_dumpit_info(cb)->attrs;
#else
	return genl_info_dump(cb)->attrs;
#endif
}

/* IP_RECVERR, IPV6_RECVERR */
static inline bool xtcp_sk_recverr(const struct sock *sk, bool v6)
{
#if XTCP_KERNEL_BEFORE(6, 6)
	return v6 ? inet6_sk(sk)->recverr : inet_sk(sk)->recverr;
#elif XTCP_KERNEL_BEFORE(6, 7)
	return v6 ? inet6_sk(sk)->recverr : inet_test_bit(RECVERR, sk);
#else
	return v6 ? inet6_test_bit(RECVERR6, sk) : inet_test_bit(RECVERR, sk);
#endif
}

static inline void xtcp_set_inet_id(struct sock *sk)
{
	atomic_set(&inet_sk(sk)->inet_id, get_random_u16());
}

/* The security hook takes a const socket since 6.2. */
static inline void xtcp_classify_flow(const struct sock *sk,
				      struct flowi_common *flic)
{
	security_sk_classify_flow((struct sock *)sk, flic);
}

/* After ipv6_pinfo was copied from a listener. */
static inline void xtcp_forget_flow_labels(struct sock *sk)
{
#if XTCP_KERNEL_BEFORE(6, 2)
	inet6_sk(sk)->ipv6_fl_list = NULL;
#else
	inet_sk(sk)->ipv6_fl_list = NULL;
#endif
}

static inline void xtcp_inet_defaults(struct sock *sk)
{
#if XTCP_KERNEL_BEFORE(6, 6)
	inet_sk(sk)->mc_loop = 1;
	inet_sk(sk)->mc_all = 1;
#else
	inet_set_bit(MC_LOOP, sk);
	inet_set_bit(MC_ALL, sk);
#endif
}

static inline void xtcp_inet6_defaults(struct sock *sk)
{
#if XTCP_KERNEL_BEFORE(6, 7)
	inet6_sk(sk)->mc_loop = 1;
	inet6_sk(sk)->mc_all = 1;
#else
	inet6_set_bit(MC6_LOOP, sk);
	inet6_set_bit(MC6_ALL, sk);
#endif
}

/* Where ipv6_pinfo lies in a socket's object is told since 6.5. */
#if XTCP_KERNEL_BEFORE(6, 5)
#define XTCP_IPV6_PINFO_OFFSET(type, member)
#else
#define XTCP_IPV6_PINFO_OFFSET(type, member)	\
	.ipv6_pinfo_offset = offsetof(type, member),
#endif

/* sendpage() gave way to MSG_SPLICE_PAGES in 6.5. */
#if XTCP_KERNEL_BEFORE(6, 5)
#define XTCP_OPS_SENDPAGE	.sendpage = sock_no_sendpage,
#else
#define XTCP_OPS_SENDPAGE
#endif

/* The signature of sk_prot->accept() and sk_prot->ioctl(). */
#if XTCP_KERNEL_BEFORE(6, 10)
#define XTCP_PROTO_ACCEPT(name, fn)					\
static struct sock *name(struct sock *sk, int flags, int *err, bool kern) \
{									\
	return fn(sk, flags, err);					\
}
#else
#define XTCP_PROTO_ACCEPT(name, fn)					\
static struct sock *name(struct sock *sk, struct proto_accept_arg *arg)	\
{									\
	return fn(sk, arg->flags, &arg->err);				\
}
#endif

#if XTCP_KERNEL_BEFORE(6, 5)
#define XTCP_PROTO_IOCTL(name, fn)					\
static int name(struct sock *sk, int cmd, unsigned long arg)		\
{									\
	int val, err = fn(sk, cmd, &val);				\
									\
	return err ?: put_user(val, (int __user *)arg);			\
}
#else
#define XTCP_PROTO_IOCTL(name, fn)					\
static int name(struct sock *sk, int cmd, int *karg)			\
{									\
	return fn(sk, cmd, karg);					\
}
#endif

#if XTCP_KERNEL_BEFORE(6, 9)
#define xtcp_dst_cookie(dst)	rt6_get_cookie((struct rt6_info *)(dst))
#else
#define xtcp_dst_cookie(dst)	rt6_get_cookie(dst_rt6_info(dst))
#endif

/* The address length of BPF's connect hooks is a pointer since 6.7. */
#if XTCP_KERNEL_BEFORE(6, 7)
#define xtcp_bpf_pre_connect(sk, addr, len, proto)	\
	BPF_CGROUP_RUN_PROG_##proto##_CONNECT(sk, addr)
#else
#define xtcp_bpf_pre_connect(sk, addr, len, proto)	\
	BPF_CGROUP_RUN_PROG_##proto##_CONNECT(sk, addr, &(len))
#endif

/* TCP_INFO tells it since 6.2. */
static inline void xtcp_info_set_rcv_wnd(struct tcp_info *info, u32 wnd)
{
#if !XTCP_KERNEL_BEFORE(6, 2)
	info->tcpi_rcv_wnd = wnd;
#endif
}

#if XTCP_KERNEL_BEFORE(6, 12)
static inline void refcount_set_release(refcount_t *r, int n)
{
	atomic_set_release(&r->refs, n);
}
#endif

#endif /* _XTCP_COMPAT_H */
