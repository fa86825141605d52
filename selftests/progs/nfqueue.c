// SPDX-License-Identifier: GPL-2.0
/*
 * Takes what an nft rule puts into queue 0 and gives all of it back, in the
 * background and until it is killed; prints its pid.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <linux/netlink.h>

#include "background.h"

#define QUEUE	0

struct request {
	struct nlmsghdr nlh;
	struct nfgenmsg nfg;
	struct nlattr attr;
	union {
		struct nfqnl_msg_config_cmd cmd;
		struct nfqnl_msg_config_params params;
		struct nfqnl_msg_verdict_hdr verdict;
	};
};

/* Fills in all but the payload of @len bytes. */
static void prepare(struct request *request, int type, int attribute,
		    size_t len)
{
	*request = (struct request){
		.nlh.nlmsg_len = offsetof(struct request, cmd) + len,
		.nlh.nlmsg_type = NFNL_SUBSYS_QUEUE << 8 | type,
		.nlh.nlmsg_flags = NLM_F_REQUEST,
		.nfg.version = NFNETLINK_V0,
		.nfg.res_id = htons(QUEUE),
		.attr.nla_len = NLA_HDRLEN + len,
		.attr.nla_type = attribute,
	};
}

static void transmit(int fd, const struct request *request)
{
	if (send(fd, request, request->nlh.nlmsg_len, 0) < 0)
		err(1, "send");
}

/* Transmits @request and waits for the kernel to say that it is done. */
static void transact(int fd, struct request *request)
{
	struct {
		struct nlmsghdr nlh;
		struct nlmsgerr error;
		char rest[256];
	} reply;

	request->nlh.nlmsg_flags |= NLM_F_ACK;
	transmit(fd, request);
	if (recv(fd, &reply, sizeof(reply), 0) < 0)
		err(1, "recv");
	if (reply.nlh.nlmsg_type != NLMSG_ERROR || reply.error.error)
		errx(1, "queue %d: %s", QUEUE, strerror(-reply.error.error));
}

static void bind_queue(int fd)
{
	struct request request;

	prepare(&request, NFQNL_MSG_CONFIG, NFQA_CFG_CMD, sizeof(request.cmd));
	request.cmd.command = NFQNL_CFG_CMD_BIND;
	transact(fd, &request);
	prepare(&request, NFQNL_MSG_CONFIG, NFQA_CFG_PARAMS,
		sizeof(request.params));
	request.params.copy_mode = NFQNL_COPY_META;
	transact(fd, &request);
}

static void accept_packet(int fd, __be32 id)
{
	struct request request;

	prepare(&request, NFQNL_MSG_VERDICT, NFQA_VERDICT_HDR,
		sizeof(request.verdict));
	request.verdict.verdict = htonl(NF_ACCEPT);
	request.verdict.id = id;
	transmit(fd, &request);
}

static const struct nlattr *find(const struct nlmsghdr *nlh, int type)
{
	const char *p = (const char *)nlh + NLMSG_SPACE(sizeof(struct nfgenmsg));
	const char *end = (const char *)nlh + nlh->nlmsg_len;
	const struct nlattr *attr;

	for (; p + NLA_HDRLEN <= end; p += NLA_ALIGN(attr->nla_len)) {
		attr = (const struct nlattr *)p;
		if ((attr->nla_type & NLA_TYPE_MASK) == type)
			return attr;
	}
	errx(1, "a packet without attribute %d", type);
}

/* Gives back the packets of one message from the kernel. */
static void accept_packets(int fd, const struct nlmsghdr *nlh, int len)
{
	const struct nfqnl_msg_packet_hdr *packet;

	for (; NLMSG_OK(nlh, len); nlh = NLMSG_NEXT(nlh, len)) {
		packet = (const void *)((const char *)find(nlh, NFQA_PACKET_HDR) +
					NLA_HDRLEN);
		accept_packet(fd, packet->packet_id);
	}
}

int main(void)
{
	static union {
		struct nlmsghdr nlh;
		char room[65536];
	} message;
	int fd, len;

	fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER);
	if (fd < 0)
		err(1, "NETLINK_NETFILTER");
	bind_queue(fd);
	go_to_background();
	for (;;) {
		len = recv(fd, &message, sizeof(message), 0);
		/* Packets that found no room are lost, as on any link. */
		if (len < 0 && errno == ENOBUFS)
			continue;
		if (len < 0)
			err(1, "recv");
		accept_packets(fd, &message.nlh, len);
	}
}
