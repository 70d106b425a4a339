from __future__ import annotations

import asyncio
import socket
import struct
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from typing import Any

import pytest

from parity.address import Address
from parity.cases.model import Case
from parity.exchange import Answered, End, Ended, Framing, Kind, Talked, Transcript
from parity.run import run_case
from parity.tests.conftest import Script, Serve
