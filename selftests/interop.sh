#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# XTCP with the kernel's TCP, in both roles, and with itself: every byte
# arrives, in both directions, one after the other and at once
#
# timeout: 200

. ./lib.sh
set -o pipefail

data=/tmp/data
dd if=/dev/urandom of=$data bs=1M count=4 2>/dev/null || exit
sum=$(sha256sum <$data)

# arrives CONNECTING LISTENING MODE ADDRESS [NETNS]
arrives()
{
	local got

	got=$(in_a timeout 60 xpipe -c "$1" -l "$2" ${5:+-n "$5"} "$3" "$4" \
		<$data | sha256sum) && [ "$got" = "$sum" ]
}

make_pair 1500
for stacks in "xtcp kernel" "kernel xtcp" "xtcp xtcp"; do
	# shellcheck disable=SC2086 # two words
	set -- $stacks
	for mode in send receive echo; do
		test_that "$1 to $2, $mode, IPv4" arrives "$1" "$2" $mode 10.0.0.2 b
		test_that "$1 to $2, $mode, IPv6" arrives "$1" "$2" $mode fd00::2 b
		test_that "$1 to $2, $mode, IPv4 loopback" \
			arrives "$1" "$2" $mode 127.0.0.1
		test_that "$1 to $2, $mode, IPv6 loopback" \
			arrives "$1" "$2" $mode ::1
		test_that "$1 to $2, $mode, IPv4 to itself" \
			arrives "$1" "$2" $mode 10.0.0.1
		test_that "$1 to $2, $mode, IPv4 mapped" \
			arrives "$1" "$2" $mode ::ffff:127.0.0.1
	done
done
done_testing
