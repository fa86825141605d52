// SPDX-License-Identifier: GPL-2.0
/*
 * Socket options at level SOL_TCP: the kernel's numbers, bounds and errors, and
 * XTCP's own. The other levels belong to IP (ipopt.c).
 */
#include <net/tcp.h>
#include "faces.h"

#define IN_STATE(sk, states)	((1 << (sk)->sk_state) & (states))

/* ---- sending ---- */

static void push(struct sock *sk, enum xtcp_nagle nagle)
{
	if (xtcp_sendq_head(sk) && sk->sk_state != TCP_CLOSE)
		xtcp_push(sk, nagle);
}

/* What is queued goes now, even on a corked socket. */
static int set_nodelay(struct sock *sk, int val)
{
	xtcp_sk(sk)->nodelay = !!val;
	if (val)
		push(sk, XTCP_NAGLE_OFF);
	return 0;
}

static int get_nodelay(const struct sock *sk)
{
	return xtcp_sk(sk)->nodelay;
}

static int set_cork(struct sock *sk, int val)
{
	xtcp_sk(sk)->cork = !!val;
	if (!val)
		push(sk, xtcp_nagle_mode(xtcp_sk(sk)));
	return 0;
}

static int get_cork(const struct sock *sk)
{
	return xtcp_sk(sk)->cork;
}

/* Holds for the next connection; 0 takes it back. */
static int set_maxseg(struct sock *sk, int val)
{
	if (val && (val < XTCP_MIN_MSS || val > XTCP_MAX_WINDOW))
		return -EINVAL;
	xtcp_sk(sk)->user_mss = val;
	return 0;
}

static int get_maxseg(const struct sock *sk)
{
	const struct xtcp_sock *xs = xtcp_sk(sk);

	if (xs->user_mss && IN_STATE(sk, TCPF_CLOSE | TCPF_LISTEN))
		return xs->user_mss;
	return READ_ONCE(xs->mss) ?: XTCP_DEFAULT_MSS_V4;
}

static int set_notsent_lowat(struct sock *sk, int val)
{
	WRITE_ONCE(xtcp_sk(sk)->notsent_lowat, val);
	/* Who waits for room may have it now. */
	xtcp_sendq_wake(sk);
	return 0;
}

static int get_notsent_lowat(const struct sock *sk)
{
	return READ_ONCE(xtcp_sk(sk)->notsent_lowat);
}

/* ---- receiving ---- */

static void set_clamp(struct xtcp_sock *xs, u32 clamp)
{
	u32 old = xs->window_clamp;

	WRITE_ONCE(xs->window_clamp, clamp);
	if (clamp < old)
		xs->rcv_ssthresh = min(xs->rcv_ssthresh, clamp);
	else if (clamp > old)
		xs->rcv_ssthresh = max(xs->rcv_ssthresh,
				       min(xs->rcv_wnd, clamp));
}

static int set_window_clamp(struct sock *sk, int val)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	if (val) {
		/* A negative one is a large one, as in the kernel's TCP. */
		set_clamp(xs, max_t(u32, val, SOCK_MIN_RCVBUF / 2));
		return 0;
	}
	if (sk->sk_state != TCP_CLOSE)
		return -EINVAL;
	WRITE_ONCE(xs->window_clamp, 0);
	return 0;
}

static int get_window_clamp(const struct sock *sk)
{
	return READ_ONCE(xtcp_sk(sk)->window_clamp);
}

/* An even value but 0: what is owed goes now, and later ACKs wait again. */
static int set_quickack(struct sock *sk, int val)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	xs->pingpong = !val;
	if (val && IN_STATE(sk, TCPF_ESTABLISHED | TCPF_CLOSE_WAIT) &&
	    xs->ack_pending & XTCP_ACK_SCHED) {
		xs->push_ack = 1;
		xtcp_ack_reader(sk, 1);
		xs->pingpong = !(val & 1);
	}
	return 0;
}

static int get_quickack(const struct sock *sk)
{
	return !READ_ONCE(xtcp_sk(sk)->pingpong);
}

/* ---- keepalive ---- */

