"""From the customers of a segment to a list that a platform takes: who is on it, and in what form."""

from segmentry.stages.audience.platforms import PLATFORMS
from segmentry.stages.audience.select import Member, draw_up

__all__ = ["PLATFORMS", "Member", "draw_up"]
