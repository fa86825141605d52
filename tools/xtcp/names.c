// SPDX-License-Identifier: GPL-2.0
/* Names of what the module numbers; ss's, where ss has the like. */
#include <string.h>

#include <linux/xtcp.h>

#include "conn.h"
#include "xtcp.h"

static const struct state {
	const char *name;
	const char *title;
} states[XTCP_STATE_MAX + 1] = {
	[0]			 = { "unknown", "UNKNOWN" },
	[XTCP_STATE_ESTABLISHED] = { "established", "ESTAB" },
	[XTCP_STATE_SYN_SENT]	 = { "syn-sent", "SYN-SENT" },
	[XTCP_STATE_SYN_RECV]	 = { "syn-recv", "SYN-RECV" },
	[XTCP_STATE_FIN_WAIT1]	 = { "fin-wait-1", "FIN-WAIT-1" },
	[XTCP_STATE_FIN_WAIT2]	 = { "fin-wait-2", "FIN-WAIT-2" },
	[XTCP_STATE_TIME_WAIT]	 = { "time-wait", "TIME-WAIT" },
	[XTCP_STATE_CLOSED]	 = { "closed", "UNCONN" },
	[XTCP_STATE_CLOSE_WAIT]	 = { "close-wait", "CLOSE-WAIT" },
	[XTCP_STATE_LAST_ACK]	 = { "last-ack", "LAST-ACK" },
	[XTCP_STATE_LISTEN]	 = { "listening", "LISTEN" },
	[XTCP_STATE_CLOSING]	 = { "closing", "CLOSING" },
};

#define BIT(state) (1U << XTCP_STATE_##state)

#define CONNECTED (STATES_ALL & ~(BIT(CLOSED) | BIT(LISTEN)))
#define BUCKET (BIT(SYN_RECV) | BIT(TIME_WAIT))

static const struct group {
	const char *name;
	__u32 mask;
} groups[] = {
	{ "all", STATES_ALL },
	{ "connected", CONNECTED },
	{ "synchronized", CONNECTED & ~BIT(SYN_SENT) },
	{ "bucket", BUCKET },
	{ "big", STATES_ALL & ~BUCKET },
	/* other spellings */
	{ "listen", BIT(LISTEN) },
	{ "fin-wait1", BIT(FIN_WAIT1) },
	{ "fin-wait2", BIT(FIN_WAIT2) },
};

static const struct state *find_state(unsigned int state)
{
	return &states[state <= XTCP_STATE_MAX ? state : 0];
}

const char *state_title(unsigned int state)
{
	return find_state(state)->title;
}

const char *state_name(unsigned int state)
{
	return find_state(state)->name;
}

__u32 state_mask(const char *word)
{
	size_t i;

	for (i = 1; i < ARRAY_SIZE(states); i++)
		if (!strcmp(word, states[i].name))
			return 1U << i;

	for (i = 0; i < ARRAY_SIZE(groups); i++)
		if (!strcmp(word, groups[i].name))
			return groups[i].mask;

	return 0;
}

const char *timer_name(unsigned int timer)
{
	static const char *const names[] = {
		[XTCP_TIMER_KIND_NONE] = "off",
		[XTCP_TIMER_KIND_RETRANSMIT] = "on",
		[XTCP_TIMER_KIND_KEEPALIVE] = "keepalive",
		[XTCP_TIMER_KIND_TIME_WAIT] = "timewait",
		[XTCP_TIMER_KIND_PROBE] = "persist",
	};

	return timer < ARRAY_SIZE(names) ? names[timer] : "unknown";
}

const char *msl_source_name(unsigned int source)
{
	static const char *const names[] = {
		[XTCP_MSL_SOCKET] = "socket",
		[XTCP_MSL_RULE] = "rule",
		[XTCP_MSL_NETNS] = "netns",
	};

	return source < ARRAY_SIZE(names) && names[source] ? names[source] :
							     "unknown";
}
