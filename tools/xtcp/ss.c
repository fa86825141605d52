// SPDX-License-Identifier: GPL-2.0
/* xtcp ss: XTCP's connections, in the manner of ss(8). */
#include <getopt.h>
#include <string.h>

#include "addr.h"
#include "conn.h"
#include "jsonout.h"
#include "table.h"
#include "verbs.h"
#include "xtcp.h"

const char ss_usage[] =
	"Usage: xtcp ss [OPTIONS] [state STATE | exclude STATE]...\n"
	"\n"
	"Lists the connections of XTCP as ss(8) does those of the kernel: without\n"
	"options, all but listening ones, TIME-WAIT and SYN-RECV.\n"
	"\n"
	"  -a, --all         all states\n"
	"  -l, --listening   listening sockets only\n"
	"  -n, --numeric     ports as numbers, not as names of services\n"
	"  -o, --options     timers: (kind, time left, retransmissions)\n"
	"  -e, --extended    user, inode, cookie; MSL and what set it: the socket, a\n"
	"                    rule, or the namespace\n"
	"  -s, --summary     how many there are in each state\n"
	"  -4, --ipv4        IPv4 only\n"
	"  -6, --ipv6        IPv6 only\n"
	"  -j, --json        write JSON, which has all fields\n"
	"  -H, --no-header   no titles\n"
	"  -t, --tcp         nothing else is listed anyway\n"
	"\n"
	"STATE: established, syn-sent, syn-recv, fin-wait-1, fin-wait-2, time-wait,\n"
	"closed, close-wait, last-ack, listening, closing; all; connected (all but\n"
	"listening and closed); synchronized (connected but syn-sent); bucket\n"
	"(syn-recv and time-wait); big (all but bucket).\n"
	"\n"
	"Recv-Q and Send-Q are bytes; of a listening socket, connections that wait\n"
	"for accept() and how many may.\n";

#define STATE_BIT(state) (1U << XTCP_STATE_##state)

#define STATES_DEFAULT (STATES_ALL &					\
			~(STATE_BIT(LISTEN) | STATE_BIT(CLOSED) |	\
			  STATE_BIT(TIME_WAIT) | STATE_BIT(SYN_RECV)))

struct ss {
	__u32 states;	/* 0: no word of it on the command line */
	bool numeric;
	bool timers;
	bool extended;
	bool summary;
	bool no_header;
	struct table table;
	unsigned int total[XTCP_STATE_MAX + 1];
};

/* ---- arguments ---- */

static int parse_option(int opt, struct ss *ss)
{
	switch (opt) {
	case 'a':
		ss->states = STATES_ALL;
		break;
	case 'l':
		ss->states = STATE_BIT(LISTEN);
		break;
	case 'n':
		ss->numeric = true;
		break;
	case 'o':
		ss->timers = true;
		break;
	case 'e':
		ss->extended = true;
		break;
	case 's':
		ss->summary = true;
		break;
	case '4':
		settings.family = AF_INET;
		break;
	case '6':
		settings.family = AF_INET6;
		break;
	case 'j':
		settings.json = true;
		break;
	case 'H':
		ss->no_header = true;
		break;
	case 't':
		break;
	default:
		return STATUS_ERROR;	/* getopt has said why */
	}
	return STATUS_OK;
}

static int parse_options(int argc, char **argv, struct ss *ss)
{
	static const struct option options[] = {
		{ "all", no_argument, NULL, 'a' },
		{ "listening", no_argument, NULL, 'l' },
		{ "numeric", no_argument, NULL, 'n' },
		{ "options", no_argument, NULL, 'o' },
		{ "extended", no_argument, NULL, 'e' },
		{ "summary", no_argument, NULL, 's' },
		{ "ipv4", no_argument, NULL, '4' },
		{ "ipv6", no_argument, NULL, '6' },
		{ "json", no_argument, NULL, 'j' },
		{ "no-header", no_argument, NULL, 'H' },
		{ "tcp", no_argument, NULL, 't' },
		{ }
	};
	int status;
	int opt;

	while ((opt = getopt_long(argc, argv, "alnoes46jHt", options,
				  NULL)) != -1) {
		status = parse_option(opt, ss);
		if (status)
			return status;
	}
	return STATUS_OK;
}

/* "state" begins with what is named and adds, "exclude" takes away. */
static int parse_states(char **words, struct ss *ss)
{
	__u32 named = 0;
	__u32 excluded = 0;

	for (; *words; words += 2) {
		__u32 *mask = !strcmp(*words, "state") ? &named :
				 !strcmp(*words, "exclude") ? &excluded : NULL;
		__u32 states = words[1] ? state_mask(words[1]) : 0;

		if (!mask)
			return fail("\"%s\": expected state or exclude",
				    *words);
		if (!states)
			return fail("\"%s %s\": no such state, try \"xtcp ss help\"",
				    *words, words[1] ? words[1] : "");
		*mask |= states;
	}

	if (named)
		ss->states = named;
	else if (excluded)
		ss->states = STATES_ALL;
	else if (!ss->states)
		ss->states = ss->summary ? STATES_ALL : STATES_DEFAULT;
	ss->states &= ~excluded;
	return STATUS_OK;
}

/* ---- output ---- */

static const struct column columns[] = {
	{ "State", false, " " },
	{ "Recv-Q", false, " " },
	{ "Send-Q", false, " " },
	{ "Local Address", true, "" },
	{ ":Port", false, " " },
	{ "Peer Address", true, "" },
	{ ":Port", false, " " },
	{ "", false, "" },
};

