#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# host
# timeout: 600
#
# Holds the module's sources to the kernel's coding style.

cd "$(dirname "$0")/.." || exit

# What is let pass:
#  LINUX_VERSION_CODE	outside of the kernel's tree, compat.h has to ask
#  MACRO_ARG_*, COMPLEX_MACRO, MACRO_WITH_FLOW_CONTROL
#			tables by macros, iterators and tracepoints are like that
#  CONSTANT_COMPARISON	a macro that hands LINUX_VERSION_CODE's comparison on
#  CONST_STRUCT		proto_ops whose family is a module parameter
ignored=LINUX_VERSION_CODE,MACRO_ARG_REUSE,MACRO_ARG_PRECEDENCE,MACRO_ARG_UNUSED
ignored=$ignored,COMPLEX_MACRO,MACRO_WITH_FLOW_CONTROL,CONSTANT_COMPARISON,CONST_STRUCT

checkpatch=$(selftests/vm/kernel source)/scripts/checkpatch.pl
failed=0 tests=0
while read -r file; do
	tests=$((tests + 1))
	if said=$("$checkpatch" --no-tree --strict --quiet --no-summary --terse \
			--ignore "$ignored" -f "$file"); then
		echo "ok $tests $file"
	else
		echo "# ${said//$'\n'/$'\n'# }"
		echo "not ok $tests $file"
		failed=1
	fi
done < <(find module include uapi selftests/vm/faults -name '*.[ch]' | sort)
echo "1..$tests"
exit $failed
