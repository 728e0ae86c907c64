import { textOf } from '@aws-delivery/action-kit/error';
import type { Log } from '@aws-delivery/action-kit/log';
import type { Change } from '@aws-delivery/findings/change';
import type { Finding } from '@aws-delivery/findings/finding';
import type { IgnoreEntry, Location } from '@aws-delivery/findings/ignore';
import type { History } from './history.js';

export interface PlaceServices {
  readonly change: Change;
  readonly history: History;
  readonly log: Log;
}

const hasLines = ({ locations }: IgnoreEntry): boolean => locations.some(({ startLine }) => startLine !== undefined);

/**
 * Where exceptions have to look for findings. Lines that the base has made an exception of are lines of the base: in a
 * pull request they may have moved, and nothing that it puts in their place is excepted.
 * @returns undefined where findings are looked for at their own places
 */
export const exceptionPlaces = async (
  findings: readonly Finding[],
  ignore: readonly IgnoreEntry[],
  { change, history, log }: PlaceServices,
): Promise<ReadonlyMap<Finding, Location> | undefined> => {
  if (change.kind !== 'pull-request' || !ignore.some(hasLines)) return undefined;
  const places = new Map<Finding, Location>();
  let remark: string | undefined;
  for (const finding of findings) {
    const { location } = finding;
    if (location === undefined) continue;
    const place = await history.placeBefore(location).catch((error): Location => {
      remark = `no exception of lines counts, because nobody can tell which lines are new: ${textOf(error)}`;
      return { file: location.file };
    });
    places.set(finding, place);
  }
  if (remark !== undefined) log.warning(remark);
  return places;
};
