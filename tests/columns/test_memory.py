"""What is worked out once for the tiles of a question."""

from app.columns.memory import REMEMBERED, Memory


def test_what_is_known_is_not_worked_out_again_and_the_oldest_is_forgotten() -> None:
    memory = Memory()
    worked_out: list[int] = []

    def answer(number: int) -> str:
        worked_out.append(number)
        return f"answer {number}"

    for number in range(REMEMBERED):
        assert memory.get(number, lambda number=number: answer(number)) == f"answer {number}"  # type: ignore[misc]
    assert memory.get(0, lambda: answer(0)) == "answer 0"
    assert worked_out == list(range(REMEMBERED))

    memory.get("another", lambda: answer(99))
    assert 0 in memory
    assert 1 not in memory
