"""The options with which a command says what traffic is sent beside the cases, or in their place."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any

import typer

from samewire.replay.wanted import Wanted
from samewire.sources import NAMES

_OPTIONS: dict[str, Any] = {
    "files": Annotated[
        list[str] | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help="Replay this traffic on both: HAR, an access log, OpenAPI, curl commands, ...; - is standard input. May "
            "be repeated. Without --cases and --only, nothing else is sent.",
        ),
    ],
    "format": Annotated[
        str | None,
        typer.Option("--format", metavar="NAME", help=f"Of the traffic, where it can't be told: {', '.join(NAMES)}."),
    ],
    "allow_unsafe": Annotated[
        bool,
        typer.Option(
            "--allow-unsafe",
            help="Send also what may change state, POST and the like, of cases and traffic; else only if all targets "
            "are `disposable`.",
        ),
    ],
    "concurrency": Annotated[
        int,
        typer.Option("--concurrency", metavar="N", min=1, max=1000, help="Connections to each target for the traffic."),
    ],
    "seed": Annotated[
        int, typer.Option("--seed", metavar="N", help="Decides, request by request, which target is asked first.")
    ],
}
_DEFAULTS = Wanted()


def with_traffic(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command of typer these options in the place of its parameter `traffic`, which gets a `Wanted`.

    As `with_outputs` does; it comes below that one.
    """

    def wrapped(**given: Any) -> None:
        chosen = {name: given.pop(name) for name in _OPTIONS}
        chosen["files"] = tuple(chosen["files"] or ())
        command(**given, traffic=Wanted(**chosen))

    signature = inspect.signature(command, eval_str=True)
    parameters: list[inspect.Parameter] = []
    for name, parameter in signature.parameters.items():
        parameters += map(_parameter, _OPTIONS) if name == "traffic" else [parameter]
    wrapped.__name__, wrapped.__doc__ = command.__name__, command.__doc__
    wrapped.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    vars(wrapped)["__signature__"] = signature.replace(parameters=parameters)
    return wrapped


def _parameter(name: str) -> inspect.Parameter:
    default = None if name == "files" else getattr(_DEFAULTS, name)
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=_OPTIONS[name])
