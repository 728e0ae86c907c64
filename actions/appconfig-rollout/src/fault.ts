import { DeliveryError } from '@aws-delivery/action-kit/error';

/** Something wrong in a file of the tree. */
export interface Fault {
  readonly message: string;
  /** Relative to the workspace. */
  readonly file: string;
  /** Counts from 1. */
  readonly line?: number | undefined;
}

export const placeText = ({ file, line }: Fault): string => (line === undefined ? file : `${file}:${line}`);

export const faultText = (fault: Fault): string => `${placeText(fault)}: ${fault.message}`;

/** Files that cannot be rolled out: nothing was begun. */
export class FaultyFiles extends DeliveryError {
  constructor(readonly faults: readonly Fault[]) {
    const [first] = faults;
    const more = faults.length > 1 ? `, and ${faults.length - 1} more` : '';
    super('invalid-input', `${first === undefined ? 'faulty files' : faultText(first)}${more}`);
  }
}
