#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# firewall.sh [STACK]: firewalls see XTCP (or STACK) as TCP, and what does not
# come as a whole packet from a plain device is taken in, too: conntrack before
# and after XTCP, NFQUEUE, fragments, extension headers, VRFs, fraglist GRO
#
# timeout: 200

. ./lib.sh
. ./traffic.sh

stack=${1:-xtcp}

# to_b XPIPE_ARGUMENT...: all data arrives, between a and b
to_b()
{
	arrives 30 -n b "$@"
}

# both_ways WHAT XPIPE_OPTION...
both_ways()
{
	local what=$1 mode

	shift
	for mode in send receive; do
		test_that "$what, $mode, IPv4" \
			to_b -c "$stack" -l "$stack" "$@" $mode 10.0.0.2
		test_that "$what, $mode, IPv6" \
			to_b -c "$stack" -l "$stack" "$@" $mode fd00::2
	done
}

# counted PACKETS RULE: RULE of b's has met so many
counted()
{
	in_b nft list ruleset | grep -E "$2 counter packets $1 "
}

# Either end lets in what belongs to a connection; b also takes new ones.
stateful()
{
	local ns

	for ns in a b; do
		ip netns exec $ns nft -f - <<-'END'
			table inet filter {
				chain input {
					type filter hook input priority 0; policy drop;
					icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
					ct state established counter accept
				}
			}
		END
	done
	in_b nft add rule inet filter input tcp dport 5000 ct state new counter accept
}

# A connection that conntrack did not confirm would be new with each packet.
test_stateful()
{
	both_ways "$1"
	test_that "$1: one new packet each" counted 4 "ct state new"
	test_that "$1: the others are established" \
		counted "[0-9]{3,}" "ct state established"
}

conntrack_first()
{
	stateful
	test_stateful "conntrack before XTCP"
}

conntrack_later()
{
	local pid

	pid=$(in_a xhold -c "$stack" -l "$stack" -n b -p 4999 listen 10.0.0.2 1) ||
		ktap_exit_fail_msg "xhold"
	stateful
	test_stateful "XTCP before conntrack"
	kill "$pid"
}

queued()
{
	local pid

	pid=$(in_b nfqueue) || ktap_exit_fail_msg "nfqueue"
	in_b nft -f - <<-'END'
		table inet filter {
			chain input {
				type filter hook input priority 0;
				tcp dport 5000 counter queue num 0
			}
		}
	END
	both_ways "NFQUEUE"
	test_that "NFQUEUE was used" counted "[0-9]{3,}" "tcp dport 5000"
	kill "$pid"
}

# meddled HOW: over a link that does it to every segment
meddled()
{
	start_meddling "$1"
	test_that "IPv6 $1, send" to_b -c "$stack" -l "$stack" send fd01::2
	test_that "IPv6 $1, receive" to_b -c "$stack" -l "$stack" receive fd01::2
	stop_meddling
}

extension_headers()
{
	test_that "IPv6 destination options from the kernel's TCP" \
		to_b -o -c kernel -l "$stack" send fd00::2
	meddled extend
}

ipv6_fragments()
{
	# Before they are put together
	in_b nft -f - <<-'END'
		table ip6 filter {
			chain prerouting {
				type filter hook prerouting priority -450;
				exthdr frag exists counter
			}
		}
	END
	meddled fragment
	test_that "they were fragments" counted "[0-9]{3,}" "frag exists"
}

# b has counted a hundred and more.
fragments_came()
{
	in_b nstat -s | grep -E "^IpReasmReqds +[0-9]{3,}"
}

# A router between a and b whose link to b is narrow: it fragments.
ipv4_fragments()
{
	ip netns add r
	ip -n b link set eth0 netns r
	ip -n r link add eth1 mtu 600 type veth peer name eth0 netns b
	ip -n r addr add 10.0.0.2/24 dev eth0
	ip -n r addr add 10.0.1.1/24 dev eth1
	ip -n b addr add 10.0.1.2/24 dev eth0
	ip -n r link set eth0 up
	ip -n r link set eth1 up
	ip -n b link set eth0 up
	ip -n a route add 10.0.1.0/24 via 10.0.0.2
	ip -n b route add 10.0.0.0/24 via 10.0.1.1
	ip netns exec r sysctl -q net.ipv4.ip_forward=1
	test_that "IPv4 fragments" to_b -f -c kernel -l "$stack" send 10.0.1.2
	test_that "they were fragments" fragments_came
	ip netns delete r
}

vrf()
{
	ip -n b link add vrf0 type vrf table 10
	ip -n b link set vrf0 up
	ip -n b link set eth0 master vrf0
	# IPv6 addresses go when a device changes over.
	ip -n b addr add fd00::2/64 dev eth0 nodad
	both_ways "VRF" -d vrf0
}

fraglist()
{
	local ns

	for ns in a b; do
		ip netns exec $ns ethtool -K eth0 gro on rx-gro-list on
	done
	both_ways "fraglist GRO"
}

# with_pair FUNCTION: in fresh namespaces
with_pair()
{
	make_pair 1500
	"$1"
	drop_pair
}

make_data 1
with_pair conntrack_first
with_pair conntrack_later
with_pair queued
with_pair extension_headers
with_pair ipv6_fragments
with_pair ipv4_fragments
with_pair vrf
with_pair fraglist
done_testing
