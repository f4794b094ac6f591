"""Charts as SVG: strings for a page (the stylesheet colours them) and for print (attributes count).

Each function takes values, words and numbers' formats from its caller and returns a `Chart`. It
speaks no language, reads no clock, and gives the same bytes for the same input. `alt` says what
the picture shows; where it may be None, None marks the drawing as decoration.
"""

from capofila.lib.charts.bars import bars
from capofila.lib.charts.cover import cover
from capofila.lib.charts.gantt import gantt, gantt_parts
from capofila.lib.charts.group import group
from capofila.lib.charts.heatmap import heatmap
from capofila.lib.charts.legend import band_key, legend
from capofila.lib.charts.matrix import priority_matrix
from capofila.lib.charts.questions import questions
from capofila.lib.charts.radar import radar
from capofila.lib.charts.shapes import (
    DASH,
    LANDSCAPE,
    LEVELS,
    NARROW,
    PAGE,
    PERCENT,
    RADAR_LEVELS,
    RADAR_PERCENT,
    WIDE,
    Axis,
    Bands,
    BarRow,
    Chart,
    CoverColumn,
    GanttRow,
    GanttTotal,
    GroupBox,
    GroupLine,
    HeatRow,
    Key,
    Locale,
    Mark,
    Point,
    Question,
    QuestionGroup,
    Scale,
    State,
    Tick,
)
from capofila.lib.charts.strips import band_scale, comb, levels_strip, ticks

__all__ = [
    "DASH",
    "LANDSCAPE",
    "LEVELS",
    "NARROW",
    "PAGE",
    "PERCENT",
    "RADAR_LEVELS",
    "RADAR_PERCENT",
    "WIDE",
    "Axis",
    "Bands",
    "BarRow",
    "Chart",
    "CoverColumn",
    "GanttRow",
    "GanttTotal",
    "GroupBox",
    "GroupLine",
    "HeatRow",
    "Key",
    "Locale",
    "Mark",
    "Point",
    "Question",
    "QuestionGroup",
    "Scale",
    "State",
    "Tick",
    "band_key",
    "band_scale",
    "bars",
    "comb",
    "cover",
    "gantt",
    "gantt_parts",
    "group",
    "heatmap",
    "legend",
    "levels_strip",
    "priority_matrix",
    "questions",
    "radar",
    "ticks",
]
