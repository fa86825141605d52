#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A topic with a failing test, and a good end that must not hide it
echo "ok 1 one"
echo "not ok 2 two"
echo "1..2"
