import { join } from 'node:path';
import type { LocalAws } from '@aws-delivery/local-aws/local-aws';
import type { ScenarioInput } from '@aws-delivery/local-aws/scenario';
import { EXTENSION_DIRECTORY } from '../../../scripts/bundle/extension.mjs';
import { type Role, readPolicies } from '../account-policies.js';
import { Agent, type AgentOptions } from './agent.js';
import { type AzureServer, audience, issuer, subjects } from './server.js';

const account = '123456789012';
export const region = 'eu-west-1';

export const formatRoleArn = (name: string): string => `arn:aws:iam::${account}:role/${name}`;

const policies = readPolicies(account);

const createTokenRole = (sub: string): Role => {
  const host = new URL(issuer);
  const provider = `${host.host}${host.pathname}`;
  const trust = {
    Version: '2012-10-17' as const,
    Statement: [
      {
        Effect: 'Allow' as const,
        Action: 'sts:AssumeRoleWithWebIdentity',
        Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${provider}` },
        Condition: { StringEquals: { [`${provider}:aud`]: audience, [`${provider}:sub`]: sub } },
      },
    ],
  };
  return { trust, policies };
};

const KEY_ROLE: Role = {
  trust: {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { AWS: `arn:aws:iam::${account}:user/pipeline` },
        Condition: { StringEquals: { 'sts:ExternalId': 'azure' } },
      },
    ],
  },
  policies,
};

/** The user with the keys of the service connection `keysAndRole`, who may only assume a role. */
const user = {
  accessKeys: { AKIAPIPELINE: 'pipeline-secret-key' },
  policies: {
    assume: {
      Version: '2012-10-17' as const,
      Statement: [{ Effect: 'Allow' as const, Action: 'sts:AssumeRole', Resource: '*' }],
    },
  },
};

/** An account with the OIDC provider of an Azure DevOps organisation and a user with keys. */
export const scenario: ScenarioInput = {
  account,
  region,
  oidc: { issuer },
  iam: {
    accessKeys: { AKIAROOT: 'root-secret-key' },
    users: { pipeline: user },
    oidcProviders: [{ url: issuer, audiences: [audience] }],
    roles: {
      deliver: createTokenRole(subjects.pipeline),
      connected: createTokenRole(subjects.connection),
      keyed: KEY_ROLE,
    },
  },
  cloudformation: {
    durations: { create: '200ms', update: '200ms', delete: '100ms', changeSet: '50ms' },
    types: { 'Test::*': {} },
  },
  ecr: { repositories: { app: {} } },
};

/** The service connections of the project, by id. */
const connections = {
  'c0000000-0000-4000-8000-000000000001': { assumeRoleArn: formatRoleArn('connected'), useOIDC: 'true' },
  'c0000000-0000-4000-8000-000000000002': {
    username: 'AKIAPIPELINE',
    password: 'pipeline-secret-key',
    assumeRoleArn: formatRoleArn('keyed'),
    externalId: 'azure',
    roleSessionName: 'nightly',
  },
  'c0000000-0000-4000-8000-000000000003': { username: 'AKIAROOT', password: 'root-secret-key' },
} as const;

const [oidc, keysAndRole, keys] = Object.keys(connections);

/** Ids of the service connections by their content. */
export const connectionIds = { oidc: oidc ?? '', keysAndRole: keysAndRole ?? '', keys: keys ?? '' };

/** Starts an agent that uses local AWS and, if there is a server, its OIDC tokens. */
export const startAgent = (aws: LocalAws, options: Partial<AgentOptions> & { readonly server?: AzureServer } = {}) => {
  const { server, variables, ...others } = options;
  return new Agent({
    tasks: join(EXTENSION_DIRECTORY, 'tasks'),
    connections,
    machine: { AWS_ENDPOINT_URL: aws.url },
    ...(server && { accessToken: server.accessToken }),
    ...others,
    variables: { ...(server && { 'System.OidcRequestUri': server.url }), ...variables },
  });
};
