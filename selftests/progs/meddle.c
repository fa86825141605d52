// SPDX-License-Identifier: GPL-2.0
/*
 * A link between two namespaces that meddles with TCP: a TUN device "meddle"
 * in each, and all packets handed over with one thing done to them. Goes on
 * in the background until it is killed; prints its pid.
 */
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <poll.h>
#include <sys/ioctl.h>

#include "background.h"
#include "kselftest.h"
#include "sock.h"

#define IPV6_HEADER	((size_t)40)
#define EXTENSION	((size_t)8)	/* the size of both kinds added here */

struct packet {
	size_t len;
	unsigned char data[2048];
};

struct way {
	const char *name;
	const char *what;
	void (*hand_over)(int tun, struct packet *packet);
};

static const char *program;

static void deliver(int tun, const struct packet *packet)
{
	/* Refused: what makes no sense, and all while the device is down. */
	if (write(tun, packet->data, packet->len) < 0 && errno != EINVAL &&
	    errno != EIO)
		err(1, "write");
}

static bool is_ipv6(const struct packet *packet)
{
	return packet->data[0] >> 4 == 6;
}

static size_t ip_header_len(const struct packet *packet)
{
	return is_ipv6(packet) ? IPV6_HEADER : (packet->data[0] & 15) * 4;
}

static struct tcphdr *tcp_header(struct packet *packet)
{
	return (struct tcphdr *)(packet->data + ip_header_len(packet));
}

static size_t tcp_len(const struct packet *packet)
{
	return packet->len - ip_header_len(packet);
}

static bool is_tcp(const struct packet *packet)
{
	return packet->data[is_ipv6(packet) ? 6 : 9] == IPPROTO_TCP &&
	       packet->len >= ip_header_len(packet) + sizeof(struct tcphdr);
}

static void put16(unsigned char *at, unsigned int value)
{
	at[0] = value >> 8;
	at[1] = value;
}

