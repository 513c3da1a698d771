"""The byte budget: enough, refuse, cut off; a share for everybody; and given back."""

from gateway.proxy.budget import ByteBudget, Room


def test_bodies_over_the_budget_are_refused_and_far_over_it_cut_off() -> None:
    budget = ByteBudget(100)
    for owner in ("a", "b"):
        assert budget.take(50, owner) is Room.ENOUGH
    assert budget.take(1, "c") is Room.REFUSE
    assert budget.take(49, "c") is Room.REFUSE
    assert budget.take(50, "d") is Room.REFUSE
    assert budget.take(1, "e") is Room.CUT_OFF
    for size, owner in ((50, "a"), (50, "b"), (50, "c"), (50, "d"), (1, "e")):
        budget.give_back(size, owner)
    assert budget.take(50, "a") is Room.ENOUGH


def test_one_owner_cannot_shut_the_others_out() -> None:
    """24 connections that announced 24 MB and sent nothing made the gateway refuse everybody as busy."""
    budget = ByteBudget(100)
    cut = []
    for _ in range(20):
        if budget.take(24, "attacker") is Room.CUT_OFF:
            budget.give_back(24, "attacker")
            cut.append(24)
    assert len(cut) == 18
    assert budget.take(24, "other") is Room.ENOUGH


def test_a_body_of_its_own_size_is_never_too_much_for_one_owner() -> None:
    assert ByteBudget(30).take(25, "a") is Room.ENOUGH


def test_giving_back_twice_does_not_make_room_out_of_nothing() -> None:
    budget = ByteBudget(10)
    budget.take(5, "a")
    budget.give_back(50, "a")
    assert budget.held == 0
    assert budget.take(5, "a") is Room.ENOUGH
