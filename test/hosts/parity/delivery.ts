import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ScenarioInput } from '@aws-delivery/local-aws/scenario';
import { root } from '../../../scripts/command.mjs';
import { readPolicies } from '../account-policies.js';

/** Inputs of a step. */
export type Inputs = Readonly<Record<string, string | boolean>>;

export interface DeliveryStep {
  readonly id: string;
  readonly action: string;
  readonly inputs: Inputs;
}

const account = '123456789012';
const region = 'eu-west-1';
const roleArn = `arn:aws:iam::${account}:role/deliver`;

/** The step that obtains credentials. */
export const loginStep: DeliveryStep = {
  id: 'login',
  action: 'oidc-credentials',
  inputs: { 'aws-region': region, 'role-arn': roleArn },
};

/** The steps that use the credentials. */
export const deliverySteps: readonly DeliveryStep[] = [
  { id: 'check', action: 'health-gate', inputs: { services: 'auto', template: 'template.yaml' } },
  {
    id: 'push',
    action: 'ecr-push',
    inputs: {
      source: 'oci:image',
      repository: 'ticket-shop',
      tags: '1.0.0',
      'create-repository': true,
      scan: 'basic',
      'fail-on': 'high',
    },
  },
  {
    id: 'deploy',
    action: 'cloudformation-deploy',
    inputs: {
      name: 'ticket-shop',
      template: 'template.yaml',
      parameters: 'ShardCountParameter=2',
      protect: 'stateful',
      'on-failure': 'preserve',
    },
  },
  {
    id: 'rollout',
    action: 'appconfig-rollout',
    inputs: {
      application: 'shop',
      environment: 'dev',
      profile: 'ThrottlingLimits',
      file: 'limits.json',
      strategy: '{ name: at-once, duration: 0m, bake: 0m, growth: 100 }',
    },
  },
];

/** The delivery that every host runs. */
export const delivery: readonly DeliveryStep[] = [loginStep, ...deliverySteps];

/** Writes the template, the configuration and the image to a directory. */
export const setUpWorkspace = (directory: string): void => {
  mkdirSync(directory, { recursive: true });
  const getExamplePath = (...path: readonly string[]): string => join(root, 'examples', ...path);
  copyFileSync(getExamplePath('delivery', 'template.yaml'), join(directory, 'template.yaml'));
  copyFileSync(getExamplePath('appconfig', 'template', 'ThrottlingLimits.json'), join(directory, 'limits.json'));
  execFileSync(process.execPath, [getExamplePath('delivery', 'image.mjs'), join(directory, 'image')]);
};

/** The claims of a host's OIDC token, which the account's provider and role trust. */
export interface Identity {
  readonly issuer: string;
  readonly audience: string;
  readonly subject: string;
}

/** The target account, which differs between hosts only in its OIDC provider and trust policy. */
export const buildAccount = ({ issuer, audience, subject }: Identity): ScenarioInput => {
  const provider = issuer.slice('https://'.length);
  const trust = {
    Version: '2012-10-17' as const,
    Statement: [
      {
        Effect: 'Allow' as const,
        Action: 'sts:AssumeRoleWithWebIdentity',
        Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${provider}` },
        Condition: { StringEquals: { [`${provider}:aud`]: audience, [`${provider}:sub`]: subject } },
      },
    ],
  };
  return {
    account,
    region,
    oidc: { issuer, lifetime: '1h', claims: { sub: subject } },
    iam: {
      oidcProviders: [{ url: issuer, audiences: [audience] }],
      roles: { deliver: { trust, policies: readPolicies(account) } },
    },
    cloudformation: { durations: { create: '200ms', changeSet: '50ms' } },
    ecr: {
      scanning: {
        duration: '100ms',
        findings: [{ id: 'CVE-2026-1180', severity: 'MEDIUM', package: 'zlib', version: '1.3.0', fixedIn: '1.3.1' }],
      },
    },
  };
};
