#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A namespace dies with XTCP's sockets in it, whatever their state; what goes
# on in one is nothing to another
#
# timeout: 120

. ./lib.sh

# A device of a's goes with the namespace, and its peer out here with it.
alive()
{
	[ -e /sys/class/net/witness ]
}

dead()
{
	! alive
}

# dies STATE ADDRESS: with 20 sockets in this state, whose program is killed
dies()
{
	local pid

	ip -n a link add witness type veth peer name witness netns $$ || return
	alive || return
	pid=$(in_a xhold -c xtcp -l xtcp -n b "$1" "$2" 20) || return
	# While the program has them the namespace cannot go.
	ip netns delete a
	alive || return
	kill -9 "$pid"
	wait_for 20 dead
}

# with_pair NAME COMMAND...: one test, in fresh namespaces
with_pair()
{
	make_pair 1500
	# What is left in b when a is gone gives up soon, and the module can go.
	in_b sysctl -qw net.xtcp.orphan_retries=1
	test_that "$@"
	drop_pair 2>/dev/null
}

# The same port in both, and neither sees the other's.
apart()
{
	local a b

	a=$(in_a xhold -c xtcp -l xtcp -p 5001 listen 10.0.0.1 1) || return
	b=$(in_b xhold -c xtcp -l xtcp -p 5001 listen 10.0.0.2 1) || return
	[ "$(in_a grep -c ':1389 .* 0A ' /proc/net/xtcp)" = 1 ] &&
		[ "$(in_b grep -c ':1389 .* 0A ' /proc/net/xtcp)" = 1 ] || return
	kill "$a" "$b"
}

settings_apart()
{
	in_a sysctl -q net.xtcp.msl_ms=123
	[ "$(in_a sysctl -n net.xtcp.msl_ms)" = 123 ] &&
		[ "$(in_b sysctl -n net.xtcp.msl_ms)" = 30000 ]
}

for state in bound listen established unread unsent fin-wait-2 close-wait time-wait; do
	with_pair "dies with $state sockets, IPv4" dies $state 10.0.0.2
	with_pair "dies with $state sockets, IPv6" dies $state fd00::2
done
# Nobody is there, so nobody answers.
with_pair "dies with syn-sent sockets, IPv4" dies syn-sent 10.0.0.3
with_pair "dies with syn-sent sockets, IPv6" dies syn-sent fd00::3
with_pair "ports are each namespace's own" apart
with_pair "settings are each namespace's own" settings_apart
done_testing
