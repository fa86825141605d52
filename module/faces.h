/* SPDX-License-Identifier: GPL-2.0 */
/* Floor 5: the faces that XTCP shows to programs and to the kernel. */
#ifndef _XTCP_FACES_H
#define _XTCP_FACES_H

#include <linux/netfilter.h>
#include "protocol.h"

/* ---- exthdr.c: IPv6's extension headers ---- */

int xtcp_exthdr_skip(struct sk_buff *skb, u8 *proto);

/* ---- rxroute.c: the inbound route of a connection ---- */

/* Keep the route that @skb took for those after it. BH off, RCU. */
void xtcp_rxroute_learn(struct sock *sk, const struct sk_buff *skb, bool v6);
void xtcp_rxroute_forget(struct sock *sk);
nf_hookfn xtcp_rxroute_v4, xtcp_rxroute_v6;	/* at PRE_ROUTING */

/* ---- arrival.c: a TCP segment at LOCAL_IN ---- */

/*
 * @self: the hook that calls; those behind it have their turn before a segment
 * is taken. Return: NF_STOLEN if it is ours, NF_ACCEPT if not.
 */
unsigned int xtcp_arrival_v4(struct sk_buff *skb, nf_hookfn *self,
			     const struct nf_hook_state *state);
/* @thoff: offset of the TCP header. */
unsigned int xtcp_arrival_v6(struct sk_buff *skb, int thoff, nf_hookfn *self,
			     const struct nf_hook_state *state);

/* ---- steer.c: netfilter hooks, by which segments come in ---- */

void xtcp_steer_net_init(struct net *net);
/* The hooks leave; waits for guards that are being released as well. */
void xtcp_steer_net_pre_exit(struct net *net);

/**
 * xtcp_steer_get() - see to it that a namespace's segments come in
 * @net: with a user already counted by xtcp_net_user_get(), which keeps the
 *	hooks from leaving
 *
 * Process context. Return: 0 or -errno.
 */
int xtcp_steer_get(struct net *net);

/* ---- listen.c ---- */

int xtcp_listen(struct socket *sock, int backlog);
struct sock *xtcp_accept(struct sock *sk, int flags, int *err);
/* Socket owned. No more come in; those that wait for accept() are reset. */
void xtcp_listen_stop(struct sock *sk);

/* ---- close.c ---- */

void xtcp_shutdown(struct sock *sk, int how);
void xtcp_close(struct sock *sk, long timeout);
int xtcp_disconnect(struct sock *sk, int flags);

/* ---- poll.c ---- */

__poll_t xtcp_poll(struct file *file, struct socket *sock, poll_table *wait);
int xtcp_set_rcvlowat(struct sock *sk, int val);
int xtcp_ioctl(struct sock *sk, int cmd, int *count);

/* ---- sendmsg.c, recvmsg.c ---- */

int xtcp_sendmsg(struct sock *sk, struct msghdr *msg, size_t len);
int xtcp_recvmsg(struct sock *sk, struct msghdr *msg, size_t len, int flags,
		 int *addr_len);

/* ---- info.c, ipopt.c, sockopt.c ---- */

/* TCP_INFO. Takes the socket lock; process context. */
void xtcp_fill_info(struct sock *sk, struct tcp_info *info);

/* Levels SOL_IP and SOL_IPV6; socket not owned. */
int xtcp_ipopt_set(struct sock *sk, int level, int optname, sockptr_t optval,
		   unsigned int optlen);
int xtcp_ipopt_get(struct sock *sk, int level, int optname,
		   char __user *optval, int __user *optlen);

/* sk->sk_prot->setsockopt and getsockopt, all levels but SOL_SOCKET. */
int xtcp_setsockopt(struct sock *sk, int level, int optname, sockptr_t optval,
		    unsigned int optlen);
int xtcp_getsockopt(struct sock *sk, int level, int optname,
		    char __user *optval, int __user *optlen);

/* ---- socket.c ---- */

int xtcp_socket_init(void);
void xtcp_socket_exit(void);

#endif /* _XTCP_FACES_H */
