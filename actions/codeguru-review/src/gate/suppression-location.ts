import type { Log } from '@aws-delivery/action-kit/host/log';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import type { Change } from '@aws-delivery/findings/change/change';
import type { Finding } from '@aws-delivery/findings/finding';
import type { FileLocation, IgnoreEntry } from '@aws-delivery/findings/ignore/ignore-entry';
import type { ChangeHistory } from './change-history.js';

export interface LocationServices {
  readonly change: Change;
  readonly history: ChangeHistory;
  readonly log: Log;
}

const hasLines = ({ locations }: IgnoreEntry): boolean => locations.some(({ startLine }) => startLine !== undefined);

/**
 * Maps findings to the base commit, since ignore entries with lines refer to the base: in a pull request those lines may
 * have moved, and new code in their place is not ignored.
 * @returns undefined if ignore entries are matched against the findings' own locations
 */
export const locateFindingsAtBase = async (
  findings: readonly Finding[],
  ignoreEntries: readonly IgnoreEntry[],
  { change, history, log }: LocationServices,
): Promise<ReadonlyMap<Finding, FileLocation> | undefined> => {
  if (change.kind !== 'pull-request' || !ignoreEntries.some(hasLines)) return undefined;
  const locations = new Map<Finding, FileLocation>();
  let warning: string | undefined;
  for (const finding of findings) {
    const { location } = finding;
    if (location === undefined) continue;
    const baseLocation = await history.toBaseLocation(location).catch((error): FileLocation => {
      warning = `Ignore entries with lines are not applied, because the changed lines cannot be determined: ${errorMessage(error)}`;
      return { file: location.file };
    });
    locations.set(finding, baseLocation);
  }
  if (warning !== undefined) log.warning(warning);
  return locations;
};
