#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The module comes and goes in a loop, with traffic
#
# timeout: 120

. ./lib.sh

rounds=8
module=/lib/xtcp/xtcp.ko

loaded()
{
	[ -e /sys/module/xtcp ]
}

# Endless, until it is killed
traffic()
{
	in_a xpipe -c "$1" -l xtcp -n b send "$2" </dev/zero >/dev/null
}

connected()
{
	in_b grep -q ' 01 ' /proc/net/xtcp /proc/net/xtcp6
}

# The module stays while it has sockets, busy ones and idle ones.
busy()
{
	! rmmod xtcp && loaded
}

stop()
{
	kill "$(pidof xpipe)"
	wait
}

# round CONNECTING ADDRESS: loads, uses and unloads it
round()
{
	insmod $module || return
	traffic "$1" "$2" &
	wait_for 20 connected && busy || return
	# What is left behind: TIME_WAIT, orphans, segments under way
	killall -9 xpipe
	wait_for 30 rmmod xtcp && ! loaded
}

rmmod xtcp
make_pair 1500
for ((i = 1; i <= rounds; i += 2)); do
	test_that "round $i, from the kernel's TCP" round kernel fd00::2
	test_that "round $((i + 1)), from XTCP" round xtcp 10.0.0.2
done
test_that "it cannot be loaded twice" \
	eval "insmod $module && ! insmod $module && loaded"
done_testing
