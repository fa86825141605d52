#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Segments that are wrong come between those of a transfer: they are counted
# and do no harm
#
# timeout: 200

. ./lib.sh
. ./traffic.sh

# to_b ADDRESS: all data arrives, there and back again
to_b()
{
	arrives 60 -c xtcp -l xtcp -n b echo "$1"
}

# counter NAME: its value in b
counter()
{
	# shellcheck disable=SC2016 # awk's
	in_b awk -v name="$1" '
		$1 == group { for (i = 2; i <= NF; i++) if (names[i] == name) print $i }
		{ group = $1; split($0, names) }' /proc/net/xtcp_netstat
}

grew()
{
	[ "$(counter "$1")" -gt "$2" ]
}

# harmless HOW COUNTER WHAT: such segments are counted, and all data arrives
harmless()
{
	local address before

	start_meddling "$1"
	for address in 10.1.0.2 fd01::2; do
		before=$(counter "$2")
		test_that "$3, $address" to_b $address
		test_that "$3, $address: counted" grew "$2" "$before"
	done
	stop_meddling
}

# A garbled segment may be a good one by chance, so data need not arrive; but
# the next connection is as good as ever.
survived()
{
	local address

	# What is left when the link is gone gives up soon: the module can go.
	in_a sysctl -qw net.xtcp.orphan_retries=1
	in_b sysctl -qw net.xtcp.orphan_retries=1
	start_meddling "$1"
	for address in 10.1.0.2 fd01::2; do
		for ((i = 0; i < 4; i++)); do
			in_a timeout 5 xpipe -c xtcp -l xtcp -n b echo $address \
				<$traffic_data >/dev/null 2>&1
			in_a timeout 5 xchurn -c xtcp -l xtcp -n b $address 50 \
				>/dev/null 2>&1
		done
	done
	stop_meddling
	test_that "$2: the next connection is good" to_b 10.0.0.2
}

make_data 1
make_pair 1500
harmless miscount InCsumErrors "bad checksums"
harmless shorten InErrs "short segments and headers"
survived misoption "nonsense for options"
survived garble "garbled headers"
drop_pair
done_testing