static void restart_keepalive(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	u32 now = jiffies, idle;

	idle = min(now - xs->last_rcv, now - xs->last_ack_rcv);
	xtcp_timer_arm(sk, XTCP_DL_KEEP,
		       now + xs->keepalive_time - min(idle, xs->keepalive_time));
}

static int set_keepidle(struct sock *sk, int val)
{
	if (val < 1 || val > MAX_TCP_KEEPIDLE)
		return -EINVAL;
	WRITE_ONCE(xtcp_sk(sk)->keepalive_time, val * HZ);
	if (sock_flag(sk, SOCK_KEEPOPEN) &&
	    !IN_STATE(sk, TCPF_CLOSE | TCPF_LISTEN))
		restart_keepalive(sk);
	return 0;
}

static int get_keepidle(const struct sock *sk)
{
	const struct xtcp_net *xn = xtcp_pernet(sock_net(sk));

	return (READ_ONCE(xtcp_sk(sk)->keepalive_time) ?:
		READ_ONCE(xn->sysctl_keepalive_time)) / HZ;
}

static int set_keepintvl(struct sock *sk, int val)
{
	if (val < 1 || val > MAX_TCP_KEEPINTVL)
		return -EINVAL;
	WRITE_ONCE(xtcp_sk(sk)->keepalive_intvl, val * HZ);
	return 0;
}

static int get_keepintvl(const struct sock *sk)
{
	const struct xtcp_net *xn = xtcp_pernet(sock_net(sk));

	return (READ_ONCE(xtcp_sk(sk)->keepalive_intvl) ?:
		READ_ONCE(xn->sysctl_keepalive_intvl)) / HZ;
}

static int set_keepcnt(struct sock *sk, int val)
{
	if (val < 1 || val > MAX_TCP_KEEPCNT)
		return -EINVAL;
	WRITE_ONCE(xtcp_sk(sk)->keepalive_probes, val);
	return 0;
}

static int get_keepcnt(const struct sock *sk)
{
	const struct xtcp_net *xn = xtcp_pernet(sock_net(sk));

	return READ_ONCE(xtcp_sk(sk)->keepalive_probes) ?:
	       READ_ONCE(xn->sysctl_keepalive_probes);
}

/* ---- opening and closing ---- */

static int set_syncnt(struct sock *sk, int val)
{
	if (val < 1 || val > MAX_TCP_SYNCNT)
		return -EINVAL;
	WRITE_ONCE(xtcp_sk(sk)->syn_retries, val);
	return 0;
}

static int get_syncnt(const struct sock *sk)
{
	const struct xtcp_net *xn = xtcp_pernet(sock_net(sk));

	return READ_ONCE(xtcp_sk(sk)->syn_retries) ?:
	       READ_ONCE(xn->sysctl_syn_retries);
}

static int set_linger2(struct sock *sk, int val)
{
	val = clamp(val, -1, TCP_FIN_TIMEOUT_MAX / HZ);
	WRITE_ONCE(xtcp_sk(sk)->linger2, val < 0 ? -1 : val * HZ);
	return 0;
}

static int get_linger2(const struct sock *sk)
{
	const struct xtcp_net *xn = xtcp_pernet(sock_net(sk));
	int val = READ_ONCE(xtcp_sk(sk)->linger2);

	if (val < 0)
		return val;
	return (val ?: READ_ONCE(xn->sysctl_fin_timeout)) / HZ;
}

/*
 * As in the kernel's TCP the time is made as long as it takes to send SYN-ACK
 * some whole number of times. The longest that fits is 247 s.
 */
static int set_defer_accept(struct sock *sk, int val)
{
	const int longest = XTCP_RTO_MAX_US / USEC_PER_SEC;
	int step = XTCP_RTO_INIT_US / USEC_PER_SEC, sum = step;

	while (sum < val) {
		step = min(2 * step, longest);
		if (sum + step > U8_MAX)
			break;
		sum += step;
	}
	WRITE_ONCE(xtcp_sk(sk)->defer_accept, val > 0 ? sum : 0);
	return 0;
}

static int get_defer_accept(const struct sock *sk)
{
	return READ_ONCE(xtcp_sk(sk)->defer_accept);
}

