#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# 10,000 short connections; TIME_WAIT is listed for twice the MSL, no longer
#
# timeout: 200

. ./lib.sh

# The number of sockets in state $1 (two hexadecimal digits) in a's listing
in_state()
{
	in_a cat /proc/net/xtcp /proc/net/xtcp6 | awk -v state="$1" '
		$4 == state { n++ }
		END { print n + 0 }'
}

none_in_state()
{
	[ "$(in_state "$1")" = 0 ]
}

# churn CONNECTING LISTENING ADDRESS COUNT: all of them come about
churn()
{
	in_a timeout 150 xchurn -c "$1" -l "$2" -n b "$3" "$4" >/tmp/churn &&
		grep -q "^$4 connections .* EADDRNOTAVAIL 0 " /tmp/churn
}

milliseconds()
{
	local t

	read -r t _ </proc/uptime
	echo "${t/./}0"
}

# lasts LOW HIGH: the TIME_WAIT entries go after LOW to HIGH ms
lasts()
{
	local start took

	start=$(milliseconds)
	[ "$(in_state 06)" -gt 0 ] || return
	wait_for 20 none_in_state 06 || return
	took=$(($(milliseconds) - start))
	echo "gone after $took ms"
	[ $took -ge "$1" ] && [ $took -le "$2" ]
}

make_pair 1500
in_a sysctl -q net.xtcp.msl_ms=50
test_that "5,000 to XTCP, IPv4" churn xtcp xtcp 10.0.0.2 5000
ktap_print_msg "$(cat /tmp/churn)"
test_that "2,500 to the kernel's TCP, IPv6" churn xtcp kernel fd00::2 2500
ktap_print_msg "$(cat /tmp/churn)"
test_that "2,500 from the kernel's TCP, IPv4" churn kernel xtcp 10.0.0.2 2500
ktap_print_msg "$(cat /tmp/churn)"

test_that "TIME_WAIT goes" wait_for 5 none_in_state 06
in_a sysctl -q net.xtcp.msl_ms=1500
in_a xchurn -c xtcp -l kernel -n b 10.0.0.2 1 >/dev/null
test_that "TIME_WAIT is listed, once" test "$(in_state 06)" = 1
# A tenth of a second for what came in between, and a slow test machine
test_that "TIME_WAIT lasts twice the MSL" lasts 2500 6000
test_that "nothing is left" test "$(in_a grep -c : /proc/net/xtcp)" = 0
done_testing
