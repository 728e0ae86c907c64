#!/bin/sh
# Records in results.json how PyYAML, SnakeYAML and Go's yaml.v3 read the pairs of pairs.json.
# Requires python3 with PyYAML, go, java 17, mvn and node.
set -eu
cd "$(dirname "$0")"
version=2.4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mvn -q dependency:copy "-Dartifact=org.yaml:snakeyaml:$version" "-DoutputDirectory=$work"
python3 pyyaml.py > "$work/1.json"
java -cp "$work/snakeyaml-$version.jar" SnakeYaml.java "$version" > "$work/2.json"
go run . > "$work/3.json"
node -e '
const { readFileSync, writeFileSync } = require("node:fs");
const recorded = process.argv.slice(1).map((file) => JSON.parse(readFileSync(file, "utf8")));
const names = JSON.parse(readFileSync("pairs.json", "utf8")).map(({ name }) => name);
const results = Object.fromEntries(names.map((name) => [name, recorded.map((each) => each.results[name])]));
const lines = Object.entries(results).map(([name, each]) => `    ${JSON.stringify(name)}: ${JSON.stringify(each).replaceAll(",", ", ")}`);
const readers = JSON.stringify(recorded.map(({ reader }) => reader)).replaceAll(",", ", ");
writeFileSync("results.json", `{\n  "readers": ${readers},\n  "results": {\n${lines.join(",\n")}\n  }\n}\n`);
' "$work/1.json" "$work/2.json" "$work/3.json"
