import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { root } from '../../scripts/command.mjs';

/** Copies the files of the checkout that git has or would take, so without node_modules and caches, to a folder. */
export const copyCheckout = (target: string): void => {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const files = execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 }).split('\0');
  for (const file of files) {
    const source = join(root, file);
    if (file === '' || !existsSync(source)) continue;
    mkdirSync(dirname(join(target, file)), { recursive: true });
    copyFileSync(source, join(target, file));
  }
};

const manifest = z.object({ repository: z.object({ url: z.string() }) });

/** The public name of this repository, `owner/name`, from the one place that has it. */
export const repositoryName = (): string => {
  const { repository } = manifest.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  return repository.url.replace(/^.*github\.com\//, '').replace(/\.git$/, '');
};
