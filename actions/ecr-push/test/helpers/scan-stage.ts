import { readFile } from 'node:fs/promises';
import { BatchDeleteImageCommand, ECRClient } from '@aws-sdk/client-ecr';
import { imageOf } from './image.js';
import { onStage, REGION, type Stage, type StageOptions, type Step } from './stage.js';

type Scanning = NonNullable<NonNullable<StageOptions['ecr']>['scanning']>;
type Finding = NonNullable<Scanning['findings']>[number];

export const image = imageOf();

export const fault = (id: string, changes: Partial<Finding> = {}): Finding => ({ id, ...changes });

export interface ScanStory extends Omit<StageOptions, 'ecr'> {
  readonly naming?: 'address' | 'names';
  /** `app` where left out. */
  readonly repositories?: NonNullable<NonNullable<StageOptions['ecr']>['repositories']>;
  readonly scanning?: Scanning;
  readonly scanOnPush?: boolean;
  readonly inputs?: Readonly<Record<string, string>>;
  /** Done before the step; gives variables of its environment where it has any. */
  readonly before?: (stage: Stage) => Promise<Readonly<Record<string, string>> | undefined>;
}

/** The environment of a step in a pull request between these commits. */
export const inPullRequest = async (stage: Stage, base: string, head: string) => {
  const repository = { full_name: 'a/b' };
  const side = (sha: string) => ({ sha, repo: repository });
  const event = { number: 1, repository, pull_request: { number: 1, base: side(base), head: side(head) } };
  const path = await stage.write('event.json', JSON.stringify(event));
  return { GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: path, PATH: process.env['PATH'] ?? '' };
};

/** One push of one image through the gate, on one clock with local AWS. */
export const pushThrough = (story: ScanStory): Promise<Step> => {
  const { scanning = {}, scanOnPush = false, inputs = {}, before, naming = 'address', ...others } = story;
  const { repositories = { app: { scanOnPush } }, ...options } = others;
  const ecr = { repositories, scanning, naming };
  return onStage({ oneClock: true, ...options, ecr }, async (stage) => {
    const source = await stage.layout('build', image);
    const variables = (await before?.(stage)) ?? {};
    return stage.run({
      inputs: { source, repository: 'app', tags: '1.0', scan: 'basic', ...inputs },
      variables,
    });
  });
};

/** Deletes the image once somebody has asked for its scan. */
export const deleteDuringScan = async ({ aws }: Stage): Promise<void> => {
  const credentials = { accessKeyId: 'root', secretAccessKey: 'root' };
  const client = new ECRClient({ endpoint: aws.url, region: REGION, credentials });
  const asks = ['DescribeImageScanFindings', 'ListCoverage'];
  while (!aws.calls().some(({ operation }) => asks.includes(operation))) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const imageIds = [{ imageDigest: image.manifest.digest }];
  await client.send(new BatchDeleteImageCommand({ repositoryName: 'app', imageIds }));
};

/** What stands in a file of the report, read before the stage is gone. */
export const reportOf = async (step: Step, output: 'sarif-file' | 'json-file') =>
  JSON.parse(await readFile(step.outputs[output] ?? '', 'utf8'));
