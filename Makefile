# SPDX-License-Identifier: GPL-2.0

KDIR ?= /lib/modules/$(shell uname -r)/build

all: modules

modules modules_install:
	$(MAKE) -C $(KDIR) M=$(CURDIR) $@

clean:
	$(if $(wildcard $(KDIR)/Makefile),$(MAKE) -C $(KDIR) M=$(CURDIR) clean)
	$(MAKE) -C tools/xtcp clean
	$(MAKE) -C tools/preload clean

tools:
	$(MAKE) -C tools/xtcp
	$(MAKE) -C tools/preload

test:
	selftests/run

demo:
	selftests/demo

bench:
	selftests/bench/run

vm:
	selftests/vm/install
	selftests/vm/vm --shell

rehearsal:
	selftests/vm/rehearsal

help:
	@echo 'XTCP: a second TCP for Linux, as a socket family'
	@echo
	@echo '  make                  - xtcp.ko for the running kernel'
	@echo '  make KDIR=DIR         - ... for the kernel whose headers or build tree is DIR'
	@echo '  make modules_install  - install it to /lib/modules (honours INSTALL_MOD_PATH)'
	@echo '  make clean            - remove what was built'
	@echo '  make tools            - tools/xtcp/xtcp and tools/preload/libxtcp-preload.so'
	@echo
	@echo '  make demo             - selftests/demo: real programs over XTCP, in a guest'
	@echo '  make test             - selftests/run: build and test on every kernel'
	@echo '  make bench            - selftests/bench/run: XTCP beside the kernel'"'"'s TCP'
	@echo '  make vm               - a shell in a guest with the module loaded'
	@echo '  make rehearsal        - demo and test in a fresh Debian 12 tree'

.PHONY: all modules modules_install clean tools test demo bench vm rehearsal help
