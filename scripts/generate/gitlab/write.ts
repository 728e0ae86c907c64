import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Definition } from '@aws-delivery/action-kit/inputs/definition';
import { renderComponentYaml } from './component.js';

/** Writes the templates of the component project for GitLab. */
export const writeGitLab = (root: string, definitions: readonly Definition[]): void => {
  const credentials = definitions.find(({ name }) => name === 'oidc-credentials');
  if (credentials === undefined) throw new Error('there is no oidc-credentials among the definitions');
  const templates = join(root, 'hosts', 'gitlab', 'templates');
  mkdirSync(templates, { recursive: true });
  for (const definition of definitions) {
    writeFileSync(join(templates, `${definition.name}.yml`), renderComponentYaml(definition, credentials));
  }
};
