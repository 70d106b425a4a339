"""The options with which every command that ends in a verdict says where its result goes."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from samewire.commands import UsageError, guarded
from samewire.report.github import on_github
from samewire.report.outputs import Outputs, try_outputs

_File = Path | None


def _file(option: str, what: str) -> Any:
    help = f"Write the result there as {what}; - is standard output."
    return Annotated[_File, typer.Option(option, metavar="FILE", help=help)]


_OPTIONS: dict[str, Any] = {
    "json": _file("--json", "JSON (docs/result.schema.json)"),
    "junit": _file("--junit", "JUnit XML"),
    "sarif": _file("--sarif", "SARIF 2.1.0, for code scanning"),
    "markdown": _file("--markdown", "Markdown, for a comment on a pull request"),
    "html": _file("--html", "one page that works offline"),
    "github": Annotated[
        bool | None,
        typer.Option(
            "--github/--no-github",
            help="Annotate and write the step's summary in GitHub Actions; by default where GITHUB_ACTIONS is true.",
        ),
    ],
    "verbose": Annotated[
        bool, typer.Option("--verbose", "-v", help="Show every case that differs or fails, not the causes alone.")
    ],
}


def with_outputs(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command of typer these options in the place of its parameter `outputs`, which gets an `Outputs`.

        @app.command()
        @with_outputs
        def diff(old: str, new: str, *, outputs: Outputs) -> None: ...

    Typer reads a command's signature, so that is what is changed; else each command would list the same seven options.
    """

    def wrapped(**given: Any) -> None:
        chosen = {name: given.pop(name) for name in _OPTIONS}
        if chosen["github"] is None:
            chosen["github"] = on_github()
        outputs = Outputs(**chosen)
        with guarded():
            _try(outputs)
        command(**given, outputs=outputs)

    signature = inspect.signature(command, eval_str=True)
    own = [parameter for name, parameter in signature.parameters.items() if name != "outputs"]
    parameters = [*own, *map(_parameter, _OPTIONS)]
    wrapped.__name__, wrapped.__doc__ = command.__name__, command.__doc__
    wrapped.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    vars(wrapped)["__signature__"] = signature.replace(parameters=parameters)
    return wrapped


def _try(outputs: Outputs) -> None:
    try:
        try_outputs(outputs)
    except ValueError as error:
        raise UsageError(str(error)) from None


def _parameter(name: str) -> inspect.Parameter:
    default = False if name == "verbose" else None
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=_OPTIONS[name])
