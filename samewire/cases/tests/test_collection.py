from __future__ import annotations

from pathlib import Path

import pytest

from samewire.cases.collection import collect
from samewire.cases.errors import CaseError

YAML = "- {id: A-1, title: t, why: w, steps: [{send: {}}]}\n"
PYTHON = """
from samewire.cases import case, get, expect
CASES = (case("B-1", "t", "w", get(), expect(200)),)
"""


def test_a_folder_gives_the_cases_of_its_yaml_files_and_of_its_modules(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.yaml").write_text(YAML)
    (tmp_path / "sub" / "b.py").write_text(PYTHON)
    (tmp_path / "helper.py").write_text("NUMBER = 1\n")
    assert [case.id for case in collect(tmp_path)] == ["A-1", "B-1"]


def test_a_single_file_gives_its_own(tmp_path: Path) -> None:
    (tmp_path / "b.py").write_text(PYTHON)
    assert [case.id for case in collect(tmp_path / "b.py")] == ["B-1"]


def test_an_id_given_twice_is_an_error_that_names_both_files(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(YAML)
    (tmp_path / "b.yml").write_text(YAML)
    with pytest.raises(CaseError, match=r"b.yml: the case A-1 stands in .*a.yaml already"):
        collect(tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.py", "NUMBER = 1", "a module of cases needs CASES"),
        ("a.py", "CASES = (1,)", "a module of cases needs CASES"),
        ("a.py", "import no_such_module_anywhere", "can't be imported: ModuleNotFoundError"),
        ("a.py", PYTHON.replace("B-1", "b1"), "a Case: id: String should match"),
        ("a.txt", "", "cases are written in .yaml, .yml or .py files"),
    ],
)
def test_a_file_that_holds_no_cases_is_named(tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(CaseError, match=said):
        collect(tmp_path / name)


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="there is no such file or folder"):
        collect(tmp_path / "none")


def test_a_module_of_a_package_is_imported_under_its_own_name() -> None:
    import samewire.cases

    with pytest.raises(CaseError, match="needs CASES"):
        collect(Path(samewire.cases.__file__))
