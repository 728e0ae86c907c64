import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Repository } from '@aws-delivery/action-kit/git/repository';
import { getPathInside } from '@aws-delivery/action-kit/util/path';
import type { CheckoutPaths } from '@aws-delivery/findings/sarif/artifact-path';
import type { Request } from './inputs/parse-request.js';

/**
 * The checkout under review. All paths of findings are relative to its top: in the gate, the reports, the comments and
 * the upload.
 */
export interface Checkout extends CheckoutPaths {
  /** Opened at the top. */
  readonly repository: Repository;
  /** Directory under review, relative to the top: empty, or with a trailing slash. */
  readonly prefix: string;
}

const createExistenceCheck = (top: string): CheckoutPaths['exists'] => {
  const known = new Map<string, boolean>();
  return (file) => {
    const result = known.get(file) ?? existsSync(join(top, file));
    known.set(file, result);
    return result;
  };
};

/** Opens the checkout that contains the directory under review; without git, the workspace is its top. */
export const openCheckout = async (
  { root, workspace }: Pick<Request, 'root' | 'workspace'>,
  openRepository: (directory: string) => Repository,
): Promise<Checkout> => {
  // Git reports the top with links resolved, for example those of a temporary directory.
  const [realRoot, realWorkspace] = [await realpath(root), await realpath(workspace)];
  const gitTop = await openRepository(realRoot).getTopDirectory();
  const top = gitTop ?? (getPathInside(realWorkspace, realRoot) === undefined ? realRoot : realWorkspace);
  const relativeRoot = getPathInside(top, realRoot) ?? '';
  return {
    top,
    root: realRoot,
    workspace: realWorkspace,
    workspaceAliases: [workspace],
    exists: createExistenceCheck(top),
    repository: openRepository(top),
    prefix: relativeRoot === '' ? '' : `${relativeRoot}/`,
  };
};
