import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it } from '@jest/globals';
import { unzipSync } from 'fflate';
import { pullRequest } from '../../checkout.js';
import { startGitHub } from '../../fake-github.js';
import { ACCOUNT, type AwsStep, BUCKET, Harness, type HarnessOptions } from '../../harness.js';
import { buildSarif } from '../../sarif-log.js';

let harness: Harness;
afterEach(() => harness.close());

type Review = NonNullable<NonNullable<HarnessOptions['codeguru-reviewer']>['review']>;

const associated = { name: 'shop', bucket: BUCKET };

/** Opens a harness with the associated repository `shop` and the outcome of its review. */
const open = async (review: Review = {}, others: HarnessOptions = {}): Promise<Harness> => {
  harness = await Harness.open({ 'codeguru-reviewer': { associations: [associated], review }, ...others });
  harness.checkout.commit({ 'src/App.java': 'class App {\n  run(sql + name);\n}\n', 'README.md': '# Shop\n' });
  return harness;
};

const injection = { file: 'src/App.java', line: 2, severity: 'Critical' as const };

const findInput = ({ calls }: AwsStep, operation: string) => calls.find((call) => call.operation === operation)?.input;

/** Contents of the files in the nth uploaded archive, by name. */
const readArchive = ({ calls }: AwsStep, index = 0): Readonly<Record<string, string>> => {
  const body = calls.filter(({ operation }) => operation === 'PutObject')[index]?.input['Body'];
  if (!(body instanceof Uint8Array)) throw new TypeError('nothing was uploaded');
  const files = Object.entries(unzipSync(new Uint8Array(body)));
  return Object.fromEntries(files.map(([name, bytes]) => [name, Buffer.from(bytes).toString()]));
};

const listUploaded = (step: AwsStep, index = 0): readonly string[] => Object.keys(readArchive(step, index));

// A missing archive and a bucket without a policy are expected.
const EXPECTED_ERRORS: readonly (string | undefined)[] = [undefined, 'NotFound', 'NoSuchBucketPolicy'];

const listErrors = ({ calls }: AwsStep) => calls.filter(({ error }) => !EXPECTED_ERRORS.includes(error));

