import { type ApiError, apiError, type Document, type Reply } from '../../call.js';
import type { Role } from '../../iam/identity.js';
import { type Policy, policySchema } from '../../iam/policy.js';
import { isDocument } from '../../wire/json.js';

/** What both ways to assume a role ask for. */
export interface SessionRequest {
  readonly roleArn: string;
  readonly sessionName: string;
  /** Milliseconds. */
  readonly duration: number;
  readonly policies: readonly Policy[];
  readonly tags: Readonly<Record<string, string>>;
  readonly transitiveTagKeys: readonly string[];
  readonly sourceIdentity: string | undefined;
  /** Share of the space for policies and tags, in percent. */
  readonly packedSize: number;
}

/** A refusal that ends the operation. */
export class Refused extends Error {
  readonly reply: Reply;

  constructor(error: ApiError) {
    super(error.message);
    this.reply = apiError(error.code, error.message, error.status);
  }
}

export const refused = (code: string, message: string, status = 400): Refused => new Refused({ code, message, status });

const invalid = (member: string, value: unknown, rule: string): Refused =>
  refused(
    'ValidationError',
    `1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint: Member must ${rule}`,
  );

const readName = (member: string, value: unknown): string => {
  const text = String(value);
  if (!/^[\w+=,.@-]*$/.test(text)) throw invalid(member, text, 'satisfy regular expression pattern: [\\w+=,.@-]*');
  if (text.length < 2) throw invalid(member, text, 'have length greater than or equal to 2');
  if (text.length > 64) throw invalid(member, text, 'have length less than or equal to 64');
  return text;
};

const readDuration = (value: unknown): number => {
  const seconds = value === undefined ? 3600 : Number(value);
  if (seconds < 900) throw invalid('durationSeconds', seconds, 'have value greater than or equal to 900');
  if (seconds > 43_200) throw invalid('durationSeconds', seconds, 'have value less than or equal to 43200');
  return seconds * 1000;
};

const readPolicy = (text: unknown): readonly Policy[] => {
  if (text === undefined) return [];
  const parsed = policySchema.safeParse(text);
  if (!parsed.success) throw refused('MalformedPolicyDocument', 'This policy contains invalid Json');
  return [parsed.data];
};

const readTags = (value: unknown): Readonly<Record<string, string>> => {
  const tags = Array.isArray(value) ? value.filter(isDocument) : [];
  if (tags.length > 50) throw invalid('tags', `${tags.length} tags`, 'have length less than or equal to 50');
  const pairs = tags.map(({ Key, Value }) => [String(Key), String(Value)] as const);
  for (const [key, text] of pairs) {
    if (key.length > 128) throw invalid('tags.member.key', key, 'have length less than or equal to 128');
    if (text.length > 256) throw invalid('tags.member.value', text, 'have length less than or equal to 256');
  }
  return Object.fromEntries(pairs);
};

const packedSizeOf = (input: Document, limit: number): number => {
  const packed = [input['Policy'] ?? '', ...Object.entries(readTags(input['Tags'])).flat()].join('');
  const percent = Math.ceil((Buffer.byteLength(packed) * 100) / limit);
  if (percent > 100) {
    throw refused(
      'PackedPolicyTooLarge',
      `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`,
    );
  }
  return percent;
};

/** Reads and checks the common members. Throws `Refused` as STS answers; `limit` is the space for policies and tags. */
export const readSessionRequest = (input: Document, limit: number): SessionRequest => {
  const { TransitiveTagKeys: transitive, SourceIdentity: source } = input;
  if (input['PolicyArns'] !== undefined) {
    throw refused('NotImplemented', 'local AWS has no managed policies: pass the session policy as Policy', 501);
  }
  return {
    roleArn: String(input['RoleArn']),
    sessionName: readName('roleSessionName', input['RoleSessionName']),
    duration: readDuration(input['DurationSeconds']),
    policies: readPolicy(input['Policy']),
    tags: readTags(input['Tags']),
    transitiveTagKeys: Array.isArray(transitive) ? transitive.map(String) : [],
    sourceIdentity: source === undefined ? undefined : readName('sourceIdentity', source),
    packedSize: packedSizeOf(input, limit),
  };
};

export const checkMaximum = ({ duration }: SessionRequest, role: Role): void => {
  if (duration > role.maxSessionDuration) {
    throw refused('ValidationError', 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
};
