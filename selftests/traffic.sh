# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Traffic from the namespace a, and whether it arrives whole; links that meddle
# with it.  After lib.sh.

traffic_data=/tmp/data

# make_data MIB: what is sent
make_data()
{
	dd if=/dev/urandom of=$traffic_data bs=1M count="$1" 2>/dev/null ||
		ktap_exit_fail_msg "no data"
	traffic_sum=$(sha256sum <$traffic_data)
}

# arrives SECONDS XPIPE_ARGUMENT...: in that time, by its SHA-256
arrives()
(
	set -o pipefail
	got=$(in_a timeout "$1" xpipe "${@:2}" <$traffic_data | sha256sum) &&
		[ "$got" = "$traffic_sum" ]
)

# start_meddling HOW: a second link, 10.1.0.1 to 10.1.0.2 and fd01::1 to
# fd01::2, that does it to every segment
start_meddling()
{
	modprobe -q tun
	meddler=$(meddle a b "$1") || ktap_exit_fail_msg "meddle $1"
	ip -n a link set meddle mtu 1400 up
	ip -n b link set meddle mtu 1400 up
	ip -n a addr add 10.1.0.1/24 dev meddle
	ip -n b addr add 10.1.0.2/24 dev meddle
	ip -n a addr add fd01::1/64 dev meddle nodad
	ip -n b addr add fd01::2/64 dev meddle nodad
}

not_meddling()
{
	! ip -n a link show meddle && ! ip -n b link show meddle
}

stop_meddling()
{
	kill "$meddler"
	wait_for 10 not_meddling
}

# Jobs in the background, and the names of their tests
names=()
jobs=()

# end_jobs CHECK SAID: a test for each job N: CHECK N; says what is in SAIDN
end_jobs()
{
	local n

	for n in "${!jobs[@]}"; do
		# Not by test_that, whose subshell has no children to wait for
		if "$1" "$n"; then
			ktap_test_pass "${names[n]}"
		else
			ktap_test_fail "${names[n]}"
		fi
		ktap_print_msg "$(cat "$2$n")"
	done
}
