import type { Env } from '@aws-delivery/action-kit/util/env';
import { type Annotation, createAnnotation } from '../../src/commands/annotation.js';
import type { LogEntry } from '../../src/commands/command-processor.js';
import { findHost } from '../../src/host/find-host.js';
import type { CiHost } from '../../src/host/host.js';

/** The control sequence around GitLab's section markers. */
export const CLEAR_LINE = '\u001b[0K';
export const NOW = 1_700_000_000_000;

/** Detects the host of an environment and collects its output. */
export const createHost = (env: Env, terminal = false): { host: CiHost; getOutput: () => string } => {
  let output = '';
  const print = (text: string): void => {
    output += text;
  };
  const host = findHost({
    env,
    directory: '/builds/shop',
    print,
    terminal,
    now: () => (terminal ? Date.now() : NOW),
  });
  return { host, getOutput: () => output };
};

export const GITLAB_ENV = {
  GITLAB_CI: 'true',
  CI_COMMIT_BRANCH: 'main',
  CI_COMMIT_SHA: 'abc',
  CI_JOB_ID: '77',
  CI_PIPELINE_ID: '12',
  CI_PROJECT_DIR: '/builds/g/p',
  CI_PROJECT_PATH: 'g/p',
  CI_SERVER_URL: 'https://gitlab.example',
};
export const AZURE_ENV = {
  TF_BUILD: 'True',
  BUILD_BUILDID: '5',
  BUILD_REPOSITORY_NAME: 'shop',
  BUILD_SOURCEBRANCH: 'refs/heads/main',
  BUILD_SOURCESDIRECTORY: '/agent/s',
  BUILD_SOURCEVERSION: 'abc',
  SYSTEM_JOBATTEMPT: '2',
  SYSTEM_TEAMPROJECT: 'Retail',
};
export const ENVIRONMENTS: Readonly<Record<string, Env>> = {
  github: { GITHUB_ACTIONS: 'true', GITHUB_REPOSITORY: 'o/r' },
  'azure-devops': AZURE_ENV,
  gitlab: GITLAB_ENV,
  shell: {},
};

const lineAnnotation: Annotation = {
  ...createAnnotation('error', 'a; b]\n100%'),
  title: 'T',
  file: 'a,b.yml',
  line: 3,
  column: 2,
};
export const ERROR_ENTRY: LogEntry = { kind: 'annotation', annotation: lineAnnotation };
