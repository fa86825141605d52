# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# nginx, on 10.0.0.2 and fd00::2, and curl, on 10.0.0.1 and fd00::1, each over
# XTCP or over the kernel's TCP; for the topic apps and for the demo.  After
# lib.sh and make_pair.

web_port=80		# of the nginx that runs
web_states=/tmp/states	# of the connections in the midst of a transfer
web_log=/tmp/curl.log

# run_over STACK NETNS COMMAND...: unmodified, with the TCP of xtcp or kernel
run_over()
{
	case $1 in
	xtcp)	ip netns exec "$2" xtcp run --strict -- "${@:3}" ;;
	kernel)	ip netns exec "$2" "${@:3}" ;;
	esac
}

# make_file MIB: what is served as /data
make_file()
{
	mkdir -p /tmp/www
	dd if=/dev/urandom of=/tmp/www/data bs=1M count="$1" 2>/dev/null || exit
	web_sum=$(sha256sum </tmp/www/data)
}

# start_nginx STACK
start_nginx()
{
	cat >/tmp/nginx.conf <<-END
		worker_processes 2;
		pid /tmp/nginx.pid;
		error_log /tmp/nginx.log;
		events {}
		http {
			access_log off;
			sendfile on;
			server {
				listen $web_port;
				listen [::]:$web_port;
				root /tmp/www;
			}
		}
	END
	run_over "$1" b nginx -c /tmp/nginx.conf
}

# nginx removes the file when its workers have gone.
stop_nginx()
{
	[ -e /tmp/nginx.pid ] || return 0
	kill "$(cat /tmp/nginx.pid)" && wait_for 20 test ! -e /tmp/nginx.pid
}

# list_states: END STACK STATE Recv-Q Send-Q LOCAL PEER of each connection; ss
# lists the kernel's, xtcp ss those of XTCP.
list_states()
{
	local filter="exclude listening"

	# shellcheck disable=SC2086 # words
	{
		in_b xtcp ss -nH $filter | sed "s/^/nginx xtcp /"
		in_b ss -tnH $filter | sed "s/^/nginx kernel /"
		in_a xtcp ss -nH $filter | sed "s/^/curl xtcp /"
		in_a ss -tnH $filter | sed "s/^/curl kernel /"
	} | awk '{ print $1, $2, $3, $4, $5, $6, $7 }'
}

# Passes its input on, with a look at the connection once the first byte is
# there.  Meanwhile nothing is read: it cannot end before it is seen.
look_inside()
{
	dd bs=1 count=1 2>/dev/null
	list_states >$web_states
	cat
}

# fetch STACK ADDRESS: by curl; what came is what was served.  The local port
# is left in $web_log.
fetch()
{
	local sum

	rm -f $web_states
	sum=$(run_over "$1" a timeout 200 curl -gsSf -w '%{stderr}port %{local_port}' \
		"http://$2:$web_port/data" 2>$web_log | look_inside | sha256sum)
	cat $web_log
	[ "$sum" = "$web_sum" ]
}

# last_states: $web_states, but of the last connection only
last_states()
{
	awk -v port=":$(sed -n 's/.*port //p' $web_log)$" '
		$6 ~ port || $7 ~ port' $web_states
}

# end_is END STACK STATE: of the last connection, and the other stack has none
end_is()
{
	last_states | awk -v end="$1" -v stack="$2" -v state="$3" '
		{ print }
		$1 == end { n++; good += $2 == stack && $3 == state }
		END { exit !(n == 1 && good == 1) }'
}

# both_established NGINX'S_STACK CURL'S_STACK
both_established()
{
	end_is nginx "$1" ESTAB && end_is curl "$2" ESTAB
}

# curl closes first.
in_time_wait()
{
	list_states >$web_states
	end_is curl "$1" TIME-WAIT
}
