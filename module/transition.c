// SPDX-License-Identifier: GPL-2.0
/*
 * Walking the state figure. Nobody else writes sk_state, so every change is
 * counted and seen by the kernel's inet_sock_set_state tracepoint.
 */
#include "protocol.h"

static void count(struct net *net, int edge)
{
	this_cpu_inc(xtcp_pernet(net)->pcpu->edge[edge]);
}

void xtcp_transition_count(struct net *net, u8 state, enum xtcp_event event)
{
	int edge = xtcp_fsm_find(state, event);

	if (!WARN_ON_ONCE(edge < 0))
		count(net, edge);
}

u16 xtcp_transition(struct sock *sk, enum xtcp_event event)
{
	int i = xtcp_fsm_find(sk->sk_state, event);
	const struct xtcp_edge *edge;

	if (i < 0)
		return XTCP_ACT_INVALID;
	edge = &xtcp_fsm_edges[i];
	count(sock_net(sk), i);
	if (edge->next != TCP_TIME_WAIT)
		inet_sk_set_state(sk, edge->next);
	return edge->actions;
}

u16 xtcp_transition_actions(const struct sock *sk, enum xtcp_event event)
{
	int i = xtcp_fsm_find(sk->sk_state, event);

	return i < 0 ? XTCP_ACT_INVALID : xtcp_fsm_edges[i].actions;
}

void xtcp_state_adopt(struct sock *child)
{
	inet_sk_set_state(child, TCP_SYN_RECV);
}

void xtcp_state_close(struct sock *sk)
{
	if (sk->sk_state != TCP_CLOSE)
		inet_sk_set_state(sk, TCP_CLOSE);
}
