// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/net/xtcp and xtcp6 in the form of /proc/net/tcp and tcp6, so that
 * what reads those reads these; /proc/net/xtcp_netstat in that of netstat.
 */
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include "listing.h"

/* ---- walking ---- */

/**
 * struct conn_seq - one reader's place in /proc/net/xtcp or xtcp6
 * @p: must be first
 * @family: which of the two
 * @pos: line on which @walk stands; the titles are on line 0
 * @walk: over endpoints of all families
 */
struct conn_seq {
	struct seq_net_private	p;
	u8			family;
	loff_t			pos;
	struct xtcp_walk	walk;
};

static u8 ep_family(const struct xtcp_ep *ep)
{
	if (ep->kind == XTCP_EP_SOCK)
		return xtcp_ep_sk(ep)->inet.sk.sk_family;
	return ep->v6 ? AF_INET6 : AF_INET;
}

static struct xtcp_ep *skip_others(struct seq_file *seq, struct xtcp_ep *ep)
{
	struct conn_seq *cs = seq->private;

	while (ep && ep_family(ep) != cs->family)
		ep = xtcp_walk_next(&cs->walk, seq_file_net(seq));
	return ep;
}

static struct xtcp_ep *conn_start(struct seq_file *seq)
{
	struct conn_seq *cs = seq->private;

	return skip_others(seq, xtcp_walk_start(&cs->walk, seq_file_net(seq)));
}

static struct xtcp_ep *conn_next(struct seq_file *seq)
{
	struct conn_seq *cs = seq->private;

	cs->pos++;
	return skip_others(seq, xtcp_walk_next(&cs->walk, seq_file_net(seq)));
}

static struct xtcp_ep *conn_rewind(struct seq_file *seq)
{
	struct conn_seq *cs = seq->private;

	memset(&cs->walk, 0, sizeof(cs->walk));
	cs->pos = 1;
	return conn_start(seq);
}

/* After lseek(): count from the beginning. */
static struct xtcp_ep *conn_seek(struct seq_file *seq, loff_t pos)
{
	struct conn_seq *cs = seq->private;
	struct xtcp_ep *ep = conn_rewind(seq);

	while (ep && cs->pos < pos)
		ep = conn_next(seq);
	return ep;
}

static void *seq_start(struct seq_file *seq, loff_t *pos)
{
	struct conn_seq *cs = seq->private;

	cs->family = (uintptr_t)pde_data(file_inode(seq->file));
	if (!*pos)
		return SEQ_START_TOKEN;
	return *pos == cs->pos ? conn_start(seq) : conn_seek(seq, *pos);
}

static void *seq_next(struct seq_file *seq, void *v, loff_t *pos)
{
	++*pos;
	return v == SEQ_START_TOKEN ? conn_rewind(seq) : conn_next(seq);
}

static void seq_stop(struct seq_file *seq, void *v)
{
	struct conn_seq *cs = seq->private;

	xtcp_walk_stop(&cs->walk);
}

/* ---- a line ---- */

#define TITLES4								\
	"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when"	\
	" retrnsmt   uid  timeout inode"
#define TITLES6								\
	"  sl  local_address                         "			\
	"remote_address                        "			\
	"st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"

/* Width of a line of /proc/net/tcp, padded with blanks. */
#define WIDTH4 149

static void put_addr(struct seq_file *seq, u8 family,
		     const struct in6_addr *addr, u16 port)
{
	int words = family == AF_INET6 ? 4 : 1;
	int i;

	for (i = 0; i < words; i++)
		seq_printf(seq, "%08X", (__force u32)addr->s6_addr32[i]);
	seq_printf(seq, ":%04X ", port);
}

static unsigned int probes_out(const struct xtcp_ep *ep)
{
	return ep->kind == XTCP_EP_SOCK ?
	       READ_ONCE(xtcp_ep_sk(ep)->probes_out) : 0;
}

static void put_view(struct seq_file *seq, const struct xtcp_ep *ep)
{
	struct xtcp_view view;

	xtcp_view_fill(&view, ep);
	put_addr(seq, view.family, &view.laddr, view.lport);
	put_addr(seq, view.family, &view.raddr, view.rport);
	seq_printf(seq, "%02X %08X:%08X %02X:%08lX %08X %5u %8u %lu ",
		   view.state,
		   view.state == TCP_LISTEN ? 0 : view.tx_queue, view.rx_queue,
		   view.timer,
		   jiffies_delta_to_clock_t(xtcp_view_time_left(&view)),
		   view.retransmits,
		   from_kuid_munged(seq_user_ns(seq), view.uid),
		   probes_out(ep), view.inode);
}

/* Slow start threshold, -1 if there is none; of a listener, Fast Open's. */
static int threshold(const struct xtcp_sock *xs, int state)
{
	u32 ssthresh = READ_ONCE(xs->cc.ssthresh);

	if (state == TCP_LISTEN)
		return 0;
	return ssthresh >= XTCP_INFINITE_SSTHRESH ? -1 : ssthresh;
}