describe('a review', () => {
  it('uploads the tracked code, waits for the result, and deletes the upload', async () => {
    await open({ recommendations: [injection, { file: '.', severity: 'Critical' }] });
    harness.checkout.write('untracked.txt', 'x');
    const step = await harness.run();
    expect(step.failures).toEqual(['1 failing finding (1 critical)']);
    expect(step.outputs['review-arn']).toContain(':code-review:RepositoryAnalysis-');
    expect([...new Set(step.operations)].sort()).toEqual([
      'CreateCodeReview',
      'DescribeCodeReview',
      'DescribeRepositoryAssociation',
      'GetBucketPolicyStatus',
      'HeadObject',
      'ListRecommendations',
      'ListRepositoryAssociations',
      'PutObject',
    ]);
    expect(listErrors(step)).toEqual([]);
    expect(listUploaded(step)).toEqual(['README.md', 'src/App.java']);
    expect(findInput(step, 'PutObject')).toMatchObject({ Bucket: BUCKET, ExpectedBucketOwner: ACCOUNT });
    expect(findInput(step, 'CreateCodeReview')).toMatchObject({ Type: { AnalysisTypes: ['CodeQuality'] } });
    expect(step.annotations[0]).toMatchObject({ kind: 'error', properties: { file: 'src/App.java', startLine: 2 } });
    expect(await harness.post(step)).toEqual(['DeleteObject allowed']);
  });

  it('stays within the documented request rate with 1,000 recommendations', async () => {
    await open({ recommendations: [{ ...injection, times: 1000 }] });
    const step = await harness.run();
    expect(JSON.parse(step.outputs['counts'] ?? '')).toMatchObject({ all: { critical: 1000 } });
    expect(step.operations.filter((name) => name === 'ListRecommendations')).toHaveLength(4);
    expect(listErrors(step)).toEqual([]);
  });

  it('of a pull request covers its changes, with the history but without the checkout token', async () => {
    await open();
    const { checkout } = harness;
    const base = checkout.git('rev-parse', 'HEAD');
    checkout.git('config', 'http.https://github.test/.extraheader', 'AUTHORIZATION: basic c2VjcmV0');
    const head = checkout.commit({ 'src/New.java': 'class New {}\n' });
    const step = await harness.run(pullRequest(base, head));
    expect(step.failures).toEqual([]);
    expect(findInput(step, 'CreateCodeReview')).toMatchObject({
      Type: {
        RepositoryAnalysis: {
          SourceCodeType: {
            CommitDiff: { SourceCommit: head, DestinationCommit: base },
            RequestMetadata: { RequestId: '7', Requester: 'octocat', EventInfo: { Name: 'pull_request' } },
          },
        },
      },
    });
    const files = readArchive(step);
    expect(Object.keys(files)).toContain('.git/HEAD');
    expect(Object.values(files).join('\n')).not.toContain('c2VjcmV0');
    expect(files['.git/config']).not.toContain(checkout.directory);
  });

  it('covers the commits of commit-range', async () => {
    await open();
    const head = harness.checkout.commit({ 'src/New.java': 'class New {}\n' });
    const step = await harness.run({ inputs: { 'commit-range': 'HEAD^:HEAD' } });
    expect(findInput(step, 'CreateCodeReview')).toMatchObject({
      Type: { RepositoryAnalysis: { SourceCodeType: { CommitDiff: { SourceCommit: head } } } },
    });
  });

  it('covers everything, with a notice, for a range without the first commit', async () => {
    await open();
    const step = await harness.run({ inputs: { 'commit-range': ':HEAD' } });
    expect(step.log).toContain("notice: 'commit-range' has no first commit");
    expect(step.log).toContain('Started code review of all code');
    expect(listUploaded(step)).toEqual(['README.md', 'src/App.java']);
  });

  it('of a directory below the top covers the commits of commit-range', async () => {
    await open({ recommendations: [{ ...injection, file: 'services/shop/src/App.java' }] });
    harness.checkout.commit({ 'services/shop/src/App.java': 'class App {\n  run(sql + name);\n}\n' });
    const inputs = { 'root-directory': 'services/shop', association: 'shop', 'commit-range': 'HEAD^:HEAD' };
    const step = await harness.run({ inputs });
    const files = listUploaded(step).filter((name) => !name.startsWith('.git/'));
    expect([files, listUploaded(step).includes('.git/HEAD')]).toEqual([['services/shop/src/App.java'], true]);
    expect(step.annotations[0]).toMatchObject({ properties: { file: 'services/shop/src/App.java', startLine: 2 } });
  });

  it('of a directory below the top without history has paths relative to it', async () => {
    await open({ recommendations: [injection] });
    harness.checkout.commit({ 'services/shop/src/App.java': 'class App {\n  run(sql + name);\n}\n' });
    const step = await harness.run({ inputs: { 'root-directory': 'services/shop', association: 'shop' } });
    expect(listUploaded(step)).toEqual(['src/App.java']);
    expect(step.annotations[0]).toMatchObject({ properties: { file: 'services/shop/src/App.java', startLine: 2 } });
  });

  it('without compiled code says that security analysis does not run', async () => {
    await open();
    const step = await harness.run({ inputs: { 'build-artifacts': 'auto' } });
    expect(step.log).toContain("notice: No compiled Java code found for 'build-artifacts'");
    expect(step.summary).toContain('security analysis does not');
  });

  it('fails with a hint in a shallow clone before uploading', async () => {
    await open();
    harness.checkout.commit({ 'src/New.java': 'class New {}\n' });
    harness.checkout.git('clone', '--quiet', '--depth=1', `file://${harness.checkout.directory}`, 'shallow');
    const inputs = { 'root-directory': 'shallow', association: 'shop', 'commit-range': 'HEAD^:HEAD' };
    const step = await harness.run({ inputs });
    expect(step.failures[0]).toContain("'HEAD^' is not in this checkout: set 'fetch-depth: 0' in actions/checkout");
    expect(step.operations).not.toContain('PutObject');
  });

  it('with build artifacts includes security analysis', async () => {
    await open();
    harness.checkout.write('target/classes/App.class', 'bytes');
    const step = await harness.run({ inputs: { 'build-artifacts': 'auto', 'source-paths': 'src' } });
    expect(findInput(step, 'CreateCodeReview')).toMatchObject({ Type: { AnalysisTypes: ['Security', 'CodeQuality'] } });
    expect([listUploaded(step, 0), listUploaded(step, 1)]).toEqual([['src/App.java'], ['target/classes/App.class']]);
    expect(await harness.post(step)).toEqual(['DeleteObject allowed', 'DeleteObject allowed']);
  });

  it.each(['build/libs/app.jar', 'build/classes/java/main/App.class'])(
    'uploads build artifacts of Gradle: %s',
    async (path) => {
      await open();
      harness.checkout.write(path, 'bytes');
      const step = await harness.run({ inputs: { 'build-artifacts': 'auto' } });
      expect(listUploaded(step, 1)).toEqual([path]);
    },
  );

  it('of a push covers the pushed commits, and everything on the first push and after a force push', async () => {
    await open();
    const before = harness.checkout.git('rev-parse', 'HEAD');
    const after = harness.checkout.commit({ 'src/New.java': 'class New {}\n' });
    const reviewPush = async (from: string) => {
      const env = { GITHUB_EVENT_NAME: 'push', GITHUB_SHA: after, GITHUB_RUN_ID: from.slice(0, 4) };
      const step = await harness.run({ env, event: { before: from, after } });
      return JSON.stringify(findInput(step, 'CreateCodeReview'));
    };
    expect(await reviewPush(before)).toContain(`"SourceCommit":"${after}","DestinationCommit":"${before}"`);
    expect(await reviewPush('0'.repeat(40))).not.toContain('CommitDiff');
    expect(await reviewPush('f'.repeat(40))).not.toContain('CommitDiff');
  });

  it('uploads nothing to a bucket of another account', async () => {
    const association = { name: 'shop', bucket: 'codeguru-reviewer-theirs' };
    harness = await Harness.open({ 'codeguru-reviewer': { associations: [association] } });
    harness.checkout.commit({ 'a.py': 'x\n' });
    const step = await harness.run();
    expect(step.outputs['verdict']).not.toBe('passed');
    expect(step.operations).not.toContain('PutObject');
  });

  it.each([
    [{ 'source-paths': 'lib' }, "input 'source-paths': 'lib' contains no files that git tracks"],
    [{ 'build-artifacts': 'out' }, "input 'build-artifacts': cannot read 'out'"],
    [{ 'bucket-name': 'shop' }, "input 'bucket-name': 'shop' must begin with 'codeguru-reviewer-'"],
    [{ 'bucket-name': 'codeguru-reviewer-x' }, "must be 'codeguru-reviewer-shop', the bucket of the association"],
    [{ 'commit-range': 'HEAD' }, "input 'commit-range': 'HEAD' must be two revisions separated by a colon"],
    [{ 'commit-range': 'HEAD:--output=x' }, "'--output=x' is not in this checkout"],
  ])('is rejected for the inputs %j', async (inputs, message) => {
    await open();
    const step = await harness.run({ inputs });
    expect(step.failures[0]).toContain(message);
    expect(step.operations).not.toContain('CreateCodeReview');
  });

  it("encrypts with the association's key, or with kms-key-id", async () => {
    const kmsKey = 'arn:aws:kms:eu-west-1:123456789012:key/own';
    harness = await Harness.open({ 'codeguru-reviewer': { associations: [{ ...associated, kmsKey }] } });
    harness.checkout.commit({ 'a.py': 'x\n' });
    const put = async (inputs: Record<string, string>) => findInput(await harness.run({ inputs }), 'PutObject');
    expect(await put({})).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKey });
    harness.checkout.commit({ 'a.py': 'y\n' });
    expect(await put({ 'kms-key-id': 'other' })).toMatchObject({ SSEKMSKeyId: 'other' });
  });

  it('is a separate review for each source-paths of a matrix', async () => {
    await open();
    const getReviewArn = async (inputs: Record<string, string>) =>
      (await harness.run({ inputs })).outputs['review-arn'];
    expect(await getReviewArn({ 'source-paths': 'src' })).not.toBe(await getReviewArn({ 'source-paths': 'README.md' }));
  });

  it('uploads nothing to a public bucket', async () => {
    await open();
    const { url: endpoint } = harness.aws;
    const credentials = { accessKeyId: 'root', secretAccessKey: 'root' };
    const s3 = new S3Client({ region: 'eu-west-1', endpoint, credentials, forcePathStyle: true });
    const statement = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${BUCKET}/*` };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await s3.send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy }));
    const step = await harness.run();
    expect(step.failures[0]).toContain(`the policy of bucket ${BUCKET} allows public access`);
    expect(step.operations).not.toContain('PutObject');
  });

  it('is started only once per attempt', async () => {
    await open();
    const [first, second] = [await harness.run(), await harness.run()];
    expect(second.outputs['review-arn']).toBe(first.outputs['review-arn']);
  });
});

describe('an association', () => {
  it.each([
    ['by the name of the repository', {}, { name: 'shop', bucket: BUCKET }],
    ['by its name', { association: 'other' }, { name: 'other', bucket: BUCKET }],
    ['while it is being created', {}, { ...associated, state: 'Associating' as const, ready: '1m' }],
  ])('is found %s', async (_, inputs, association) => {
    harness = await Harness.open({ 'codeguru-reviewer': { associations: [association] } });
    harness.checkout.commit({ 'a.py': 'x\n' });
    expect((await harness.run({ inputs })).outputs['verdict']).toBe('passed');
  });

  it('is found by its ARN without listing associations', async () => {
    await open();
    const listed = await harness.run();
    const arn = String(findInput(listed, 'DescribeRepositoryAssociation')?.['AssociationArn']);
    const step = await harness.run({ inputs: { association: arn } });
    expect([step.outputs['verdict'], step.operations.includes('ListRepositoryAssociations')]).toEqual([
      'passed',
      false,
    ]);
  });

  it('is found by the directory name, which the AWS CodeGuru CLI uses', async () => {
    harness = await Harness.open({ 'codeguru-reviewer': { associations: [{ name: 'basket', bucket: BUCKET }] } });
    harness.checkout.commit({ 'basket/a.py': 'x\n' });
    expect((await harness.run({ inputs: { 'root-directory': 'basket' } })).outputs['verdict']).toBe('passed');
  });

  it.each([
    ['fail', 'unknown', 1],
    ['warn', 'unknown', 0],
    ['proceed', 'passed', 0],
  ])('that is missing applies on-no-association: %s', async (policy, verdict, failures) => {
    harness = await Harness.open({
      'codeguru-reviewer': { associations: [{ name: 'foreign', owner: 'other', provider: 'GitHub' }] },
    });
    harness.checkout.commit({ 'a.py': 'x\n' });
    const step = await harness.run({ inputs: { 'on-no-association': policy } });
    expect([step.outputs['verdict'], step.failures.length]).toEqual([verdict, failures]);
    expect(step.outputs['reason']).toContain('AWS has not accepted new associations since 7 November 2025');
    expect(step.operations).not.toContain('AssociateRepository');
  });

  it('that has failed fails the step with its reason', async () => {
    const association = { ...associated, state: 'Failed' as const, reason: 'connection lost' };
    harness = await Harness.open({ 'codeguru-reviewer': { associations: [association] } });
    harness.checkout.commit({ 'a.py': 'x\n' });
    expect((await harness.run()).failures[0]).toContain('has the state Failed (connection lost) and cannot be used');
  });
});

describe('an association with GitHub', () => {
  const hosted = {
    'codeguru-reviewer': { associations: [{ name: 'shop', owner: 'octocat', provider: 'GitHub' as const }] },
  };

  /** Pushes a commit to the branch `feature` of a remote repository. */
  const start = async (): Promise<string> => {
    harness = await Harness.open(hosted);
    const { checkout } = harness;
    checkout.git('init', '--quiet', '--bare', '.git/there');
    checkout.git('remote', 'add', 'origin', join(checkout.directory, '.git/there'));
    const commit = checkout.commit({ 'a.py': 'x\n' });
    checkout.git('push', '--quiet', 'origin', 'HEAD:feature');
    return commit;
  };
  const buildStepOptions = (commit: string) => ({ env: { GITHUB_REF_NAME: 'feature', GITHUB_SHA: commit } });

  it('reviews the branch and uploads nothing', async () => {
    const step = await runReview(await start());
    expect(step.outputs['verdict']).toBe('passed');
    expect(findInput(step, 'CreateCodeReview')).toMatchObject({
      Type: { RepositoryAnalysis: { RepositoryHead: { BranchName: 'feature' } } },
    });
    expect(step.operations).not.toContain('PutObject');
  });

  const runReview = (commit: string) => harness.run(buildStepOptions(commit));

  it('gives the verdict unknown if the branch is at another commit', async () => {
    await start();
    const step = await runReview(harness.checkout.commit({ 'a.py': 'y\n' }));
    expect(step.outputs['verdict']).toBe('unknown');
    expect(step.outputs['reason']).toContain("CodeGuru Reviewer fetches branch 'feature' at commit");
    expect(step.operations).not.toContain('CreateCodeReview');
  });

  it('gives the verdict unknown if the branch moves during the review', async () => {
    const commit = await start();
    harness.checkout.commit({ 'a.py': 'y\n' });
    const running = runReview(commit);
    while (!harness.aws.calls().some(({ operation }) => operation === 'CreateCodeReview')) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    harness.checkout.git('push', '--quiet', 'origin', 'HEAD:feature');
    expect((await running).outputs).toMatchObject({
      verdict: 'unknown',
      'review-arn': expect.stringContaining('arn:'),
    });
  });

  it('does not review the branch of a fork, even if the repository has one of that name', async () => {
    const base = await start();
    const head = harness.checkout.commit({ 'a.py': 'y\n' });
    const { env, event } = pullRequest(base, head, 'stranger/shop');
    const step = await harness.run({ env: { ...env, GITHUB_HEAD_REF: 'feature' }, event });
    expect(step.outputs['reason']).toContain("'feature' is a branch of a fork");
  });

  it('reads the branch head from GitHub with the token', async () => {
    const commit = await start();
    harness.checkout.git('remote', 'remove', 'origin');
    const github = await startGitHub({ 'feature/a b': commit });
    const env = { GITHUB_REF_NAME: 'feature/a b', GITHUB_SHA: commit, GITHUB_API_URL: github.url };
    const step = await harness.run({ env, inputs: { 'github-token': 't' } });
    await github.close();
    expect(step.outputs['verdict']).toBe('passed');
  });

  it('gives the verdict unknown if the branch head cannot be read', async () => {
    const commit = await start();
    harness.checkout.git('remote', 'remove', 'origin');
    expect((await runReview(commit)).outputs['reason']).toContain(
      "cannot determine the head commit of branch 'feature'",
    );
  });
});

