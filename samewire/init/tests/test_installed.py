from __future__ import annotations

import json
from importlib.metadata import Distribution, PathDistribution
from pathlib import Path

import pytest

from samewire.init.installed import requirement

COMMIT = "0" * 40


def installed(folder: Path, origin: object) -> Distribution:
    """A distribution as pip leaves it."""
    info = folder / "samewire-1.2.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: samewire\nVersion: 1.2\n")
    if origin is not None:
        (info / "direct_url.json").write_text(json.dumps(origin))
    return PathDistribution(info)


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        (None, "samewire[openapi]==1.2"),
        (
            {"url": "https://example.org/samewire.git", "vcs_info": {"vcs": "git", "commit_id": COMMIT}},
            f"samewire[openapi] @ git+https://example.org/samewire.git@{COMMIT}",
        ),
        (
            {
                "url": "ssh://git:secret@example.org/a.git",
                "vcs_info": {"vcs": "git", "commit_id": COMMIT},
                "subdirectory": "b",
            },
            f"samewire[openapi] @ git+ssh://git@example.org/a.git@{COMMIT}#subdirectory=b",
        ),
        (
            {"url": "https://me:secret@example.org/samewire.whl", "archive_info": {}},
            "samewire[openapi] @ https://example.org/samewire.whl",
        ),
    ],
    ids=["index", "git", "git over ssh", "archive"],
)
def test_another_machine_installs_it_as_it_was_installed_here(origin: object, expected: str, tmp_path: Path) -> None:
    assert requirement(tmp_path, "[openapi]", installed(tmp_path, origin)) == expected


@pytest.mark.parametrize("info", [{"dir_info": {"editable": True}}, {"dir_info": {}}, {"archive_info": {}}])
def test_files_are_named_by_their_path_in_the_folder_or_not_at_all(info: dict[str, object], tmp_path: Path) -> None:
    tool = tmp_path / "project/tools/same wire"
    tool.mkdir(parents=True)
    found = installed(tmp_path, {"url": tool.as_uri(), **info})
    assert requirement(tmp_path / "project", "", found) == "./tools/same wire"
    assert requirement(tmp_path / "other", "", found) is None
