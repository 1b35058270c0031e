"""Forecasts of demand: cheap methods for any series, weighted by how they did, with calibrated ranges."""

from models.demand.blend import Forecast, forecast
from models.demand.methods import METHODS
from models.demand.panel import BadFrame, Panel, panel

__all__ = ["METHODS", "BadFrame", "Forecast", "Panel", "forecast", "panel"]
