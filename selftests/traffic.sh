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
