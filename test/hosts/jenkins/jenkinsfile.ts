import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../scripts/command.mjs';

/** The shell scripts and parameters of a declarative pipeline. */
export interface Jenkinsfile {
  /** The script of each stage by the value of its parameter ACTION. */
  readonly scripts: Readonly<Record<string, string>>;
  /** The script of `post { always }`. */
  readonly always: string;
  /** Default values of the parameters; the first value of a choice. */
  readonly parameters: Readonly<Record<string, string>>;
}

const STAGE_PATTERN = /when \{ expression \{ params\.ACTION == '(?<action>[\w-]+)' \} \}.*?sh '''(?<script>.*?)'''/gsu;
const STRING_PATTERN = /string\(name: '(?<name>\w+)', defaultValue: '(?<value>[^']*)'/gu;
const CHOICE_PATTERN = /choice\(name: '(?<name>\w+)', choices: \['(?<value>[\w-]+)'/gu;
const ALWAYS_PATTERN = /always \{.*?sh '(?<script>[^']+)'/su;

/** Parses hosts/jenkins/Jenkinsfile. */
export const readJenkinsfile = (): Jenkinsfile => {
  const source = readFileSync(join(root, 'hosts', 'jenkins', 'Jenkinsfile'), 'utf8');
  const readPairs = (pattern: RegExp, key: string, value: string) =>
    Object.fromEntries(
      [...source.matchAll(pattern)].map(({ groups = {} }) => [groups[key] ?? '', groups[value] ?? '']),
    );
  return {
    scripts: readPairs(STAGE_PATTERN, 'action', 'script'),
    always: ALWAYS_PATTERN.exec(source)?.groups?.['script'] ?? '',
    parameters: { ...readPairs(STRING_PATTERN, 'name', 'value'), ...readPairs(CHOICE_PATTERN, 'name', 'value') },
  };
};