static void put_endpoint(struct ss *ss, const struct conn *conn,
			 const struct in6_addr *addr, __u16 port,
			 unsigned int ifindex)
{
	char addr_buf[INET6_ADDRSTRLEN];
	char port_buf[PORT_LEN];
	char ifname[IF_NAMESIZE];
	const char *text = addr_text(addr_buf, conn->family, addr);
	bool v6 = conn->family == AF_INET6;

	table_cell(&ss->table, "%s%s%s%s%s", v6 ? "[" : "", text,
		   v6 ? "]" : "", ifindex ? "%" : "",
		   ifindex ? addr_interface(ifname, ifindex) : "");
	table_cell(&ss->table, ":%s", port_text(port_buf, port, ss->numeric));
}

/* As ss(8) does: 200ms, 1.500sec, 42sec, 1min30sec, 119min. */
static void format_time(char *text, size_t size, unsigned int ms)
{
	unsigned int secs = ms / 1000;
	unsigned int mins = secs / 60;

	if (ms < 1000)
		snprintf(text, size, "%ums", ms);
	else if (secs < 10)
		snprintf(text, size, "%u.%03usec", secs, ms % 1000);
	else if (!mins)
		snprintf(text, size, "%usec", secs);
	else if (mins < 10 && secs % 60)
		snprintf(text, size, "%umin%usec", mins, secs % 60);
	else
		snprintf(text, size, "%umin", mins);
}

static int format_timer(char *text, size_t size, const struct conn *conn)
{
	char left[32];

	format_time(left, sizeof(left), conn->timer_ms);
	return snprintf(text, size, "timer:(%s,%s,%u)",
			timer_name(conn->timer), left, conn->retransmits);
}

static void put_details(struct ss *ss, const struct conn *conn)
{
	char timer[64] = "";
	char details[128] = "";

	if (ss->timers && conn->timer != XTCP_TIMER_KIND_NONE)
		format_timer(timer, sizeof(timer), conn);
	if (ss->extended)
		snprintf(details, sizeof(details),
			 "uid:%u ino:%llu sk:%llx msl:(%ums,%s)", conn->uid,
			 conn->inode, conn->cookie, conn->msl_ms,
			 msl_source_name(conn->msl_source));

	table_cell(&ss->table, "%s%s%s", timer, *timer && *details ? " " : "",
		   details);
}

static void put_text(const struct conn *conn, void *data)
{
	struct ss *ss = data;

	table_cell(&ss->table, "%s", state_title(conn->state));
	table_cell(&ss->table, "%u", conn->rx_queue);
	table_cell(&ss->table, "%u", conn->tx_queue);
	put_endpoint(ss, conn, &conn->local, conn->local_port, conn->ifindex);
	put_endpoint(ss, conn, &conn->remote, conn->remote_port, 0);
	if (ss->timers || ss->extended)
		put_details(ss, conn);
}

static int list_text(struct ss *ss, struct genl *genl,
		     const struct conn_filter *filter)
{
	int count = ARRAY_SIZE(columns) - !(ss->timers || ss->extended);
	int status;

	table_begin(&ss->table, columns, count, !ss->no_header);
	status = conn_list(genl, filter, put_text, ss);
	if (!table_end(&ss->table) && !status)
		status = fail("out of memory");
	return status;
}

static void put_json(const struct conn *conn, void *data)
{
	(void)data;
	json_array_put(conn_to_json(conn));
}

static int list_json(struct genl *genl, const struct conn_filter *filter)
{
	int status;

	json_array_begin();
	status = conn_list(genl, filter, put_json, NULL);
	json_array_end();
	return status;
}

/* ---- totals ---- */

static void count(const struct conn *conn, void *data)
{
	struct ss *ss = data;

	if (conn->state <= XTCP_STATE_MAX)
		ss->total[conn->state]++;
}

static void print_totals(const struct ss *ss, __u32 states)
{
	unsigned int state;

	for (state = 1; state <= XTCP_STATE_MAX; state++)
		if (states & (1U << state))
			printf("%-10s %u\n", state_title(state),
			       ss->total[state]);
}

static void print_totals_json(const struct ss *ss, __u32 states)
{
	struct json_object *obj = json_object_new_object();
	unsigned int state;

	for (state = 1; state <= XTCP_STATE_MAX; state++)
		if (states & (1U << state))
			json_add_number(obj, state_name(state),
					ss->total[state]);
	json_print(obj);
}

static int summarize(struct ss *ss, struct genl *genl,
		     const struct conn_filter *filter)
{
	int status = conn_list(genl, filter, count, ss);

	if (status)
		return status;

	if (settings.json)
		print_totals_json(ss, filter->states);
	else
		print_totals(ss, filter->states);
	return STATUS_OK;
}

static int show(struct ss *ss, struct genl *genl)
{
	const struct conn_filter filter = {
		.family = settings.family,
		.states = ss->states,
	};

	if (ss->summary)
		return summarize(ss, genl, &filter);
	if (settings.json)
		return list_json(genl, &filter);
	return list_text(ss, genl, &filter);
}

int ss_main(int argc, char **argv)
{
	struct ss ss = { 0 };
	struct genl genl;
	int status;

	status = parse_options(argc, argv, &ss);
	if (!status)
		status = parse_states(argv + optind, &ss);
	if (!status)
		status = genl_open(&genl);
	if (status)
		return status;

	status = show(&ss, &genl);
	genl_close(&genl);
	return status;
}
