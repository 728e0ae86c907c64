"""Compares the pairs of pairs.json as PyYAML reads them: prints name, tab and equal, different or error."""

import json
import pathlib

import yaml

READER = f"PyYAML {yaml.__version__}"


def describe(value):
    """A description that keeps types apart: 1, 1.0 and true are equal in Python."""
    if isinstance(value, dict):
        return {"map": sorted(([describe(k), describe(v)] for k, v in value.items()), key=repr)}
    if isinstance(value, (list, tuple)):
        return {"list": [describe(item) for item in value]}
    if isinstance(value, set):
        return {"set": sorted((describe(item) for item in value), key=repr)}
    return [type(value).__name__, repr(value)]


def compare(before, after):
    try:
        a, b = ([describe(d) for d in yaml.safe_load_all(text)] for text in (before, after))
    except yaml.YAMLError:
        return "error"
    return "equal" if a == b else "different"


PAIRS = json.loads((pathlib.Path(__file__).parent / "pairs.json").read_text("utf-8"))
print(json.dumps({"reader": READER, "results": {p["name"]: compare(p["before"], p["after"]) for p in PAIRS}}))
