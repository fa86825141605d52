/* SPDX-License-Identifier: GPL-2.0 */
/*
 * As much of KUnit as module/kunit/ uses, so that the unit tests of floor 1
 * also run in user space, under the sanitizers. unit.c runs the suites.
 */
#ifndef _SIM_KUNIT_H
#define _SIM_KUNIT_H

#include "../shim.h"

struct kunit {
	bool failed;
};

struct kunit_case {
	void (*run_case)(struct kunit *test);
	const char *name;
};

struct kunit_suite {
	const char *name;
	const struct kunit_case *test_cases;
};

#define KUNIT_CASE(f)	{ .run_case = f, .name = #f }

void sim_suite_add(const struct kunit_suite *suite);

#define kunit_test_suite(suite)						\
	static void __attribute__((constructor)) suite##_add(void)	\
	{								\
		sim_suite_add(&(suite));				\
	}								\
	static_assert(1, "")

#define SIM_CHECK(test, ok, fmt, ...)					\
do {									\
	if (!(ok)) {							\
		(test)->failed = true;					\
		printf("# %s:%d: " fmt, __FILE__, __LINE__, ##__VA_ARGS__); \
		printf("\n");						\
	}								\
} while (0)

#define SIM_COMPARE(test, a, op, b, fmt, ...)				\
do {									\
	long long __l = (long long)(a), __r = (long long)(b);		\
									\
	SIM_CHECK(test, __l op __r, "%s " #op " %s: %lld, %lld. " fmt,	\
		  #a, #b, __l, __r, ##__VA_ARGS__);			\
} while (0)

#define KUNIT_EXPECT_TRUE(t, c)		SIM_CHECK(t, c, "%s", #c)
#define KUNIT_EXPECT_FALSE(t, c)	SIM_CHECK(t, !(c), "not %s", #c)
#define KUNIT_EXPECT_EQ(t, a, b)	SIM_COMPARE(t, a, ==, b, "")
#define KUNIT_EXPECT_NE(t, a, b)	SIM_COMPARE(t, a, !=, b, "")
#define KUNIT_EXPECT_LE(t, a, b)	SIM_COMPARE(t, a, <=, b, "")
#define KUNIT_EXPECT_GE(t, a, b)	SIM_COMPARE(t, a, >=, b, "")
#define KUNIT_EXPECT_LT(t, a, b)	SIM_COMPARE(t, a, <, b, "")
#define KUNIT_EXPECT_GT(t, a, b)	SIM_COMPARE(t, a, >, b, "")
#define KUNIT_EXPECT_STREQ(t, a, b)	SIM_CHECK(t, !strcmp(a, b), "%s, %s", a, b)
#define KUNIT_EXPECT_STRNEQ(t, a, b)	SIM_CHECK(t, strcmp(a, b), "%s", a)

#define KUNIT_EXPECT_TRUE_MSG(t, c, ...)	SIM_CHECK(t, c, __VA_ARGS__)
#define KUNIT_EXPECT_FALSE_MSG(t, c, ...)	SIM_CHECK(t, !(c), __VA_ARGS__)
#define KUNIT_EXPECT_EQ_MSG(t, a, b, ...)	SIM_COMPARE(t, a, ==, b, __VA_ARGS__)
#define KUNIT_EXPECT_LE_MSG(t, a, b, ...)	SIM_COMPARE(t, a, <=, b, __VA_ARGS__)
#define KUNIT_EXPECT_GE_MSG(t, a, b, ...)	SIM_COMPARE(t, a, >=, b, __VA_ARGS__)

#endif /* _SIM_KUNIT_H */
