from __future__ import annotations

import pytest

from samewire.cases.yaml_file import parse, write
from samewire.prove.catalogue import FAULTS
from samewire.prove.channel import Tamper
from samewire.prove.fault import Fault, Kind
from samewire.prove.proving import SAMPLE


def test_there_are_sixty_faults_and_more_and_no_name_twice() -> None:
    names = [fault.name for fault in FAULTS]
    assert len(set(names)) == len(names)
    assert len([fault for fault in FAULTS if not fault.harmless]) >= 60


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_fault(kind: Kind) -> None:
    assert any(fault.kind is kind and not fault.harmless for fault in FAULTS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_the_case_that_is_shown_for_a_fault_can_be_pasted(fault: Fault) -> None:
    assert parse(write([fault.case()])) == (fault.case(),)
    assert fault.tamper != Tamper()


def test_the_sample_is_a_dozen_of_different_kinds() -> None:
    chosen = [fault for fault in FAULTS if fault.name in SAMPLE]
    assert len(chosen) == len(SAMPLE) == 12
    assert len({fault.kind for fault in chosen}) >= 9
