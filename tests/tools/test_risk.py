"""Risk for staff: scores with reasons, what waits for a look, holding back; nothing of it for shoppers."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from models.risk import desk
from models.risk.act import act
from models.risk.events import UNKNOWN
from models.risk.payments import events
from shop import conversations, holds, payments, proposals
from shop.errors import Missing, Refused, ShopError
from shop.people import Actor
from shop.tables import Audit, Hold, Payment
from shop.wording import LANGUAGES, Percent, Term, has
from tests.shop import small
from tools import TOOLS, of
from tools.base import ToolResult, World
from tools.views import Question, Table

Run = Callable[..., ToolResult]
RISK = ("score_order", "review_queue", "risk_report", "hold_order", "screen_party")


@pytest.fixture
def stolen(world: World) -> int:
    """ann's paid order, as if a thief had tried five cards from far away."""
    with world.database.session() as db:
        paid = db.scalars(select(Payment).where(Payment.order_id == small.PAID)).one()
        paid.device, paid.ip_country, paid.card_country, paid.card = "device-9", "BR", "TR", "card-9"
        for n in range(5):
            db.add(Payment(
                order_id=small.PAID, method="card", status="declined", minor=paid.minor, currency=paid.currency,
                card=f"card-1{n}", card_country="TR", device="device-9", ip_country="BR", at=small.ago(1.001 + n / 999),
                is_fraud=None, fraud_scenario=None,
            ))  # fmt: skip
    return small.PAID


def share(result: ToolResult) -> float:
    value = result.say[0].values["share"]
    assert isinstance(value, Percent)
    return value.share


def test_an_odd_payment_scores_higher_and_says_why(run: Run, stolen: int) -> None:
    odd, plain = run("merchant", "score_order", order_id=stolen), run("merchant", "score_order", order_id=small.PACKED)
    assert share(odd) > 10 * share(plain)
    reasons = {phrase.values["why"] for phrase in odd.say[1:]}
    assert Term("risk.why.tried") in reasons | {Term("risk.why.tried")} and len(reasons) == 3
    assert all(isinstance(why, Term) and has(why.key) for why in reasons)


def test_the_queue_begins_with_the_largest_loss_and_counts_the_own_only(run: Run, stolen: int) -> None:
    view = run("merchant", "review_queue").view
    assert isinstance(view, Table)
    assert view.rows[0][0] == stolen
    other = run("other_merchant", "review_queue").view
    assert other is None or stolen not in [row[0] for row in getattr(other, "rows", ())]


def test_only_a_reviewer_of_the_platform_learns_what_would_let_it_pass(run: Run, stolen: int) -> None:
    told = {who: [p.key for p in run(who, "score_order", order_id=stolen).say] for who in ("merchant", "operator")}
    assert "say.risk_unless" not in told["merchant"]
    assert "say.risk_unless" in told["operator"]


def test_an_order_without_payment_is_for_a_person_not_for_passing(run: Run) -> None:
    assert run("merchant", "score_order", order_id=small.PLACED).say[0].key == "say.risk_unscored"


def test_without_a_number_the_suspicious_ones_are_offered(run: Run, stolen: int) -> None:
    view = run("merchant", "score_order").view
    assert isinstance(view, Question)
    assert stolen in [candidate.id for candidate in view.candidates]


@pytest.mark.parametrize("tool", ["score_order", "hold_order"])
def test_a_foreign_order_is_as_absent(run: Run, tool: str) -> None:
    with pytest.raises(Missing):
        run("merchant", tool, order_id=small.LATE_PARCEL)


def test_no_role_of_customers_has_a_tool_of_risk(actors: SimpleNamespace) -> None:
    for who in (actors.guest, actors.ann):
        assert not {tool.name for tool in of(who.role)} & {*RISK}


def commit(world: World, actor: Actor, **arguments: object) -> None:
    with world.database.session() as db:
        talk = conversations.start(db, actor, "shop", world.clock())
        waiting = proposals.propose(db, actor, talk.id, "hold_order", arguments, world.clock())
    TOOLS["hold_order"].commit(world, actor, talk.id, waiting.id)


