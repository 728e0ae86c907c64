/** Values of AWS Health's fields that the inputs accept. */
export const CATEGORIES = ['issue', 'scheduledChange', 'accountNotification', 'investigation'] as const;
export const STATUSES = ['open', 'upcoming', 'closed'] as const;
export const ACTIONABILITIES = ['ACTION_REQUIRED', 'ACTION_MAY_BE_REQUIRED', 'INFORMATIONAL'] as const;
export const PERSONAS = ['OPERATIONS', 'SECURITY', 'BILLING'] as const;

export type Category = (typeof CATEGORIES)[number];
export type Status = (typeof STATUSES)[number];
export type Actionability = (typeof ACTIONABILITIES)[number];
export type Persona = (typeof PERSONAS)[number];

/**
 * An event of the Health API or the public feed. Enumerated fields are plain strings: AWS adds values, and an unknown
 * one must not exclude an event. Times are milliseconds since the epoch.
 */
export interface HealthEvent {
  readonly arn: string;
  /** In upper case: `RDS`. */
  readonly service: string;
  readonly typeCode: string;
  readonly category: string | undefined;
  readonly status: string | undefined;
  /** `PUBLIC` or `ACCOUNT_SPECIFIC`. */
  readonly scope: string | undefined;
  /** In lower case; `global` for services without Regions. */
  readonly region: string;
  readonly zone: string | undefined;
  readonly startsAt: number | undefined;
  readonly endsAt: number | undefined;
  readonly updatedAt: number | undefined;
  readonly actionability: string | undefined;
  readonly personas: readonly string[];
}

/** A resource that an event affects. */
export interface AffectedEntity {
  /** An ARN, an id or a name; also `AWS_ACCOUNT` and `UNKNOWN`. */
  readonly value: string;
  readonly status: string | undefined;
  /** Account of the resource, in the view of an organisation. */
  readonly account: string | undefined;
}
