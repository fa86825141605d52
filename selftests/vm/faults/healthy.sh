#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
. ./lib.sh
test_that "all is well" true
done_testing
