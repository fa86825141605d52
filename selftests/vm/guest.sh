# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # the options are vm's
#
# Puts a guest together and boots it.

topic_file()
{
	local file

	for file in "$1" "$tree/selftests/$1.sh"; do
		if [[ $file == *.sh && -f $file ]]; then
			echo "$file"
			return
		fi
	done
	die "no such topic: $1"
}

topic_name()
{
	basename "$1" .sh
}

# The debug kernel takes about four times as long.
topic_limit()
{
	local limit=${timeout:-$(header "$1" timeout)}

	limit=${limit:-60}
	[ "$kernel" != debug ] || [ -n "$timeout" ] || limit=$((limit * 4))
	echo "$limit"
}

copy_programs()
{
	local root=$1 from=$2 part

	for part in selftests/progs selftests/bench tools/xtcp; do
		[ ! -e "$from/$part" ] || find "$from/$part" -maxdepth 1 -type f -executable \
			-exec cp -t "$root/usr/local/bin" {} +
	done
	find "$from/tools" -name '*.so' -exec cp -t "$root/usr/lib" {} +
	# Not by --parents: in the guest /lib is a link.
	ldd "$root/usr/local/bin/xtcp" | grep -o '/.*lib\(json-c\|mnl\)[^ ]*' |
		xargs cp -L -t "$root/usr/lib"
}

copy_selftests()
{
	local root=$1 from=$2

	cp -r "$from/selftests" "$from/Documentation" "$root"
	rm -rf "$root"/selftests/{vm,progs}
	cp "$("$vm/kernel" source)/tools/testing/selftests/kselftest/ktap_helpers.sh" \
		"${files[@]}" "$root/selftests"
}

# What changes from run to run, laid over the archives that do not.
overlay()
{
	local root=$1 programs file

	programs=$("$vm/build" programs)
	mkdir -p "$root"/usr/{lib/xtcp,local/bin}
	cp "$vm/init" "$vm/console.bad" "$root"
	copy_programs "$root" "$programs"
	copy_selftests "$root" "$programs"
	[ -z "$module" ] || cp "$module" "$root/usr/lib/xtcp"
	for file in "${files[@]}"; do
		printf 'limit=%s args=%q\n' "$(topic_limit "$file")" \
			"${args[*]:-$(header "$file" args)}" >"$root/job.$(topic_name "$file")"
	done
	[ -z "$add" ] || cp -r "$add/." "$root"
}

needed_programs()
{
	local file

	for file in "${files[@]}"; do
		header "$file" needs
	done | xargs -r -n1 | sort -u
}

# The archives that hold nothing of this tree
host_archives()
{
	local name

	"$vm/rootfs" base
	"$vm/rootfs" modules "$kdir"
	for name in $(needed_programs); do
		"$vm/rootfs" program "$name"
	done
}

# All of the initramfs but the job, which differs from boot to boot
make_common()
{
	local archives

	archives=$(host_archives)
	mkdir "$work/overlay"
	overlay "$work/overlay"
	# shellcheck disable=SC2086 # words
	archive "$work/overlay" | cat $archives - >"$work/common"
}

# make_initrd TOPIC...
make_initrd()
{
	mkdir -p "$work/job"
	printf 'topics=%q module=%q params=%q shell=%q\n' "$*" \
		"$(basename "$module" .ko)" "$params" "$shell" >"$work/job/job"
	archive "$work/job" | cat "$work/common" - >"$work/initrd"
}

# QEMU would count rep movsb as one instruction a byte: hence -erms, -fsrm.
accelerator()
{
	if [ -n "$icount" ]; then
		echo "-accel tcg -cpu max,-erms,-fsrm -icount shift=0,sleep=off" \
			"-rtc base=2025-01-01,clock=vm"
	elif [ "$("$vm/accel")" = kvm ]; then
		echo "-accel kvm -cpu host"
	else
		echo "-accel tcg,thread=multi -cpu max,-erms,-fsrm"
	fi
}

# What the guest would have to measure, and measures badly on a busy host
guest_clock()
{
	if [ -n "$icount" ]; then
		echo "tsc=reliable tsc_early_khz=1000000"
	elif [ "$("$vm/accel")" = tcg ]; then
		echo "tsc=reliable tsc_early_khz=$("$vm/tsc")"
	fi
}

# Boot's mere information is left out, since it is slow to print.  A guest that
# is dead or spoilt ends at once, unless somebody sits there.
kernel_arguments()
{
	echo "console=ttyS0 loglevel=5 mitigations=off" "$(guest_clock)"
	[ -n "$shell" ] || echo "panic=-1 oops=panic panic_on_warn=1"
	echo "$append"
}

# boot OPTION...
boot()
{
	# shellcheck disable=SC2046 # words
	exec qemu-system-x86_64 $(accelerator) ${seed:+-seed $seed} -smp "$smp" -m "$mem" \
		-nodefaults -display none -no-reboot -kernel "$kdir/vmlinuz" \
		-initrd "$work/initrd" -append "$(kernel_arguments | xargs)" "$@"
}
