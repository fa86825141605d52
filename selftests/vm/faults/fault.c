// SPDX-License-Identifier: GPL-2.0
/*
 * A module with a fault of choice, to prove that the test machine sees it.
 */

#include <linux/bug.h>
#include <linux/irqflags.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>

static char *fault = "none";
module_param(fault, charp, 0444);
MODULE_PARM_DESC(fault, "none, oops, warn, inversion, leak, freeze, refuse or count");

static DEFINE_MUTEX(lock_a);
static DEFINE_MUTEX(lock_b);
static int *nowhere;
static int freed = 1;

static int oops(void)
{
	WRITE_ONCE(*READ_ONCE(nowhere), 1);
	return 0;
}

static int warn(void)
{
	WARN(1, "a warning on purpose\n");
	return 0;
}

static void take_both(struct mutex *first, struct mutex *second)
{
	mutex_lock(first);
	mutex_lock(second);
	mutex_unlock(second);
	mutex_unlock(first);
}

static int inversion(void)
{
	take_both(&lock_a, &lock_b);
	take_both(&lock_b, &lock_a);
	return 0;
}

/* Several: a stale copy on a stack may hide one of them from kmemleak. */
static int leak(void)
{
	int i;

	for (i = 0; i < 16; i++)
		WRITE_ONCE(nowhere, kmalloc(128, GFP_KERNEL));
	WRITE_ONCE(nowhere, NULL);
	return 0;
}

static int freeze(void)
{
	local_irq_disable();
	while (!READ_ONCE(nowhere))
		cpu_relax();
	return 0;
}

static int refuse(void)
{
	return -EINVAL;
}

static int count(void)
{
	freed = 0;
	return 0;
}

static const struct {
	const char *name;
	int (*commit)(void);
} faults[] = {
	{ "oops", oops },
	{ "warn", warn },
	{ "inversion", inversion },
	{ "leak", leak },
	{ "freeze", freeze },
	{ "refuse", refuse },
	{ "count", count },
};

static int __init fault_init(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(faults); i++)
		if (!strcmp(fault, faults[i].name))
			return faults[i].commit();
	return 0;
}
module_init(fault_init);

static void __exit fault_exit(void)
{
	pr_info("xtcp: unloaded, objects made/freed: sock 1/%d guard 2/2\n", freed);
}
module_exit(fault_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A fault of choice, for the test machine's own tests");
