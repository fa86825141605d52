// SPDX-License-Identifier: GPL-2.0
/* Runs the suites of module/kunit/ that are linked in; TAP on stdout. */
#include <kunit/test.h>

static const struct kunit_suite *suites[64];
static unsigned int nr_suites;

void sim_suite_add(const struct kunit_suite *suite)
{
	assert(nr_suites < ARRAY_SIZE(suites));
	suites[nr_suites++] = suite;
}

static unsigned int count_cases(void)
{
	const struct kunit_case *c;
	unsigned int i, n = 0;

	for (i = 0; i < nr_suites; i++)
		for (c = suites[i]->test_cases; c->run_case; c++)
			n++;
	return n;
}

int main(void)
{
	const struct kunit_case *c;
	unsigned int i, n = 0, failed = 0;

	printf("TAP version 13\n1..%u\n", count_cases());
	for (i = 0; i < nr_suites; i++) {
		for (c = suites[i]->test_cases; c->run_case; c++) {
			struct kunit test = {};

			c->run_case(&test);
			failed += test.failed;
			printf("%sok %u - %s.%s\n", test.failed ? "not " : "",
			       ++n, suites[i]->name, c->name);
		}
	}
	return failed || !n;
}
