#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# host
# timeout: 600
#
# The module's floors, by the symbols of its object files: a file calls only
# files on lower floors or earlier ones on its own, in the order of Kbuild, and
# the pure ones call next to nothing of the kernel.  One test a file.

cd "$(dirname "$0")/.." || exit

# The generated table of operations names netlink.c's functions: one file, in
# two halves.
halves="netlink_gen netlink"

# What a pure file may take from outside: what the compiler puts in, and memory,
# strings and a hash.
pure='^(__fentry__|__x86_(return|indirect)_thunk.*|__stack_chk_fail)$'
pure+='|^__this_module$|^(mem|str)[a-z]+$|^(__)?siphash_[0-9a-z]+$'

dir=$(selftests/vm/build 6.12) || exit

# "NAME FLOOR" for each object, in Kbuild's order
objects()
{
	awk '
	/^# [0-9]+/ { floor = $2 + 0 }
	/^xtcp-y \+= module\// {
		name = $3
		sub(/^module\//, "", name)
		sub(/\.o$/, "", name)
		print name, floor
	}' Kbuild
}

# "NAME TYPE SYMBOL" for each global symbol of each object
symbols()
{
	local name

	while read -r name _; do
		nm -g "$dir/module/$name.o" | awk -v name="$name" '{ print name, $(NF - 1), $NF }'
	done
}

list=$(mktemp)
objects >"$list"
symbols <"$list" | awk -v list="$list" -v halves="$halves" -v pure="$pure" '
function place(name)
{
	return name == half[1] ? at[half[2]] : at[name]
}
function complain(name, what)
{
	said[name] = said[name] "# " what "\n"
}
BEGIN {
	split(halves, half)
	while ((getline <list) > 0) {
		file[++files] = $1
		floor[$1] = $2
		at[$1] = files
	}
}
{ seen[$1] = 1 }
$2 != "U" { owner[$3] = $1 }
$2 == "U" { user[++uses] = $1; used[uses] = $3 }
END {
	for (i = 1; i <= uses; i++) {
		name = user[i]
		symbol = used[i]
		to = owner[symbol]
		if (to && place(to) > place(name))
			complain(name, name ".c (floor " floor[name] ") uses " symbol \
				" of " to ".c (floor " floor[to] "), which comes later")
		else if (!to && floor[name] == 1 && symbol !~ pure)
			complain(name, name ".c is pure and uses " symbol)
	}
	for (i = 1; i <= files; i++) {
		if (!seen[file[i]])
			complain(file[i], file[i] ".o has no symbols")
		printf "%s", said[file[i]]
		print (said[file[i]] ? "not ok " : "ok ") i " " file[i] ".c"
		failed += said[file[i]] != ""
	}
	print "1.." files
	exit failed > 0
}'
status=$?
rm -f "$list"
exit $status
