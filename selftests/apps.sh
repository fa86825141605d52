#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Real programs over XTCP, unmodified: nginx and curl, against the kernel's TCP
# in both roles and against XTCP; and what they do without the module
#
# needs: nginx curl
# timeout: 300

. ./lib.sh
. ./web.sh

# download WHAT NGINX'S_STACK CURL'S_STACK ADDRESS
download()
{
	test_that "$1: SHA-256" fetch "$3" "$4"
	test_that "$1: meanwhile both ends are ESTAB" both_established "$2" "$3"
	test_that "$1: afterwards curl's is TIME-WAIT" wait_for 10 in_time_wait "$3"
}

# with_nginx STACK
with_nginx()
{
	local stack

	test_that "nginx over $1 starts" start_nginx "$1"
	for stack in xtcp kernel; do
		[ "$1 $stack" != "kernel kernel" ] || continue
		download "nginx over $1, curl over $stack, IPv4" "$1" $stack 10.0.0.2
		download "nginx over $1, curl over $stack, IPv6" "$1" $stack "[fd00::2]"
	done
}

# Many at once, by one curl: all of them come, each whole.
parallel()
{
	local n args=()

	for n in {1..20}; do
		args+=(-o "/tmp/got/$n" "http://$1:$web_port/data")
	done
	rm -rf /tmp/got
	mkdir /tmp/got
	run_over xtcp a timeout 250 curl -gsSf --parallel --parallel-immediate \
		"${args[@]}" || return
	for n in {1..20}; do
		cmp "/tmp/got/$n" /tmp/www/data || return
	done
}

# nginx as a proxy, over both stacks at once: it listens by one of them, and
# connects to a web server by the other.
proxy()
{
	cat >/tmp/proxy.conf <<-END
		pid /tmp/proxy.pid;
		error_log /tmp/proxy.log;
		events {}
		http {
			access_log off;
			proxy_buffering off;
			server {
				listen 8080;
				listen [::]:8080;
				location / {
					proxy_pass http://10.0.0.2:$web_port;
				}
			}
		}
	END
	in_a xtcp run --strict --only "$1" -- nginx -c /tmp/proxy.conf || return
	wait_for 20 test -s /tmp/proxy.pid
}

# through_proxy STACK ADDRESS: as b's curl sees it
through_proxy()
{
	[ "$(run_over "$1" b timeout 60 curl -gsSf "http://$2:8080/data" |
		sha256sum)" = "$web_sum" ]
}

end_proxy()
{
	kill "$(cat /tmp/proxy.pid)" && wait_for 20 test ! -e /tmp/proxy.pid
}

# listens STACK PORT: in a, and not by the other stack
listens()
{
	local said

	said=$(in_a xtcp ss -lnH | sed 's/^/xtcp /'; in_a ss -tlnH | sed 's/^/kernel /')
	echo "$said"
	[ "$(echo "$said" | awk -v port=":$2$" '$5 ~ port { print $1 }' | sort -u)" = "$1" ]
}

# Without the module: a warning, and the kernel's TCP
falls_back()
{
	in_a xtcp run -- curl -gsSf "http://10.0.0.2:$web_port/data" 2>/tmp/warning |
		cmp - /tmp/www/data || return
	cat /tmp/warning
	grep -q "^xtcp: no XTCP here: .*over the kernel's TCP" /tmp/warning
}

# With --strict: an error, and curl does not even begin
is_refused()
{
	local status=0

	in_a xtcp run --strict -- curl -gsS -o /tmp/refused \
		"http://10.0.0.2:$web_port/data" || status=$?
	[ $status = 2 ] && [ ! -e /tmp/refused ]
}

# The preloaded library alone, as a systemd unit would have it
is_refused_preloaded()
{
	! in_a env LD_PRELOAD="$XTCP_PRELOAD" XTCP_STRICT=1 \
		curl -gsS -o /tmp/refused "http://10.0.0.2:$web_port/data" &&
		[ ! -e /tmp/refused ]
}

make_pair 1500
make_file 4

with_nginx xtcp
test_that "20 at once, IPv4" parallel 10.0.0.2
test_that "20 at once, IPv6" parallel "[fd00::2]"
test_that "nginx over xtcp ends" stop_nginx

with_nginx kernel

test_that "a proxy with --only connect starts" proxy connect
test_that "it listens by the kernel's TCP" listens kernel 8080
test_that "it serves, IPv4" through_proxy kernel 10.0.0.1
test_that "it ends" end_proxy
test_that "a proxy with --only listen starts" proxy listen
test_that "it listens by XTCP" listens xtcp 8080
test_that "it serves, IPv6" through_proxy kernel "[fd00::1]"
test_that "it serves, over XTCP, IPv6" through_proxy xtcp "[fd00::1]"
test_that "it ends" end_proxy

test_that "the module goes" wait_for 30 rmmod xtcp
test_that "without it curl falls back" falls_back
test_that "without it --strict refuses" is_refused
test_that "without it XTCP_STRICT refuses" is_refused_preloaded
done_testing
