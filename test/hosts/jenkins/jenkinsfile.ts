import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../scripts/command.mjs';

/** What of a declarative pipeline runs in a shell, and the parameters it begins with. */
export interface Jenkinsfile {
  /** The script of each stage, by the action that it is for. */
  readonly scripts: Readonly<Record<string, string>>;
  /** The script of `post { always }`. */
  readonly always: string;
  /** Default values of the parameters: for a choice, its first. */
  readonly parameters: Readonly<Record<string, string>>;
}

const STAGE_PATTERN = /when \{ expression \{ params\.ACTION == '(?<action>[\w-]+)' \} \}.*?sh '''(?<script>.*?)'''/gsu;
const STRING_PATTERN = /string\(name: '(?<name>\w+)', defaultValue: '(?<value>[^']*)'/gu;
const CHOICE_PATTERN = /choice\(name: '(?<name>\w+)', choices: \['(?<value>[\w-]+)'/gu;
const ALWAYS_PATTERN = /always \{.*?sh '(?<script>[^']+)'/su;

/** Reads the pipeline as it is handed out. */
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
