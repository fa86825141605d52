#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The table in Documentation/sysctl.rst beside the running module: names,
# defaults, bounds; and each namespace has its own
#
# timeout: 120

dir=/proc/sys/net/xtcp
max=2147483647
table=/tmp/table

# The rows of the table: NAME, UNIT, DEFAULT, RANGE, between tabs
rows()
{
	awk '
	/^=+( =+)+$/ {
		if (++rules == 1)
			for (i = 1; i <= NF; i++) {
				from[i] = at + 1
				len[i] = length($i)
				at += len[i] + 1
			}
		next
	}
	function cell(i,    s) {
		s = substr($0, from[i], len[i])
		gsub(/^ +| +$/, "", s)
		return s
	}
	function flush() {
		if (name)
			print name "\t" unit "\t" value "\t" range
		name = ""
	}
	rules == 2 && cell(1) {
		flush()
		name = cell(1); unit = cell(2); value = cell(3); range = cell(4)
		next
	}
	rules == 2 {
		if (cell(3))
			value = value " " cell(3)
	}
	END { flush() }' ../Documentation/sysctl.rst
}

# get NAME: its words with one blank in between.  Without a process, which under
# emulation is dear.
get()
{
	local words

	read -ra words <"$dir/$1" && echo "${words[*]}"
}

# shows DEFAULT VALUE
shows()
{
	echo "$2"
	case $1 in
	"by memory")	[ "$(wc -w <<<"$2")" = 3 ] ;;
	">= "*)		[ "$2" -ge "${1#>= }" ] ;;
	*)		[ "$1" = "$2" ] ;;
	esac
}

# put NAME VALUE: the kernel's refusal is the status.
put()
{
	printf %s "$2" 2>/dev/null >"$dir/$1"
}

# accepts NAME VALUE
accepts()
{
	put "$1" "$2" && shows "$2" "$(get "$1")"
}

# refuses NAME VALUE: and nothing has changed
refuses()
{
	local before

	before=$(get "$1")
	! put "$1" "$2" && shows "$before" "$(get "$1")"
}

# keeps_to NAME LOW HIGH: as one number
keeps_to()
{
	accepts "$1" "$2" && refuses "$1" $(($2 - 1)) && refuses "$1" x || return
	case $3 in
	max)	accepts "$1" $max && refuses "$1" $((max + 1)) ;;
	max/HZ)	accepts "$1" 100000 && refuses "$1" $max ;;
	*)	accepts "$1" "$3" && refuses "$1" $(($3 + 1)) ;;
	esac
}

# keep_to NAME LOW HIGH BLANKS: as one number more than there are blanks, all of
# them equal so that any order is right
keep_to()
{
	local high=${3/max/$max}

	accepts "$1" "${4// /$2 }$2" && accepts "$1" "${4// /$high }$high" &&
		refuses "$1" "$(($2 - 1))${4// / $high}" &&
		refuses "$1" "$((high + 1))${4// / $high}"
}

# bounded NAME RANGE DEFAULT
bounded()
{
	case $2 in
	"a name")	accepts "$1" reno && refuses "$1" nosuch && accepts "$1" cubic ;;
	read-only)	refuses "$1" reno ;;
	*)
		case $3 in
		*\ *\ *)	keep_to "$1" "${2%%-*}" "${2#*-}" "  " ;;
		">= "*)		keeps_to "$1" "${2%%-*}" "${2#*-}" ;;
		*\ *)		keep_to "$1" "${2%%-*}" "${2#*-}" " " ;;
		*)		keeps_to "$1" "${2%%-*}" "${2#*-}" ;;
		esac ;;
	esac
}

# same_names FILE [BUT]: that file lists the names of the table, but one
same_names()
{
	cut -f 1 $table | grep -vx "${2:-}" | sort | diff - "$1"
}

# in_netns NAME COMMAND...: this script, there
in_netns()
{
	ip netns exec "$1" "$0" "${@:2}"
}

unchanged()
{
	local name value

	while IFS=$'\t' read -r name _ value _; do
		[ "$name" = mem ] || shows "$value" "$(get "$name")" || return
	done <$table
}

inherits()
{
	in_netns first put congestion_control reno
	ip netns add d
	in_netns d shows_now congestion_control reno
	in_netns first put congestion_control cubic
}

shows_now()
{
	shows "$2" "$(get "$1")"
}

prepare()
{
	rows >$table
	ip netns attach first $$
	ip netns add a
	ip netns add b
	ls $dir >/tmp/first
}

case ${1:-} in
'')
	prepare
	in_netns b all
	exit
	;;
all)
	. ./lib.sh
	;;
*)
	"$@"
	exit
	;;
esac

test_that "the table has the first namespace's names" same_names /tmp/first
ls $dir >/tmp/b
test_that "mem is the first namespace's alone" same_names /tmp/b mem
test_that "mem has three numbers" in_netns first shows_now mem "by memory"
while IFS=$'\t' read -r name _ value range; do
	[ "$name" != mem ] || continue
	test_that "$name: default $value" shows_now "$name" "$value"
	test_that "$name: range $range" bounded "$name" "$range" "$value"
done <$table
test_that "the port range is a range" refuses ip_local_port_range "2000 1000"
test_that "another namespace has its defaults still" in_netns a unchanged
ip netns add c
test_that "so has a new one" in_netns c unchanged
test_that "a new one has the first one's congestion control" inherits
done_testing