static void put_sock(struct seq_file *seq, const struct xtcp_sock *xs)
{
	const struct sock *sk = &xs->inet.sk;

	seq_printf(seq, "%d %pK %lu %lu %u %u %d",
		   refcount_read(&sk->sk_refcnt), sk,
		   jiffies_to_clock_t(xtcp_rto_jiffies(sk)),
		   jiffies_to_clock_t(msecs_to_jiffies(xs->ato_ms)),
		   xs->quick << 1 | !!xs->pingpong,
		   READ_ONCE(xs->cc.cwnd),
		   threshold(xs, inet_sk_state_load(sk)));
}

static void put_tw(struct seq_file *seq, const struct xtcp_tw *tw)
{
	seq_printf(seq, "%d %pK", refcount_read(&tw->refcnt), tw);
}

static void put_ep(struct seq_file *seq, const struct xtcp_ep *ep)
{
	const struct conn_seq *cs = seq->private;

	seq_printf(seq, "%4d: ", (int)cs->pos - 1);
	put_view(seq, ep);
	switch (ep->kind) {
	case XTCP_EP_SOCK:
		put_sock(seq, xtcp_ep_sk(ep));
		break;
	case XTCP_EP_REQUEST:
		seq_printf(seq, "%d %pK", 0, ep);
		break;
	case XTCP_EP_TIMEWAIT:
		put_tw(seq, container_of(ep, struct xtcp_tw, ep));
		break;
	}
}

static int seq_show4(struct seq_file *seq, void *v)
{
	seq_setwidth(seq, WIDTH4);
	if (v == SEQ_START_TOKEN)
		seq_puts(seq, TITLES4);
	else
		put_ep(seq, v);
	seq_pad(seq, '\n');
	return 0;
}

static int seq_show6(struct seq_file *seq, void *v)
{
	if (v == SEQ_START_TOKEN) {
		seq_puts(seq, TITLES6);
		return 0;
	}
	put_ep(seq, v);
	seq_putc(seq, '\n');
	return 0;
}

static const struct seq_operations conn4_ops = {
	.start	= seq_start,
	.next	= seq_next,
	.stop	= seq_stop,
	.show	= seq_show4,
};

static const struct seq_operations conn6_ops = {
	.start	= seq_start,
	.next	= seq_next,
	.stop	= seq_stop,
	.show	= seq_show6,
};

/* ---- counters ---- */

static bool is_first_of_group(int mib)
{
	int i;

	for (i = 0; i < mib; i++)
		if (!strcmp(xtcp_mib_group(i), xtcp_mib_group(mib)))
			return false;
	return true;
}

static void put_group(struct seq_file *seq, const struct xtcp_net *xn,
		      const char *group)
{
	int i;

	seq_printf(seq, "%s:", group);
	for (i = 0; i < XTCP_NR_MIBS; i++)
		if (!strcmp(xtcp_mib_group(i), group))
			seq_printf(seq, " %s", xtcp_mib_name(i));

	seq_printf(seq, "\n%s:", group);
	for (i = 0; i < XTCP_NR_MIBS; i++)
		if (!strcmp(xtcp_mib_group(i), group))
			seq_printf(seq, " %llu", xtcp_mib_read(xn, i));
	seq_putc(seq, '\n');
}

static int netstat_show(struct seq_file *seq, void *v)
{
	const struct xtcp_net *xn = xtcp_pernet(seq->private);
	int i;

	for (i = 0; i < XTCP_NR_MIBS; i++)
		if (is_first_of_group(i))
			put_group(seq, xn, xtcp_mib_group(i));
	return 0;
}

/* ---- the files ---- */

static bool add_conns(struct net *net, const char *name, u8 family,
		      const struct seq_operations *ops)
{
	return proc_create_net_data(name, 0444, net->proc_net, ops,
				    sizeof(struct conn_seq),
				    (void *)(uintptr_t)family);
}

int xtcp_proc_net_init(struct net *net)
{
	if (!add_conns(net, "xtcp", AF_INET, &conn4_ops))
		goto fail;
	if (!add_conns(net, "xtcp6", AF_INET6, &conn6_ops))
		goto fail_xtcp;
	if (!proc_create_net_single("xtcp_netstat", 0444, net->proc_net,
				    netstat_show, NULL))
		goto fail_xtcp6;
	return 0;

fail_xtcp6:
	remove_proc_entry("xtcp6", net->proc_net);
fail_xtcp:
	remove_proc_entry("xtcp", net->proc_net);
fail:
	return -ENOMEM;
}

void xtcp_proc_net_exit(struct net *net)
{
	remove_proc_entry("xtcp_netstat", net->proc_net);
	remove_proc_entry("xtcp6", net->proc_net);
	remove_proc_entry("xtcp", net->proc_net);
}
