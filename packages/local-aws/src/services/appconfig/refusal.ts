import type { Document } from '../../call.js';
import { Refusal } from '../../refusal.js';

export const badRequest = (message: string, members: Document = {}): Refusal =>
  new Refusal({ code: 'BadRequestException', message, status: 400, members });

export const conflict = (message: string): Refusal => new Refusal({ code: 'ConflictException', message, status: 409 });

export const notFound = (what: string): Refusal =>
  new Refusal({
    code: 'ResourceNotFoundException',
    message: `${what} could not be found`,
    status: 404,
    members: { ResourceName: what },
  });

export const overQuota = (what: string, most: number): Refusal =>
  new Refusal({
    code: 'ServiceQuotaExceededException',
    message: `The number of ${what} exceeds the limit of ${most}`,
    status: 402,
  });

/** One objection of a validator, as AppConfig reports it. */
export interface Objection {
  readonly Constraint?: string;
  readonly Location?: string;
  readonly Reason: string;
  readonly Type: 'schema' | 'lambda' | 'custom';
  readonly Value?: string;
}

export const invalidConfiguration = (objections: readonly Objection[]): Refusal =>
  badRequest(`Error validating configuration: ${objections.map(({ Reason }) => Reason).join('; ')}`, {
    Reason: 'InvalidConfiguration',
    Details: { InvalidConfiguration: objections },
  });
