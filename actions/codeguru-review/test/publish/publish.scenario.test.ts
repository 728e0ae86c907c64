import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Checkout, pullRequest } from '../checkout.js';
import { type FakeGitHub, startGitHub } from '../fake-github.js';
import { buildSarif, type ResultInput } from '../sarif-log.js';

let checkout: Checkout;
let github: FakeGitHub;
let base: string;
let head: string;
beforeEach(async () => {
  checkout = new Checkout();
  github = await startGitHub();
  base = checkout.commit({ 'src/app.js': 'one();\n' });
  head = checkout.commit({ 'src/app.js': 'one();\neval(2);\neval(3);\n' });
});
afterEach(async () => {
  await github.close();
  checkout.remove();
});

const run = (inputs: Readonly<Record<string, string>>, results: readonly ResultInput[], others = {}) => {
  checkout.write('scan.sarif', buildSarif({ results }));
  const { env, event } = pullRequest(base, head);
  const api = { GITHUB_API_URL: github.url, GITHUB_SHA: 'a'.repeat(40) };
  return checkout.run({
    inputs: { 'github-token': 'secret-token', ...inputs },
    env: { ...env, ...api, ...others },
    event,
  });
};

const readUpload = () => {
  const [upload] = github.listPosted('/code-scanning/sarifs');
  return JSON.parse(gunzipSync(Buffer.from(String(upload?.['sarif']), 'base64')).toString());
};

describe('comment: summary', () => {
  it('updates one comment', async () => {
    await run({ comment: 'summary' }, [{ line: 2 }]);
    expect(github.listPosted('/issues/7/comments')[0]?.['body']).toContain('Code review: blocked');
    await run({ comment: 'summary' }, []);
    expect(github.listPosted('/issues/7/comments')).toHaveLength(1);
    expect(github.listPosted('/issues/7/comments')[0]?.['body']).toContain('Code review: passed');
  });

  it("truncates the comment to GitHub's limit", async () => {
    const results = Array.from({ length: 500 }, (_, index) => ({ line: 2, message: `${index} ${'x'.repeat(290)}` }));
    await run({ comment: 'summary' }, results);
    expect(String(github.listPosted('/issues/7/comments')[0]?.['body']).length).toBeLessThanOrEqual(65_536);
  });
});

