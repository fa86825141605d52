#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# kernels: debug
#
# The module's KUnit suites have run when it was loaded and have left their
# results in the kernel's log; this says them again, a line a case.

dmesg | tac | sed '/xtcp-vm: begin kunit/q' | tac |
sed 's/^\[ *[0-9.]*\] //' |
awk '
/^    # Subtest: / { suite = $3; cases = 0 }
/^    (not )?ok [0-9]/ {
	result = $1 == "not" ? "not ok" : "ok"
	sub(/^ *(not )?ok [0-9]+ (- )?/, "")
	print result, ++tests, suite ": " $0
	cases++
}
# A suite may fail as a whole, before its first case.
/^not ok [0-9]/ && !cases { print "not ok", ++tests, suite }
END { print "1.." tests + 0 }
'
