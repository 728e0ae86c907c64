import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CallRecord } from '@aws-delivery/local-aws/call-log';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { CreateBucketCommand, PutPublicAccessBlockCommand, S3Client } from '@aws-sdk/client-s3';
import type { Terminal } from '../terminal.js';
import { buildAccountScenario } from './account.js';
import { type Endpoint, openEndpoint } from './endpoint.js';
import { type GitHub, openGitHub } from './github.js';
import { createRepository, type Repository } from './repository.js';

/** The environment of the demo: an emulated account, a repository and GitHub's API. */
export interface DemoEnvironment extends AsyncDisposable {
  /** The checkout. */
  readonly root: string;
  /** `.demo`, with the files that the demo writes. */
  readonly directory: string;
  readonly aws: LocalAws;
  readonly repository: Repository;
  /** Receives the comments of the pull request. */
  readonly github: GitHub;
  readonly terminal: Terminal;
  /** URL of the emulator that creates the resources of the stack, if any. */
  readonly emulator: string | undefined;
}

/** The account's time runs 60 times faster than real time, except with an emulator, whose clock cannot be scaled. */
const CLOCK_SCALE = 60;

const reviewBucket = { Bucket: 'codeguru-reviewer-octo-repo' };

/** Creates the existing resources of the account: the source bucket of CodeGuru Reviewer. */
export const setUpAccount = async (aws: LocalAws): Promise<void> => {
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = aws.createEnv({
    keys: true,
  });
  const credentials = { accessKeyId, secretAccessKey };
  const s3 = new S3Client({ endpoint: aws.url, region: 'eu-west-1', credentials, forcePathStyle: true });
  const location = { CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } as const };
  await s3.send(new CreateBucketCommand({ ...reviewBucket, ...location }));
  const closed = {
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  };
  await s3.send(new PutPublicAccessBlockCommand({ ...reviewBucket, PublicAccessBlockConfiguration: closed }));
  s3.destroy();
};

/**
 * Writes what runs of the workflows under act need: the scenario of the account, and a copy of the actions. act copies
 * the whole directory for each use of an action, and the checkout contains `node_modules`.
 */
export const prepareActFiles = (root: string, directory: string): void => {
  writeFileSync(join(directory, 'local-aws.yml'), buildAccountScenario(root, { scale: CLOCK_SCALE }));
  const entries = readdirSync(join(root, 'actions'), { withFileTypes: true });
  for (const { name } of entries.filter((entry) => entry.isDirectory())) {
    for (const part of ['action.yml', 'dist']) {
      const path = join('actions', name, part);
      cpSync(join(root, path), join(directory, 'suite', path), { recursive: true });
    }
  }
};

const startAccount = async (
  root: string,
  directory: string,
  endpoint: Endpoint,
  emulator: string | undefined,
): Promise<LocalAws> => {
  const accountFile = join(directory, 'account.yml');
  writeFileSync(
    accountFile,
    buildAccountScenario(root, { endpoint: endpoint.url, scale: emulator === undefined ? CLOCK_SCALE : 1 }),
  );
  const lines: string[] = [];
  const log = (line: string): void => {
    lines.push(line);
    writeFileSync(join(directory, 'calls.jsonl'), `${lines.join('\n')}\n`);
  };
  return startLocalAws({
    scenario: accountFile,
    log,
    ...(emulator === undefined ? {} : { upstream: { '*': emulator } }),
  });
};

/** Creates the environment in an empty `.demo` directory. */
export const createDemoEnvironment = async (
  root: string,
  terminal: Terminal,
  emulator: string | undefined,
): Promise<DemoEnvironment> => {
  const directory = join(root, '.demo');
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory);
  const repository = createRepository(root, directory);
  prepareActFiles(root, directory);
  const endpoint = await openEndpoint(join(repository.directory, 'examples', 'delivery', 'shop'));
  const aws = await startAccount(root, directory, endpoint, emulator);
  if (emulator === undefined) await setUpAccount(aws);
  const github = await openGitHub();
  const close = async (): Promise<void> => {
    await aws.close();
    await github[Symbol.asyncDispose]();
    await endpoint[Symbol.asyncDispose]();
  };
  return { root, directory, aws, repository, github, terminal, emulator, [Symbol.asyncDispose]: close };
};

/** The calls of the actions, without those that services made on their behalf. */
export const listOwnCalls = ({ aws }: DemoEnvironment): readonly CallRecord[] =>
  aws.calls().filter(({ via }) => via === undefined);
