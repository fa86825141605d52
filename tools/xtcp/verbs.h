/* SPDX-License-Identifier: GPL-2.0 */
/* What each verb's file gives to the table in verbs.c. */
#ifndef XTCP_VERBS_H
#define XTCP_VERBS_H

#define VERB(verb)						\
	extern const char verb##_usage[];			\
	int verb##_main(int argc, char **argv)

VERB(help);
VERB(run);
VERB(ss);
VERB(version);

#undef VERB

#endif
