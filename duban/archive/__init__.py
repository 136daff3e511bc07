"""年底归档 (BC-5.9, T35, N18; DA/T 22-2015): a year's papers numbered once, listed, and packed so that they last."""

from duban.archive.entering import Entered, enter
from duban.archive.packing import Package, check, pack
from duban.archive.year import Carried, Collected, collect

__all__ = ["Carried", "Collected", "Entered", "Package", "check", "collect", "enter", "pack"]
