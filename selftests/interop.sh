#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# XTCP with the kernel's TCP, in both roles, and with itself: every byte
# arrives, in both directions, one after the other and at once
#
# timeout: 200

. ./lib.sh
. ./traffic.sh

# between CONNECTING LISTENING MODE ADDRESS [NETNS]: all data arrives
between()
{
	arrives 60 -c "$1" -l "$2" ${5:+-n "$5"} "$3" "$4"
}

# fails ERROR XPIPE_ARGUMENT...: connect() does, with this error
fails()
{
	local said

	said=$(in_a timeout 60 xpipe -n b "${@:2}" </dev/null 2>&1)
	echo "$said"
	[ "$said" = "xpipe: connect: $1" ]
}

make_data 4
make_pair 1500
for stacks in "xtcp kernel" "kernel xtcp" "xtcp xtcp"; do
	# shellcheck disable=SC2086 # two words
	set -- $stacks
	for mode in send receive echo; do
		test_that "$1 to $2, $mode, IPv4" between "$1" "$2" $mode 10.0.0.2 b
		test_that "$1 to $2, $mode, IPv6" between "$1" "$2" $mode fd00::2 b
		test_that "$1 to $2, $mode, IPv4 loopback" \
			between "$1" "$2" $mode 127.0.0.1
		test_that "$1 to $2, $mode, IPv6 loopback" \
			between "$1" "$2" $mode ::1
		test_that "$1 to $2, $mode, IPv4 to itself" \
			between "$1" "$2" $mode 10.0.0.1
		test_that "$1 to $2, $mode, IPv4 mapped" \
			between "$1" "$2" $mode ::ffff:127.0.0.1
	done
done

# A firewall that says nothing, one that says no, and no way to go
in_a sysctl -qw net.xtcp.syn_retries=1
in_b nft -f - <<'END'
	table inet filter {
		chain input {
			type filter hook input priority 0;
			tcp dport 5001 drop
			tcp dport 5002 reject with tcp reset
			tcp dport 5003 reject with icmpx host-unreachable
		}
	}
END
for address in 10.0.0.2 fd00::2; do
	test_that "no answer, $address" \
		fails "Connection timed out" -c xtcp -l xtcp -p 5001 send $address
	test_that "RST for an answer, $address" \
		fails "Connection refused" -c xtcp -l xtcp -p 5002 send $address
	test_that "ICMP for an answer, $address" \
		fails "No route to host" -c xtcp -l xtcp -p 5003 send $address
done
done_testing
