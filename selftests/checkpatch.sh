#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# host
# timeout: 600
#
# Holds the module's sources to the kernel's coding style.

cd "$(dirname "$0")/.." || exit

# What does not fit a module outside of the kernel's tree:
#  LINUX_VERSION_CODE	compat.h has to ask
ignored=LINUX_VERSION_CODE

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
