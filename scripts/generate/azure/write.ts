import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Definition } from '@aws-delivery/action-kit/inputs/definition';
import { formatTaskName } from '@aws-delivery/azure-devops/azure-names';
import { z } from 'zod';
import { renderExtensionJson } from './extension.js';
import { renderTaskJson } from './task.js';

const packageSchema = z.object({ version: z.string(), repository: z.object({ url: z.string() }) });

/** Version and URL of the repository from its package.json. */
const readSuite = (root: string): { version: string; homepage: string } => {
  const { version, repository } = packageSchema.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  return { version, homepage: repository.url.replace(/^git\+/, '').replace(/\.git$/, '') };
};

/** Writes the tasks and the manifest of the extension for Azure DevOps. */
export const writeAzure = (root: string, definitions: readonly Definition[]): void => {
  const suite = readSuite(root);
  const host = join(root, 'hosts', 'azure-devops');
  for (const definition of definitions) {
    const task = join(host, 'tasks', formatTaskName(definition.name));
    mkdirSync(task, { recursive: true });
    writeFileSync(join(task, 'task.json'), renderTaskJson(definition, suite));
  }
  writeFileSync(join(host, 'vss-extension.json'), renderExtensionJson(definitions, suite));
};
