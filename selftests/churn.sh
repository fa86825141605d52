#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# 10,000 short connections (2,000 on the debug kernel); TIME_WAIT is listed for
# twice the MSL, no longer
#
# timeout: 200

. ./lib.sh
. ./traffic.sh

each=2500
on_debug_kernel && each=500

# start CONNECTING LISTENING ADDRESS: a fourth of them. Both ends share a CPU:
# to wake up the other one takes longer than the connection.
start()
{
	local n=${#jobs[@]}

	names+=("$each from $1 to $2, $3")
	in_a taskset $((1 << n % $(nproc))) xchurn -c "$1" -l "$2" -n b -p $((5000 + n)) \
		"$3" $each >"/tmp/churn$n" &
	jobs+=($!)
}

came_about()
{
	wait "${jobs[$1]}" &&
		grep -q "^$each connections .* EADDRNOTAVAIL 0 " "/tmp/churn$1"
}

# The number of sockets in state $1 (two hexadecimal digits) in a's listing
in_state()
{
	in_a cat /proc/net/xtcp /proc/net/xtcp6 |
		awk -v state="$1" '$4 == state { n++ } END { print n + 0 }'
}

# are_in_state COUNT STATE
are_in_state()
{
	[ "$(in_state "$2")" = "$1" ]
}

milliseconds()
{
	local up

	read -r up _ </proc/uptime
	echo "${up/./}0"
}

# lasts LOW HIGH: the TIME_WAIT entries go after LOW to HIGH ms.
lasts()
{
	local start took

	start=$(milliseconds)
	wait_for 20 are_in_state 0 06 || return
	took=$(($(milliseconds) - start))
	echo "gone after $took ms"
	[ $took -ge "$1" ] && [ $took -le "$2" ]
}

make_pair 1500
in_a sysctl -q net.xtcp.msl_ms=50
in_b sysctl -q net.xtcp.msl_ms=50
start xtcp xtcp 10.0.0.2
start xtcp kernel fd00::2
start kernel xtcp 10.0.0.2
start xtcp xtcp fd00::2
end_jobs came_about /tmp/churn
test_that "TIME_WAIT goes" wait_for 5 are_in_state 0 06

in_a sysctl -q net.xtcp.msl_ms=1500
in_a xchurn -c xtcp -l kernel -n b 10.0.0.2 1 >/dev/null
test_that "TIME_WAIT is listed, once" wait_for 5 are_in_state 1 06
# What came in between has taken some of its 3,000 ms.
test_that "TIME_WAIT lasts twice the MSL" lasts 2000 6000
test_that "nothing is left" test "$(in_a grep -c : /proc/net/xtcp)" = 0
done_testing
