# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # $vm, $tree
#
# What the scripts of the test machine share; sourced with $vm set to the
# directory that they stand in.

set -euo pipefail
export LC_ALL=C

cache=${XTCP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/xtcp}
cache=$(realpath -m "$cache")
tree=$(realpath "$vm/../..")
mkdir -p "$cache"

die()
{
	echo "${0##*/}: $*" >&2
	exit 1
}

say()
{
	echo "${0##*/}: $*" >&2
}

# Several runs may want the same part of the cache made at the same time.
lock()
{
	exec {lock_fd}>"$cache/$1.lock"
	flock "$lock_fd"
}

unlock()
{
	exec {lock_fd}>&-
}

# Runs a noisy command; what it says is only shown if it fails.
quietly()
{
	local log

	log=$(mktemp)
	if ! "$@" >"$log" 2>&1; then
		cat "$log" >&2
		rm -f "$log"
		die "failed: $*"
	fi
	rm -f "$log"
}

# header FILE KEY: what a topic says about itself in a line "# KEY: ..."
header()
{
	sed -n "/^[^#]/q; s/^# *$2: *//p" "$1"
}

# archive DIR: as an initramfs
archive()
{
	(cd "$1" && find . -mindepth 1 | sort | cpio -o -H newc -R 0:0 --quiet)
}
