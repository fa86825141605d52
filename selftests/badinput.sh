#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Segments that are wrong come between those of a transfer: they are counted
# and do no harm
#
# timeout: 200

. ./lib.sh
set -o pipefail

data=/tmp/data
dd if=/dev/urandom of=$data bs=1M count=1 2>/dev/null || exit
sum=$(sha256sum <$data)

# arrives ADDRESS: there and back again, from namespace a to b
arrives()
{
	local got

	got=$(in_a timeout 60 xpipe -c xtcp -l xtcp -n b echo "$1" \
		<$data | sha256sum) && [ "$got" = "$sum" ]
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

start_meddling()
{
	local ns

	pid=$(meddle a b "$1") || ktap_exit_fail_msg "meddle $1"
	for ns in a b; do
		ip -n $ns link set meddle mtu 1400 up
	done
	ip -n a addr add 10.1.0.1/24 dev meddle
	ip -n b addr add 10.1.0.2/24 dev meddle
	ip -n a addr add fd01::1/64 dev meddle nodad
	ip -n b addr add fd01::2/64 dev meddle nodad
}

# harmless HOW COUNTER WHAT: such segments are counted, and all data arrives
harmless()
{
	local address before

	start_meddling "$1"
	for address in 10.1.0.2 fd01::2; do
		before=$(counter "$2")
		test_that "$3, $address" arrives $address
		test_that "$3, $address: counted" grew "$2" "$before"
	done
	kill "$pid"
}

# A garbled segment may be a good one by chance, so data need not arrive; but
# the next connection is as good as ever.
survived()
{
	local address

	start_meddling "$1"
	for address in 10.1.0.2 fd01::2; do
		for ((i = 0; i < 4; i++)); do
			in_a timeout 5 xpipe -c xtcp -l xtcp -n b echo $address \
				<$data >/dev/null 2>&1
			in_a timeout 5 xchurn -c xtcp -l xtcp -n b $address 50 \
				>/dev/null 2>&1
		done
	done
	kill "$pid"
	test_that "$2: the next connection is good" arrives 10.0.0.2
}

modprobe -q tun
make_pair 1500
harmless miscount InCsumErrors "bad checksums"
harmless shorten InErrs "short segments and headers"
survived misoption "nonsense for options"
survived garble "garbled headers"
drop_pair
done_testing