static int set_user_timeout(struct sock *sk, int val)
{
	if (val < 0)
		return -EINVAL;
	WRITE_ONCE(xtcp_sk(sk)->user_timeout_ms, val);
	return 0;
}

static int get_user_timeout(const struct sock *sk)
{
	return READ_ONCE(xtcp_sk(sk)->user_timeout_ms);
}

/* ---- what is no int ---- */

/* The program has room for @room bytes: give it as much of @size as fits. */
static int give(const void *data, size_t size, int room, char __user *optval,
		int __user *optlen)
{
	int len = min_t(size_t, room, size);

	if (put_user(len, optlen) || copy_to_user(optval, data, len))
		return -EFAULT;
	return 0;
}

static int set_msl(struct sock *sk, int val)
{
	if (val < 0 || val > XTCP_MSL_MAX_MS)
		return -EINVAL;
	WRITE_ONCE(xtcp_sk(sk)->msl_ms, val);
	return 0;
}

static int get_msl(struct sock *sk, int room, char __user *optval,
		   int __user *optlen)
{
	struct xtcp_msl_info info = {};
	enum xtcp_msl_source source;

	info.ms = xtcp_msl_of(sk, &source);
	info.source = source;
	return give(&info, room < sizeof(info) ? sizeof(info.ms) : sizeof(info),
		    room, optval, optlen);
}

static int get_info(struct sock *sk, int room, char __user *optval,
		    int __user *optlen)
{
	struct tcp_info info;

	xtcp_fill_info(sk, &info);
	return give(&info, sizeof(info), room, optval, optlen);
}

/* Return: length of the name, or -errno. */
static int take_name(char *name, size_t size, sockptr_t optval,
		     unsigned int optlen)
{
	long len;

	if (!optlen)
		return -EINVAL;
	len = strncpy_from_sockptr(name, optval, min_t(size_t, size - 1, optlen));
	if (len < 0)
		return -EFAULT;
	name[len] = '\0';
	return len;
}

/*
 * Before a connection is established there is nothing to begin with: that is
 * done when it is. cwnd and ssthresh stay as they are.
 *
 * Return: the control to which a reference is left over.
 */
static const struct xtcp_cc_ops *switch_control(struct sock *sk,
						const struct xtcp_cc_ops *ops)
{
	struct xtcp_cc *cc = &xtcp_sk(sk)->cc;
	const struct xtcp_cc_ops *old = cc->ops;

	if (ops == old)
		return ops;
	if (old->release)
		old->release(cc);
	memset(cc->priv, 0, sizeof(cc->priv));
	WRITE_ONCE(cc->ops, ops);
	if (ops->init && !IN_STATE(sk, TCPF_CLOSE | TCPF_LISTEN |
				       TCPF_SYN_SENT | TCPF_SYN_RECV))
		ops->init(cc);
	return old;
}

static int set_congestion(struct sock *sk, sockptr_t optval,
			  unsigned int optlen)
{
	const struct xtcp_cc_ops *ops;
	char name[XTCP_CC_NAME_MAX];
	int err = take_name(name, sizeof(name), optval, optlen);

	if (err < 0)
		return err;
	ops = xtcp_cc_find_get(name);
	if (!ops)
		return -ENOENT;
	sockopt_lock_sock(sk);
	ops = switch_control(sk, ops);
	sockopt_release_sock(sk);
	xtcp_cc_put(ops);
	return 0;
}

static int get_congestion(struct sock *sk, int room, char __user *optval,
			  int __user *optlen)
{
	char name[XTCP_CC_NAME_MAX];

	rcu_read_lock();
	memcpy(name, READ_ONCE(xtcp_sk(sk)->cc.ops)->name, sizeof(name));
	rcu_read_unlock();
	return give(name, sizeof(name), room, optval, optlen);
}

/* There are none for XTCP. */
static int set_ulp(struct sock *sk, sockptr_t optval, unsigned int optlen)
{
	char name[16];	/* TCP_ULP_NAME_MAX */
	int err = take_name(name, sizeof(name), optval, optlen);

	return err < 0 ? err : -ENOENT;
}

static int get_nothing(struct sock *sk, int room, char __user *optval,
		       int __user *optlen)
{
	return put_user(0, optlen);
}

