import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Definition } from '@aws-delivery/action-kit/inputs/definition';
import { renderActionYml } from './action-yml.js';
import { writeAzure } from './azure/write.js';
import { fillBootstrap } from './bootstrap.js';
import { writeGitLab } from './gitlab/write.js';
import { renderIamPolicy } from './iam-policy.js';
import { fillReadme } from './readme.js';

const isDefinition = (value: unknown): value is Definition =>
  typeof value === 'object' && value !== null && 'inputs' in value && 'permissions' in value;

const loadDefinition = async (directory: string): Promise<Definition> => {
  const loaded: Record<string, unknown> = await import(pathToFileURL(join(directory, 'build', 'action.js')).href);
  const { definition } = loaded;
  if (!isDefinition(definition)) throw new Error(`${directory}/action.ts exports no 'definition'`);
  return definition;
};

const generateAction = async (directory: string): Promise<Definition> => {
  const definition = await loadDefinition(directory);
  const post = existsSync(join(directory, 'src', 'post.ts'));
  writeFileSync(join(directory, 'action.yml'), renderActionYml(definition, { post }));
  writeFileSync(join(directory, 'iam-policy.json'), renderIamPolicy(definition));
  const readme = join(directory, 'README.md');
  writeFileSync(readme, fillReadme(readFileSync(readme, 'utf8'), definition));
  return definition;
};

/** Writes all files generated from the compiled definitions below `root`; requires tsc. */
export const generate = async (root: string): Promise<void> => {
  const actions = readdirSync(join(root, 'actions')).map((name) => join(root, 'actions', name));
  const definitions = await Promise.all(
    actions.filter((directory) => existsSync(join(directory, 'action.ts'))).map(generateAction),
  );
  const roles = join(root, 'examples', 'bootstrap', 'delivery-roles.yaml');
  writeFileSync(roles, fillBootstrap(readFileSync(roles, 'utf8'), definitions));
  writeAzure(root, definitions);
  writeGitLab(root, definitions);
};

await generate(process.cwd());
