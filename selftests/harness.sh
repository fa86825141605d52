#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# host
# timeout: 600
#
# Proves the test machine: of each thing that it must notice there is one here,
# in a guest of its own, and it has to be called what it is.

cd "$(dirname "$0")" || exit
faults=vm/faults
tests=0
failed=0

# ok NAME STATUS
ok()
{
	tests=$((tests + 1))
	if [ "$2" = 0 ]; then
		echo "ok $tests $1"
	else
		echo "not ok $tests $1"
		failed=1
	fi
}

# guest KERNEL FAULT TOPICS [OPTION]...: TOPICS are run in one guest.
guest()
{
	local kernel=$1 fault=$2 topic files=()

	for topic in $3; do
		files+=("$faults/$topic.sh")
	done
	shift 3
	vm/vm --quiet -k "$kernel" --module "${modules[$kernel]}/fault.ko" \
		--params "fault=$fault" "$@" --all "${files[@]}" 2>/dev/null
}

# try KERNEL FAULT TOPICS [OPTION]...: leaves in $said what vm says.
try()
{
	local status=0 wanted=0

	said=$(guest "$@") || status=$?
	echo "# ${said//$'\n'/$'\n# '}"
	[[ $said != *FAIL* && -n $said ]] || wanted=1
	[ $status = $wanted ]
	ok "$1, fault $2: the exit status fits" $?
}

# says PATTERN: a line of what was said in the last try
says()
{
	grep -q "^$1" <<<"$said"
	ok "$1" $?
}

build_faults()
{
	local kernel

	for kernel; do
		modules[$kernel]=$(vm/build "$kernel" "$faults") || exit
	done
}

declare -A modules
build_faults 6.12 debug

try 6.12 none "healthy skipped silent failing unfinished crashed endless fleeing"
says "pass healthy"
says "skip skipped"
says "FAIL silent .*: no TAP"
says "FAIL failing .*: not ok 2 two"
says "FAIL unfinished .*: TAP: 3 tests planned, 1 reported"
says "FAIL crashed .*: exit status 3"
says "FAIL endless .*: timed out"
says "FAIL fleeing .*: the guest ended before"
try 6.12 oops healthy
says "FAIL healthy .*: console: .*BUG: kernel NULL pointer"
# The guest that a warning spoils is left to the one topic; the other fares no
# better in the next.
try 6.12 warn "healthy skipped"
says "FAIL healthy .*: console: .*WARNING:"
says "FAIL skipped .*: console: .*WARNING:"
try 6.12 freeze healthy --smp 1 --timeout 5 --grace 15
says "FAIL healthy .*: hang"
try 6.12 refuse healthy
says "FAIL healthy .*: insmod failed"
try 6.12 count healthy
says "FAIL healthy .*: objects made/freed: sock 1/0"
try debug none healthy
says "pass healthy"
try debug inversion healthy
says "FAIL healthy .*: console: .*circular locking"
try debug leak healthy
says "FAIL guest .*: console: .*kmemleak: .* suspected memory leaks"
echo "1..$tests"
exit $failed
