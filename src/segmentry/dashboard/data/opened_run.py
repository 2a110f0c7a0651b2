"""A run that a server has open."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from segmentry.dashboard.data.customers import Customers
from segmentry.edges.run_folder.manifest import Manifest, read_manifest
from segmentry.records.run import Run

Signature = tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A run that is open.

    Attributes:
        name: The name of its folder.
        folder: Its folder.
        run: Its record, without any one customer.
        customers: Its customers.
        signature: What its folder looked like when it was opened.
        previews: The numbers of segments that were previewed.
    """

    name: str
    folder: Path
    run: Run
    customers: Customers
    signature: Signature
    previews: dict[int, Run] = field(default_factory=dict)

    def previewed(self, k: int) -> Run:
        """The run as it would be with another number of segments that it tried."""
        from segmentry.dashboard.data.preview import preview

        if k not in self.previews:
            self.previews[k] = preview(self.run, self.customers, k)
        return self.previews[k]

    @cached_property
    def manifest(self) -> Manifest:
        """What run.json says."""
        return read_manifest(self.folder)
