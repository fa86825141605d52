// SPDX-License-Identifier: GPL-2.0
/* Addresses and ports as text. */
#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>

#include "addr.h"

const char *addr_text(char *text, int family, const struct in6_addr *addr)
{
	return inet_ntop(family, addr, text, INET6_ADDRSTRLEN);
}

const char *addr_interface(char *text, unsigned int ifindex)
{
	if (!if_indextoname(ifindex, text))
		snprintf(text, IF_NAMESIZE, "if%u", ifindex);
	return text;
}

/* Read /etc/services once, not once per line. */
static const char *service(__u16 port)
{
	static char *names[1 << 16];
	static bool known;
	struct servent *entry;

	if (!known) {
		known = true;
		setservent(1);
		while ((entry = getservent())) {
			char **name = &names[ntohs(entry->s_port)];

			if (!strcmp(entry->s_proto, "tcp") && !*name)
				*name = strdup(entry->s_name);
		}
		endservent();
	}
	return names[port];
}

const char *port_text(char *text, __u16 port, bool numeric)
{
	const char *name = numeric ? NULL : service(port);

	if (!port)
		return "*";
	if (name)
		return name;

	snprintf(text, PORT_LEN, "%u", port);
	return text;
}
