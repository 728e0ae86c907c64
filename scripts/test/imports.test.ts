import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { root } from '../command.mjs';

const SCOPE = '@aws-delivery/';
const manifestSchema = z.object({ name: z.string(), dependencies: z.record(z.string(), z.string()).default({}) });

/** What each package may depend on: arrows point down in docs/architecture.md. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'action-kit': [],
  artifact: ['action-kit'],
  findings: ['action-kit'],
  oci: ['action-kit'],
  template: ['action-kit'],
  aws: ['action-kit', 'artifact'],
  'local-aws': ['action-kit', 'template'],
  'node-runner': ['action-kit', 'findings'],
  'azure-devops': ['action-kit', 'node-runner'],
};

const ALLOWED_IN_ACTIONS = ['action-kit', 'artifact', 'aws', 'findings', 'oci', 'template'];

const listWorkspaces = (): readonly string[] => [
  ...['packages', 'actions'].flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`)),
  'hosts/azure-devops',
];

it.each(listWorkspaces())('%s depends on packages below it only', (workspace) => {
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(root, workspace, 'package.json'), 'utf8')));
  const name = manifest.name.slice(SCOPE.length);
  const own = Object.keys(manifest.dependencies).filter((dependency) => dependency.startsWith(SCOPE));
  const allowed = workspace.startsWith('actions/') ? ALLOWED_IN_ACTIONS : (ALLOWED[name] ?? []);
  expect(
    own.map((dependency) => dependency.slice(SCOPE.length)).filter((dependency) => !allowed.includes(dependency)),
  ).toEqual([]);
});
