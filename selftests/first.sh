#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# README.md's first program gets a page from a web server on the kernel's TCP

. ./lib.sh

says()
{
	"$@" | tr -d '\r' | grep -x "Hello, XTCP"
}

# The number of connections that XTCP has opened
opened()
{
	awk '$1 != "Tcp:" { next }
	!names++ { for (i = 2; i <= NF; i++) at[$i] = i; next }
	{ print $at["ActiveOpens"] }' /proc/net/xtcp_netstat
}

mkdir -p /tmp/www
echo "Hello, XTCP" >/tmp/www/index.html
busybox httpd -h /tmp/www
test_that "it is served" wait_for 5 says wget -q -O - http://127.0.0.1/
test_that "the first program reads it" says first 127.0.0.1
test_that "it went over XTCP" test "$(opened)" = 1
done_testing
