// SPDX-License-Identifier: GPL-2.0
/*
 * The state machine of RFC 9293, section 3.3.2 (figure 5), as data. It calls
 * nothing: transition.c walks it and whoever asked carries out the actions.
 *
 * LISTEN, SYN_RECV of a passive open and TIME_WAIT are states of a connection
 * that no socket is in: a request and a TIME_WAIT entry stand for the latter
 * two. They are walked here all the same, so that their edges are counted.
 */
#include <linux/kernel.h>
#include "pure.h"

/* state, event, next state, actions */
#define EDGES(E)							\
	E(CLOSE, PASSIVE_OPEN, LISTEN, 0)				\
	E(CLOSE, ACTIVE_OPEN, SYN_SENT, XTCP_ACT_SND_SYN)		\
	E(LISTEN, RCV_SYN, SYN_RECV, XTCP_ACT_SND_SYN_ACK)		\
	E(LISTEN, CLOSE, CLOSE, XTCP_ACT_CLOSED)			\
	E(LISTEN, ABORT, CLOSE, XTCP_ACT_CLOSED)			\
	E(SYN_SENT, RCV_SYN_ACK, ESTABLISHED,				\
	  XTCP_ACT_SND_ACK | XTCP_ACT_CONNECTED)			\
	E(SYN_SENT, RCV_SYN, SYN_RECV, XTCP_ACT_SND_SYN_ACK)		\
	E(SYN_SENT, RCV_RST, CLOSE, XTCP_ACT_RESET | XTCP_ACT_CLOSED)	\
	E(SYN_SENT, CLOSE, CLOSE, XTCP_ACT_CLOSED)			\
	E(SYN_SENT, ABORT, CLOSE, XTCP_ACT_CLOSED)			\
	E(SYN_SENT, TIMEOUT, CLOSE, XTCP_ACT_RESET | XTCP_ACT_CLOSED)	\
	E(SYN_RECV, RCV_ACK_OF_SYN, ESTABLISHED, XTCP_ACT_CONNECTED)	\
	E(SYN_RECV, CLOSE, FIN_WAIT1, XTCP_ACT_SND_FIN)			\
	E(SYN_RECV, RCV_FIN, CLOSE_WAIT,				\
	  XTCP_ACT_SND_ACK | XTCP_ACT_EOF)				\
	E(SYN_RECV, RCV_RST, CLOSE, XTCP_ACT_RESET | XTCP_ACT_CLOSED)	\
	E(SYN_RECV, ABORT, CLOSE, XTCP_ACT_SND_RST | XTCP_ACT_CLOSED)	\
	E(SYN_RECV, TIMEOUT, CLOSE, XTCP_ACT_RESET | XTCP_ACT_CLOSED)	\
	E(ESTABLISHED, CLOSE, FIN_WAIT1, XTCP_ACT_SND_FIN)		\
	E(ESTABLISHED, RCV_FIN, CLOSE_WAIT,				\
	  XTCP_ACT_SND_ACK | XTCP_ACT_EOF)				\
	E(ESTABLISHED, RCV_RST, CLOSE,					\
	  XTCP_ACT_RESET | XTCP_ACT_CLOSED)				\
	E(ESTABLISHED, ABORT, CLOSE,					\
	  XTCP_ACT_SND_RST | XTCP_ACT_CLOSED)				\
	E(ESTABLISHED, TIMEOUT, CLOSE,					\
	  XTCP_ACT_RESET | XTCP_ACT_CLOSED)				\
	E(FIN_WAIT1, RCV_ACK_OF_FIN, FIN_WAIT2, 0)			\
	E(FIN_WAIT1, RCV_FIN, CLOSING, XTCP_ACT_SND_ACK | XTCP_ACT_EOF)	\
	E(FIN_WAIT1, RCV_RST, CLOSE, XTCP_ACT_RESET | XTCP_ACT_CLOSED)	\
	E(FIN_WAIT1, ABORT, CLOSE, XTCP_ACT_SND_RST | XTCP_ACT_CLOSED)	\
	E(FIN_WAIT1, TIMEOUT, CLOSE, XTCP_ACT_RESET | XTCP_ACT_CLOSED)	\
	E(FIN_WAIT2, RCV_FIN, TIME_WAIT,				\
	  XTCP_ACT_SND_ACK | XTCP_ACT_EOF | XTCP_ACT_TIME_WAIT)		\
	E(FIN_WAIT2, RCV_RST, CLOSE, XTCP_ACT_RESET | XTCP_ACT_CLOSED)	\
	E(FIN_WAIT2, ABORT, CLOSE, XTCP_ACT_SND_RST | XTCP_ACT_CLOSED)	\
	E(FIN_WAIT2, TIMEOUT, CLOSE, XTCP_ACT_CLOSED)			\
	E(CLOSE_WAIT, CLOSE, LAST_ACK, XTCP_ACT_SND_FIN)		\
	E(CLOSE_WAIT, RCV_RST, CLOSE, XTCP_ACT_RESET | XTCP_ACT_CLOSED)	\
	E(CLOSE_WAIT, ABORT, CLOSE, XTCP_ACT_SND_RST | XTCP_ACT_CLOSED)	\
	E(CLOSE_WAIT, TIMEOUT, CLOSE, XTCP_ACT_RESET | XTCP_ACT_CLOSED)	\
	E(CLOSING, RCV_ACK_OF_FIN, TIME_WAIT, XTCP_ACT_TIME_WAIT)	\
	E(CLOSING, RCV_RST, CLOSE, XTCP_ACT_CLOSED)			\
	E(CLOSING, ABORT, CLOSE, XTCP_ACT_CLOSED)			\
	E(CLOSING, TIMEOUT, CLOSE, XTCP_ACT_CLOSED)			\
	E(LAST_ACK, RCV_ACK_OF_FIN, CLOSE, XTCP_ACT_CLOSED)		\
	E(LAST_ACK, RCV_RST, CLOSE, XTCP_ACT_CLOSED)			\
	E(LAST_ACK, ABORT, CLOSE, XTCP_ACT_CLOSED)			\
	E(LAST_ACK, TIMEOUT, CLOSE, XTCP_ACT_CLOSED)			\
	E(TIME_WAIT, 2MSL, CLOSE, XTCP_ACT_CLOSED)			\
	E(TIME_WAIT, RCV_SYN, SYN_RECV, XTCP_ACT_SND_SYN_ACK)		\
	E(TIME_WAIT, RCV_RST, CLOSE, XTCP_ACT_CLOSED)			\
	E(TIME_WAIT, ABORT, CLOSE, XTCP_ACT_CLOSED)

