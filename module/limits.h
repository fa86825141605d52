/* SPDX-License-Identifier: GPL-2.0 */
/* Constants of the protocol; what a user may change is a sysctl instead. */
#ifndef _XTCP_LIMITS_H
#define _XTCP_LIMITS_H

#define XTCP_MIN_MSS		88	/* payload bytes; as the kernel's TCP */
#define XTCP_DEFAULT_MSS_V4	536	/* RFC 9293, 3.7.1: no MSS option seen */
#define XTCP_DEFAULT_MSS_V6	1220
#define XTCP_MIN_SND_MSS	48	/* RFC 9293, MUST-67 guards against less */

#define XTCP_OPTLEN_TS		12	/* timestamps option with two NOPs */
#define XTCP_MAX_OPTLEN		40
#define XTCP_MAX_WSCALE		14	/* RFC 7323, 2.3 */
#define XTCP_MAX_WINDOW		32767U	/* before scaling is known */
#define XTCP_MAX_SACKS		4	/* blocks that fit without timestamps */

/* Times in microseconds unless the name says otherwise. */
#define XTCP_RTO_INIT_US	1000000	/* RFC 6298, 2.1 */
#define XTCP_RTO_MIN_US		200000	/* as the kernel's TCP */
#define XTCP_RTO_MAX_US		120000000
#define XTCP_DELACK_MIN_MS	40
#define XTCP_DELACK_MAX_MS	200

#define XTCP_DUPTHRESH		3	/* RFC 5681 */
#define XTCP_INIT_CWND		10	/* RFC 6928 */
#define XTCP_INFINITE_SSTHRESH	0x7fffffff
#define XTCP_QUICKACKS		16	/* segments acknowledged at once at first */

#define XTCP_PAWS_24DAYS_S	(60 * 60 * 24 * 24)
#define XTCP_PAWS_WINDOW	1	/* replay allowed within this many ms */

#endif /* _XTCP_LIMITS_H */
