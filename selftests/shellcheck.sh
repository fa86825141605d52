#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# host
# timeout: 300
#
# Looks over the shell scripts.

cd "$(dirname "$0")/.." || exit
failed=0 tests=0
while read -r script; do
	tests=$((tests + 1))
	if said=$(shellcheck -x -P SCRIPTDIR -P selftests "$script" 2>&1); then
		echo "ok $tests $script"
	else
		echo "${said//$'\n'/$'\n'# }"
		echo "not ok $tests $script"
		failed=1
	fi
done < <(grep -rlE --exclude-dir=.git '^#!/bin/(ba)?sh|^# shellcheck shell=' . | sort)
echo "1..$tests"
exit $failed
