#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A port has one owner, XTCP or the kernel's TCP

exec ports
