#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Socket options that servers and clients set, beside the kernel's TCP
#
# timeout: 120

exec sockopts
