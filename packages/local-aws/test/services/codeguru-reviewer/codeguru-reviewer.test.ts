import {
  AssociateRepositoryCommand,
  CodeGuruReviewerClient,
  CreateCodeReviewCommand,
  DescribeCodeReviewCommand,
  ListRecommendationsCommand,
  ListRepositoryAssociationsCommand,
} from '@aws-sdk/client-codeguru-reviewer';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type LocalAws, startLocalAws } from '../../../src/local-aws.js';
import type { ScenarioInput } from '../../../src/scenario.js';

type ReviewerScenario = NonNullable<ScenarioInput['codeguru-reviewer']>;

let aws: LocalAws;
afterEach(() => aws.close());

const start = async (scenario: ReviewerScenario): Promise<CodeGuruReviewerClient> => {
  aws = await startLocalAws({
    scenario: { clock: { scale: 0 }, iam: { accessKeys: { test: 'test' } }, 'codeguru-reviewer': scenario },
  });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return new CodeGuruReviewerClient({ region: 'eu-west-1', endpoint: aws.url, credentials, maxAttempts: 1 });
};

const hosted = { name: 'shop', owner: 'octocat', provider: 'GitHub' as const };

const createReviewCommand = (RepositoryAssociationArn: string, token = 'a', Name = 'review') =>
  new CreateCodeReviewCommand({
    Name,
    RepositoryAssociationArn,
    ClientRequestToken: token,
    Type: { RepositoryAnalysis: { RepositoryHead: { BranchName: 'main' } } },
  });

const getAssociationArn = async (client: CodeGuruReviewerClient): Promise<string> => {
  const { RepositoryAssociationSummaries: found = [] } = await client.send(new ListRepositoryAssociationsCommand({}));
  return found[0]?.AssociationArn ?? '';
};

describe('CodeGuru Reviewer', () => {
  it('throttles calls faster than one a second', async () => {
    const client = await start({});
    const list = () => client.send(new ListRepositoryAssociationsCommand({}));
    await list();
    await expect(list()).rejects.toMatchObject({ name: 'ThrottlingException', $metadata: { httpStatusCode: 429 } });
    aws.clock.advance(1000);
    await list();
  });

  it('finds associations by up to three names', async () => {
    const client = await start({ associations: [hosted, { ...hosted, name: 'other' }], rate: 'unlimited' });
    const listByNames = (Names: string[]) => client.send(new ListRepositoryAssociationsCommand({ Names }));
    expect((await listByNames(['shop'])).RepositoryAssociationSummaries).toHaveLength(1);
    await expect(listByNames(['a', 'b', 'c', 'd'])).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('rejects new associations', async () => {
    const client = await start({});
    const command = new AssociateRepositoryCommand({ Repository: { CodeCommit: { Name: 'shop' } } });
    await expect(client.send(command)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('reviews once for a token, as long as the scenario defines, and returns recommendations in pages', async () => {
    const recommendations = [{ file: 'a.py', times: 350 }];
    const client = await start({ associations: [hosted], review: { takes: '1m', recommendations }, rate: 'unlimited' });
    const arn = await getAssociationArn(client);
    const { CodeReview: { CodeReviewArn = '', State } = {} } = await client.send(createReviewCommand(arn));
    expect(State).toBe('Pending');
    expect((await client.send(createReviewCommand(arn))).CodeReview?.CodeReviewArn).toBe(CodeReviewArn);
    await expect(client.send(createReviewCommand(arn, 'b'))).rejects.toMatchObject({ name: 'ConflictException' });
    const listRecommendations = (NextToken?: string) =>
      client.send(new ListRecommendationsCommand({ CodeReviewArn, ...(NextToken === undefined ? {} : { NextToken }) }));
    await expect(listRecommendations()).rejects.toMatchObject({ name: 'ValidationException' });
    aws.clock.advance(60_000);
    expect((await client.send(new DescribeCodeReviewCommand({ CodeReviewArn }))).CodeReview?.State).toBe('Completed');
    const first = await listRecommendations();
    const second = await listRecommendations(first.NextToken);
    const counts = [first, second].map(({ RecommendationSummaries = [] }) => RecommendationSummaries.length);
    expect([counts, second.NextToken]).toEqual([[300, 50], undefined]);
  });

  it('rejects source code that does not exist', async () => {
    const client = await start({ associations: [{ name: 'shop', bucket: 'codeguru-reviewer-shop' }] });
    const Details = {
      BucketName: 'codeguru-reviewer-shop',
      CodeArtifacts: { SourceCodeArtifactsObjectKey: 'nothing.zip' },
    };
    const command = new CreateCodeReviewCommand({
      Name: 'review',
      RepositoryAssociationArn: await getAssociationArn(client),
      Type: { RepositoryAnalysis: { SourceCodeType: { S3BucketRepository: { Name: 'shop', Details } } } },
    });
    await expect(client.send(command)).rejects.toMatchObject({ name: 'ValidationException' });
  });
});
