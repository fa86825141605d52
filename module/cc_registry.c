// SPDX-License-Identifier: GPL-2.0
/*
 * The congestion controls there are, by name. Any context may look one up; the
 * list changes under a mutex.
 */
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rculist.h>
#include <linux/string.h>
#include "stores.h"

static LIST_HEAD(controls);		/* writers: lock; readers: RCU */
static DEFINE_MUTEX(lock);

/* Readers hold the mutex or are in an RCU section. */
static struct xtcp_cc_ops *lookup(const char *name)
{
	struct xtcp_cc_ops *ops;

	list_for_each_entry_rcu(ops, &controls, list, lockdep_is_held(&lock))
		if (!strcmp(ops->name, name))
			return ops;
	return NULL;
}

/* xtcp_cc_available() separates names by spaces. */
static bool name_ok(const char *name)
{
	size_t len = strnlen(name, XTCP_CC_NAME_MAX);

	return len && len < XTCP_CC_NAME_MAX && !strpbrk(name, " \t\n");
}

int xtcp_cc_register(struct xtcp_cc_ops *ops)
{
	int err = 0;

	if (!name_ok(ops->name) || !ops->on_ack || !ops->on_event)
		return -EINVAL;

	mutex_lock(&lock);
	if (lookup(ops->name))
		err = -EEXIST;
	else
		list_add_tail_rcu(&ops->list, &controls);
	mutex_unlock(&lock);
	return err;
}
EXPORT_SYMBOL_GPL(xtcp_cc_register);

void xtcp_cc_unregister(struct xtcp_cc_ops *ops)
{
	mutex_lock(&lock);
	list_del_rcu(&ops->list);
	mutex_unlock(&lock);

	/* Who found it before has its reference now, or will get none. */
	synchronize_rcu();
}
EXPORT_SYMBOL_GPL(xtcp_cc_unregister);

/*
 * Controls of our own need no reference: their users are sockets, which hold
 * this module, and namespaces, whose defaults must not keep it from leaving.
 */
static bool is_own(const struct xtcp_cc_ops *ops)
{
	return ops->owner == THIS_MODULE;
}

bool xtcp_cc_try_get(const struct xtcp_cc_ops *ops)
{
	return is_own(ops) || try_module_get(ops->owner);
}

const struct xtcp_cc_ops *xtcp_cc_find_get(const char *name)
{
	struct xtcp_cc_ops *ops;

	rcu_read_lock();
	ops = lookup(name);
	if (ops && !xtcp_cc_try_get(ops))
		ops = NULL;
	rcu_read_unlock();
	return ops;
}

void xtcp_cc_get(const struct xtcp_cc_ops *ops)
{
	if (!is_own(ops))
		__module_get(ops->owner);
}

void xtcp_cc_put(const struct xtcp_cc_ops *ops)
{
	if (!is_own(ops))
		module_put(ops->owner);
}

int xtcp_cc_available(char *buf, size_t len)
{
	struct xtcp_cc_ops *ops;
	int n = 0;

	if (len)
		buf[0] = '\0';
	rcu_read_lock();
	list_for_each_entry_rcu(ops, &controls, list)
		n += scnprintf(buf + n, len - n, "%s%s", n ? " " : "",
			       ops->name);
	rcu_read_unlock();
	return n;
}
