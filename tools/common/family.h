/* SPDX-License-Identifier: GPL-2.0 */
#ifndef XTCP_FAMILY_H
#define XTCP_FAMILY_H

/* AF_XTCP's number on this machine: the module has a parameter for it. */
int xtcp_family(void);

#endif
