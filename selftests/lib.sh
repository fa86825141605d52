# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC1091 # ktap_helpers.sh is only in the guest
#
# What topics share; a topic that is a shell script begins with ". ./lib.sh"
# and ends with "done_testing".  On top of the kernel's own ktap_helpers.sh,
# which the test machine puts beside this file.

. ./ktap_helpers.sh
ktap_print_header

# test_that NAME COMMAND...: one test; what a failed command said is shown.
test_that()
{
	_name=$1
	shift
	if _said=$("$@" 2>&1); then
		ktap_test_pass "$_name"
	else
		echo "$_said" | sed 's/^/# /'
		ktap_test_fail "$_name"
	fi
}

# Prints the plan, which TAP lets come last, and exits by the result.
done_testing()
{
	ktap_set_plan $((KTAP_TESTNO - 1))
	ktap_finished
}

# skip_all WHY: ends a topic that cannot run here.
skip_all()
{
	ktap_skip_all "$*"
	exit "$KSFT_SKIP"
}

# on_debug_kernel: where all takes ten times as long; less of it has to do.
on_debug_kernel()
{
	[ -e /sys/kernel/debug/kmemleak ]
}

# wait_for SECONDS COMMAND...: until it succeeds, or fails when time is up.
wait_for()
{
	_left=$(($1 * 10))
	! on_debug_kernel || _left=$((_left * 5))
	shift
	until "$@" >/dev/null 2>&1; do
		[ $_left -gt 0 ] || return 1
		_left=$((_left - 1))
		sleep 0.1
	done
}

# in_a COMMAND..., in_b COMMAND...: run it in that namespace.
in_a()
{
	ip netns exec a "$@"
}

in_b()
{
	ip netns exec b "$@"
}

# add_host NAME NUMBER: a namespace whose eth0 is 10.0.0.NUMBER, fd00::NUMBER
add_host()
{
	ip -n "$1" link set lo up
	ip -n "$1" addr add "10.0.0.$2/24" dev eth0
	ip -n "$1" addr add "fd00::$2/64" dev eth0 nodad
	ip -n "$1" link set eth0 up
}

# make_pair [MTU]: the namespaces a (10.0.0.1, fd00::1) and b (10.0.0.2,
# fd00::2), joined by a veth pair.  IPv6 is left out where the MTU rules it out.
make_pair()
{
	_mtu=${1:-1500}
	ip netns add a
	ip netns add b
	ip -n a link add eth0 mtu "$_mtu" type veth peer name eth0 mtu "$_mtu" netns b
	add_host a 1 2>/dev/null
	add_host b 2 2>/dev/null
	wait_for 10 carrier
}

carrier()
{
	in_a grep -q 1 /sys/class/net/eth0/carrier
}

drop_pair()
{
	ip netns pids a | xargs -r kill -9 2>/dev/null
	ip netns pids b | xargs -r kill -9 2>/dev/null
	ip netns delete a
	ip netns delete b
}

# netem ARGUMENT...: the link's quality, both ways: "loss 1%", "delay 50ms 5ms"
netem()
{
	tc -n a qdisc replace dev eth0 root netem limit 10000 "$@"
	tc -n b qdisc replace dev eth0 root netem limit 10000 "$@"
}
