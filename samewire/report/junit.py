"""A run's result as JUnit XML: a suite for each target, and one for the comparison."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from samewire.compare import printable
from samewire.report import words
from samewire.report.bound import bound_line
from samewire.report.causes import causes
from samewire.report.found import Found
from samewire.report.words import MAY_CHANGE
from samewire.result import CaseRun, CheckedCase, CheckResult, DiffResult, PairResult

_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'


def found_xml(found: Found) -> str:
    """A suite for each target, and one for each pair of targets that were compared."""
    return _xml((*map(_target, found.checks), *(suite for one in found.diffs for suite in _diff(one, found.checks))))


def _diff(result: DiffResult, checks: Sequence[CheckResult]) -> Iterator[TestSuite]:
    """The pair; each side, too, unless it was checked by itself."""
    if not checks:
        yield _suite(result.old, (_run(pair, pair.old) for pair in result.pairs))
        yield _suite(result.new, (_run(pair, pair.new) for pair in result.pairs))
    whole = _whole(result.not_started, result.stale, words.lacking(result))
    suite = _suite(f"{result.old} and {result.new}", [*map(_pair, result.pairs), *whole, *_left_out(result)])
    for name, value in _properties(result):
        suite.add_property(name, _clean(value))
    yield suite


def _target(result: CheckResult) -> TestSuite:
    whole = _whole(result.not_started, (), ())
    return _suite(result.target, [*map(_checked, result.cases), *whole, *_left_out(result)])


def _properties(result: DiffResult) -> Iterator[tuple[str, str]]:
    """What a dashboard may want of the whole comparison."""
    yield "verdict", str(result.verdict)
    yield "comparisons", str(result.comparisons)
    yield "bound", bound_line(result)
    for account in result.accounts:
        yield "source", words.account_line(account)
    for cause in causes(result):
        yield f"cluster.{cause.cluster.fingerprint}", f"{cause.title}, {cause.extent}"


def _xml(suites: Iterable[TestSuite]) -> str:
    document = JUnitXml("samewire")
    for suite in suites:
        document.add_testsuite(suite)
    document.update_statistics()
    written: bytes | str = document.tostring()
    text = written.decode("utf-8") if isinstance(written, bytes) else written
    return f"{_DECLARATION}{text}\n"


def _suite(name: str, cases: Iterable[TestCase]) -> TestSuite:
    suite = TestSuite(_clean(name))
    suite.add_testcases(list(cases))
    suite.update_statistics()
    return suite


def _run(pair: PairResult, run: CaseRun) -> TestCase:
    return _checked(CheckedCase(pair.case, pair.title, pair.why, run, pair.reproducer))


def _checked(checked: CheckedCase) -> TestCase:
    run = checked.run
    case = _case(checked.case, checked.title, run.transcript.target, run.transcript.seconds)
    if run.transcript.error:
        case.result = [_told(Error, run.transcript.error, words.explain_check(checked))]
    elif run.failures:
        places = ", ".join(failure.place for failure in run.failures)
        case.result = [_told(Failure, f"not as expected: {places}", words.explain_check(checked))]
    return case


def _pair(pair: PairResult) -> TestCase:
    old, new = pair.old.transcript, pair.new.transcript
    case = _case(pair.case, pair.title, f"{old.target} and {new.target}", max(old.seconds, new.seconds))
    if pair.differences:
        places = ", ".join(difference.place for difference in pair.differences)
        case.result = [_told(Failure, f"differs: {places}", words.explain_pair(pair))]
    elif not pair.evident:
        case.result = [_told(Error, "not observed on both", words.explain_pair(pair))]
    return case


def _whole(not_started: Iterable[str], stale: Iterable[str], lacking: Iterable[str]) -> Iterator[TestCase]:
    """What concerns the run and no single case."""
    told = (
        (Error, "a target starts", not_started),
        (Failure, "accepted differences occur", stale),
        (Error, "there is evidence", () if not_started else lacking),
    )
    for kind, name, texts in told:
        for text in texts:
            case = _case("run", name, "run", 0.0)
            case.result = [_told(kind, text.partition("\n")[0], text)]
            yield case


def _left_out(result: DiffResult | CheckResult) -> Iterator[TestCase]:
    impossible = dict(result.left_out)
    for id in result.skipped:
        case = _case(id, "not possible" if id in impossible else "may change state", "run", 0.0)
        case.result = [Skipped(impossible.get(id, MAY_CHANGE))]
        yield case


def _case(id: str, title: str, group: str, seconds: float) -> TestCase:
    return TestCase(_clean(f"{id} {title}"), _clean(group), seconds)


def _told(kind: type[Error | Failure], message: str, text: str) -> Error | Failure:
    told = kind(_clean(message))
    told.text = "\n".join(_clean(line) for line in text.split("\n"))
    return told


def _clean(text: str) -> str:
    """XML 1.0 has no way to write most control characters (section 2.2)."""
    return printable(text)
