#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The benchmarks' part in the guest, which selftests/bench/run boots.  It leaves
# lines "ROW <tab> UNIT <tab> STACK <tab> FIGURE" in $OUT/figures, all that the
# programs said in $OUT/said, and the kernel's release in $OUT/release.
#
# timeout: 600

. ./lib.sh

settle=10	# s; what goes on in the background after boot inflates figures

# TIME_WAIT entries have to last, and each takes a port.
settings=(
	net.ipv4.tcp_tw_reuse=0
	net.ipv4.tcp_max_tw_buckets=262144
	net.xtcp.max_tw_buckets=262144
	"net.ipv4.ip_local_port_range=10240 60999"
	"net.xtcp.ip_local_port_range=10240 60999"
)

prepare()
{
	uname -r >"$OUT/release"
	make_pair 1500
	sysctl -qw "${settings[@]}"
	in_a sysctl -qw "${settings[@]}"
}

# take_figures ROW UNIT STACK: of what a program says, "mean N" or "p99 N"
take_figures()
{
	echo "# $1, $3" >>"$OUT/said"
	tee -a "$OUT/said" |
		awk -v OFS='\t' -v row="$1" -v unit="$2" -v stack="$3" '
			/^#/ { next }
			{ print $1 == "mean" ? row : row " " $1, unit, stack, $2 }' >>"$OUT/figures"
}

# over_loopback STACK PROGRAM ARGUMENT...
over_loopback()
{
	"$2" -s "$1" 127.0.0.1 "${@:3}"
}

# over_veth STACK PROGRAM ARGUMENT...: from a to b
over_veth()
{
	in_a "$2" -s "$1" -n b 10.0.0.2 "${@:3}"
}

# measure ROW UNIT STACK PATH PROGRAM ARGUMENT...
measure()
{
	(set -o pipefail; "$4" "$3" "${@:5}" | take_figures "$1" "$2" "$3")
}

# row NAME UNIT PATH PROGRAM ARGUMENT...: both stacks, in turn
row()
{
	local stack

	for stack in kernel xtcp; do
		test_that "$1, $stack" measure "$1" "$2" "$stack" "${@:3}"
	done
}

test_that "the guest is set up" prepare
sleep $settle
row "bulk, 64 KiB, loopback" instructions/MiB over_loopback bulk 65536 32
row "bulk, 1 KiB, loopback" instructions/MiB over_loopback bulk 1024 16
row "bulk, 64 KiB, veth" instructions/MiB over_veth bulk 65536 32
row "bulk, 1 KiB, veth" instructions/MiB over_veth bulk 1024 16
row "round trip, 1 byte" instructions over_loopback rtt 1 2000
row "round trip, 128 bytes" instructions over_loopback rtt 128 2000
row "connect-request-close" instructions over_loopback crc 1000
row "idle pair" bytes over_loopback idle 1000
row "TIME_WAIT entry" bytes over_veth timewait 4000
done_testing
