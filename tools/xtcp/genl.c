// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/xtcp_netlink.h>

#include "genl.h"
#include "xtcp.h"

/* As much as the kernel puts into one message of a dump. */
#define REPLY_SIZE 32768

static char request_buf[4096];
static char reply_buf[REPLY_SIZE];

/* ---- the kernel's verdict, with the words that come along ---- */

static int note_words(const struct nlattr *attr, void *data)
{
	struct genl *genl = data;

	if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG &&
	    !mnl_attr_validate(attr, MNL_TYPE_NUL_STRING))
		snprintf(genl->error, sizeof(genl->error), "%s",
			 mnl_attr_get_str(attr));
	return MNL_CB_OK;
}

static int verdict(struct genl *genl, const struct nlmsghdr *nlh, int error,
		   size_t offset)
{
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS)
		mnl_attr_parse(nlh, offset, note_words, genl);

	if (!error)
		return MNL_CB_STOP;

	errno = -error;
	return MNL_CB_ERROR;
}

struct answer {
	struct genl *genl;
	genl_fn fn;
	void *data;
};

static int on_error(const struct nlmsghdr *nlh, void *data)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	struct answer *answer = data;
	size_t offset = sizeof(*err);

	/* Unless capped, the request is repeated in front of the words. */
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		offset += mnl_nlmsg_get_payload_len(&err->msg);

	return verdict(answer->genl, nlh, err->error, offset);
}

static int on_done(const struct nlmsghdr *nlh, void *data)
{
	struct answer *answer = data;
	int error = 0;

	if (mnl_nlmsg_get_payload_len(nlh) >= sizeof(error))
		memcpy(&error, mnl_nlmsg_get_payload(nlh), sizeof(error));

	return verdict(answer->genl, nlh, error, sizeof(error));
}

static int on_message(const struct nlmsghdr *nlh, void *data)
{
	struct answer *answer = data;

	return answer->fn(nlh, answer->data);
}

static mnl_cb_t control[] = {
	[NLMSG_ERROR] = on_error,
	[NLMSG_DONE] = on_done,
};

/* Return: 0, or -1 with errno and perhaps genl->error set. */
static int exchange(struct genl *genl, genl_fn fn, void *data)
{
	struct answer answer = { genl, fn, data };
	unsigned int port = mnl_socket_get_portid(genl->sock);
	ssize_t len;
	int ret = MNL_CB_OK;

	genl->error[0] = '\0';
	if (mnl_socket_sendto(genl->sock, genl->request,
			      genl->request->nlmsg_len) < 0)
		return -1;

	while (ret > MNL_CB_STOP) {
		len = mnl_socket_recvfrom(genl->sock, reply_buf,
					  sizeof(reply_buf));
		if (len < 0)
			return -1;
		ret = mnl_cb_run2(reply_buf, len, genl->request->nlmsg_seq,
				  port, on_message, &answer, control,
				  ARRAY_SIZE(control));
	}
	return ret;
}

void genl_begin(struct genl *genl, __u8 cmd, __u16 flags)
{
	static __u32 seq;
	struct genlmsghdr *header;

	genl->request = mnl_nlmsg_put_header(request_buf);
	genl->request->nlmsg_type = genl->family;
	genl->request->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	genl->request->nlmsg_seq = ++seq;

	header = mnl_nlmsg_put_extra_header(genl->request, sizeof(*header));
	header->cmd = cmd;
	header->version = XTCP_FAMILY_VERSION;
}

int genl_run(struct genl *genl, const char *what, genl_fn fn, void *data)
{
	if (!exchange(genl, fn, data))
		return STATUS_OK;

	return refused("%s: %s", what,
		       genl->error[0] ? genl->error : strerror(errno));
}

/* ---- finding the family ---- */

static int note_family_attr(const struct nlattr *attr, void *data)
{
	struct genl *genl = data;

	if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID &&
	    !mnl_attr_validate(attr, MNL_TYPE_U16))
		genl->family = mnl_attr_get_u16(attr);
	return MNL_CB_OK;
}

static int note_family(const struct nlmsghdr *nlh, void *data)
{
	mnl_attr_parse(nlh, sizeof(struct genlmsghdr), note_family_attr, data);
	return MNL_CB_OK;
}

static int find_family(struct genl *genl)
{
	genl->family = GENL_ID_CTRL;
	genl_begin(genl, CTRL_CMD_GETFAMILY, 0);
	mnl_attr_put_strz(genl->request, CTRL_ATTR_FAMILY_NAME,
			  XTCP_FAMILY_NAME);
	if (!exchange(genl, note_family, genl))
		return STATUS_OK;

	if (errno == ENOENT)
		return refused("no XTCP here: is the module loaded? (modprobe xtcp)");
	return refused("cannot find XTCP: %s", strerror(errno));
}

static void set_option(struct genl *genl, int option)
{
	int on = 1;

	/* Old kernels lack some: then errors come without words. */
	mnl_socket_setsockopt(genl->sock, option, &on, sizeof(on));
}

int genl_open(struct genl *genl)
{
	int status;

	genl->sock = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!genl->sock)
		return fail("cannot open a netlink socket: %s",
			    strerror(errno));

	set_option(genl, NETLINK_EXT_ACK);
	set_option(genl, NETLINK_CAP_ACK);
	set_option(genl, NETLINK_GET_STRICT_CHK);

	if (mnl_socket_bind(genl->sock, 0, MNL_SOCKET_AUTOPID))
		status = fail("cannot bind a netlink socket: %s",
			      strerror(errno));
	else
		status = find_family(genl);
	if (status)
		genl_close(genl);
	return status;
}

void genl_close(struct genl *genl)
{
	mnl_socket_close(genl->sock);
}