describe('two runs in one job', () => {
  it('have comments and uploads of their own, also in the legs of a matrix', async () => {
    const inputs = { comment: 'summary', 'upload-sarif': 'true' };
    const legs = ['{"java": 17}', '{"java": 21}'];
    for (const matrix of legs) {
      for (const step of ['__self', '__self_2']) {
        await run({ ...inputs, matrix }, [{ line: 2 }], { GITHUB_ACTION: step });
        await run({ ...inputs, matrix }, [{ line: 2 }], { GITHUB_ACTION: step });
      }
    }
    const bodies = github.listPosted('/issues/7/comments').map(({ body }) => String(body).split('\n')[1]);
    expect(bodies.map((body) => body?.replace(/^## \S+ /u, ''))).toEqual([
      'Code review: blocked (17)',
      'Code review: blocked (17)',
      'Code review: blocked (21)',
      'Code review: blocked (21)',
    ]);
    const uploads = github.listPosted('/code-scanning/sarifs').map(({ sarif }) => {
      const log = JSON.parse(gunzipSync(Buffer.from(String(sarif), 'base64')).toString());
      return log.runs[0].automationDetails.id;
    });
    expect(new Set(uploads).size).toBe(4);
  });

  it('take over the comment of an earlier version once', async () => {
    const body = '<!-- aws-delivery-actions: codeguru-review ci review -->\nold';
    github.addComment(body);
    const job = { GITHUB_WORKFLOW: 'ci', GITHUB_JOB: 'review' };
    for (const step of ['__self', '__self_2']) {
      await run({ comment: 'summary' }, [{ line: 2 }], { ...job, GITHUB_ACTION: step });
    }
    const bodies = github.listPosted('/issues/7/comments').map((comment) => String(comment['body']));
    expect(bodies).toHaveLength(2);
    expect(bodies).not.toContain(body);
  });
});

describe('comment: changes', () => {
  it('removes the comment when no finding is left', async () => {
    await run({ comment: 'changes' }, []);
    expect(github.listPosted('/issues/7/comments')).toEqual([]);
    await run({ comment: 'changes' }, [{ line: 2 }]);
    expect(github.listPosted('/issues/7/comments')).toHaveLength(1);
    const step = await run({ comment: 'changes' }, []);
    expect(github.listPosted('/issues/7/comments')).toEqual([]);
    expect(step.log).toContain('Pull request comment removed');
  });
});

describe('comment: lines', () => {
  it('comments failing findings on changed lines once, also after the next push', async () => {
    const results: ResultInput[] = [
      { line: 1 },
      { line: 2, endLine: 3 },
      { line: 3, level: 'note' },
      { file: 'other.js' },
    ];
    await run({ comment: 'lines' }, results);
    expect(github.listPosted('/pulls/7/comments')).toMatchObject([
      { path: 'src/app.js', line: 3, start_line: 2, side: 'RIGHT' },
    ]);
    expect(github.listPosted('/pulls/7/reviews')).toMatchObject([{ commit_id: head, event: 'COMMENT' }]);
    head = checkout.commit({ 'src/app.js': 'zero();\none();\neval(2);\neval(3);\n' });
    await run({ comment: 'lines' }, [{ line: 3, endLine: 4 }]);
    expect(github.listPosted('/pulls/7/comments')).toHaveLength(1);
  });

  it('writes no comments if the test merge commit has moved the lines', async () => {
    checkout.git('checkout', '--quiet', '-b', 'feature', head);
    checkout.git('checkout', '--quiet', '-B', 'main', base);
    base = checkout.commit({ 'src/app.js': 'zero();\none();\n' });
    checkout.commit({ 'src/other.js': 'eval(4);\n' });
    checkout.git('merge', '--quiet', '--no-edit', 'feature');
    await run({ comment: 'lines' }, [{ line: 3 }]);
    expect(github.listPosted('/pulls/7/comments')).toEqual([]);
  });

  it('lists all findings in the summary if GitHub refuses a comment', async () => {
    github.failRequests(422, 1);
    const step = await run({ comment: 'lines' }, [{ line: 2 }, { line: 3 }]);
    expect(github.listPosted('/pulls/7/comments')).toEqual([]);
    const [review] = github.listPosted('/pulls/7/reviews');
    expect(review?.['body']).toMatch(/src\/app\.js:2[\s\S]*src\/app\.js:3/u);
    expect(step.log).toContain('Commented on 0 findings; listed 2 that are not on lines of the diff');
  });

  it('is one review, with the findings outside of the diff in its summary', async () => {
    const results = [{ line: 2 }, { line: 3, level: 'error' as const }, { line: 1, rule: 'old' }, { file: 'other.js' }];
    const env = { GITHUB_RUN_ID: '5' };
    const step = await run({ comment: 'lines' }, results, env);
    const [review, ...others] = github.listPosted('/pulls/7/reviews');
    expect([others, github.listPosted('/pulls/7/comments').map(({ line }) => line)]).toEqual([[], [2, 3]]);
    expect(review?.['body']).toMatch(/4 failing findings[\s\S]*other\.js[\s\S]*\| high \| old \| \[src\/app\.js:1\]/u);
    expect(step.log).toContain('Commented on 2 findings; listed 2 that are not on lines of the diff');
    await run({ comment: 'lines' }, results, env);
    expect(github.listPosted('/pulls/7/reviews')).toHaveLength(1);
  });

  it('counts and links the findings beyond the limit for comments', async () => {
    const results = Array.from({ length: 33 }, (_, index) => ({ line: 2, rule: `r${index}` }));
    const step = await run({ comment: 'lines' }, results, { GITHUB_RUN_ID: '5' });
    expect(github.listPosted('/pulls/7/comments')).toHaveLength(30);
    expect(github.listPosted('/pulls/7/reviews')[0]?.['body']).toContain(
      '(3 more, see the [report of the run](https://github.test/octocat/shop/actions/runs/5))',
    );
    expect(step.log).toContain('Commented on 30 findings (3 more)');
  });

  it('keeps links to related locations, and code', async () => {
    const more = {
      message: { text: 'tainted by [input](1) in `run`' },
      relatedLocations: [
        { id: 1, physicalLocation: { artifactLocation: { uri: 'src/app.js' }, region: { startLine: 1 } } },
      ],
    };
    await run({ comment: 'lines' }, [{ line: 2, more }]);
    expect(github.listPosted('/pulls/7/comments')[0]?.['body']).toContain(
      `tainted by [input](https://github.test/octocat/shop/blob/${head}/src/app.js#L1) in \`run\``,
    );
  });

  it('suggests the fix of the scanner', async () => {
    const deletedRegion = { startLine: 2, startColumn: 1, endColumn: 5 };
    const replacements = [{ deletedRegion, insertedContent: { text: 'parse' } }];
    const artifactChanges = [{ artifactLocation: { uri: 'src/app.js' }, replacements }];
    await run({ comment: 'lines' }, [{ line: 2, more: { fixes: [{ artifactChanges }] } }, { line: 3 }]);
    const [fixed, other] = github.listPosted('/pulls/7/comments').map(({ body }) => String(body));
    expect(fixed?.endsWith('\n\n```suggestion\nparse(2);\n```')).toBe(true);
    expect(other).not.toContain('suggestion');
  });

  it('suggests no fix that contains a secret', async () => {
    const replacements = [{ deletedRegion: { startLine: 2 }, insertedContent: { text: 'secret-token' } }];
    const artifactChanges = [{ artifactLocation: { uri: 'src/app.js' }, replacements }];
    await run({ comment: 'lines' }, [{ line: 2, more: { fixes: [{ artifactChanges }] } }]);
    expect(github.listPosted('/pulls/7/comments')[0]?.['body']).not.toMatch(/suggestion|secret-token/u);
  });

  it('leaves no part of a secret where a message is truncated', async () => {
    await run({ comment: 'lines' }, [{ line: 2, message: `${'x'.repeat(3996)}secret-token` }]);
    expect(github.listPosted('/pulls/7/comments')[0]?.['body']).not.toContain('xs');
  });

  it('escapes and redacts a finding', async () => {
    await run({ comment: 'lines' }, [{ line: 2, message: '<img src=x> @octocat [x](https://evil.test) secret-token' }]);
    const body = String(github.listPosted('/pulls/7/comments')[0]?.['body']);
    expect(body).not.toMatch(/<img|@octocat|secret-token/u);
    expect(body).toContain('[x](https://evil.test/)');
  });
});

describe('the threads of findings', () => {
  const results: readonly ResultInput[] = [{ line: 2 }, { line: 2, rule: 'b' }, { line: 3, rule: 'c' }, { line: 3 }];
  const lines = { comment: 'lines' };

  it('are resolved when the finding is gone, unless someone else replied or resolved them', async () => {
    await run(lines, results);
    github.threads.addResponse(1);
    github.threads.resolve(2);
    github.threads.open('<!-- aws-delivery-actions: codeguru-review x --> by hand', false);
    const step = await run(lines, []);
    expect(github.threads.resolvers).toEqual(['github-actions', undefined, 'octocat', 'github-actions', undefined]);
    expect(step.log).toContain('Resolved 2 threads of findings that no longer exist');
  });

  it('stay open while the finding is present, also if it no longer fails', async () => {
    await run(lines, results.slice(0, 2));
    await run({ ...lines, 'fail-on': 'none' }, results.slice(0, 2));
    expect(github.threads.resolvers).toEqual([undefined, undefined]);
  });

  it('are reopened when the finding is back, if this action resolved them', async () => {
    await run(lines, results.slice(0, 2));
    await run(lines, []);
    github.threads.resolve(1);
    const step = await run(lines, results.slice(0, 2));
    expect(github.threads.resolvers).toEqual([undefined, 'octocat']);
    expect(step.log).toContain('Reopened 1 thread of findings that exist again');
  });

  it.each([
    ['another job', { GITHUB_JOB: 'other' }, {}],
    ['another step', { GITHUB_ACTION: '__self_2' }, {}],
    ['another job of the matrix', {}, { matrix: '{"java": 17}' }],
  ])('of %s are left alone', async (_, env, inputs) => {
    await run({ ...lines, ...inputs }, results.slice(0, 1), env);
    await run(lines, []);
    expect(github.threads.resolvers).toEqual([undefined]);
  });

  it('are not resolved after an incomplete result', async () => {
    await run(lines, results.slice(0, 1));
    const scan = JSON.parse(buildSarif({ results: [] }));
    scan.runs[0].invocations = [{ executionSuccessful: false }];
    checkout.write('failed.sarif', JSON.stringify(scan));
    const inputs = { ...lines, 'sarif-files': 'failed.sarif', 'on-unavailable': 'proceed' };
    const step = await run(inputs, []);
    expect(github.threads.resolvers).toEqual([undefined]);
    expect(step.log).toContain('Threads are not resolved: the results are incomplete');
  });

  it.each([
    ['FORBIDDEN', 'Resource not accessible by integration', 'add `contents: write` to the permissions of the job'],
    ['RATE_LIMITED', 'API rate limit exceeded', 'API rate limit exceeded'],
  ])('that GitHub does not resolve (%s) are a notice and do not affect the verdict', async (type, message, text) => {
    await run(lines, results.slice(0, 1));
    github.threads.rejectMutations(type, message);
    const step = await run(lines, []);
    expect(step.annotations).toMatchObject([{ kind: 'notice', message: expect.stringContaining(text) }]);
    expect(step.outputs['verdict']).toBe('passed');
  });

  it('cost no request without comments of this run', async () => {
    await run(lines, []);
    await run(lines, results);
    expect(github.requests.filter(({ path }) => path === '/graphql')).toEqual([]);
  });
});

describe('upload-sarif', () => {
  it('waits until GitHub has processed the upload', async () => {
    const step = await run({ 'upload-sarif': 'true' }, [{ line: 2 }]);
    const statusReads = github.requests.filter(({ path }) => path.includes('/code-scanning/sarifs/'));
    expect([statusReads.length, step.log.includes('Uploaded the findings to code scanning')]).toEqual([2, true]);
  });

  it("reports a rejected upload as an error with GitHub's text", async () => {
    github.rejectUploads(['rejecting SARIF, as there are more runs than allowed']);
    const step = await run({ 'upload-sarif': 'true' }, [{ line: 2, level: 'note' }]);
    const message =
      'Cannot upload the findings: code scanning rejected the upload: rejecting SARIF, as there are more runs than allowed';
    expect(step.annotations).toContainEqual(expect.objectContaining({ kind: 'error', message }));
    expect(step.outputs['verdict']).toBe('passed');
  });

  it.each([
    ['the scanner and root-directory', {}, 'codeguru-review/src/Scanner/'],
    ['the input', { category: 'java-21' }, 'java-21/'],
    ['the matrix values', { matrix: '{"java": 21}' }, 'codeguru-review/src/Scanner/21/'],
    ['report-name', { 'report-name': 'api', matrix: '{"java": 21}' }, 'codeguru-review/src/Scanner/api/'],
  ])('has the category of %s', async (_, inputs, id) => {
    await run({ 'upload-sarif': 'true', 'root-directory': 'src', ...inputs }, [{ line: 2, file: 'app.js' }]);
    expect(readUpload().runs[0].automationDetails).toEqual({ id });
  });

  it('has a place for findings without a location, which a baseline does not keep', async () => {
    const workflow = { GITHUB_WORKFLOW_REF: 'octocat/shop/.github/workflows/review.yml@refs/heads/main' };
    const step = await run({ 'upload-sarif': 'true' }, [{ more: { locations: [] } }], workflow);
    const [{ locations, ...result }] = readUpload().runs[0].results;
    expect(locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: '.github/workflows/review.yml', uriBaseId: '%SRCROOT%' },
      region: { startLine: 1 },
    });
    const baseline = step.outputs['sarif-file'] ?? '';
    const again = await run({ baseline, compare: 'new' }, [{ more: { locations: [] } }]);
    expect([result.message.text, again.outputs['new-count']]).toEqual(['no-eval is not kept', '0']);
  });

  it('uploads all findings for this commit and ref', async () => {
    await run({ 'upload-sarif': 'true' }, [{ line: 2 }, { file: '../outside.js' }]);
    const [upload] = github.listPosted('/code-scanning/sarifs');
    expect(upload).toMatchObject({ commit_sha: 'a'.repeat(40), ref: 'refs/pull/7/merge' });
    const log = JSON.parse(gunzipSync(Buffer.from(String(upload?.['sarif']), 'base64')).toString());
    expect(log.runs[0].results).toHaveLength(2);
  });

  it('redacts secrets in the uploaded log', async () => {
    await run({ 'upload-sarif': 'true' }, [{ line: 2, message: 'found secret-token' }]);
    const [upload] = github.listPosted('/code-scanning/sarifs');
    const log = gunzipSync(Buffer.from(String(upload?.['sarif']), 'base64')).toString();
    expect(log).toContain('found ***');
    expect(log).not.toContain('secret-token');
  });

  it('uploads for the head of the pull request if the event runs on the base', async () => {
    const env = { GITHUB_EVENT_NAME: 'pull_request_target', GITHUB_REF: 'refs/heads/main' };
    await run({ 'upload-sarif': 'true' }, [{ line: 2 }], env);
    expect(github.listPosted('/code-scanning/sarifs')[0]).toMatchObject({ commit_sha: head, ref: 'refs/pull/7/head' });
  });
});

describe('an error of GitHub', () => {
  it.each([
    [{ comment: 'summary' }, 'pull-requests: write'],
    [{ comment: 'lines' }, 'pull-requests: write'],
    [{ 'upload-sarif': 'true' }, 'security-events: write'],
  ])('is a warning with a hint and does not affect the verdict: %j', async (inputs, permission) => {
    github.failRequests(403);
    const step = await run(inputs, [{ line: 2 }]);
    expect(step.log).toContain(`add \`${permission}\` to the permissions of the job`);
    expect(step.failures).toEqual(['1 failing finding (1 high)']);
  });
});

it('sends no requests to GitHub without comment and upload-sarif', async () => {
  await run({}, [{ line: 2 }]);
  expect(github.requests).toEqual([]);
});
