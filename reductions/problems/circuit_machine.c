/* circuit_machine.c - the machine that evaluates circuits, as the spec specs/stack/circuit-value.yaml has it (tests compare the two). */
#include "reductions/problems/circuit_machine.h"

#include "reductions/problems/problems.h"

/* clang-format off */
static const char text[] =
    "rnnwit: 1\n"
    "kind: stack\n"
    "name: circuit-value\n"
    "about: evaluates the circuit that the word spells - two stacks, complete for P\n"
    "# 0 1  push an input or constant on A, which holds the values of the gates so far, the latest on top\n"
    "# d u  down: the top of A goes to B; up: the top of B goes back. d^k leads to the value k below the top, u^k restores it\n"
    "# x y  the top of A becomes the first or the second operand, which the state remembers\n"
    "# & | !  push on A: both operands are 1, one of them is, the first is not\n"
    "# The word is accepted if 1 is on top of A.\n"
    "alphabet: [\"0\", \"1\", \"d\", \"u\", \"x\", \"y\", \"&\", \"|\", \"!\"]\n"
    "stacks: [A, B]\n"
    "stack-alphabet: [zero, one]\n"
    "states: [s00, s01, s10, s11]\n"
    "initial: s00\n"
    "accepting: {s00: {A: one}, s01: {A: one}, s10: {A: one}, s11: {A: one}}\n"
    "missing: reject\n"
    "transitions:\n"
    "  - {from: s00, read: \"0\", to: s00, do: {A: push zero}}\n"
    "  - {from: s00, read: \"1\", to: s00, do: {A: push one}}\n"
    "  - {from: s00, read: \"d\", to: s00, when: {A: zero}, do: {A: pop, B: push zero}}\n"
    "  - {from: s00, read: \"d\", to: s00, when: {A: one}, do: {A: pop, B: push one}}\n"
    "  - {from: s00, read: \"u\", to: s00, when: {B: zero}, do: {A: push zero, B: pop}}\n"
    "  - {from: s00, read: \"u\", to: s00, when: {B: one}, do: {A: push one, B: pop}}\n"
    "  - {from: s00, read: \"x\", to: s00, when: {A: zero}}\n"
    "  - {from: s00, read: \"x\", to: s10, when: {A: one}}\n"
    "  - {from: s00, read: \"y\", to: s00, when: {A: zero}}\n"
    "  - {from: s00, read: \"y\", to: s01, when: {A: one}}\n"
    "  - {from: s00, read: \"&\", to: s00, do: {A: push zero}}\n"
    "  - {from: s00, read: \"|\", to: s00, do: {A: push zero}}\n"
    "  - {from: s00, read: \"!\", to: s00, do: {A: push one}}\n"
    "  - {from: s01, read: \"0\", to: s01, do: {A: push zero}}\n"
    "  - {from: s01, read: \"1\", to: s01, do: {A: push one}}\n"
    "  - {from: s01, read: \"d\", to: s01, when: {A: zero}, do: {A: pop, B: push zero}}\n"
    "  - {from: s01, read: \"d\", to: s01, when: {A: one}, do: {A: pop, B: push one}}\n"
    "  - {from: s01, read: \"u\", to: s01, when: {B: zero}, do: {A: push zero, B: pop}}\n"
    "  - {from: s01, read: \"u\", to: s01, when: {B: one}, do: {A: push one, B: pop}}\n"
    "  - {from: s01, read: \"x\", to: s01, when: {A: zero}}\n"
    "  - {from: s01, read: \"x\", to: s11, when: {A: one}}\n"
    "  - {from: s01, read: \"y\", to: s00, when: {A: zero}}\n"
    "  - {from: s01, read: \"y\", to: s01, when: {A: one}}\n"
    "  - {from: s01, read: \"&\", to: s01, do: {A: push zero}}\n"
    "  - {from: s01, read: \"|\", to: s01, do: {A: push one}}\n"
    "  - {from: s01, read: \"!\", to: s01, do: {A: push one}}\n"
    "  - {from: s10, read: \"0\", to: s10, do: {A: push zero}}\n"
    "  - {from: s10, read: \"1\", to: s10, do: {A: push one}}\n"
    "  - {from: s10, read: \"d\", to: s10, when: {A: zero}, do: {A: pop, B: push zero}}\n"
    "  - {from: s10, read: \"d\", to: s10, when: {A: one}, do: {A: pop, B: push one}}\n"
    "  - {from: s10, read: \"u\", to: s10, when: {B: zero}, do: {A: push zero, B: pop}}\n"
    "  - {from: s10, read: \"u\", to: s10, when: {B: one}, do: {A: push one, B: pop}}\n"
    "  - {from: s10, read: \"x\", to: s00, when: {A: zero}}\n"
    "  - {from: s10, read: \"x\", to: s10, when: {A: one}}\n"
    "  - {from: s10, read: \"y\", to: s10, when: {A: zero}}\n"
    "  - {from: s10, read: \"y\", to: s11, when: {A: one}}\n"
    "  - {from: s10, read: \"&\", to: s10, do: {A: push zero}}\n"
    "  - {from: s10, read: \"|\", to: s10, do: {A: push one}}\n"
    "  - {from: s10, read: \"!\", to: s10, do: {A: push zero}}\n"
    "  - {from: s11, read: \"0\", to: s11, do: {A: push zero}}\n"
    "  - {from: s11, read: \"1\", to: s11, do: {A: push one}}\n"
    "  - {from: s11, read: \"d\", to: s11, when: {A: zero}, do: {A: pop, B: push zero}}\n"
    "  - {from: s11, read: \"d\", to: s11, when: {A: one}, do: {A: pop, B: push one}}\n"
    "  - {from: s11, read: \"u\", to: s11, when: {B: zero}, do: {A: push zero, B: pop}}\n"
    "  - {from: s11, read: \"u\", to: s11, when: {B: one}, do: {A: push one, B: pop}}\n"
    "  - {from: s11, read: \"x\", to: s01, when: {A: zero}}\n"
    "  - {from: s11, read: \"x\", to: s11, when: {A: one}}\n"
    "  - {from: s11, read: \"y\", to: s10, when: {A: zero}}\n"
    "  - {from: s11, read: \"y\", to: s11, when: {A: one}}\n"
    "  - {from: s11, read: \"&\", to: s11, do: {A: push one}}\n"
    "  - {from: s11, read: \"|\", to: s11, do: {A: push one}}\n"
    "  - {from: s11, read: \"!\", to: s11, do: {A: push zero}}\n";
/* clang-format on */

const char *rw_circuit_machine_text(void)
{
    return text;
}

struct rw_machine *rw_circuit_machine(void)
{
    return rw_problem_machine("circuit-value", text);
}
