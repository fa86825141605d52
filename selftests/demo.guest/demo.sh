#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The demo's part in the guest; selftests/demo shows what it reports.  A line
# "# == ..." begins a step.
#
# needs: nginx curl
# timeout: 900

. ./lib.sh
. ./web.sh

mib=64
ports=1000		# local ports of the churning client
churns=3000		# connections that it wants
msl=10			# ms, its MSL with XTCP

declare -A tcp_of=([xtcp]="XTCP" [kernel]="the kernel's TCP")

# Not by ktap_print_msg, which would squeeze the blanks
tell()
{
	echo "# $*"
}

show_states()
{
	last_states | while read -r end stack state unread unsent local peer; do
		printf '#         %-6s %-7s %-10s %8s %8s  %-20s %s\n' "$end" "$stack" \
			"$state" "$unread" "$unsent" "$local" "$peer"
	done
}

# download NAME NGINX'S_STACK CURL'S_STACK ADDRESS
download()
{
	tell
	test_that "$1: curl got $mib MiB whose SHA-256 is right" fetch "$3" "$4"
	tell "        while it ran:      Recv-Q   Send-Q"
	show_states
	test_that "$1: connected, nginx by ${tcp_of[$2]} and curl by ${tcp_of[$3]}" \
		both_established "$2" "$3"
	test_that "$1: when done, TIME-WAIT is on curl's side" \
		wait_for 10 in_time_wait "$3"
	show_states
}

# downloads NGINX'S_STACK CURL'S_STACK
downloads()
{
	test_that "nginx runs over ${tcp_of[$1]}" start_nginx "$1"
	download IPv4 "$1" "$2" 10.0.0.2
	download IPv6 "$1" "$2" "[fd00::2]"
	tell
	test_that "nginx ends" stop_nginx
}

# churn STACK
churn()
{
	in_a timeout 300 xchurn -c "$1" -l kernel -n b 10.0.0.2 $churns >/tmp/churn
}

# Of the last churn: how many found no free port
refused()
{
	sed -n 's/.*EADDRNOTAVAIL \([0-9]*\) times/\1/p' /tmp/churn
}

runs_out()
{
	churn kernel && [ "$(refused)" -gt 0 ]
}

does_not_run_out()
{
	churn xtcp && [ "$(refused)" = 0 ] && grep -q "^$churns connections" /tmp/churn
}

# Two ranges, since the two stacks share the ports
narrow_ports()
{
	in_a sysctl -qw "net.ipv4.ip_local_port_range=20000 $((20000 + ports - 1))" \
		"net.xtcp.ip_local_port_range=30000 $((30000 + ports - 1))" \
		"net.xtcp.msl_ms=$msl"
}

module_loaded()
{
	grep '^xtcp ' /proc/modules
}

test_that "Linux $(uname -r) has loaded xtcp.ko" module_loaded
make_pair 1500
make_file $mib
tell "Two network namespaces with a link between them stand for two machines:"
tell "nginx will be on 10.0.0.2 and fd00::2, curl on 10.0.0.1 and fd00::1."

tell "== A server over XTCP, a client that knows nothing of it"
tell "    xtcp run -- nginx      and      curl http://10.0.0.2/data"
downloads xtcp kernel

tell "== A client over XTCP, a server that knows nothing of it"
tell "    nginx      and      xtcp run -- curl http://10.0.0.2/data"
downloads kernel xtcp

tell "== Both over XTCP"
tell "    xtcp run -- nginx      and      xtcp run -- curl http://10.0.0.2/data"
downloads xtcp xtcp

tell "== $churns short connections, one after another, with $ports local ports"
tell "    After each the client's port has to wait in TIME-WAIT: with the kernel's TCP"
tell "    for 60 s, with XTCP for 2 MSL, and here net.xtcp.msl_ms=$msl."
tell
test_that "net.{ipv4,xtcp}.ip_local_port_range narrowed to $ports" narrow_ports
test_that "the kernel's TCP runs out of them: EADDRNOTAVAIL" runs_out
tell "        $(cat /tmp/churn)"
tell "        TIME-WAIT now: $(in_a ss -tnH state time-wait | wc -l)"
test_that "XTCP does not" does_not_run_out
tell "        $(cat /tmp/churn)"
tell "        TIME-WAIT now: $(in_a xtcp ss -nH state time-wait | wc -l)"
done_testing
