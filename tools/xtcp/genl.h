/* SPDX-License-Identifier: GPL-2.0 */
/* Talking to the module over generic netlink. */
#ifndef XTCP_GENL_H
#define XTCP_GENL_H

#include <linux/types.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

/* A request under construction, and the socket that it will go out on. */
struct genl {
	struct mnl_socket *sock;
	struct nlmsghdr *request;
	__u16 family;
	char error[256];	/* what the kernel said, empty if nothing */
};

/* Called for each message of an answer. Return: MNL_CB_OK or _STOP. */
typedef int (*genl_fn)(const struct nlmsghdr *nlh, void *data);

/* These say on stderr what went wrong. Return: exit status. */
int genl_open(struct genl *genl);
int genl_run(struct genl *genl, const char *what, genl_fn fn, void *data);

void genl_close(struct genl *genl);

/* Begin a request; @flags as NLM_F_DUMP. Attributes are then put into it. */
void genl_begin(struct genl *genl, __u8 cmd, __u16 flags);

#endif
