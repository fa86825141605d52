// SPDX-License-Identifier: GPL-2.0
/*
 * TCP_INFO: a connection in struct tcp_info's words. What the kernel's TCP
 * tells of a new socket before anything is known, this tells as well.
 */
#include "faces.h"

static u64 rate(unsigned long bps)
{
	return bps == ~0UL ? ~0ULL : bps;
}

static void fill_options(const struct xtcp_sock *xs, struct tcp_info *info)
{
	if (xs->ts_ok)
		info->tcpi_options |= TCPI_OPT_TIMESTAMPS;
	if (xs->sack_ok)
		info->tcpi_options |= TCPI_OPT_SACK;
	if (xs->wscale_ok) {
		info->tcpi_options |= TCPI_OPT_WSCALE;
		info->tcpi_snd_wscale = xs->snd_wscale;
		info->tcpi_rcv_wscale = xs->rcv_wscale;
	}
}

static void fill_times(const struct sock *sk, struct tcp_info *info)
{
	const struct xtcp_sock *xs = xtcp_sk(sk);
	u32 now = jiffies, rtt_us = xs->rtt.srtt_us >> 3;

	info->tcpi_rto = jiffies_to_usecs(xtcp_rto_jiffies(sk));
	info->tcpi_ato = xs->ato_ms * USEC_PER_MSEC;
	info->tcpi_last_data_sent = jiffies_to_msecs(now - xs->last_sent);
	info->tcpi_last_data_recv = jiffies_to_msecs(now - xs->last_rcv);
	info->tcpi_last_ack_recv = jiffies_to_msecs(now - xs->last_ack_rcv);
	info->tcpi_rtt = rtt_us;
	info->tcpi_rttvar = (rtt_us ? xs->rtt.mdev_us : XTCP_RTO_INIT_US) >> 2;
	info->tcpi_min_rtt = xs->minrtt.s[0].v_us ?: ~0U;
	info->tcpi_rcv_rtt = xs->rcvspace.rtt_us >> 3;
}

static void fill_sending(const struct xtcp_sock *xs, struct tcp_info *info)
{
	info->tcpi_snd_mss = xs->mss ?: XTCP_DEFAULT_MSS_V4;
	info->tcpi_pmtu = xs->pmtu;
	info->tcpi_snd_ssthresh = xs->cc.ssthresh ?: XTCP_INFINITE_SSTHRESH;
	info->tcpi_snd_wnd = xs->snd_wnd;
	info->tcpi_notsent_bytes = max_t(s32, 0, xs->write_seq - xs->snd_nxt);
	info->tcpi_unacked = xs->packets_out;
	info->tcpi_sacked = xs->sacked_out;
	info->tcpi_lost = xs->lost_out;
	info->tcpi_retrans = xs->retrans_out;
	info->tcpi_total_retrans = xs->total_retrans;
	info->tcpi_delivered = xs->delivered;
	info->tcpi_ca_state = xs->ca_state;
	info->tcpi_retransmits = xs->retransmits;
	info->tcpi_probes = xs->probes_out;
	info->tcpi_backoff = xs->backoff;
}

static void fill_receiving(const struct xtcp_sock *xs, struct tcp_info *info)
{
	info->tcpi_rcv_mss = xs->rcv_mss;
	info->tcpi_advmss = xs->advmss;
	info->tcpi_rcv_ssthresh = xs->rcv_ssthresh;
	info->tcpi_rcv_space = xs->rcvspace.space;
	xtcp_info_set_rcv_wnd(info, xs->rcv_wnd);
}

/* Of a listener: children that wait for accept(), and how many may. */
static void fill_listener(const struct sock *sk, struct tcp_info *info)
{
	info->tcpi_unacked = READ_ONCE(sk->sk_ack_backlog);
	info->tcpi_sacked = READ_ONCE(sk->sk_max_ack_backlog);
}

void xtcp_fill_info(struct sock *sk, struct tcp_info *info)
{
	const struct xtcp_sock *xs = xtcp_sk(sk);
	bool slow;

	memset(info, 0, sizeof(*info));
	info->tcpi_state = inet_sk_state_load(sk);
	info->tcpi_pacing_rate = rate(READ_ONCE(sk->sk_pacing_rate));
	info->tcpi_max_pacing_rate = rate(READ_ONCE(sk->sk_max_pacing_rate));
	info->tcpi_reordering = XTCP_DUPTHRESH;
	info->tcpi_snd_cwnd = READ_ONCE(xs->cc.cwnd) ?: XTCP_INIT_CWND;
	if (info->tcpi_state == TCP_LISTEN) {
		fill_listener(sk, info);
		return;
	}

	slow = lock_sock_fast(sk);
	fill_options(xs, info);
	fill_times(sk, info);
	fill_sending(xs, info);
	fill_receiving(xs, info);
	unlock_sock_fast(sk, slow);
}
