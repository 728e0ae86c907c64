import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningServer, startHttpServer } from '../../packages/action-kit/src/testing/http-servers.js';
import { root } from '../../scripts/command.mjs';
import { findProgram } from '../../scripts/install/tool.mjs';
import { findToolObstacle } from '../required-programs.js';
import { Act } from './act/act.js';
import { readFiles } from './act/read-files.js';
import { createDeployScenario, DEPLOY_ROLE } from './services/deploy-scenario.js';
import { type RestService, startRestService } from './services/rest-service.js';

const workflow = 'examples/workflows/codeartifact.yml';
const TOKEN = 'codeartifact-token-of-the-test';
const TARBALL = '/npm/tickets/@tickets/money/-/money-1.0.0.tgz';

declareUnless(findToolObstacle(['act', 'aws']), describe)('packages from CodeArtifact under act on local AWS', () => {
  let act: Act;
  let aws: LocalAws;
  let registry: RunningServer;
  let codeArtifact: RestService;
  const downloads: { url: string; authorization: string }[] = [];

  beforeAll(async () => {
    registry = await startHttpServer((request, response) => {
      downloads.push({ url: request.url ?? '', authorization: request.headers.authorization ?? '' });
      const isKnown = request.url === TARBALL && request.headers.authorization === `Bearer ${TOKEN}`;
      response.writeHead(isKnown ? 200 : 404);
      response.end(isKnown ? readFileSync(join(root, 'test/e2e/fixtures/tickets-money-1.0.0.tgz')) : '');
    });
    codeArtifact = await startRestService({
      'POST /v1/authorization-token': () => ({ authorizationToken: TOKEN, expiration: Date.now() / 1000 + 43_200 }),
      'GET /v1/repository/endpoint': () => ({ repositoryEndpoint: `http://127.0.0.1:${registry.port}/npm/tickets/` }),
    });
    aws = await startLocalAws({
      scenario: createDeployScenario({ permissions: ['codeartifact:*'] }),
      upstream: { codeartifact: codeArtifact.url },
    });
    act = new Act();
  });
  afterAll(async () => {
    act[Symbol.dispose]();
    await aws.close();
    await codeArtifact.close();
    await registry.stop();
  });

  it('installs them with the token of the role, and deploys the built function', async () => {
    const { exitCode, output } = await act.run({
      files: readFiles(workflow, 'examples/codeartifact'),
      workflow,
      env: aws.createEnv(),
      programs: [dirname(findProgram('aws') ?? '')],
      variables: {
        AWS_REGION: 'eu-west-1',
        DEPLOY_ROLE_ARN: DEPLOY_ROLE,
        CODEARTIFACT_DOMAIN: 'tickets',
        CODEARTIFACT_OWNER: '123456789012',
        CODEARTIFACT_REPOSITORY: 'npm',
      },
    });
    expect(exitCode === 0 ? 'delivered' : output).toBe('delivered');
    expect(downloads).toContainEqual({ url: TARBALL, authorization: `Bearer ${TOKEN}` });
    expect(codeArtifact.requests.map(({ query }) => query.get('domain-owner') ?? query.get('domainOwner'))).toEqual(
      codeArtifact.requests.map(() => '123456789012'),
    );
    const { input } = aws.calls().findLast(({ operation }) => operation === 'CreateChangeSet') ?? {};
    expect(input?.['StackName']).toBe('ticket-prices');
    expect(aws.calls().filter(({ service, operation }) => service === 's3' && operation === 'PutObject')).not.toEqual(
      [],
    );
    expect(output).not.toContain(TOKEN);
  }, 240_000);
});