/* ---- the options there are ---- */

/**
 * struct option - an option at level SOL_TCP
 * @name: its number
 * @set_int: set it to an int; socket owned
 * @get_int: read it as an int; nothing locked
 * @set: set it to something else; nothing locked
 * @get: read it as something else, @room is not negative; nothing locked
 *
 * Where a call is missing the option cannot be set, or read.
 */
struct option {
	int	name;
	int	(*set_int)(struct sock *sk, int val);
	int	(*get_int)(const struct sock *sk);
	int	(*set)(struct sock *sk, sockptr_t optval, unsigned int optlen);
	int	(*get)(struct sock *sk, int room, char __user *optval,
		       int __user *optlen);
};

static const struct option options[] = {
	{ TCP_NODELAY, set_nodelay, get_nodelay },
	{ TCP_MAXSEG, set_maxseg, get_maxseg },
	{ TCP_CORK, set_cork, get_cork },
	{ TCP_KEEPIDLE, set_keepidle, get_keepidle },
	{ TCP_KEEPINTVL, set_keepintvl, get_keepintvl },
	{ TCP_KEEPCNT, set_keepcnt, get_keepcnt },
	{ TCP_SYNCNT, set_syncnt, get_syncnt },
	{ TCP_LINGER2, set_linger2, get_linger2 },
	{ TCP_DEFER_ACCEPT, set_defer_accept, get_defer_accept },
	{ TCP_WINDOW_CLAMP, set_window_clamp, get_window_clamp },
	{ TCP_INFO, .get = get_info },
	{ TCP_QUICKACK, set_quickack, get_quickack },
	{ TCP_CONGESTION, .set = set_congestion, .get = get_congestion },
	{ TCP_USER_TIMEOUT, set_user_timeout, get_user_timeout },
	{ TCP_NOTSENT_LOWAT, set_notsent_lowat, get_notsent_lowat },
	/* Controls of ours have nothing to tell, as most of the kernel's. */
	{ TCP_CC_INFO, .get = get_nothing },
	{ TCP_ULP, .set = set_ulp, .get = get_nothing },
	{ XTCP_MSL, .set_int = set_msl, .get = get_msl },
};

static const struct option *find(int name)
{
	static const struct option unknown;
	int i;

	for (i = 0; i < ARRAY_SIZE(options); i++)
		if (options[i].name == name)
			return &options[i];
	return &unknown;
}

static int set_tcp(struct sock *sk, int optname, sockptr_t optval,
		   unsigned int optlen)
{
	const struct option *o = find(optname);
	int val, err;

	if (o->set)
		return o->set(sk, optval, optlen);
	/* A bad length or pointer counts before an unknown option. */
	if (optlen < sizeof(val))
		return -EINVAL;
	if (copy_from_sockptr(&val, optval, sizeof(val)))
		return -EFAULT;
	if (!o->set_int)
		return -ENOPROTOOPT;
	sockopt_lock_sock(sk);
	err = o->set_int(sk, val);
	sockopt_release_sock(sk);
	return err;
}

static int get_tcp(struct sock *sk, int optname, char __user *optval,
		   int __user *optlen)
{
	const struct option *o = find(optname);
	int val, room;

	if (get_user(room, optlen))
		return -EFAULT;
	if (room < 0)
		return -EINVAL;
	if (o->get)
		return o->get(sk, room, optval, optlen);
	if (!o->get_int)
		return -ENOPROTOOPT;
	val = o->get_int(sk);
	return give(&val, sizeof(val), room, optval, optlen);
}

/* ---- all levels ---- */

int xtcp_setsockopt(struct sock *sk, int level, int optname, sockptr_t optval,
		    unsigned int optlen)
{
	if (level != SOL_TCP)
		return xtcp_ipopt_set(sk, level, optname, optval, optlen);
	return set_tcp(sk, optname, optval, optlen);
}

int xtcp_getsockopt(struct sock *sk, int level, int optname,
		    char __user *optval, int __user *optlen)
{
	if (level != SOL_TCP)
		return xtcp_ipopt_get(sk, level, optname, optval, optlen);
	return get_tcp(sk, optname, optval, optlen);
}
