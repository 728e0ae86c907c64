import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../../../scripts/command.mjs';

/**
 * Copies the checkout, or the files whose path matches a pattern, to a directory: files that git tracks or does not
 * ignore, so no node_modules and no caches.
 */
export const copyCheckout = (target: string, pattern = /./u): void => {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const files = execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 }).split('\0');
  for (const file of files) {
    const source = join(root, file);
    if (!pattern.test(file) || !existsSync(source)) continue;
    mkdirSync(dirname(join(target, file)), { recursive: true });
    copyFileSync(source, join(target, file));
  }
};
