"""The boundary round a user's own code: nothing that it raises or prints gets past it."""

import sys
import threading

import pytest

from capsim.errors import PluginError, StrategyError, own_code

from .program_bench import Wish, assist, new_world, program_for


class UnreadableError(Exception):
    def __str__(self):
        raise ValueError("no words")


def leave(view, month, budget):
    sys.exit(0)


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (SystemExit(0), "SystemExit: 0"),
        (GeneratorExit(), "GeneratorExit: "),
        (MemoryError("too much"), "MemoryError: too much"),
        (ValueError("two\nlines"), "ValueError: two lines"),
        (UnreadableError(), "UnreadableError: (its message cannot be read)"),
        (StrategyError("mine"), "StrategyError: mine"),
    ],
)
def test_whatever_is_raised_leaves_as_one_kind_of_error_of_one_line(raised, said):
    with pytest.raises(PluginError) as caught, own_code("process 'x', month 3"):
        raise raised
    assert str(caught.value) == f"process 'x', month 3: {said}"
    assert caught.value.__cause__ is raised


def test_an_interrupt_passes():
    with pytest.raises(KeyboardInterrupt), own_code("anything"):
        raise KeyboardInterrupt


def test_what_is_printed_goes_to_standard_error(capsys):
    with own_code("anything"):
        print("hello")
    print("table")
    out, err = capsys.readouterr()
    assert (out, err) == ("table\n", "hello\n")


def test_what_other_threads_print_meanwhile_goes_where_it_went(capsys):
    """Two threads whose own code overlaps: the first to begin is the first to end."""
    second_is_in, first_is_out = threading.Event(), threading.Event()

    def first():
        with own_code("first"):
            second_is_in.wait(60)
        print("first is done")
        first_is_out.set()

    def second():
        with own_code("second"):
            second_is_in.set()
            first_is_out.wait(60)
            print("second")

    threads = [threading.Thread(target=work) for work in (first, second)]
    before = sys.stdout
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sys.stdout is before
    assert capsys.readouterr() == ("first is done\n", "second\n")


def test_a_strategy_that_leaves_python_is_an_error_that_names_it_and_the_month():
    world = new_world()
    program = program_for(world, Wish(leave))
    with pytest.raises(StrategyError, match="strategy 'wish' failed in month 0: SystemExit: 0"):
        assist(world, program)


def test_a_strategy_may_print(capsys):
    def wish(view, month, budget):
        print("deciding")
        return []

    world = new_world()
    assist(world, program_for(world, Wish(wish)))
    assert capsys.readouterr() == ("", "deciding\n")
