#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A topic that reports no test
echo "I was here."
