#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A topic that never ends
# timeout: 2
echo "1..1"
echo "ok 1 one"
exec sleep 1000
