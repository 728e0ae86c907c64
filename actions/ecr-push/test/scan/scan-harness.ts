import { readFile } from 'node:fs/promises';
import { BatchDeleteImageCommand, ECRClient } from '@aws-sdk/client-ecr';
import { createImage } from '../../../../packages/oci/test/image-fixtures.js';
import { type Harness, type HarnessOptions, REGION, type Step, withHarness } from '../harness.js';

type Scanning = NonNullable<NonNullable<HarnessOptions['ecr']>['scanning']>;
type Finding = NonNullable<Scanning['findings']>[number];

export const image = createImage();

export const createFinding = (id: string, changes: Partial<Finding> = {}): Finding => ({ id, ...changes });

export interface ScanScenario extends Omit<HarnessOptions, 'ecr'> {
  readonly naming?: 'address' | 'names';
  /** Default: `app`. */
  readonly repositories?: NonNullable<NonNullable<HarnessOptions['ecr']>['repositories']>;
  readonly scanning?: Scanning;
  readonly scanOnPush?: boolean;
  readonly inputs?: Readonly<Record<string, string>>;
  /** Called before the step; may return variables for its environment. */
  readonly before?: (harness: Harness) => Promise<Readonly<Record<string, string>> | undefined>;
}

/** The environment of a step in a pull request between these commits. */
export const createPullRequestEnv = async (harness: Harness, base: string, head: string) => {
  const repository = { full_name: 'a/b' };
  const side = (sha: string) => ({ sha, repo: repository });
  const event = { number: 1, repository, pull_request: { number: 1, base: side(base), head: side(head) } };
  const path = await harness.writeWorkspaceFile('event.json', JSON.stringify(event));
  return { GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: path, PATH: process.env['PATH'] ?? '' };
};

/** Pushes one image with a scan gate; local AWS uses the same virtual clock. */
export const pushThroughGate = (scenario: ScanScenario): Promise<Step> => {
  const { scanning = {}, scanOnPush = false, inputs = {}, before, naming = 'address', ...others } = scenario;
  const { repositories = { app: { scanOnPush } }, ...options } = others;
  const ecr = { repositories, scanning, naming };
  return withHarness({ oneClock: true, ...options, ecr }, async (harness) => {
    const source = await harness.writeLayout('build', image);
    const env = (await before?.(harness)) ?? {};
    return harness.run({
      inputs: { source, repository: 'app', tags: '1.0', scan: 'basic', ...inputs },
      env,
    });
  });
};

/** Deletes the image after the first request for its scan. */
export const deleteDuringScan = async ({ aws }: Harness): Promise<void> => {
  const credentials = { accessKeyId: 'root', secretAccessKey: 'root' };
  const client = new ECRClient({ endpoint: aws.url, region: REGION, credentials });
  const operations = ['DescribeImageScanFindings', 'ListCoverage'];
  while (!aws.calls().some(({ operation }) => operations.includes(operation))) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const imageIds = [{ imageDigest: image.manifest.digest }];
  await client.send(new BatchDeleteImageCommand({ repositoryName: 'app', imageIds }));
};

/** Reads a report file before the harness closes. */
export const readReport = async (step: Step, output: 'sarif-file' | 'json-file') =>
  JSON.parse(await readFile(step.outputs[output] ?? '', 'utf8'));
