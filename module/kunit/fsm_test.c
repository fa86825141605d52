// SPDX-License-Identifier: GPL-2.0
#include <kunit/test.h>
#include "../pure.h"

/* RFC 9293, figure 5, drawn once more: what a connection may live through. */
static const struct {
	u8 state;
	enum xtcp_event event;
	u8 next;
} figure[] = {
	{ TCP_CLOSE, XTCP_EV_PASSIVE_OPEN, TCP_LISTEN },
	{ TCP_CLOSE, XTCP_EV_ACTIVE_OPEN, TCP_SYN_SENT },
	{ TCP_LISTEN, XTCP_EV_RCV_SYN, TCP_SYN_RECV },
	{ TCP_LISTEN, XTCP_EV_CLOSE, TCP_CLOSE },
	{ TCP_SYN_SENT, XTCP_EV_RCV_SYN, TCP_SYN_RECV },
	{ TCP_SYN_SENT, XTCP_EV_RCV_SYN_ACK, TCP_ESTABLISHED },
	{ TCP_SYN_SENT, XTCP_EV_CLOSE, TCP_CLOSE },
	{ TCP_SYN_RECV, XTCP_EV_RCV_ACK_OF_SYN, TCP_ESTABLISHED },
	{ TCP_SYN_RECV, XTCP_EV_CLOSE, TCP_FIN_WAIT1 },
	{ TCP_ESTABLISHED, XTCP_EV_CLOSE, TCP_FIN_WAIT1 },
	{ TCP_ESTABLISHED, XTCP_EV_RCV_FIN, TCP_CLOSE_WAIT },
	{ TCP_FIN_WAIT1, XTCP_EV_RCV_ACK_OF_FIN, TCP_FIN_WAIT2 },
	{ TCP_FIN_WAIT1, XTCP_EV_RCV_FIN, TCP_CLOSING },
	{ TCP_FIN_WAIT2, XTCP_EV_RCV_FIN, TCP_TIME_WAIT },
	{ TCP_CLOSING, XTCP_EV_RCV_ACK_OF_FIN, TCP_TIME_WAIT },
	{ TCP_TIME_WAIT, XTCP_EV_2MSL, TCP_CLOSE },
	{ TCP_CLOSE_WAIT, XTCP_EV_CLOSE, TCP_LAST_ACK },
	{ TCP_LAST_ACK, XTCP_EV_RCV_ACK_OF_FIN, TCP_CLOSE },
};

static void find__figure(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(figure); i++) {
		int edge = xtcp_fsm_find(figure[i].state, figure[i].event);

		KUNIT_EXPECT_GE_MSG(test, edge, 0, "edge %u", i);
		if (edge >= 0)
			KUNIT_EXPECT_EQ_MSG(test, xtcp_fsm_edges[edge].next,
					    figure[i].next, "edge %u", i);
	}
}

static void find__each_edge_once(struct kunit *test)
{
	unsigned int i;

	KUNIT_EXPECT_LE(test, xtcp_fsm_nr_edges, (unsigned int)XTCP_NR_EDGES_MAX);
	for (i = 0; i < xtcp_fsm_nr_edges; i++) {
		const struct xtcp_edge *e = &xtcp_fsm_edges[i];

		KUNIT_EXPECT_EQ_MSG(test, xtcp_fsm_find(e->state, e->event),
				    (int)i, "state %u event %u", e->state,
				    e->event);
	}
}

static void find__no_such_edge(struct kunit *test)
{
	unsigned int state, event, found = 0;

	for (state = 0; state < 256; state++)
		for (event = 0; event < XTCP_NR_EVENTS; event++)
			if (xtcp_fsm_find(state, event) >= 0)
				found++;
	KUNIT_EXPECT_EQ(test, found, xtcp_fsm_nr_edges);

	KUNIT_EXPECT_EQ(test, xtcp_fsm_find(0, XTCP_EV_CLOSE), -1);
	KUNIT_EXPECT_EQ(test, xtcp_fsm_find(TCP_CLOSE, XTCP_EV_CLOSE), -1);
	KUNIT_EXPECT_EQ(test, xtcp_fsm_find(TCP_LISTEN, XTCP_EV_RCV_FIN), -1);
	KUNIT_EXPECT_EQ(test, xtcp_fsm_find(TCP_CLOSE_WAIT, XTCP_EV_RCV_FIN),
			-1);
	KUNIT_EXPECT_EQ(test, xtcp_fsm_find(TCP_ESTABLISHED, XTCP_NR_EVENTS),
			-1);
}

static void edges__closed_is_told(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < xtcp_fsm_nr_edges; i++) {
		const struct xtcp_edge *e = &xtcp_fsm_edges[i];

		KUNIT_EXPECT_EQ_MSG(test, e->next == TCP_CLOSE,
				    !!(e->actions & XTCP_ACT_CLOSED),
				    "edge %u", i);
		KUNIT_EXPECT_EQ_MSG(test, e->next == TCP_TIME_WAIT,
				    !!(e->actions & XTCP_ACT_TIME_WAIT),
				    "edge %u", i);
		KUNIT_EXPECT_EQ_MSG(test, e->next == TCP_ESTABLISHED,
				    !!(e->actions & XTCP_ACT_CONNECTED),
				    "edge %u", i);
		KUNIT_EXPECT_FALSE_MSG(test, e->actions & XTCP_ACT_INVALID,
				       "edge %u", i);
	}
}

