#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What the two ends of a connection see of each other, over loopback and over
# a link, beside the kernel's TCP
#
# timeout: 200

. ./lib.sh

make_pair 1500
export KSFT_TAP_LEVEL=1
exec ip netns exec a pairs 127.0.0.1 fd00::2@b
