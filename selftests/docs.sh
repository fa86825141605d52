#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# host
# timeout: 60
#
# Whether README.md and Documentation/ say what is there.
#
# shellcheck disable=SC2317 # check calls them

cd "$(dirname "$0")/.." || exit
pages=(README.md Documentation/*.rst)
tests=0
failed=0

# check NAME COMMAND...: one test; it fails if the command fails or prints
# anything
check()
{
	local name=$1 said status=0

	shift
	tests=$((tests + 1))
	said=$("$@" 2>&1) || status=$?
	if [ $status = 0 ] && [ -z "$said" ]; then
		echo "ok $tests $name"
	else
		echo "# ${said//$'\n'/$'\n'# }"
		echo "not ok $tests $name"
		failed=1
	fi
}

# Pages that the index does not list, or lists in vain
index()
{
	diff <(sed -n '/toctree::/,$s/^   \([a-z-]*\)$/\1/p' Documentation/index.rst | sort) \
		<(basename -a -s .rst Documentation/*.rst | grep -vx index | sort)
}

# "FLOOR FILE" of each file that Kbuild lists
floors_of_kbuild()
{
	awk '/^# [0-9]/ { floor = $2 + 0 }
	/^xtcp-y \+= module\// { sub(/^module\//, "", $3); sub(/o$/, "c", $3); print floor, $3 }' \
		Kbuild | sort
}

# The same, as architecture.rst has it: tables whose first column is the file
floors_of_page()
{
	awk '/^Floor [0-9]/ { floor = $2 + 0 }
	/^[a-z0-9_\/]+\.c / { print floor, $1 }' Documentation/architecture.rst | sort
}

floors()
{
	diff <(floors_of_page) <(floors_of_kbuild)
}

first_program()
{
	# shellcheck disable=SC2016 # no command
	diff <(sed -n '/^```c$/,/^```$/{/^```/!p}' README.md) \
		<(grep -v SPDX selftests/progs/first.c)
}

# Files that are named but are not there; what is built need not be.  Pages that
# name other trees' files, or invented ones, are left out.
files()
{
	local name

	printf '%s\n' "${pages[@]}" | grep -v -e testing -e netlink | xargs \
		grep -ohP '(?<![\w/])(module|selftests|tools|uapi|include|Documentation)/[\w./-]*\w' |
	sort -u |
	while read -r name; do
		case $name in
		*.so | tools/xtcp/xtcp) ;;
		*)	[ -e "$name" ] || echo "$name: not there" ;;
		esac
	done
}

# Functions that are named but are not there
functions()
{
	local name

	grep -ohE '\bxtcp_[a-z0-9_]+\(\)' "${pages[@]}" | sort -u | tr -d '()' |
	while read -r name; do
		grep -qrw "$name" module include || echo "$name(): not there"
	done
}

check "state-machine.rst is current" Documentation/generate --check
check "the index lists the pages that there are" index
check "architecture.rst has the floors of Kbuild" floors
check "README.md has the first program" first_program
check "files that are named are there" files
check "functions that are named are there" functions
echo "1..$tests"
exit $failed
