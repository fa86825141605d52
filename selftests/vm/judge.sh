# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # $vm
#
# Whether what a guest reported is good.  Each of the check functions prints
# why it is not, or nothing.

# console_of LOG TOPIC: what came between a topic's begin and end
console_of()
{
	tr -d '\r' <"$1" |
		awk -v begin="xtcp-vm: begin $2\$" -v end="xtcp-vm: end $2\$" \
			'$0 ~ begin { on = 1 } on; $0 ~ end { on = 0 }'
}

# console_outside LOG: what came between no topic's begin and end
console_outside()
{
	tr -d '\r' <"$1" |
		awk '/xtcp-vm: begin / { off = 1 } !off; /xtcp-vm: end / { off = 0 }'
}

output_of()
{
	awk -v begin="@begin $2" -v end="@end $2" \
		'$0 == begin { on = 1 } on; $0 == end { on = 0 }' "$1"
}

# check_console < CONSOLE
check_console()
{
	local line

	line=$(grep -E -m1 -f "$vm/console.bad" || :)
	[ -z "$line" ] || echo "console: $line"
}

# check_end STATUS: whether the topic came to its end; STATUS also says what
# kept it from having a status.
check_end()
{
	case $1 in
	hang)	echo "hang: no end in sight, guest killed" ;;
	died)	echo "the guest ended before the topic did" ;;
	124 | 137 | 143)	echo "timed out" ;;
	esac
}

# 4 is kselftest's skip, which TAP has to say, too.
check_status()
{
	[ "$1" = 0 ] || [ "$1" = 4 ] || echo "exit status $1"
}

# Prints "skip" where every test was skipped.
check_tap()
{
	awk '
	/^1\.\.[0-9]+/ {
		plans++
		plan = substr($1, 4) + 0
		if (/# *SKIP/)
			none = 1
	}
	/^(not )?ok/ { tests++ }
	/^ok.*# *SKIP/ { skipped++ }
	/^not ok/ && !/# *(TODO|SKIP|XFAIL)/ && !failed { failed = $0 }
	/^Bail out!/ && !failed { failed = $0 }
	END {
		if (failed)
			print failed
		else if (none && !tests)
			print "skip"
		else if (!tests)
			print "no TAP: not a single test was reported"
		else if (plans != 1)
			print "TAP: " plans + 0 " plans"
		else if (plan != tests)
			print "TAP: " plan " tests planned, " tests " reported"
		else if (skipped == tests)
			print "skip"
	}'
}

check_problem()
{
	sed -n 's/^@problem //p' | head -n 1
}

# The module counts by kind what it made and what it freed.
check_unload()
{
	awk '
	/xtcp: unloaded, objects made\/freed:/ {
		lines++
		sub(/.*made\/freed:/, "")
		for (i = 2; i <= NF; i += 2) {
			split($i, n, "/")
			if (n[1] != n[2] || n[1] == "")
				print "objects made/freed: " $(i - 1) " " $i
		}
		if (NF < 2)
			print "the unload line counts nothing"
	}
	END {
		if (!lines)
			print "the module said nothing when it was unloaded"
	}' | head -n 1
}

# reasons CONSOLE OUTPUT STATUS MODULE: all that is wrong, the gravest first
reasons()
{
	check_console <"$1"
	check_end "$3"
	check_tap <"$2"
	check_status "$3"
	check_problem <"$2"
	[ -z "$4" ] || check_unload <"$1"
}

# verdict CONSOLE OUTPUT STATUS MODULE: "pass", "skip" or "FAIL reason"
verdict()
{
	local why

	why=$(reasons "$@")
	case $why in
	'')	echo pass ;;
	skip)	echo skip ;;
	*)	echo "FAIL $(grep -v -m1 '^skip$' <<<"$why")" ;;
	esac
}

# result_line TOPIC KERNEL SECONDS VERDICT
result_line()
{
	local word=${4%% *} why

	why=${4#"$word"}
	echo "$word $1 $2 ${3}s${why:+:$why}"
}

# excerpt CONSOLE OUTPUT: what helps to understand a failure
excerpt()
{
	{
		if grep -q -E -f "$vm/console.bad" "$1"; then
			grep -E -m1 -A60 -f "$vm/console.bad" "$1"
		else
			tail -n 40 "$2"
		fi
	} | sed 's/^/    | /'
}
