import type { FileLocation } from '../ignore/ignore-entry.js';
import { getPlace, keepResult, type SarifOrigin } from './source-details.js';

/** A step of a code flow. */
export interface FlowStep {
  readonly location: FileLocation | undefined;
  readonly message: string;
  /** Code of the step, if the scanner gives it; empty otherwise. */
  readonly snippet: string;
}

/** The code flows of a result, each as the steps of its threads in order. */
export const listCodeFlows = (origin: SarifOrigin | undefined): readonly (readonly FlowStep[])[] => {
  if (origin?.hasCodeFlows !== true) return [];
  const { codeFlows = [] } = keepResult(origin, origin.readResult(), ['codeFlows']);
  return codeFlows
    .map(({ threadFlows = [] }) =>
      threadFlows.flatMap(({ locations = [] }) =>
        locations.map(({ location }): FlowStep => {
          return {
            location: getPlace(location),
            message: location?.message?.text ?? '',
            snippet: location?.physicalLocation?.region?.snippet?.text ?? '',
          };
        }),
      ),
    )
    .filter((steps) => steps.length > 0);
};