/* Each FIN is acknowledged, and one FIN alone is ever sent. */
static void edges__fin(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < xtcp_fsm_nr_edges; i++) {
		const struct xtcp_edge *e = &xtcp_fsm_edges[i];
		bool sends = e->next != e->state &&
			     (e->next == TCP_FIN_WAIT1 ||
			      e->next == TCP_LAST_ACK);
		u16 eof = XTCP_ACT_SND_ACK | XTCP_ACT_EOF;

		KUNIT_EXPECT_EQ_MSG(test, sends,
				    !!(e->actions & XTCP_ACT_SND_FIN),
				    "edge %u", i);
		if (e->event == XTCP_EV_RCV_FIN)
			KUNIT_EXPECT_EQ_MSG(test, e->actions & eof, eof,
					    "edge %u", i);
	}
}

/* RFC 9293, 3.10.5: in which states an ABORT is told to the peer. */
static void edges__abort(struct kunit *test)
{
	static const struct {
		u8 state;
		bool rst;
	} cases[] = {
		{ TCP_LISTEN, false },
		{ TCP_SYN_SENT, false },
		{ TCP_SYN_RECV, true },
		{ TCP_ESTABLISHED, true },
		{ TCP_FIN_WAIT1, true },
		{ TCP_FIN_WAIT2, true },
		{ TCP_CLOSE_WAIT, true },
		{ TCP_CLOSING, false },
		{ TCP_LAST_ACK, false },
		{ TCP_TIME_WAIT, false },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		int edge = xtcp_fsm_find(cases[i].state, XTCP_EV_ABORT);

		KUNIT_EXPECT_GE_MSG(test, edge, 0, "case %u", i);
		if (edge < 0)
			continue;
		KUNIT_EXPECT_EQ_MSG(test, xtcp_fsm_edges[edge].next, TCP_CLOSE,
				    "case %u", i);
		KUNIT_EXPECT_EQ_MSG(test, !!(xtcp_fsm_edges[edge].actions &
					     XTCP_ACT_SND_RST),
				    cases[i].rst, "case %u", i);
	}
}

/* From CLOSED every state can be reached, and from every state CLOSED. */
static void edges__no_dead_end(struct kunit *test)
{
	u32 reached = 1 << TCP_CLOSE, ends = 1 << TCP_CLOSE;
	unsigned int i, round, state;

	for (round = 0; round < XTCP_NR_STATES; round++) {
		for (i = 0; i < xtcp_fsm_nr_edges; i++) {
			const struct xtcp_edge *e = &xtcp_fsm_edges[i];

			if (reached & (1 << e->state))
				reached |= 1 << e->next;
			if (ends & (1 << e->next))
				ends |= 1 << e->state;
		}
	}
	for (state = TCP_ESTABLISHED; state < XTCP_NR_STATES; state++) {
		KUNIT_EXPECT_TRUE_MSG(test, reached & (1 << state), "%u", state);
		KUNIT_EXPECT_TRUE_MSG(test, ends & (1 << state), "%u", state);
	}
}

static void state_name__all(struct kunit *test)
{
	unsigned int state;

	for (state = TCP_ESTABLISHED; state < XTCP_NR_STATES; state++)
		KUNIT_EXPECT_STRNEQ(test, xtcp_fsm_state_name(state), "?");
	KUNIT_EXPECT_STREQ(test, xtcp_fsm_state_name(TCP_SYN_RECV), "SYN_RECV");
	KUNIT_EXPECT_STREQ(test, xtcp_fsm_state_name(0), "?");
	KUNIT_EXPECT_STREQ(test, xtcp_fsm_state_name(XTCP_NR_STATES), "?");
	KUNIT_EXPECT_STREQ(test, xtcp_fsm_state_name(255), "?");
}

static void event_name__all(struct kunit *test)
{
	unsigned int event;

	for (event = 0; event < XTCP_NR_EVENTS; event++) {
		const char *name = xtcp_fsm_event_name(event);

		KUNIT_EXPECT_TRUE_MSG(test, name, "event %u", event);
		KUNIT_EXPECT_STRNEQ(test, name ? name : "?", "?");
	}
	KUNIT_EXPECT_STREQ(test, xtcp_fsm_event_name(XTCP_NR_EVENTS), "?");
}

static struct kunit_case fsm_cases[] = {
	KUNIT_CASE(find__figure),
	KUNIT_CASE(find__each_edge_once),
	KUNIT_CASE(find__no_such_edge),
	KUNIT_CASE(edges__closed_is_told),
	KUNIT_CASE(edges__fin),
	KUNIT_CASE(edges__abort),
	KUNIT_CASE(edges__no_dead_end),
	KUNIT_CASE(state_name__all),
	KUNIT_CASE(event_name__all),
	{}
};

static struct kunit_suite fsm_suite = {
	.name = "xtcp_fsm",
	.test_cases = fsm_cases,
};

kunit_test_suite(fsm_suite);
