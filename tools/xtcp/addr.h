/* SPDX-License-Identifier: GPL-2.0 */
#ifndef XTCP_ADDR_H
#define XTCP_ADDR_H

#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <linux/types.h>

#define PORT_LEN 8

/* @text: INET6_ADDRSTRLEN; IPv4 is in @addr's first four bytes */
const char *addr_text(char *text, int family, const struct in6_addr *addr);

/* @text: IF_NAMESIZE */
const char *addr_interface(char *text, unsigned int ifindex);

/* "*" for none, a service's name unless @numeric. @text: PORT_LEN, to use */
const char *port_text(char *text, __u16 port, bool numeric);

#endif