#define EDGE_ID(_state, _event, _next, _actions)			\
	EDGE_##_state##_##_event,
#define EDGE_ENTRY(_state, _event, _next, _actions)			\
	{ .state = TCP_##_state, .event = XTCP_EV_##_event,		\
	  .next = TCP_##_next, .actions = (_actions) },
#define EDGE_INDEX(_state, _event, _next, _actions)			\
	[TCP_##_state][XTCP_EV_##_event] = EDGE_##_state##_##_event + 1,

enum { EDGES(EDGE_ID) NR_EDGES };

const struct xtcp_edge xtcp_fsm_edges[] = { EDGES(EDGE_ENTRY) };

/* One more than the index of an edge; 0 where there is none. */
static const u8 edge_index[XTCP_NR_STATES][XTCP_NR_EVENTS] = {
	EDGES(EDGE_INDEX)
};

const unsigned int xtcp_fsm_nr_edges = NR_EDGES;

static_assert(NR_EDGES <= XTCP_NR_EDGES_MAX);

int xtcp_fsm_find(u8 state, enum xtcp_event event)
{
	if (state >= XTCP_NR_STATES || event >= XTCP_NR_EVENTS)
		return -1;
	return edge_index[state][event] - 1;
}

const char *xtcp_fsm_state_name(u8 state)
{
	static const char * const names[XTCP_NR_STATES] = {
		[TCP_ESTABLISHED] = "ESTABLISHED",
		[TCP_SYN_SENT] = "SYN_SENT",
		[TCP_SYN_RECV] = "SYN_RECV",
		[TCP_FIN_WAIT1] = "FIN_WAIT1",
		[TCP_FIN_WAIT2] = "FIN_WAIT2",
		[TCP_TIME_WAIT] = "TIME_WAIT",
		[TCP_CLOSE] = "CLOSE",
		[TCP_CLOSE_WAIT] = "CLOSE_WAIT",
		[TCP_LAST_ACK] = "LAST_ACK",
		[TCP_LISTEN] = "LISTEN",
		[TCP_CLOSING] = "CLOSING",
	};

	return state < XTCP_NR_STATES && names[state] ? names[state] : "?";
}

const char *xtcp_fsm_event_name(enum xtcp_event event)
{
	static const char * const names[XTCP_NR_EVENTS] = {
		[XTCP_EV_PASSIVE_OPEN] = "passive open",
		[XTCP_EV_ACTIVE_OPEN] = "active open",
		[XTCP_EV_RCV_SYN] = "rcv SYN",
		[XTCP_EV_RCV_SYN_ACK] = "rcv SYN,ACK",
		[XTCP_EV_RCV_ACK_OF_SYN] = "rcv ACK of SYN",
		[XTCP_EV_CLOSE] = "close",
		[XTCP_EV_RCV_FIN] = "rcv FIN",
		[XTCP_EV_RCV_ACK_OF_FIN] = "rcv ACK of FIN",
		[XTCP_EV_RCV_RST] = "rcv RST",
		[XTCP_EV_ABORT] = "abort",
		[XTCP_EV_TIMEOUT] = "timeout",
		[XTCP_EV_2MSL] = "2MSL timeout",
	};

	return event < XTCP_NR_EVENTS ? names[event] : "?";
}