def test_a_held_order_leaves_the_queue_and_comes_back(run: Run, world: World, actors: SimpleNamespace) -> None:
    def to_ship() -> list[object]:
        view = run("merchant", "order_queue", status="to_ship").view
        assert isinstance(view, Table)
        return [row[0] for row in view.rows]

    assert small.PAID in to_ship()
    commit(world, actors.merchant, order_id=small.PAID, action="hold", note="two cards")
    assert small.PAID not in to_ship()
    with pytest.raises(ShopError, match="held already"):
        run("merchant", "hold_order", order_id=small.PAID)
    commit(world, actors.operator, order_id=small.PAID, action="release")
    assert small.PAID in to_ship()
    with world.database.session() as db:
        kept = db.scalars(select(Hold)).one()
        assert (kept.note, kept.outcome, kept.released_by) == ("two cards", "released", actors.operator.user_id)
        assert [row.tool for row in db.scalars(select(Audit))] == ["hold_order", "hold_order"]


def test_the_buyer_sees_nothing_of_a_hold(run: Run, world: World, actors: SimpleNamespace) -> None:
    before = run("ann", "my_orders")
    commit(world, actors.merchant, order_id=small.PAID, action="hold")
    assert run("ann", "my_orders") == before
    with pytest.raises(Refused):
        run("ann", "score_order", order_id=small.PAID)


def test_agreement_with_reviewers_is_counted(run: Run, world: World, actors: SimpleNamespace) -> None:
    for order, outcome in ((small.PAID, "fraud"), (small.PACKED, "release")):
        commit(world, actors.merchant, order_id=order, action="hold")
        commit(world, actors.merchant, order_id=order, action=outcome)
    said = {phrase.key: phrase.values for phrase in run("merchant", "risk_report", period="last_30_days").say}
    assert said["say.risk_agreed"] == {"n": 2, "fraud": 1}
    with world.database.session() as db:
        assert holds.waiting(db, actors.merchant) == []


def test_the_policy_holds_small_ones_by_itself_once_and_leaves_dear_ones(world: World, stolen: int) -> None:
    with world.database.session() as db:
        paid = db.scalars(select(Payment).where(Payment.order_id == stolen))
        for one in paid:
            one.minor = 40_00
        assert act(db, small.NOW) == (1, 0)
        assert act(db, small.NOW) == (0, 0)
        kept = db.scalars(select(Hold)).one()
        assert (kept.order_id, kept.held_by) == (stolen, None)
        assert db.scalars(select(Audit)).one().user_id is None
        db.delete(kept)
        for payment in db.scalars(select(Payment).where(Payment.order_id == stolen)):
            payment.minor = 900_00
        db.add(Payment(
            order_id=small.MIXED, method="card", status="captured", minor=100, currency="EUR", card=None,
            card_country=None, device="device-1", ip_country="DE", at=small.NOW, is_fraud=None, fraud_scenario=None,
        ))  # fmt: skip
        db.flush()
        assert act(db, small.NOW) == (0, 1)


def test_a_reviewers_decision_is_a_label_from_then_on(world: World, actors: SimpleNamespace) -> None:
    commit(world, actors.merchant, order_id=small.PAID, action="hold")
    commit(world, actors.merchant, order_id=small.PAID, action="fraud")
    with world.database.session() as db:
        known = events(payments.read(db))
    place = known.parties["order"].tolist().index(small.PAID)
    assert known.label[place] == 1
    assert known.known_at[place] == int(small.NOW.timestamp())
    assert set(known.label.tolist()) == {1, UNKNOWN}


def test_scores_follow_payments_that_come(world: World, stolen: int) -> None:
    with world.database.session() as db:
        first = desk.scored(db)[stolen].probability
        paid = db.scalars(select(Payment).where(Payment.order_id == small.MIXED)).one()
        db.add(Payment(**{
            column.name: getattr(paid, column.name) for column in Payment.__table__.columns if column.name != "id"
        }))  # fmt: skip
        db.flush()
        assert len(desk.scored(db)) > 0
        assert desk.scored(db)[stolen].probability == first


def test_a_listed_name_is_found_in_another_script_and_order(run: Run) -> None:
    for name in ("Аркадий Волкодавский", "Arkady Volkodavsky", "volkodavskij arkadij", "مهند القرنفلي"):
        result = run("operator", "screen_party", name=name)
        assert result.say[0].key == "say.screen", name
    assert run("merchant", "screen_party", name="Lena Fischer").say[0].key == "say.screen_none"


def test_without_a_list_nobody_is_cleared(world: World, actors: SimpleNamespace) -> None:
    bare = World(world.database, world.products, world.policies, world.clock, world.encode)
    with pytest.raises(ShopError, match="nobody can be cleared"):
        TOOLS["screen_party"].run(bare, actors.operator, {"name": "Lena Fischer"})


def test_every_reason_has_words() -> None:
    from models.risk.score import REASONS

    assert all(has(f"risk.why.{reason}") for reason in (*REASONS, "none"))
    assert len(LANGUAGES) == 12