describe('the verdict is unknown for', () => {
  const getReason = async (review: Review, others: HarnessOptions = {}, inputs = {}) => {
    await open(review, others);
    const { outputs, failures } = await harness.run({ inputs });
    expect([outputs['verdict'], failures.length]).toEqual(['unknown', 1]);
    return outputs['reason'];
  };

  it('a review that fails', async () => {
    expect(await getReason({ outcome: 'Failed', reason: 'no source' })).toContain('has the state Failed: no source');
  });

  it('a review that takes too long', async () => {
    expect(await getReason({ takes: '2h' }, {}, { timeout: '10m' })).toContain(
      'timed out after 9m 30s waiting for code review',
    );
  });

  it('a role without permissions for CodeGuru Reviewer', async () => {
    expect(await getReason({}, { allowed: ['upload'] })).toContain('add the statements CodeguruReviewer and Upload');
  });

  it('a role without permissions for the bucket', async () => {
    expect(await getReason({}, { allowed: ['codeguru-reviewer'] })).toContain('needs s3:GetBucketPolicyStatus');
  });

  it('recommendations that cannot be listed', async () => {
    const faults = [
      { fault: 'error' as const, operation: 'ListRecommendations', code: 'InternalServerException', status: 500 },
    ];
    expect(await getReason({ recommendations: [injection] }, { faults })).toContain('InternalServerException');
  });

  it('fewer recommendations than the review counts', async () => {
    expect(await getReason({ recommendations: [{ ...injection, severity: 'Low' }], counted: 3 })).toContain(
      'reports 3 recommendations, but lists 1',
    );
  });

  it('a list of recommendations that exceeds the timeout', async () => {
    const many = { recommendations: [{ ...injection, severity: 'Low' as const, times: 30_000 }], takes: '0s' };
    expect(await getReason(many, {}, { timeout: '60s' })).toContain('timed out after 54s waiting for a response');
  });

  it('a pull request that changes the configuration of its review', async () => {
    await open();
    const base = harness.checkout.git('rev-parse', 'HEAD');
    const head = harness.checkout.commit({ 'aws-codeguru-reviewer.yml': 'version: 1.0\nexcludeFiles: ["**"]\n' });
    const { outputs } = await harness.run(pullRequest(base, head));
    expect(outputs['verdict']).toBe('unknown');
    expect(outputs['reason']).toContain('the pull request changes aws-codeguru-reviewer.yml');
  });
});

