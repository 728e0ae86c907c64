/** What happens to an event in AWS Health's own words, as far as the gate decides on them. */
export const CATEGORIES = ['issue', 'scheduledChange', 'accountNotification'] as const;
export const STATUSES = ['open', 'upcoming', 'closed'] as const;
export const ACTIONABILITIES = ['ACTION_REQUIRED', 'ACTION_MAY_BE_REQUIRED', 'INFORMATIONAL'] as const;
export const PERSONAS = ['OPERATIONS', 'SECURITY', 'BILLING'] as const;

export type Category = (typeof CATEGORIES)[number];
export type Status = (typeof STATUSES)[number];
export type Actionability = (typeof ACTIONABILITIES)[number];
export type Persona = (typeof PERSONAS)[number];

/**
 * One event, as the Health API or the public feed tells it. Words are kept as they came: AWS adds new ones, and one
 * that nobody here knows must not make an event disappear. Times are milliseconds since the epoch.
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

/** Something of ours that an event affects. */
export interface AffectedEntity {
  /** An ARN, an id or a name; also `AWS_ACCOUNT` and `UNKNOWN`. */
  readonly value: string;
  readonly status: string | undefined;
  /** The account it is in, in the organisation's view. */
  readonly account: string | undefined;
}
