import { join, relative } from 'node:path';
import type { Log } from '@aws-delivery/action-kit/log';
import type { Change } from '@aws-delivery/findings/change';
import type { Finding } from '@aws-delivery/findings/finding';
import type { Repository } from '@aws-delivery/findings/git';
import type { IgnoreEntry } from '@aws-delivery/findings/ignore';
import { readExceptions, readPolicyFile } from '@aws-delivery/findings/policy-file';
import type { Request } from './request.js';

/** What may silence a finding. */
export interface Policy {
  readonly ignore: readonly IgnoreEntry[];
  /** Undefined where none was asked for, or where the base of a pull request has none. */
  readonly baseline: readonly Finding[] | undefined;
}

export interface PolicyServices {
  readonly repository: Repository;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const IGNORE_FILE = '.codeguru-ignore.yml';

/**
 * Reads what may silence findings, from where it may come from.
 * @throws DeliveryError for files that cannot be read or understood, and for exceptions that have expired
 */
export const readPolicy = async (request: Request, change: Change, services: PolicyServices): Promise<Policy> => {
  const { ignoreFile, baseline, root, workspace } = request;
  const here = { workspace, change, repository: services.repository, log: services.log };
  const path = ignoreFile ?? relative(workspace, join(root, IGNORE_FILE));
  const ignore = await readExceptions({ path, isNamed: ignoreFile !== undefined }, here, services.now);
  if (baseline === undefined) return { ignore, baseline: undefined };
  const known = await readPolicyFile({ input: 'baseline', path: baseline, isNamed: true }, here);
  if (known === undefined) return { ignore, baseline: [] };
  const { readSarif } = await import('@aws-delivery/findings/sarif-reader');
  return { ignore, baseline: readSarif(known, { name: baseline, root }).findings };
};
