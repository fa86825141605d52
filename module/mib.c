// SPDX-License-Identifier: GPL-2.0
/*
 * Counters and their names. A counter that means what one of the kernel's TCP
 * means bears its name and group, as nstat shows them; the rest stand in a
 * group of their own.
 */
#include "stores.h"

struct mib_name {
	const char	*group;
	const char	*name;
};

#define TCP(name)	{ "Tcp", name }
#define EXT(name)	{ "TcpExt", name }
#define OWN(name)	{ "Xtcp", name }

static const struct mib_name names[XTCP_NR_MIBS] = {
	[XTCP_MIB_ACTIVEOPENS]		= TCP("ActiveOpens"),
	[XTCP_MIB_PASSIVEOPENS]		= TCP("PassiveOpens"),
	[XTCP_MIB_ATTEMPTFAILS]		= TCP("AttemptFails"),
	[XTCP_MIB_ESTABRESETS]		= TCP("EstabResets"),
	[XTCP_MIB_INSEGS]		= TCP("InSegs"),
	[XTCP_MIB_OUTSEGS]		= TCP("OutSegs"),
	[XTCP_MIB_RETRANSSEGS]		= TCP("RetransSegs"),
	[XTCP_MIB_INERRS]		= TCP("InErrs"),
	[XTCP_MIB_OUTRSTS]		= TCP("OutRsts"),
	[XTCP_MIB_INCSUMERRORS]		= TCP("InCsumErrors"),
	[XTCP_MIB_TW]			= EXT("TW"),
	[XTCP_MIB_TWRECYCLED]		= EXT("TWRecycled"),
	[XTCP_MIB_TWKILLED]		= EXT("TWKilled"),
	[XTCP_MIB_TIMEWAITOVERFLOW]	= EXT("TCPTimeWaitOverflow"),
	[XTCP_MIB_PAWSACTIVEREJECTED]	= EXT("PAWSActive"),
	[XTCP_MIB_PAWSESTABREJECTED]	= EXT("PAWSEstab"),
	[XTCP_MIB_DELAYEDACKS]		= EXT("DelayedACKs"),
	[XTCP_MIB_LISTENOVERFLOWS]	= EXT("ListenOverflows"),
	[XTCP_MIB_LISTENDROPS]		= EXT("ListenDrops"),
	[XTCP_MIB_REQQFULLDROP]		= EXT("TCPReqQFullDrop"),
	[XTCP_MIB_PUREACKS]		= EXT("TCPPureAcks"),
	[XTCP_MIB_HPHITS]		= EXT("TCPHPHits"),
	[XTCP_MIB_SACKRECOVERY]		= EXT("TCPSackRecovery"),
	[XTCP_MIB_RENORECOVERY]		= EXT("TCPRenoRecovery"),
	[XTCP_MIB_TIMEOUTS]		= EXT("TCPTimeouts"),
	[XTCP_MIB_FASTRETRANS]		= EXT("TCPFastRetrans"),
	[XTCP_MIB_SLOWSTARTRETRANS]	= EXT("TCPSlowStartRetrans"),
	[XTCP_MIB_SYNRETRANS]		= EXT("TCPSynRetrans"),
	[XTCP_MIB_LOSSUNDO]		= EXT("TCPLossUndo"),
	[XTCP_MIB_DSACKUNDO]		= EXT("TCPDSACKUndo"),
	[XTCP_MIB_DSACKOLDSENT]		= EXT("TCPDSACKOldSent"),
	[XTCP_MIB_DSACKRECV]		= EXT("TCPDSACKRecv"),
	[XTCP_MIB_OFOQUEUE]		= EXT("TCPOFOQueue"),
	[XTCP_MIB_OFODROP]		= EXT("TCPOFODrop"),
	[XTCP_MIB_RCVPRUNED]		= EXT("RcvPruned"),
	[XTCP_MIB_RCVCOALESCE]		= EXT("TCPRcvCoalesce"),
	[XTCP_MIB_BACKLOGDROP]		= EXT("TCPBacklogDrop"),
	[XTCP_MIB_RCVQDROP]		= EXT("TCPRcvQDrop"),
	[XTCP_MIB_ZEROWINDOWDROP]	= EXT("TCPZeroWindowDrop"),
	[XTCP_MIB_TOZEROWINDOWADV]	= EXT("TCPToZeroWindowAdv"),
	[XTCP_MIB_FROMZEROWINDOWADV]	= EXT("TCPFromZeroWindowAdv"),
	[XTCP_MIB_WINPROBE]		= EXT("TCPWinProbe"),
	[XTCP_MIB_KEEPALIVE]		= EXT("TCPKeepAlive"),
	[XTCP_MIB_CHALLENGEACK]		= EXT("TCPChallengeACK"),
	[XTCP_MIB_SYNCHALLENGE]		= EXT("TCPSYNChallenge"),
	[XTCP_MIB_BADACK]		= OWN("BadAck"),
	[XTCP_MIB_BADHDR]		= OWN("BadHeader"),
	[XTCP_MIB_FILTERDROP]		= OWN("FilterDrop"),
	[XTCP_MIB_POLICYDROP]		= OWN("PolicyDrop"),
	[XTCP_MIB_MINTTLDROP]		= EXT("TCPMinTTLDrop"),
	[XTCP_MIB_NOMEM]		= OWN("NoMemory"),
	[XTCP_MIB_ABORTONDATA]		= EXT("TCPAbortOnData"),
	[XTCP_MIB_ABORTONCLOSE]		= EXT("TCPAbortOnClose"),
	[XTCP_MIB_ABORTONMEMORY]	= EXT("TCPAbortOnMemory"),
	[XTCP_MIB_ABORTONTIMEOUT]	= EXT("TCPAbortOnTimeout"),
	[XTCP_MIB_ABORTONLINGER]	= EXT("TCPAbortOnLinger"),
	[XTCP_MIB_MEMORYPRESSURES]	= EXT("TCPMemoryPressures"),
	[XTCP_MIB_PORTEXHAUSTED]	= OWN("PortExhausted"),
	[XTCP_MIB_ICMPERRS]		= OWN("IcmpErrors"),
	[XTCP_MIB_OUTOFWINDOWICMPS]	= EXT("OutOfWindowIcmps"),
	[XTCP_MIB_LOCKDROPPEDICMPS]	= EXT("LockDroppedIcmps"),
};

const char *xtcp_mib_name(enum xtcp_mib mib)
{
	/* A counter that was added without a name is shown as what it is. */
	return names[mib].name ?: "Unnamed";
}

const char *xtcp_mib_group(enum xtcp_mib mib)
{
	return names[mib].group ?: "Xtcp";
}

u64 xtcp_mib_read(const struct xtcp_net *xn, enum xtcp_mib mib)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(xn->pcpu, cpu)->mib[mib]);
	return sum;
}

u64 xtcp_edge_read(const struct xtcp_net *xn, unsigned int edge)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(xn->pcpu, cpu)->edge[edge]);
	return sum;
}
