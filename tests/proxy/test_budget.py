"""The byte budget: enough, refuse, cut off; and given back."""

from gateway.proxy.budget import ByteBudget, Room


def test_bodies_over_the_budget_are_refused_and_far_over_it_cut_off() -> None:
    budget = ByteBudget(100)
    assert budget.take(100) is Room.ENOUGH
    assert budget.take(1) is Room.REFUSE
    assert budget.take(99) is Room.REFUSE
    assert budget.take(1) is Room.CUT_OFF
    budget.give_back(201)
    assert budget.take(100) is Room.ENOUGH


def test_giving_back_twice_does_not_make_room_out_of_nothing() -> None:
    budget = ByteBudget(10)
    budget.take(5)
    budget.give_back(50)
    assert budget.held == 0
