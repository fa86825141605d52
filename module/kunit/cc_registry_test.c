// SPDX-License-Identifier: GPL-2.0
#include <kunit/test.h>
#include <linux/module.h>
#include <linux/string.h>
#include "../stores.h"

static void on_ack(struct xtcp_cc *cc, const struct xtcp_cc_sample *s)
{
}

static void on_event(struct xtcp_cc *cc, enum xtcp_cc_event ev, u32 now_us)
{
}

static struct xtcp_cc_ops control(const char *name)
{
	struct xtcp_cc_ops ops = {
		.owner = THIS_MODULE,
		.on_ack = on_ack,
		.on_event = on_event,
	};

	memcpy(ops.name, name, min(strlen(name) + 1, sizeof(ops.name)));
	return ops;
}

/* Is @name one of the words of xtcp_cc_available()? */
static bool listed(const char *name)
{
	char buf[256], *rest = buf, *word;

	xtcp_cc_available(buf, sizeof(buf));
	while ((word = strsep(&rest, " ")))
		if (!strcmp(word, name))
			return true;
	return false;
}

static void register__refused(struct kunit *test)
{
	struct xtcp_cc_ops no_name = control("");
	struct xtcp_cc_ops no_end = control("kunit-789abcdef0");
	struct xtcp_cc_ops two_words = control("kunit two");
	struct xtcp_cc_ops no_ack = control("kunit-no-ack");
	struct xtcp_cc_ops no_event = control("kunit-no-event");

	no_ack.on_ack = NULL;
	no_event.on_event = NULL;
	KUNIT_EXPECT_EQ(test, xtcp_cc_register(&no_name), -EINVAL);
	KUNIT_EXPECT_EQ(test, xtcp_cc_register(&no_end), -EINVAL);
	KUNIT_EXPECT_EQ(test, xtcp_cc_register(&two_words), -EINVAL);
	KUNIT_EXPECT_EQ(test, xtcp_cc_register(&no_ack), -EINVAL);
	KUNIT_EXPECT_EQ(test, xtcp_cc_register(&no_event), -EINVAL);
	KUNIT_EXPECT_FALSE(test, listed("kunit-no-ack"));
}

static void register__twice(struct kunit *test)
{
	static struct xtcp_cc_ops a, b;

	a = control("kunit-a");
	b = control("kunit-a");
	KUNIT_EXPECT_EQ(test, xtcp_cc_register(&a), 0);
	KUNIT_EXPECT_EQ(test, xtcp_cc_register(&b), -EEXIST);
	KUNIT_EXPECT_EQ(test, xtcp_cc_register(&a), -EEXIST);
	xtcp_cc_unregister(&a);
	KUNIT_EXPECT_EQ(test, xtcp_cc_register(&b), 0);
	xtcp_cc_unregister(&b);
}

static void find_get__table(struct kunit *test)
{
	static struct xtcp_cc_ops a, b;

	a = control("kunit-a");
	b = control("kunit-789abcdef");	/* as long as may be */
	KUNIT_EXPECT_TRUE(test, !xtcp_cc_find_get("kunit-a"));
	KUNIT_EXPECT_EQ(test, xtcp_cc_register(&a), 0);
	KUNIT_EXPECT_EQ(test, xtcp_cc_register(&b), 0);

	KUNIT_EXPECT_TRUE(test, xtcp_cc_find_get("kunit-a") == &a);
	KUNIT_EXPECT_TRUE(test, xtcp_cc_find_get("kunit-789abcdef") == &b);
	KUNIT_EXPECT_TRUE(test, !xtcp_cc_find_get("kunit-"));
	KUNIT_EXPECT_TRUE(test, !xtcp_cc_find_get("kunit-aa"));
	KUNIT_EXPECT_TRUE(test, !xtcp_cc_find_get(""));
	xtcp_cc_put(&a);
	xtcp_cc_put(&b);

	xtcp_cc_unregister(&a);
	KUNIT_EXPECT_TRUE(test, !xtcp_cc_find_get("kunit-a"));
	KUNIT_EXPECT_TRUE(test, xtcp_cc_find_get("kunit-789abcdef") == &b);
	xtcp_cc_put(&b);
	xtcp_cc_unregister(&b);
}

/* A control of this module must not keep it from being unloaded. */
static void find_get__own_module(struct kunit *test)
{
	static struct xtcp_cc_ops a;
	int refs = module_refcount(THIS_MODULE);

	a = control("kunit-a");
	KUNIT_EXPECT_EQ(test, xtcp_cc_register(&a), 0);
	KUNIT_EXPECT_TRUE(test, xtcp_cc_find_get("kunit-a") == &a);
	KUNIT_EXPECT_TRUE(test, xtcp_cc_try_get(&a));
	xtcp_cc_get(&a);
	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE), refs);
	xtcp_cc_put(&a);
	xtcp_cc_put(&a);
	xtcp_cc_put(&a);
	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE), refs);
	xtcp_cc_unregister(&a);
}

/* What belongs to the kernel itself has no module. */
static void find_get__no_module(struct kunit *test)
{
	static struct xtcp_cc_ops a;

	a = control("kunit-a");
	a.owner = NULL;
	KUNIT_EXPECT_EQ(test, xtcp_cc_register(&a), 0);
	KUNIT_EXPECT_TRUE(test, xtcp_cc_find_get("kunit-a") == &a);
	xtcp_cc_get(&a);
	xtcp_cc_put(&a);
	xtcp_cc_put(&a);
	xtcp_cc_unregister(&a);
}

static void available__names(struct kunit *test)
{
	static struct xtcp_cc_ops a, b;
	char buf[8] = "xxxxxxx";
	int len;

	a = control("kunit-a");
	b = control("kunit-b");
	KUNIT_EXPECT_EQ(test, xtcp_cc_register(&a), 0);
	KUNIT_EXPECT_EQ(test, xtcp_cc_register(&b), 0);
	KUNIT_EXPECT_TRUE(test, listed("kunit-a"));
	KUNIT_EXPECT_TRUE(test, listed("kunit-b"));

	/* Too short a buffer cuts the list. */
	len = xtcp_cc_available(buf, sizeof(buf));
	KUNIT_EXPECT_EQ(test, len, (int)strlen(buf));
	KUNIT_EXPECT_LT(test, len, (int)sizeof(buf));
	buf[0] = 'x';
	KUNIT_EXPECT_EQ(test, xtcp_cc_available(buf, 0), 0);
	KUNIT_EXPECT_EQ(test, buf[0], 'x');

	xtcp_cc_unregister(&b);
	KUNIT_EXPECT_FALSE(test, listed("kunit-b"));
	xtcp_cc_unregister(&a);
	KUNIT_EXPECT_FALSE(test, listed("kunit-a"));
}

static struct kunit_case cc_registry_cases[] = {
	KUNIT_CASE(register__refused),
	KUNIT_CASE(register__twice),
	KUNIT_CASE(find_get__table),
	KUNIT_CASE(find_get__own_module),
	KUNIT_CASE(find_get__no_module),
	KUNIT_CASE(available__names),
	{}
};

static struct kunit_suite cc_registry_suite = {
	.name = "xtcp_cc_registry",
	.test_cases = cc_registry_cases,
};

kunit_test_suite(cc_registry_suite);
