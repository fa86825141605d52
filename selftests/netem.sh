#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# netem.sh [STACK]: 16 MiB (2 on the debug kernel) through bad links, checked by SHA-256, between the
# kernel's TCP and XTCP (or STACK) as sender and as receiver; says how fast.
# All at the same time, a link each, since most of them wait most of the time.
#
# timeout: 300

. ./lib.sh
. ./traffic.sh
set -o pipefail

stack=${1:-xtcp}
seconds=250	# that a transfer may take, on the slowest test machine

# make_link N MTU: the namespaces sN and rN, joined by a veth pair
make_link()
{
	ip netns add "s$1"
	ip netns add "r$1"
	ip -n "s$1" link add eth0 mtu "$2" type veth peer name eth0 mtu "$2" netns "r$1"
	add_host "s$1" 1 2>/dev/null
	add_host "r$1" 2 2>/dev/null
}

# spoil_link N NETEM...: both ways; and what happens to a packet shall happen
# to one segment, not to a burst of them.
spoil_link()
{
	local n=$1 ns

	shift
	for ns in "s$n" "r$n"; do
		ip netns exec "$ns" ethtool -K eth0 tso off gso off gro off
		tc -n "$ns" qdisc add dev eth0 root netem limit 10000 "$@"
	done
}

# transfer N CONNECTING LISTENING ADDRESS: prints the speed, then the sum
transfer()
{
	ip netns exec "s$1" timeout $seconds \
		xpipe -c "$2" -l "$3" -n "r$1" send "$4" <$traffic_data 2>"/tmp/speed$1" |
		sha256sum >"/tmp/sum$1"
}


# start NAME MTU ADDRESS CONNECTING LISTENING [NETEM]
start()
{
	local n=${#jobs[@]}

	names+=("$1")
	make_link "$n" "$2"
	# shellcheck disable=SC2086 # words
	[ -z "$6" ] || spoil_link "$n" $6
	transfer "$n" "$4" "$5" "$3" &
	jobs+=($!)
}

# both_roles NAME MTU ADDRESS [NETEM]
both_roles()
{
	start "$1: $stack sends" "$2" "$3" "$stack" kernel "$4"
	start "$1: $stack receives" "$2" "$3" kernel "$stack" "$4"
}

# arrived N: the transfer ended well, and what came is what was sent
arrived()
{
	wait "${jobs[$1]}" && [ "$(cat "/tmp/sum$1")" = "$traffic_sum" ]
}

mib=16
on_debug_kernel && mib=2
make_data $mib
both_roles "loss 10 %" 1500 fd00::2 "loss 10%"
both_roles "delay 50 ms with jitter" 1500 10.0.0.2 "delay 50ms 2ms"
both_roles "reorder 25 %" 1500 fd00::2 "delay 2ms reorder 25%"
both_roles "loss 1 %" 1500 10.0.0.2 "loss 1%"
both_roles "duplicate 5 %" 1500 fd00::2 "duplicate 5%"
both_roles "corrupt 1 %" 1500 10.0.0.2 "corrupt 1%"
both_roles "clean" 1500 10.0.0.2
both_roles "MTU 576" 576 10.0.0.2
both_roles "MTU 1280" 1280 fd00::2
both_roles "MTU 1500" 1500 fd00::2
both_roles "MTU 9000" 9000 10.0.0.2

end_jobs arrived /tmp/speed
done_testing
