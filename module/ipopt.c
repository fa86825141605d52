// SPDX-License-Identifier: GPL-2.0
/*
 * Socket options of IP. The network layers keep them; what concerns XTCP is
 * that some change how long the headers are.
 */
#include <net/ip.h>
#include <net/ipv6.h>
#include "faces.h"

/* Does the option change how long the IP header is? */
static bool sets_header(int level, int optname)
{
	if (level == SOL_IP)
		return optname == IP_OPTIONS;
	switch (optname) {
	case IPV6_HOPOPTS:
	case IPV6_RTHDRDSTOPTS:
	case IPV6_RTHDR:
	case IPV6_DSTOPTS:
	case IPV6_2292PKTOPTIONS:
		return true;
	}
	return false;
}

static u32 ipv6_options_len(const struct sock *sk)
{
	const struct ipv6_txoptions *opt;

	opt = rcu_dereference_protected(inet6_sk(sk)->opt,
					lockdep_sock_is_held(sk));
	return opt ? opt->opt_flen + opt->opt_nflen : 0;
}

static u32 ip_options_len(const struct sock *sk)
{
	const struct ip_options_rcu *opt;

	opt = rcu_dereference_protected(inet_sk(sk)->inet_opt,
					lockdep_sock_is_held(sk));
	return opt ? opt->opt.optlen : 0;
}

/* The next segments have room for more or less. */
static void header_changed(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	sockopt_lock_sock(sk);
	if (!((1 << sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN))) {
		xs->ext_hdr_len = xs->ep.v6 ? ipv6_options_len(sk) :
					      ip_options_len(sk);
		xtcp_mss_sync(sk, xs->pmtu);
	}
	sockopt_release_sock(sk);
}

int xtcp_ipopt_set(struct sock *sk, int level, int optname, sockptr_t optval,
		   unsigned int optlen)
{
	int err;

	if (sk->sk_family == AF_INET6)
		err = ipv6_setsockopt(sk, level, optname, optval, optlen);
	else
		err = ip_setsockopt(sk, level, optname, optval, optlen);
	if (!err && sets_header(level, optname))
		header_changed(sk);
	return err;
}

int xtcp_ipopt_get(struct sock *sk, int level, int optname,
		   char __user *optval, int __user *optlen)
{
	if (sk->sk_family == AF_INET6)
		return ipv6_getsockopt(sk, level, optname, optval, optlen);
	return ip_getsockopt(sk, level, optname, optval, optlen);
}