it('retries throttled calls', async () => {
  await open({}, { faults: [{ fault: 'throttle', service: 'codeguru-reviewer', calls: '1-4' }] });
  expect((await harness.run()).outputs['verdict']).toBe('passed');
});

it('applies on-fork to a pull request from a fork without credentials', async () => {
  await open();
  const base = harness.checkout.git('rev-parse', 'HEAD');
  const head = harness.checkout.commit({ 'a.py': 'x\n' });
  const none = async () => {
    throw Object.assign(new Error('Could not load credentials from any providers'), {
      name: 'CredentialsProviderError',
    });
  };
  const run = (fork: string, inputs = {}) =>
    harness.run({ ...pullRequest(base, head, fork), inputs, overrideConfig: (all) => ({ ...all, credentials: none }) });
  expect((await run('stranger/shop')).failures[0]).toContain('fork pull requests have no AWS credentials');
  expect((await run('stranger/shop', { 'on-fork': 'warn' })).outputs['verdict']).toBe('unknown');
  expect((await run('octocat/shop', { 'on-fork': 'warn' })).failures[0]).toContain(
    'add a step that uses oidc-credentials',
  );
});

it('fails without a Region regardless of on-unavailable', async () => {
  await open();
  const step = await harness.run({ inputs: { 'aws-region': '', 'on-unavailable': 'proceed' } });
  expect(step.failures).toEqual(["No AWS Region found: set input 'aws-region' or the environment variable AWS_REGION"]);
});