static unsigned int sum16(unsigned int sum, const unsigned char *at, size_t len)
{
	for (; len > 1; at += 2, len -= 2)
		sum += at[0] << 8 | at[1];
	if (len)
		sum += at[0] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static void fix_ip_sum(struct packet *packet)
{
	put16(packet->data + 10, 0);
	put16(packet->data + 10,
	      ~sum16(0, packet->data, ip_header_len(packet)));
}

static void fix_tcp_sum(struct packet *packet)
{
	unsigned char *tcp = (unsigned char *)tcp_header(packet);
	size_t len = tcp_len(packet);
	unsigned int sum;

	put16(tcp + 16, 0);
	if (is_ipv6(packet))
		sum = sum16(len + IPPROTO_TCP, packet->data + 8, 32);
	else
		sum = sum16(len + IPPROTO_TCP, packet->data + 12, 8);
	put16(tcp + 16, ~sum16(sum, tcp, len));
}

/* The IP header says again how long the packet is. */
static void fix_len(struct packet *packet)
{
	if (is_ipv6(packet)) {
		put16(packet->data + 4, packet->len - IPV6_HEADER);
	} else {
		put16(packet->data + 2, packet->len);
		fix_ip_sum(packet);
	}
}

/* Puts a header of 8 bytes, filled with 0 but for the kind of what follows. */
static unsigned char *add_extension(struct packet *packet, int type)
{
	unsigned char *header = packet->data + IPV6_HEADER;

	memmove(header + EXTENSION, header, packet->len - IPV6_HEADER);
	memset(header, 0, EXTENSION);
	header[0] = packet->data[6];
	packet->data[6] = type;
	packet->len += EXTENSION;
	fix_len(packet);
	return header;
}

static void hand_over_extended(int tun, struct packet *packet)
{
	unsigned char *header;

	if (is_ipv6(packet) && is_tcp(packet)) {
		header = add_extension(packet, IPPROTO_DSTOPTS);
		header[2] = IP6OPT_PADN;
		header[3] = 4;
		header = add_extension(packet, IPPROTO_HOPOPTS);
		header[2] = IP6OPT_PADN;
		header[3] = 4;
	}
	deliver(tun, packet);
}

/* A fragment of @packet's payload: @len bytes from @offset */
static void deliver_fragment(int tun, const struct packet *packet,
			     size_t offset, size_t len, unsigned int id)
{
	size_t all = packet->len - IPV6_HEADER;
	struct packet fragment = { .len = IPV6_HEADER + len };
	unsigned char *header;

	memcpy(fragment.data, packet->data, IPV6_HEADER);
	memcpy(fragment.data + IPV6_HEADER, packet->data + IPV6_HEADER + offset,
	       len);
	header = add_extension(&fragment, IPPROTO_FRAGMENT);
	put16(header + 2, offset | (offset + len < all));
	put16(header + 6, id);
	deliver(tun, &fragment);
}

/* In two, the second first. The first has to hold the TCP header (RFC 7112). */
static void hand_over_fragmented(int tun, struct packet *packet)
{
	size_t all = packet->len - IPV6_HEADER;
	size_t first = all / 2 / 8 * 8;
	static unsigned int id;

	if (first < 24)
		first = 24;
	if (!is_ipv6(packet) || !is_tcp(packet) || first >= all) {
		deliver(tun, packet);
		return;
	}
	id++;
	deliver_fragment(tun, packet, first, all - first, id);
	deliver_fragment(tun, packet, 0, first, id);
}

/* Each segment is followed by a copy whose checksum is wrong. */
static void hand_over_miscounted(int tun, struct packet *packet)
{
	deliver(tun, packet);
	if (!is_tcp(packet))
		return;
	packet->data[packet->len - 1] ^= 0x55;
	deliver(tun, packet);
}

/* ... by a copy that ends too early, in or before its header. */
static void hand_over_shortened(int tun, struct packet *packet)
{
	struct packet copy = *packet;

	deliver(tun, packet);
	if (!is_tcp(packet))
		return;
	copy.len = ip_header_len(packet) + random() % sizeof(struct tcphdr);
	fix_len(&copy);
	deliver(tun, &copy);
	copy = *packet;
	tcp_header(&copy)->doff = random() % 5;
	fix_tcp_sum(&copy);
	deliver(tun, &copy);
	tcp_header(&copy)->doff = 15;
	copy.len = ip_header_len(packet) + sizeof(struct tcphdr);
	fix_len(&copy);
	fix_tcp_sum(&copy);
	deliver(tun, &copy);
}

/* ... by copies with options that are none. */
static void hand_over_misoptioned(int tun, struct packet *packet)
{
	struct packet copy = *packet;
	unsigned char *options;
	int i, room;

	deliver(tun, packet);
	if (!is_tcp(packet))
		return;
	room = tcp_header(&copy)->doff * 4 - sizeof(struct tcphdr);
	options = (unsigned char *)tcp_header(&copy) + sizeof(struct tcphdr);
	for (i = 0; i < room; i++)
		options[i] = random() % 4 ? random() % 16 : random();
	fix_tcp_sum(&copy);
	deliver(tun, &copy);
}

/* ... by copies with anything in the header, the checksum made good. */
static void hand_over_garbled(int tun, struct packet *packet)
{
	struct packet copy;
	unsigned char *tcp;
	int copies, n;

	deliver(tun, packet);
	if (!is_tcp(packet))
		return;
	for (copies = 4; copies; copies--) {
		copy = *packet;
		tcp = (unsigned char *)tcp_header(&copy);
		for (n = 1 + random() % 4; n; n--)
			tcp[4 + random() % (tcp_len(&copy) - 4)] = random();
		fix_tcp_sum(&copy);
		deliver(tun, &copy);
	}
}

static const struct way ways[] = {
	{ "extend", "puts IPv6 extension headers before it", hand_over_extended },
	{ "fragment", "in two IPv6 fragments, last first", hand_over_fragmented },
	{ "miscount", "and again with a bad checksum", hand_over_miscounted },
	{ "shorten", "and again, ending too early", hand_over_shortened },
	{ "misoption", "and again with nonsense for options",
	  hand_over_misoptioned },
	{ "garble", "and again with a garbled header", hand_over_garbled },
};

static void help(void)
{
	size_t i;

	fprintf(stderr, "%s NETNS NETNS HOW, how a segment is handed over:\n",
		program);
	for (i = 0; i < ARRAY_SIZE(ways); i++)
		fprintf(stderr, "  %-10s %s\n", ways[i].name, ways[i].what);
	exit(2);
}

static const struct way *find_way(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ways); i++)
		if (!strcmp(name, ways[i].name))
			return &ways[i];
	help();
	return NULL;
}

static int open_tun(const char *netns)
{
	struct ifreq request = {
		.ifr_name = "meddle",
		.ifr_flags = IFF_TUN | IFF_NO_PI,
	};
	char path[128];
	int ns, fd;

	snprintf(path, sizeof(path), "/run/netns/%s", netns);
	ns = open(path, O_RDONLY | O_CLOEXEC);
	if (ns < 0 || setns(ns, CLONE_NEWNET))
		err(1, "%s", path);
	fd = open("/dev/net/tun", O_RDWR);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &request))
		err(1, "TUN device");
	close(ns);
	return fd;
}

static void pass_on(int from, int to, const struct way *way)
{
	struct packet packet;
	ssize_t n = read(from, packet.data, 1500);

	if (n < 0)
		err(1, "read");
	packet.len = n;
	way->hand_over(to, &packet);
}

int main(int argc, char **argv)
{
	const struct way *way;
	struct pollfd tun[2];
	int i;

	program = argv[0];
	if (argc != 4)
		help();
	way = find_way(argv[3]);
	for (i = 0; i < 2; i++) {
		tun[i].fd = open_tun(argv[1 + i]);
		tun[i].events = POLLIN;
	}
	go_to_background();
	for (;;) {
		if (poll(tun, 2, -1) < 0)
			err(1, "poll");
		for (i = 0; i < 2; i++)
			if (tun[i].revents)
				pass_on(tun[i].fd, tun[!i].fd, way);
	}
}
