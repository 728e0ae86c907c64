"""Severities of the results of SARIF files, read from the specification and GitHub's documentation.

    python3 oracle.py <corpus directory> > severities.json

Sources: SARIF 2.1.0 sections 3.27.9 (kind), 3.27.10 (level), 3.49 to 3.52 (rules and references), 3.20.5 (overrides), 3.35
(suppressions, not judged here); "SARIF support for code scanning" of GitHub (security-severity over 9.0 is critical, 7.0 to
8.9 high, 4.0 to 6.9 medium, 0.1 to 3.9 low). It shares no code with the reader that it judges.
"""
import json
import sys
from pathlib import Path

BANDS = ((9.0, "critical"), (7.0, "high"), (4.0, "medium"))
LEVELS = {"error": "high", "warning": "medium", "note": "info", "none": "none"}
WORDS = {"critical": "critical", "high": "high", "medium": "medium", "moderate": "medium", "low": "low"}
TOOL_WORDS = {**WORDS, "error": "high", "warning": "medium", "info": "info", "note": "info"}


def components(run):
    return [run["tool"]["driver"], *run["tool"].get("extensions", [])]


def find_rule(run, result):
    """The descriptor of a result: by id (3.52.4 allows hierarchical ids), otherwise by index (3.27.6)."""
    reference = result.get("rule", {})
    rule_id = result.get("ruleId") or reference.get("id")
    index = reference.get("index", result.get("ruleIndex", -1))
    rules = [rule for component in components(run) for rule in component.get("rules", [])]
    while rule_id:
        for rule in rules:
            if rule["id"] == rule_id:
                return rule
        rule_id = rule_id.rpartition("/")[0]
    own = run["tool"]["driver"].get("rules", [])
    return own[index] if not result.get("ruleId") and 0 <= index < len(own) else None


def band(value):
    """GitHub's band of a security-severity; scanners write it as a number, a text or a word."""
    try:
        score = float(value)
    except (TypeError, ValueError):
        return WORDS.get(str(value).lower()) if value is not None else None
    if not 0 < score <= 10:
        return None
    return next((name for least, name in BANDS if score >= least), "low")


def override(run, rule):
    for invocation in run.get("invocations", []):
        for each in invocation.get("ruleConfigurationOverrides", []):
            if rule is not None and each.get("descriptor", {}).get("id") == rule["id"]:
                return each.get("configuration", {}).get("level")
    return None


def severity(run, result):
    rule = find_rule(run, result)
    rule_properties = (rule or {}).get("properties", {})
    properties = result.get("properties", {})
    for bag in (rule_properties, properties):
        scored = band(bag.get("security-severity"))
        if scored:
            return scored
    kind = result.get("kind", "fail")
    level = result.get("level")
    if kind in ("review", "open", "informational") and level in (None, "none"):
        return "info" if kind == "informational" else "medium"
    if level is None:
        level = override(run, rule) or (rule or {}).get("defaultConfiguration", {}).get("level")
    if level is not None:
        return LEVELS[level]
    for bag, name in ((properties, "severity"), (rule_properties, "severity"), (rule_properties, "problem.severity")):
        word = TOOL_WORDS.get(str(bag.get(name, "")).lower())
        if word:
            return word
    return "medium"


def judge(log):
    return [
        [result.get("ruleId") or result.get("rule", {}).get("id") or (find_rule(run, result) or {}).get("id"), severity(run, result)]
        for run in log["runs"]
        for result in run.get("results") or []
        if result.get("kind", "fail") not in ("pass", "notApplicable") and result.get("baselineState") != "absent"
    ]


def main():
    corpus = Path(sys.argv[1])
    files = sorted(corpus.glob("*/*.sarif"))
    verdicts = {str(path.relative_to(corpus)): judge(json.loads(path.read_text(encoding="utf-8"))) for path in files}
    lines = (f" {json.dumps(name)}: {json.dumps(results)}" for name, results in verdicts.items())
    print("{\n" + ",\n".join(lines) + "\n}")


main()
