/* kind: stack and kind: turing - what is wrong is said where it is. That specs are written as they were read is tested on the library. */
#include "problem.h"

#define STACK                                                                                                          \
    "rnnwit: 1\nkind: stack\nalphabet: [a, b]\nstacks: [A, B]\nstack-alphabet: [x, y]\nstates: [s, t]\ninitial: s\n"
#define RULES  STACK "accepting: [s]\nmissing: reject\ntransitions:\n"
#define TURING "rnnwit: 1\nkind: turing\nalphabet: [a, \".\"]\nclock: \".\"\n"
#define TABLE  TURING "tape: [_, a]\nblank: _\nstates: [p, h]\ninitial: p\naccepting: [h]\n"

static const struct {
    const char *text;
    size_t line, column;
    const char *part;
} problems[] = {
    /* stacks: popping what may be empty */
    {RULES "  - {from: s, read: a, to: s, do: {A: pop}}\n", 11, 39, "may be empty"},
    {RULES "  - {from: s, read: a, to: s, do: {A: pop}}\n", 11, 39, "nonempty"},
    {RULES "  - {from: s, read: a, to: s, when: {A: empty}, do: {A: pop}}\n", 11, 57, "tested to be empty"},
    {RULES "  - {from: s, read: a, to: s, when: {B: x}, do: {A: pop}}\n", 11, 53, "may be empty"},
    /* nondeterminism */
    {RULES "  - {from: s, read: a, to: s, when: {A: x}}\n  - {from: s, read: a, to: t, when: {A: nonempty}}\n", 12, 5,
     "same configuration"},
    {RULES "  - {from: s, read: a, to: s, when: {A: x}}\n  - {from: s, read: a, to: t, when: {B: y}}\n", 12, 5,
     "'when'"},
    /* names */
    {RULES "  - {from: s, read: a, to: s, do: {A: push z}}\n", 11, 39, "no stack symbol"},
    {RULES "  - {from: s, read: a, to: s, do: {A: psh x}}\n", 11, 39, "push SYMBOL"},
    {RULES "  - {from: s, read: a, to: s, do: {C: pop}}\n", 11, 36, "C"},
    {RULES "  - {from: s, read: a, to: s, when: {A: emty}}\n", 11, 41, "empty"},
    {RULES "  - {from: s, read: a, to: s, wen: {A: empty}}\n", 11, 31, "when"},
    {"rnnwit: 1\nkind: stack\nalphabet: [a]\nstacks: [A]\nstack-alphabet: [x, empty]\nstates: [s]\ninitial: s\n"
     "accepting: [s]\ntransitions: []\nmissing: reject\n",
     5, 21, "a test"},
    /* completeness */
    {STACK "accepting: [s]\ntransitions:\n  - {from: s, read: a, to: s, when: {A: x}}\n", 10, 3, "A is empty"},
    {STACK "accepting: [s]\ntransitions:\n  - {from: s, read: a, to: s, when: {A: empty}}\n"
           "  - {from: s, read: a, to: s, when: {A: x}}\n",
     10, 3, "on top y"},
    {STACK "accepting: {s: {A: z}}\ntransitions: []\nmissing: reject\n", 8, 20, "no stack symbol"},
    /* Turing machines */
    {TABLE "transitions: {p: {_: [a, R, p]}}\n", 10, 18, "no transition for 'a'"},
    {TABLE "transitions: {}\n", 10, 14, "no transitions"},
    {TABLE "transitions: {p: {_: [a, R, p], a: [a, L]}}\n", 10, 36, "found 2 entries"},
    {TABLE "transitions: {p: {_: [a, R, p], a: [a, U, h]}}\n", 10, 40, "L, S or R"},
    {TABLE "transitions: {p: {_: [a, R, p], a: [a, L, q]}}\n", 10, 43, "q"},
    {TABLE "transitions: {p: {_: [c, R, p], a: [a, L, h]}}\n", 10, 23, "c"},
    {TABLE "transitions: {p: {_: [a, R, p], a: [a, L, h]}, h: {}}\n", 10, 48, "halts"},
    {TABLE "rejecting: [h]\ntransitions: {p: {_: [a, R, p], a: [a, L, h]}}\n", 10, 12, "both accepts and rejects"},
    {"rnnwit: 1\nkind: turing\nalphabet: [b, \".\"]\nclock: \".\"\ntape: [_, a]\nblank: _\nstates: [h]\ninitial: h\n"
     "accepting: [h]\ntransitions: {}\n",
     3, 11, "'b'"},
    {"rnnwit: 1\nkind: turing\nalphabet: [a]\nclock: t\ncompact: 1RB1LA_1LA1RZ\n", 4, 8, "t"},
    /* the compact form */
    {TURING "compact: 1RB1LA_1LA\n", 5, 16, "same length"},
    {TURING "compact: 1RB1LA_1LAARZ\n", 5, 20, "one digit"},
    {TURING "compact: 1RB1LA_1XA1RZ\n", 5, 18, "L or R"},
    {TURING "compact: 1RB1LA-1LA1RZ\n", 5, 10, "rows"},
    {TURING "compact: 1RB1La_1LA1RZ\n", 5, 15, "A to Z"},
    {TURING "compact: 1RB1LA_1LA1RZ\nstates: [a]\n", 6, 9, "compact"},
    {TURING "compact: \"\"\n", 5, 11, "ends early"},
};

Test(stacks, each_problem_is_said_where_it_is)
{
    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++)
        cr_expect(has_problem(problems[i].text, problems[i].line, problems[i].column, problems[i].part), "%zu", i);
}
