"""What planning and applying cost at the size of a very large company.

    .venv/bin/python -m tests.bench.plan [--users 100000] [--groups 10000] [--seconds 10] [--only plan,apply]

Planning: 100,000 users, 10,000 groups and 1,000,000 memberships, with 1 % of the users changed, beside the same with
nothing changed; each in a process of its own, in which the world itself takes most of the memory.
Applying: against targets that allow 25, 100 and 500 requests a second.
"""

import argparse
from collections.abc import Iterable

from tests.bench.plan import applying, planning

RATES = (25, 100, 500)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=100_000)
    parser.add_argument("--groups", type=int, default=10_000)
    parser.add_argument("--percent", type=float, default=1.0, help="Of the users that were changed at the IdP.")
    parser.add_argument("--seconds", type=float, default=10.0, help="How long each rate is applied at.")
    parser.add_argument("--only", default="plan,apply")
    given = parser.parse_args()
    parts = given.only.split(",")
    if "plan" in parts:
        _print_plans(given.users, given.groups, given.percent)
    if "apply" in parts:
        _print_rates(applying.measured(rate, given.seconds) for rate in RATES)


def _print_plans(users: int, groups: int, percent: float) -> None:
    print(f"{users:,} users, {groups:,} groups, {users * 10:,} memberships")
    print(f"{'':18}{'seconds':>10}{'MiB':>10}{'changes':>10}{'conflicts':>11}")
    some = planning.measured(users, groups, percent)
    none = planning.measured(users, groups, 0)
    for name, made in ((f"{percent:g} % changed", some), ("nothing changed", none)):
        print(f"{name:18}{made.seconds:>10.2f}{made.mib:>10,.0f}{made.changes:>10,}{made.conflicts:>11,}")
    print(f"{'ratio':18}{none.seconds / some.seconds:>10.2f}")


def _print_rates(measured: Iterable[applying.Applied]) -> None:
    print(f"{'allowed per second':18}{'changes':>10}{'seconds':>10}{'of permitted':>14}{'answered 429':>14}")
    for each in measured:
        share, refused = f"{each.share:.1%}", f"{each.refusals:.2%}"
        print(f"{each.rate:<18}{each.changes:>10,}{each.seconds:>10.1f}{share:>14}{refused:>14}")


if __name__ == "__main__":
    main()
