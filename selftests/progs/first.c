// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <stdio.h>
#include <unistd.h>
#include <linux/xtcp.h>

int main(int argc, char **argv)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(80) };
	int fd = socket(AF_XTCP, SOCK_STREAM, 0);
	char buf[4096];
	ssize_t n;

	if (argc < 2 || inet_pton(AF_INET, argv[1], &to.sin_addr) != 1 ||
	    connect(fd, (struct sockaddr *)&to, sizeof(to))) {
		perror(argv[0]);
		return 1;
	}
	dprintf(fd, "GET / HTTP/1.0\r\n\r\n");
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		fwrite(buf, 1, n, stdout);
}
