#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What calls on one socket return, beside the kernel's TCP
#
# timeout: 120

exec sockapi