it('queries all configured sources in order', async () => {
  await open({ recommendations: [injection] });
  harness.checkout.write('scan.sarif', buildSarif({ results: [{ file: 'README.md' }] }));
  const inputs = { 'findings-from': 'auto', association: 'shop', 'sarif-files': 'scan.sarif' };
  const step = await harness.run({ inputs });
  expect(step.failures).toEqual(['2 failing findings (1 critical, 1 high)']);
  expect(step.log).toMatch(/Findings from codeguru-reviewer[\s\S]*Findings from sarif/u);
});

describe('an untrusted repository', () => {
  it('fails on a link that leads out of the directory', async () => {
    await open();
    mkdirSync(join(harness.checkout.directory, 'linked'));
    symlinkSync('/etc', join(harness.checkout.directory, 'linked/etc'));
    harness.checkout.git('add', 'linked');
    harness.checkout.commit({});
    const step = await harness.run();
    expect(step.failures[0]).toContain("linked/etc' to '/etc' points outside of the directory");
    expect(step.operations).not.toContain('PutObject');
  });

  it('can have binary files, and names with line ends, quotes and other characters', async () => {
    await open();
    const names = ['line\nend.py', 'quo"te.py', 'ünï.py', 'b/+++ b.py'];
    harness.checkout.commit(Object.fromEntries(names.map((name) => [name, 'x\0y'])));
    expect(listUploaded(await harness.run())).toEqual(expect.arrayContaining(names));
  });
});
