import { join, relative } from 'node:path';
import type { Log } from '@aws-delivery/action-kit/host/log';
import type { Change } from '@aws-delivery/findings/change/change';
import type { Finding } from '@aws-delivery/findings/finding';
import type { IgnoreEntry } from '@aws-delivery/findings/ignore/ignore-entry';
import { type PolicyFileServices, readIgnoreEntries, readPolicyFile } from '@aws-delivery/findings/ignore/policy-file';
import type { VexStatement } from '@aws-delivery/findings/ignore/vex-document';
import type { Checkout } from '../checkout.js';
import type { Request } from '../inputs/parse-request.js';

/** Ignore entries and baseline of a run. */
export interface Policy {
  readonly ignoreEntries: readonly IgnoreEntry[];
  /** Statements of VEX documents. */
  readonly vexStatements: readonly VexStatement[];
  /** Undefined if the input `baseline` is not set; empty if the base of a pull request does not have the file. */
  readonly baseline: readonly Finding[] | undefined;
}

export interface PolicyServices {
  readonly checkout: Checkout;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** A document that a pull request adds has no statements yet. */
const readVexFile = async (path: string, services: PolicyFileServices): Promise<readonly VexStatement[]> => {
  const content = await readPolicyFile({ input: 'vex-files', path, isRequired: true }, services);
  if (content === undefined) return [];
  const { parseVexDocument } = await import('@aws-delivery/findings/ignore/vex-document');
  return parseVexDocument(content, path);
};

const DEFAULT_IGNORE_FILE = '.codeguru-ignore.yml';

/**
 * Reads the ignore file, the VEX documents and the baseline; in a pull request, tracked ones from the base commit.
 * @throws DeliveryError for unreadable or invalid files, and for expired ignore entries
 */
export const readPolicy = async (request: Request, change: Change, services: PolicyServices): Promise<Policy> => {
  const { ignoreFile, vexFiles, baseline, root, workspace } = request;
  const fileServices = { workspace, change, repository: services.checkout.repository, log: services.log };
  const path = ignoreFile ?? relative(workspace, join(root, DEFAULT_IGNORE_FILE));
  const ignoreEntries = await readIgnoreEntries(
    { path, isRequired: ignoreFile !== undefined },
    fileServices,
    services.now,
  );
  const vexStatements: VexStatement[] = [];
  for (const file of vexFiles) vexStatements.push(...(await readVexFile(file, fileServices)));
  const exceptions = { ignoreEntries, vexStatements };
  if (baseline === undefined) return { ...exceptions, baseline: undefined };
  const content = await readPolicyFile({ input: 'baseline', path: baseline, isRequired: true }, fileServices);
  if (content === undefined) return { ...exceptions, baseline: [] };
  const { readSarif } = await import('@aws-delivery/findings/sarif/read-sarif');
  return { ...exceptions, baseline: readSarif(content, { ...services.checkout, name: baseline }).findings };
};
