import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root as checkout } from '../command.mjs';

/** The public name of this repository, `owner/name`, from package.json. */
export const readRepositoryName = (root = checkout) => {
  const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const [, name] = /github\.com\/([^/]+\/[^/]+?)(?:\.git)?$/.exec(repository.url) ?? [];
  if (name === undefined) throw new Error(`package.json: '${repository.url}' is not a GitHub repository`);
  return name;
};
