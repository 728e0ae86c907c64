"""Runs scanners over `sources` and writes their SARIF files to a directory, with neutral paths.

    python3 make.py <output> [tool ...]

The programs are searched on PATH; Java tools in the directory JARS, formatters of ESLint in NODE_PATH.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
NEUTRAL = "/home/runner/work/shop/shop"
JARS = os.environ.get("JARS", "") + "/*"
NODE_PATH = os.environ.get("NODE_PATH", "")
STDOUT = None

GO_CLEAN = "go/clean"
GO_BAD = "go/bad"


def bandit(files, *more):
    return [["bandit", "-q", "-f", "sarif", "-o", "out.sarif", *more, *files]]


def ruff(files, *more):
    return [["ruff", "check", "--no-cache", "--exit-zero", "--output-format", "sarif", "-o", "out.sarif", *more, *files]]


def semgrep(files, *more):
    return [["semgrep", "scan", "--metrics", "off", "--disable-version-check", "--no-git-ignore",
             "--config", "semgrep.yml", "--sarif", "--output", "out.sarif", *more, *files]]


def stdout(*command):
    return [[*command, STDOUT]]


def jar(main, *options):
    return ["java", "-cp", JARS, main, *options]


def go(directory, *command):
    return [["sh", "-c", f"cd {directory} && " + " ".join(command)]]


CASES = {
    "bandit": {
        "injection": bandit(["py/injection.py"]),
        "crypto": bandit(["py/crypto.py"]),
        "severe": bandit(["py/injection.py", "py/crypto.py"], "--severity-level", "high"),
        "suppressed": bandit(["py/suppressed.py"]),
        "clean": bandit(["py/clean.py"]),
        "broken": bandit(["py/broken.py"]),
    },
    "ruff": {
        "style": ruff(["py/style.py"], "--select", "E,F,B,N,PL"),
        "security": ruff(["py/injection.py", "py/crypto.py"], "--select", "S"),
        "clean": ruff(["py/clean.py"]),
        "broken": ruff(["py/broken.py"]),
    },
    "semgrep": {
        "python": semgrep(["py"]),
        "flow": semgrep(["py/injection.py"], "--dataflow-traces"),
        "javascript": semgrep(["js/app.js"]),
        "clean": semgrep(["py/clean.py"]),
        "broken": semgrep(["py/broken.py"]),
    },
    "cfn-lint": {
        "bucket": stdout("cfn-lint", "--format", "sarif", "-i", "W3", "-t", "cfn/bucket.yml"),
        "types": stdout("cfn-lint", "--format", "sarif", "-t", "cfn/types.yml"),
        "all": stdout("cfn-lint", "--format", "sarif", "-c", "I", "-t", "cfn/bucket.yml", "cfn/types.yml"),
        "clean": stdout("cfn-lint", "--format", "sarif", "-t", "cfn/clean.yml"),
        "broken": stdout("cfn-lint", "--format", "sarif", "-t", "cfn/broken.yml"),
    },
    "zizmor": {
        "ci": stdout("zizmor", "--offline", "--no-config", "--format", "sarif", "wf/ci.yml"),
        "release": stdout("zizmor", "--offline", "--no-config", "--format", "sarif", "wf/release.yml"),
        "pedantic": stdout("zizmor", "--offline", "--no-config", "--persona", "auditor", "--format", "sarif", "wf/ci.yml", "wf/release.yml"),
        "clean": stdout("zizmor", "--offline", "--no-config", "--format", "sarif", "wf/clean.yml"),
    },
    "checkov": {
        "terraform": [["checkov", "--quiet", "--compact", "--skip-download", "-f", "tf/main.tf", "-o", "sarif", "--output-file-path", "."]],
        "cloudformation": [["checkov", "--quiet", "--compact", "--skip-download", "-f", "cfn/bucket.yml", "-o", "sarif", "--output-file-path", "."]],
        "dockerfile": [["checkov", "--quiet", "--compact", "--skip-download", "-f", "docker/Dockerfile", "-o", "sarif", "--output-file-path", "."]],
    },
    "ansible-lint": {
        "playbook": stdout("ansible-lint", "--offline", "-q", "-f", "sarif", "ansible/playbook.yml"),
        "clean": stdout("ansible-lint", "--offline", "-q", "-f", "sarif", "ansible/clean.yml"),
    },
    "compose-lint": {
        "compose": stdout("compose-lint", "--format", "sarif", "docker/docker-compose.yml"),
    },
    "eslint": {
        "app": [["eslint", "-f", "@microsoft/eslint-formatter-sarif", "-o", "out.sarif", "js/app.js"]],
        "suppressed": [["eslint", "-f", "@microsoft/eslint-formatter-sarif", "-o", "out.sarif", "js/suppressed.js"]],
        "clean": [["eslint", "-f", "@microsoft/eslint-formatter-sarif", "-o", "out.sarif", "js/clean.js"]],
        "broken": [["eslint", "-f", "@microsoft/eslint-formatter-sarif", "-o", "out.sarif", "js/broken.js"]],
    },
    "oxlint": {
        "app": stdout("oxlint", "-f", "sarif", "js/app.js"),
        "all": stdout("oxlint", "-f", "sarif", "-W", "all", "js/dupes.ts", "js/app.js"),
        "deny": stdout("oxlint", "-f", "sarif", "-D", "suspicious", "js/dupes.ts"),
        "clean": stdout("oxlint", "-f", "sarif", "js/clean.js"),
    },
    "biome": {
        "app": stdout("biome", "lint", "--reporter=sarif", "js/app.js"),
        "types": stdout("biome", "lint", "--reporter=sarif", "js/dupes.ts"),
        "css": stdout("biome", "lint", "--reporter=sarif", "css/site.css"),
        "clean": stdout("biome", "lint", "--reporter=sarif", "js/clean.js"),
        "broken": stdout("biome", "lint", "--reporter=sarif", "js/broken.js"),
    },
    "htmlhint": {
        "page": stdout("htmlhint", "-f", "sarif", "html/index.html"),
        "clean": stdout("htmlhint", "-f", "sarif", "html/clean.html"),
    },
    "markdownlint": {
        "readme": [["markdownlint-cli2", "docs/readme.markdown"]],
        "clean": [["markdownlint-cli2", "docs/clean.markdown"]],
    },
    "secretlint": {
        "config": [["secretlint", "--secretlintrc", "secrets/.secretlintrc.json", "--format", "@secretlint/secretlint-formatter-sarif", "--output", "out.sarif", "secrets/config.env"]],
        "clean": [["secretlint", "--secretlintrc", "secrets/.secretlintrc.json", "--format", "@secretlint/secretlint-formatter-sarif", "--output", "out.sarif", "secrets/clean.env"]],
    },
    "spectral": {
        "openapi": [["spectral", "lint", "-q", "-r", "api/.spectral.yml", "-f", "sarif", "-o", "out.sarif", "api/openapi.yml"]],
        "clean": [["spectral", "lint", "-q", "-r", "api/.spectral.yml", "-f", "sarif", "-o", "out.sarif", "api/clean.yml"]],
    },
    "gosec": {
        "bad": go(GO_BAD, "gosec", "-quiet", "-fmt", "sarif", "-out", "../../out.sarif", "./..."),
        "severe": go(GO_BAD, "gosec", "-quiet", "-severity", "high", "-fmt", "sarif", "-out", "../../out.sarif", "./..."),
        "clean": go(GO_CLEAN, "gosec", "-fmt", "sarif", "-out", "../../out.sarif", "./..."),
    },
    "staticcheck": {
        "bad": go(GO_BAD, "staticcheck", "-f", "sarif", "-checks", "all", "./...", ">", "../../out.sarif"),
        "clean": go(GO_CLEAN, "staticcheck", "-f", "sarif", "./...", ">", "../../out.sarif"),
    },
    "gitleaks": {
        "config": [["gitleaks", "dir", "--no-banner", "-c", "secrets/gitleaks.toml", "--redact", "-f", "sarif", "-r", "out.sarif", "secrets/config.env"]],
        "clean": [["gitleaks", "dir", "--no-banner", "-c", "secrets/gitleaks.toml", "-f", "sarif", "-r", "out.sarif", "secrets/clean.env"]],
    },
    "golangci-lint": {
        "bad": go(GO_BAD, "golangci-lint", "run", "-c", "../../golangci.yml", "--show-stats=false", "./..."),
        "clean": go(GO_CLEAN, "golangci-lint", "run", "-c", "../../golangci.yml", "--show-stats=false", "./..."),
    },
    "tflint": {
        "main": stdout("tflint", "--format=sarif", "--chdir=tf", "--filter=main.tf"),
        "clean": stdout("tflint", "--format=sarif", "--chdir=tf", "--filter=clean.tf"),
    },
    "pmd": {
        "app": [jar("net.sourceforge.pmd.cli.PmdCli", "check", "--no-progress", "--no-cache", "-R", "pmd.xml", "-f", "sarif", "-r", "out.sarif", "-d", "java/bad")],
        "quickstart": [jar("net.sourceforge.pmd.cli.PmdCli", "check", "--no-progress", "--no-cache", "-R", "rulesets/java/quickstart.xml", "-f", "sarif", "-r", "out.sarif", "-d", "java/bad")],
        "clean": [jar("net.sourceforge.pmd.cli.PmdCli", "check", "--no-progress", "--no-cache", "-R", "pmd.xml", "-f", "sarif", "-r", "out.sarif", "-d", "java/clean")],
    },
    "checkstyle": {
        "sun": [jar("com.puppycrawl.tools.checkstyle.Main", "-c", "/sun_checks.xml", "-f", "sarif", "-o", "out.sarif", "java/bad/App.java")],
        "google": [jar("com.puppycrawl.tools.checkstyle.Main", "-c", "/google_checks.xml", "-f", "sarif", "-o", "out.sarif", "java/bad/App.java")],
        "clean": [jar("com.puppycrawl.tools.checkstyle.Main", "-c", "/google_checks.xml", "-f", "sarif", "-o", "out.sarif", "java/clean/Size.java")],
    },
    "spotbugs": {
        "app": [["javac", "-nowarn", "-d", "classes", "java/bad/App.java"],
                jar("edu.umd.cs.findbugs.FindBugs2", "-low", "-sarif=out.sarif", "-sourcepath", "java/bad", "classes")],
        "clean": [["javac", "-d", "classes", "java/clean/Size.java"],
                  jar("edu.umd.cs.findbugs.FindBugs2", "-sarif=out.sarif", "classes")],
    },
}


def run_case(tool, case, commands, output):
    with tempfile.TemporaryDirectory() as scratch:
        workspace = Path(scratch) / "shop"
        shutil.copytree(HERE / "sources", workspace)
        if NODE_PATH:
            (workspace / "node_modules").symlink_to(NODE_PATH)
        text = ""
        for command in commands:
            to_stdout = command[-1] is STDOUT
            words = command[:-1] if to_stdout else command
            done = subprocess.run(words, cwd=workspace, capture_output=True, text=True)
            text = done.stdout if to_stdout else text
        found = [path for path in workspace.glob("*.sarif")]
        if found:
            text = found[0].read_text()
        if "{" not in text:
            print(f"{tool}/{case}: no output: {done.stderr[-300:]}", file=sys.stderr)
            return
        text = text[text.index("{"):]
        for path in (str(workspace.resolve()), str(workspace)):
            text = text.replace(path, NEUTRAL)
        text = re.sub(r"/tmp/[a-z0-9_]+/shop", NEUTRAL, text)
        log, _ = json.JSONDecoder().raw_decode(text)
        target = output / tool
        target.mkdir(parents=True, exist_ok=True)
        (target / f"{case}.sarif").write_text(json.dumps(log, indent=1, ensure_ascii=False) + "\n")


def main():
    output = Path(sys.argv[1])
    for tool in sys.argv[2:] or CASES:
        for case, commands in CASES[tool].items():
            run_case(tool, case, commands, output)


main()
